# Time lme4, lmerTest and pbkrtest on a file of rows; medians, measured inside R.
# Rscript peers.R <bar> <data.csv> <out.csv> <times>
suppressPackageStartupMessages(library(lme4))
arguments <- commandArgs(trailingOnly = TRUE)
bar <- arguments[1]; times <- as.integer(arguments[4])
d <- read.csv(arguments[2])
FORMULA <- y ~ x * weekend + (1 + x | person)

median_seconds <- function(call) {
  call()
  once <- function(i) { start <- Sys.time(); call(); as.numeric(difftime(Sys.time(), start, units = "secs")) }
  median(vapply(seq_len(times), once, numeric(1)))
}

fit <- lmer(FORMULA, d)
seconds <- switch(bar,
  satterthwaite = median_seconds(function() coef(summary(lmerTest::lmer(FORMULA, d)))),
  plain = median_seconds(function() coef(summary(lmer(FORMULA, d)))),
  kenward_roger = {
    tested <- lmerTest::lmer(FORMULA, d)
    median_seconds(function() coef(summary(tested, ddf = "Kenward-Roger")))
  },
  profile = median_seconds(function() confint(fit, method = "profile", quiet = TRUE)),
  refit = {
    set.seed(1)
    ys <- simulate(fit, nsim = 50)
    i <- 0
    median_seconds(function() { i <<- i %% 50 + 1; refit(fit, ys[[i]]) })
  })
answer <- list(seconds = seconds, slope = fixef(fit)[["x"]], std_error = sqrt(vcov(fit)["x", "x"]),
  criterion = as.numeric(REMLcrit(fit)), r = paste(R.version$major, R.version$minor, sep = "."))
for (p in c("lme4", "lmerTest", "pbkrtest")) answer[[p]] <-
  tryCatch(as.character(packageVersion(p)), error = function(e) "absent")
write.csv(data.frame(name = names(answer), value = vapply(answer, format, "", digits = 15)),
          arguments[3], row.names = FALSE)
