source(file.path("tests", "parity", "scripts", "common.R"))
script <- "small_sets.R"
small <- file.path(PARITY, "data", "small_unbalanced.csv")
d <- read_rows(small)
LME4 <- c("lme4", "lmerTest", "pbkrtest")

write_case("small_intercept_reml", LME4, "lmer(y ~ x + (1 | person), REML = TRUE)", script, small,
  list(frame = "plain", fixed = "y ~ x", random = "1", group = "person", criterion = "reml"),
  describe_lmer(fit_lmer(y ~ x + (1 | person), d)))
write_case("small_slope_reml", LME4, "lmer(y ~ x + (1 + x | person), REML = TRUE)", script, small,
  list(frame = "plain", fixed = "y ~ x", random = "1 + x", group = "person", criterion = "reml"),
  describe_lmer(fit_lmer(y ~ x + (1 + x | person), d)))
write_case("small_slope_ml", LME4, "lmer(y ~ x + (1 + x | person), REML = FALSE)", script, small,
  list(frame = "plain", fixed = "y ~ x", random = "1 + x", group = "person", criterion = "ml"),
  describe_lmer(fit_lmer(y ~ x + (1 + x | person), d, REML = FALSE),
                plain = lmer(y ~ x + (1 + x | person), d, REML = FALSE, control = tight)))
write_case("small_diagonal_reml", LME4, "lmer(y ~ x + (1 + x || person), REML = TRUE)", script, small,
  list(frame = "plain", fixed = "y ~ x", random = I(c("1", "0 + x")), group = "person", criterion = "reml"),
  describe_lmer(fit_lmer(y ~ x + (1 | person) + (0 + x | person), d)))

serial <- function(name, correlation, text, residuals, time, method = "REML", random = ~ 1 | person) {
  ask <- function(correlation) do.call(lme, list(fixed = y ~ x, random = random,
    correlation = correlation, data = d, method = method, control = tight_nlme))
  fit <- best_of_starts(ask, correlation)
  write_case(name, "nlme", sprintf("lme(y ~ x, random = %s, correlation = %s, method = \"%s\")",
      paste(deparse(random), collapse = ""), text, method), script, small,
    list(frame = "plain", fixed = "y ~ x", random = if (identical(random, ~ 1 | person)) "1" else "1 + x",
         group = "person", residuals = residuals, time = time, criterion = tolower(method)),
    describe_lme(fit))
}
serial("small_ar1_reml", function(...) corAR1(..., form = ~ day | person), "corAR1(form = ~ day | person)", "ar1", "day")
serial("small_ar1_ml", function(...) corAR1(..., form = ~ day | person), "corAR1(form = ~ day | person)", "ar1", "day", "ML")
serial("small_car1_reml", function(...) corCAR1(..., form = ~ hour | person), "corCAR1(form = ~ hour | person)", "car1", "hour")
serial("small_slope_car1_ml", function(...) corCAR1(..., form = ~ hour | person), "corCAR1(form = ~ hour | person)", "car1", "hour",
       "ML", ~ 1 + x | person)
only <- gls(y ~ x, correlation = corAR1(form = ~ day | person), data = d,
            control = glsControl(maxIter = 1000, msMaxIter = 5000, tolerance = 1e-12, msTol = 1e-14))
write_case("small_ar1_only_reml", "nlme", "gls(y ~ x, correlation = corAR1(form = ~ day | person))", script, small,
  list(frame = "plain", fixed = "y ~ x", random = "0", group = "person", residuals = "ar1", time = "day",
       criterion = "reml"), describe_gls(only))

zero <- file.path(PARITY, "data", "no_between_variance.csv")
d <- read_rows(zero)
write_case("zero_variance_reml", LME4, "lmer(y ~ x + (1 | person), REML = TRUE)", script, zero,
  list(frame = "plain", fixed = "y ~ x", random = "1", group = "person", criterion = "reml"),
  describe_lmer(fit_lmer(y ~ x + (1 | person), d), kr = FALSE))
write_case("zero_variance_ml", LME4, "lmer(y ~ x + (1 | person), REML = FALSE)", script, zero,
  list(frame = "plain", fixed = "y ~ x", random = "1", group = "person", criterion = "ml"),
  describe_lmer(fit_lmer(y ~ x + (1 | person), d, REML = FALSE)))
