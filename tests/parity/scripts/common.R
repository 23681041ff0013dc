# Shared by the scripts of this folder. Run them from the project's root:
#   Rscript tests/parity/scripts/<name>.R
# Every fit is made with tightened control; the numbers are written with 17 digits.
suppressPackageStartupMessages({
  library(lme4); library(lmerTest); library(pbkrtest); library(nlme)
  library(numDeriv); library(jsonlite); library(digest)
})
options(digits = 17, warn = 1)

PARITY <- file.path("tests", "parity")
SYNTHETIC <- file.path("data", "synthetic")
if (!dir.exists(PARITY)) stop("run this from the project's root")

tight <- lmerControl(optimizer = "bobyqa", optCtrl = list(maxfun = 200000, rhoend = 1e-11),
                     check.conv.grad = .makeCC("ignore", tol = 1), calc.derivs = FALSE)
tight_nlme <- lmeControl(maxIter = 1000, msMaxIter = 5000, msMaxEval = 50000, niterEM = 100,
                         tolerance = 1e-12, msTol = 1e-14, opt = "nlminb", returnObject = TRUE)

read_rows <- function(file) read.csv(file, stringsAsFactors = FALSE, na.strings = c("", "NA"))

named <- function(x) as.list(setNames(as.numeric(x), names(x)))
table_of <- function(T) lapply(setNames(nm = rownames(T)), function(r)
  setNames(as.list(as.numeric(T[r, ])), colnames(T)))
matrix_of <- function(M) list(names = I(rownames(M)),
  values = unname(lapply(seq_len(nrow(M)), function(i) I(as.numeric(M[i, ])))))

versions <- function(packages) c(list(R = paste(R.version$major, R.version$minor, sep = ".")),
  lapply(setNames(nm = packages), function(p) as.character(packageVersion(p))))

# bobyqa knows no derivatives: two Newton steps on its answer, where it lies inside.
polish <- function(devfun, theta, lower) {
  if (any(theta[lower == 0] < 1e-3)) return(theta)
  for (i in 1:2) {
    # Wide steps: differences of a deviance of thousands carry its rounding.
    slope <- grad(devfun, theta, method.args = list(d = .03, eps = .003))
    step <- tryCatch(solve(hessian(devfun, theta), slope), error = function(e) NULL)
    if (is.null(step) || any(!is.finite(step))) break
    new <- theta - step
    if (any(new < lower) || devfun(new) > devfun(theta) + 1e-9) break
    theta <- new
  }
  theta
}

# lmer, polished; `formula` must find its data under the name `d` in the calling environment.
fit_lmer <- function(formula, d, REML = TRUE) {
  parts <- lFormula(formula, data = d, REML = REML, control = tight)
  devfun <- do.call(mkLmerDevfun, parts)
  first <- optimizeLmer(devfun, optimizer = "bobyqa", control = tight$optCtrl)
  theta <- polish(devfun, first$par, environment(devfun)$lower)
  opt <- list(par = theta, fval = devfun(theta), conv = 0, message = "bobyqa, then Newton steps",
              feval = first$feval)
  made <- bquote(lme4::lmer(formula = .(formula), data = .(d), REML = .(REML), control = .(tight)))
  mkMerMod(environment(devfun), opt, parts$reTrms, fr = parts$fr, mc = made)
}

# `plain`: the same fit by lmer() itself; profile() goes on with the optimizer named in it.
describe_lmer <- function(fit, plain = NULL, kr = isREML(fit)) {
  vc <- as.data.frame(VarCorr(fit))
  out <- list(
    fixed_effects = named(fixef(fit)), covariance = matrix_of(as.matrix(vcov(fit))),
    random_covariance = lapply(unname(VarCorr(fit)), function(M) matrix_of(as.matrix(M))),
    sigma = sigma(fit), autocorrelation = NULL,
    minus_two_log_likelihood = if (isREML(fit)) as.numeric(REMLcrit(fit)) else -2 * as.numeric(logLik(fit)),
    singular = isSingular(fit, tol = 1e-5), n_rows = nobs(fit), n_groups = as.integer(ngrps(fit)[1]),
    residual_sum_of_squares = sum(residuals(fit)^2))
  tested <- suppressWarnings(as_lmerModLmerTest(fit))
  out$satterthwaite <- table_of(coef(summary(tested, ddf = "Satterthwaite")))
  if (kr) out$kenward_roger <- table_of(coef(summary(tested, ddf = "Kenward-Roger")))
  if (!is.null(plain)) out$profile <- table_of(confint(plain, method = "profile", quiet = TRUE, oldNames = FALSE))
  modes <- as.matrix(ranef(fit, condVar = FALSE)[[1]])
  out$group_effects_first <- table_of(head(modes, 5))
  out
}

# nlme ends where its criterion changes little: begin again near its answer and keep the best.
# ask: correlation to fit; structure: start value to correlation.
best_of_starts <- function(ask, structure) {
  best <- ask(structure())
  for (share in c(.9, 1, 1.02)) {
    rho <- as.numeric(coef(best$modelStruct$corStruct, unconstrained = FALSE))
    other <- ask(structure(value = rho * share))
    if (logLik(other) > logLik(best)) best <- other
  }
  best
}

# A continuous-time autocorrelation ends at zero where the data want a negative one.
on_its_edge <- function(structure)
  inherits(structure, "corCAR1") && as.numeric(coef(structure, unconstrained = FALSE)) < 1e-5

describe_lme <- function(fit) list(
  fixed_effects = named(fixef(fit)), covariance = matrix_of(fit$varFix),
  random_covariance = list(matrix_of(as.matrix(fit$modelStruct$reStruct[[1]]) * fit$sigma^2)),
  sigma = fit$sigma, autocorrelation = as.numeric(coef(fit$modelStruct$corStruct, unconstrained = FALSE)),
  minus_two_log_likelihood = -2 * as.numeric(logLik(fit)),
  singular = on_its_edge(fit$modelStruct$corStruct),
  n_rows = fit$dims$N, n_groups = as.integer(fit$dims$ngrps[1]),
  residual_sum_of_squares = sum(residuals(fit, level = 1)^2),
  group_effects_first = table_of(head(as.matrix(ranef(fit)), 5)))

describe_gls <- function(fit) list(
  fixed_effects = named(coef(fit)), covariance = matrix_of(fit$varBeta), random_covariance = list(),
  sigma = fit$sigma, autocorrelation = as.numeric(coef(fit$modelStruct$corStruct, unconstrained = FALSE)),
  minus_two_log_likelihood = -2 * as.numeric(logLik(fit)), singular = FALSE, n_rows = fit$dims$N)

# question: how this package asks the same (fields of MixedModelSpec).
write_case <- function(name, software, call, script, data, question, estimates) {
  case <- list(
    name = name, software = software, versions = versions(software), call = call,
    script = file.path("tests", "parity", "scripts", script), created = format(Sys.Date()),
    data = list(file = data, sha256 = digest(file = data, algo = "sha256")),
    question = question, estimates = estimates)
  path <- file.path(PARITY, "references", paste0(name, ".json"))
  connection <- file(path, open = "wb")
  writeLines(toJSON(case, digits = I(17), auto_unbox = TRUE, null = "null", na = "null", pretty = TRUE),
             connection, sep = "\n")
  close(connection)
  cat("wrote", path, "\n")
}
