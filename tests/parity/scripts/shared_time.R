# The bundled synthetic diaries: the models of the shared-time claim, by lme4 and by nlme.
source(file.path("tests", "parity", "scripts", "common.R"))
script <- "shared_time.R"
LME4 <- c("lme4", "lmerTest", "pbkrtest")

prepare <- function(file) {
  d <- read_rows(file)
  d <- d[!is.na(d$intimacy) & !is.na(d$shared_hours) & !is.na(d$weekend) & !is.na(d$stress), ]
  d$within <- d$shared_hours - ave(d$shared_hours, d$person, d$weekend)
  mean_of <- tapply(d$shared_hours, d$person, mean)
  d$between <- as.numeric(mean_of[as.character(d$person)]) - mean(mean_of)
  d$strained <- d$stress - ave(d$stress, d$person)
  # A product written out is one column to every program.
  d$within_weekend <- d$within * d$weekend
  d
}

for (study in c("shared_time_diary", "shared_time_no_effect")) {
  file <- file.path(SYNTHETIC, paste0(study, ".csv"))
  d <- prepare(file)
  CLAIM <- intimacy ~ within + weekend + within_weekend + between + strained
  claim <- "intimacy ~ within + weekend + within_weekend + between + strained"

  case <- function(key, formula, fixed, random, REML = TRUE, profile = FALSE) {
    plain <- if (profile) lmer(formula, d, REML = REML, control = tight) else NULL
    write_case(paste0(study, ".", key), LME4,
      sprintf("lmer(%s, REML = %s)", paste(deparse(formula, width.cutoff = 500), collapse = ""), REML),
      script, file,
      list(frame = "shared_time", fixed = fixed, random = if (length(random) > 1) I(random) else random,
           group = "person", criterion = if (REML) "reml" else "ml"),
      describe_lmer(fit_lmer(formula, d, REML = REML), plain = plain))
  }
  case("intercept_reml", update(CLAIM, . ~ . + (1 | person)), claim, "1")
  case("intercept_ml", update(CLAIM, . ~ . + (1 | person)), claim, "1", REML = FALSE, profile = TRUE)
  case("slope_reml", update(CLAIM, . ~ . + (1 + within | person)), claim, "1 + within")
  case("slope_ml", update(CLAIM, . ~ . + (1 + within | person)), claim, "1 + within", REML = FALSE, profile = TRUE)
  case("diagonal_reml", update(CLAIM, . ~ . + (1 | person) + (0 + within | person)), claim, c("1", "0 + within"))
  case("claim_reml", update(CLAIM, . ~ . + (1 + within + within_weekend | person)), claim, "1 + within + within_weekend")
  case("claim_ml", update(CLAIM, . ~ . + (1 + within + within_weekend | person)), claim,
       "1 + within + within_weekend", REML = FALSE)

  serial <- function(key, correlation, text, residuals, random, question_random, method) {
    ask <- function(correlation) do.call(lme, list(fixed = CLAIM, random = random,
      correlation = correlation, data = d, method = method, control = tight_nlme))
    fit <- best_of_starts(ask, correlation)
    write_case(paste0(study, ".", key), "nlme",
      sprintf("lme(%s, random = %s, correlation = %s, method = \"%s\")",
              paste(deparse(CLAIM, width.cutoff = 500), collapse = ""),
              paste(deparse(random), collapse = ""), text, method), script, file,
      list(frame = "shared_time", fixed = claim, random = question_random, group = "person",
           residuals = residuals, time = "day", criterion = tolower(method)), describe_lme(fit))
  }
  AR1 <- function(...) corAR1(..., form = ~ day | person)
  CAR1 <- function(...) corCAR1(..., form = ~ day | person)
  serial("ar1_reml", AR1, "corAR1(form = ~ day | person)", "ar1", ~ 1 + within | person, "1 + within", "REML")
  serial("ar1_ml", AR1, "corAR1(form = ~ day | person)", "ar1", ~ 1 | person, "1", "ML")
  serial("car1_reml", CAR1, "corCAR1(form = ~ day | person)", "car1", ~ 1 + within | person, "1 + within", "REML")
}
