# The numbers of tests/regression/test_regression.py and tests/synthesis/test_meta_analysis.py.
# Run from the project's root: Rscript tests/parity/scripts/regression_and_meta.R
# Base R only: standard errors by the sandwich's own formulas, meta-analysis by uniroot.
options(digits = 17)

d <- read.csv(file.path("..", "shared", "reference", "data", "r_sat_act.csv"))
d <- d[complete.cases(d[, c("ACT", "SATV", "SATQ", "education", "gender")]), ]
m <- lm(ACT ~ SATV * education + SATQ + factor(gender), d)
X <- model.matrix(m); e <- resid(m); h <- hatvalues(m); B <- solve(crossprod(X))
print(coef(m)); print(sqrt(diag(vcov(m))))
for (k in c("hc0", "hc1", "hc2", "hc3")) {
  w <- switch(k, hc0 = e^2, hc1 = e^2 * nrow(X) / (nrow(X) - ncol(X)),
              hc2 = e^2 / (1 - h), hc3 = e^2 / (1 - h)^2)
  cat(k, sqrt(diag(B %*% crossprod(X * w, X) %*% B)), "\n")
}
cat("Cook, DFBETAS:", max(cooks.distance(m)), max(abs(dfbetas(m))), "\n")
z <- as.data.frame(scale(d)); z$gender <- d$gender
print(coef(lm(ACT ~ SATV * education + SATQ + factor(gender), z)))
f <- summary(m)$fstatistic
limit <- function(p) {
  l <- uniroot(function(l) pf(f[1], f[2], f[3], l) - p, c(0, 5000), tol = 1e-12)$root
  l / (l + nrow(X))
}
cat("R2:", summary(m)$r.squared, limit(.975), limit(.025), "\n")

r <- c(0.35, 0.12, 0.51, 0.28, -0.05, 0.44, 0.22); n <- c(60, 143, 45, 210, 88, 35, 401)
y <- atanh(r); v <- 1 / (n - 3); k <- length(y)
squares <- function(t) { w <- 1 / (v + t); sum(w * (y - sum(w * y) / sum(w))^2) }
score <- function(t) {
  w <- 1 / (v + t); mu <- sum(w * y) / sum(w)
  -sum(w) + sum(w^2) / sum(w) + sum(w^2 * (y - mu)^2)
}
reml <- uniroot(score, c(1e-6, 1), tol = 1e-16)$root
pm <- uniroot(function(t) squares(t) - (k - 1), c(0, 1), tol = 1e-16)$root
for (t in c(reml, pm)) {
  w <- 1 / (v + t); mu <- sum(w * y) / sum(w); hk <- sqrt(squares(t) / (k - 1) / sum(w))
  cat(t, mu, hk, tanh(mu + c(-1, 1) * qt(.975, k - 1) * hk),
      tanh(mu + c(-1, 1) * qt(.975, k - 2) * sqrt(t + hk^2)), "\n")
}
tau2 <- sapply(c(.975, .025), function(p)
  uniroot(function(t) squares(t) - qchisq(p, k - 1), c(0, 10), tol = 1e-16)$root)
w <- 1 / v; typical <- (k - 1) * sum(w) / (sum(w)^2 - sum(w^2))
cat(tau2, squares(0), pchisq(squares(0), k - 1, lower.tail = FALSE),
    c(reml, tau2) / (c(reml, tau2) + typical), "\n")
