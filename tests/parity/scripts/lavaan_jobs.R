# Fit path models with lavaan and write what it found.
# Rscript lavaan_jobs.R <jobs.json> <answers.json>
# A job: name, text, data (CSV, empty cell = missing), and, where they are not lavaan's defaults, missing,
# estimator, likelihood, information, fixed_x, means, group, group_equal, tight, extras, added.
# "tight" takes Newton steps, with lavaan's own gradient and Hessian, from where its search ended.
suppressPackageStartupMessages({library(lavaan); library(jsonlite)})
arguments <- commandArgs(trailingOnly = TRUE)
jobs <- fromJSON(arguments[1], simplifyVector = FALSE)
MEASURES <- c("npar", "chisq", "df", "pvalue", "chisq.scaled", "df.scaled", "pvalue.scaled",
  "chisq.scaling.factor", "baseline.chisq", "baseline.df", "baseline.pvalue",
  "baseline.chisq.scaling.factor", "cfi", "tli", "cfi.scaled", "tli.scaled", "cfi.robust",
  "tli.robust", "rmsea", "rmsea.ci.lower", "rmsea.ci.upper", "rmsea.pvalue", "rmsea.scaled",
  "rmsea.robust", "srmr", "logl", "unrestricted.logl", "aic", "bic", "bic2", "ntotal")

plain <- function(M) list(rows = I(if (is.null(rownames(M))) seq_len(nrow(M)) else rownames(M)), cols = I(colnames(M)),
  values = unname(lapply(seq_len(nrow(M)), function(i) I(as.numeric(M[i, ])))))

slopes <- function(f, x, h = 1e-5) vapply(seq_along(x), function(i) {
  e <- replace(numeric(length(x)), i, h); (f(x + e) - f(x - e)) / (2 * h) }, f(x))

# One Newton step under the conditions that hold with equality (curved ones too); where to begin again.
newton_step <- function(fit) {
  model <- fit@Model; x <- as.numeric(coef(fit, type = "free")); q <- length(x)
  g <- as.numeric(lavInspect(fit, "gradient")); H <- unclass(lavInspect(fit, "information.observed"))
  value <- function(f, x) if (length(formals(f))) as.numeric(f(x)) else numeric(0)
  bounds <- which(value(model@cin.function, x) < 1e-4)
  held <- function(x) c(value(model@ceq.function, x), value(model@cin.function, x)[bounds])
  step <- if (length(held(x))) {
    jacobian <- function(x) matrix(slopes(held, x), ncol = q)
    J <- jacobian(x); lambda <- qr.solve(J %*% t(J), J %*% g)
    H <- H - matrix(slopes(function(x) as.numeric(t(jacobian(x)) %*% lambda), x, 1e-4), q)
    system <- rbind(cbind(H, t(J)), cbind(J, matrix(0, nrow(J), nrow(J))))
    solve(system, -c(g, held(x)))[seq_len(q)]
  } else -solve(H, g)
  table <- parTable(fit); free <- which(table$free > 0)
  table$est[free] <- table$est[free] + step[table$free[free]]
  list(table = table, largest = max(abs(step)))
}

fit_job <- function(job, start = NULL) {
  or <- function(value, default) if (is.null(value)) default else value
  call <- list(model = job$text, data = read.csv(job$data, na.strings = c("", "NA")),
    missing = or(job$missing, "listwise"), estimator = or(job$estimator, "ML"),
    fixed.x = or(job$fixed_x, TRUE), meanstructure = or(job$means, TRUE), em.h1.tol = 1e-12,
    em.h1.iter.max = 20000L)
  if (!is.null(job$likelihood)) call$likelihood <- job$likelihood
  if (!is.null(job$information)) call$information <- job$information
  if (!is.null(job[["group"]])) call$group <- job[["group"]]
  if (length(job$group_equal)) call$group.equal <- unlist(job$group_equal)
  if (!is.null(start)) { call$start <- start; call$optim.method <- "none"; call$optim.force.converged <- TRUE }
  suppressWarnings(do.call("sem", call))
}

answer <- function(job) {
  started <- proc.time()[[3]]
  fit <- fit_job(job)
  if (isTRUE(job$tight)) for (again in 1:4) { step <- newton_step(fit); fit <- fit_job(job, start = step$table) }
  table <- suppressWarnings(parameterEstimates(fit, standardized = TRUE, remove.system.eq = TRUE,
    remove.eq = TRUE, remove.ineq = TRUE, remove.nonfree = FALSE))
  keep <- intersect(c("lhs", "op", "rhs", "group", "est", "se", "std.lv", "std.all", "std.nox"), names(table))
  measures <- suppressWarnings(fitMeasures(fit))
  measures <- measures[intersect(MEASURES, names(measures))]
  found <- list(name = job$name, converged = lavInspect(fit, "converged"),
    params = lapply(seq_len(nrow(table)), function(i) as.list(table[i, keep])),
    fit = as.list(setNames(as.numeric(measures), names(measures))))
  if (isTRUE(job$tight)) found$last_step <- step$largest
  extras <- unlist(job$extras)
  if ("standardized" %in% extras) {
    s <- suppressWarnings(standardizedSolution(fit, remove.eq = TRUE, remove.ineq = TRUE))
    found$standardized <- lapply(seq_len(nrow(s)), function(i) as.list(s[i, c("lhs", "op", "rhs", "est.std", "se")]))
  }
  if ("r2" %in% extras) found$r2 <- as.list(lavInspect(fit, "rsquare"))
  if ("modification" %in% extras) {
    m <- modindices(fit)
    found$modification <- lapply(seq_len(nrow(m)), function(i) as.list(m[i, c("lhs", "op", "rhs", "mi", "epc")]))
  }
  if ("residuals" %in% extras) {
    found$residuals <- plain(unclass(resid(fit, type = "standardized")$cov))
    found$correlations <- plain(unclass(resid(fit, type = "cor.bentler")$cov))
    found$bollen <- plain(unclass(resid(fit, type = "cor")$cov))
  }
  if ("scores" %in% extras) {
    found$regression <- plain(lavPredict(fit, method = "EBM")[1:20, , drop = FALSE])
    found$bartlett <- plain(lavPredict(fit, method = "Bartlett")[1:20, , drop = FALSE])
  }
  if ("score_tests" %in% extras) {
    u <- lavTestScore(fit)$uni
    found$score_tests <- I(as.numeric(u$X2))
  }
  if (length(job$added)) found$added <- I(vapply(job$added, function(arrow) {
    u <- suppressWarnings(lavTestScore(fit, add = arrow)$uni); as.numeric(u$X2[nrow(u)]) }, numeric(1)))
  found$seconds <- proc.time()[[3]] - started
  found
}

answers <- lapply(jobs, function(job) tryCatch(answer(job),
  error = function(e) list(name = job$name, error = conditionMessage(e))))
out <- list(versions = list(R = R.version.string, lavaan = as.character(packageVersion("lavaan"))), fits = answers)
write_json(out, arguments[2], digits = I(15), auto_unbox = TRUE, null = "null", na = "null")
