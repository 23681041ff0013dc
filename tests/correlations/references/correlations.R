# What R makes of correlations: psych (tests of dependent ones, polychoric through lavaan), stats.
# Run in the folder of the reference data: Rscript correlations.R > correlations.json
suppressMessages({library(psych); library(lavaan); library(jsonlite)})
items <- c("A1", "A2", "C4", "N3", "gender")
d <- na.omit(read.csv("r_bfi.csv")[, items])
fit <- lavCor(d, ordered = items, output = "fit", se = "robust.sem", estimator = "WLSMV")
pe <- parameterEstimates(fit)
pe <- pe[pe$op == "~~" & pe$lhs != pe$rhs, c("lhs", "rhs", "est", "se")]

sat <- na.omit(read.csv("r_sat_act.csv"))
saturated <- lavaan("ACT ~~ SATV + SATQ + age\nSATV ~~ SATQ + age\nSATQ ~~ age
  ACT ~~ ACT\nSATV ~~ SATV\nSATQ ~~ SATQ\nage ~~ age\nACT ~ 1\nSATV ~ 1\nSATQ ~ 1\nage ~ 1",
  data = read.csv("r_sat_act.csv"), missing = "fiml", estimator = "MLR",
  control = list(rel.tol = 1e-14))
s <- standardizedSolution(saturated)
s <- s[s$op == "~~" & s$lhs != s$rhs, c("lhs", "rhs", "est.std", "se")]

overlapping <- r.test(n = 103, r12 = .5, r13 = .3, r23 = .4)
separate <- r.test(n = 103, r12 = .5, r34 = .6, r13 = .3, r14 = .2, r23 = .4, r24 = .1)
unpooled <- r.test(n = 103, r12 = .5, r34 = .6, r13 = .3, r14 = .2, r23 = .4, r24 = .1, pooled = FALSE)

keyed <- read.csv("r_bfi.csv")[, c("A1", "A2", "A3", "A4", "A5", "C1", "C2", "C3", "C4", "C5")]
keyed <- na.omit(keyed)
for (name in c("A1", "C4", "C5")) keyed[[name]] <- 7 - keyed[[name]]
scores <- cbind(A = rowMeans(keyed[1:5]), C = rowMeans(keyed[6:10]))
alphas <- c(psych::alpha(keyed[1:5])$total$raw_alpha, psych::alpha(keyed[6:10])$total$raw_alpha)
corrected <- correct.cor(cor(scores), alphas)

partial <- function(x, y, z) {
  a <- residuals(lm(x ~ z)); b <- residuals(lm(y ~ z))
  cor(a, b)
}
z <- as.matrix(sat[, c("education", "age")])
amib <- read.csv("amib_daily.csv")
pairs <- na.omit(amib[, c("id", "posaff", "stress")])
w <- lm(posaff ~ stress + factor(id), pairs)
a <- anova(lm(posaff ~ factor(id) + stress, pairs))
rm <- sign(coef(w)["stress"]) * sqrt(a["stress", "Sum Sq"] / (a["stress", "Sum Sq"] + a["Residuals", "Sum Sq"]))
means <- aggregate(amib[, c("posaff", "stress")], list(amib$id), mean, na.rm = TRUE)

cat(toJSON(list(
  software = paste(R.version.string, "psych", packageVersion("psych"), "lavaan", packageVersion("lavaan")),
  polychoric = pe, fiml = s,
  williams = unname(overlapping$t), steiger_separate = unname(separate$z),
  unpooled_separate = unname(unpooled$z),
  alphas = alphas, corrected = corrected[1, 2],
  partial = partial(sat$SATV, sat$SATQ, z),
  rm = unname(rm), rm_df = w$df.residual, rm_p = a["stress", "Pr(>F)"],
  between = cor(means$posaff, means$stress, use = "complete.obs")
), digits = NA, auto_unbox = TRUE, pretty = TRUE))
