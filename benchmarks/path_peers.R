# Time lavaan on a file of couples; medians, measured inside R.
# Rscript path_peers.R <bar> <data.csv> <model.txt> <out.csv> <times>
suppressPackageStartupMessages(library(lavaan))
arguments <- commandArgs(trailingOnly = TRUE)
bar <- arguments[1]; times <- as.integer(arguments[5])
d <- read.csv(arguments[2], na.strings = c("", "NA"))
model <- paste(readLines(arguments[3]), collapse = "\n")

median_seconds <- function(call) {
  call()
  once <- function(i) { start <- Sys.time(); call(); as.numeric(difftime(Sys.time(), start, units = "secs")) }
  median(vapply(seq_len(times), once, numeric(1)))
}
fit_listwise <- function() sem(model, d, meanstructure = TRUE, fixed.x = FALSE)
fit_fiml <- function() sem(model, d, missing = "fiml", fixed.x = FALSE)

first <- if (bar == "fiml") fit_fiml() else fit_listwise()
seconds <- switch(bar,
  fit = median_seconds(function() parameterEstimates(fit_listwise())),
  fiml = median_seconds(function() parameterEstimates(fit_fiml())),
  # The replicates, and nothing else: seconds of all, to be divided by their number.
  bootstrap = {
    set.seed(1)
    start <- Sys.time()
    b <- bootstrapLavaan(first, R = times, FUN = function(fit) coef(fit, type = "user"))
    as.numeric(difftime(Sys.time(), start, units = "secs"))
  })
table <- parameterEstimates(first)
row <- table[table$label == "a1ww", ]
answer <- list(seconds = seconds, estimate = row$est, std_error = row$se,
  log_likelihood = as.numeric(logLik(first)), r = paste(R.version$major, R.version$minor, sep = "."),
  lavaan = as.character(packageVersion("lavaan")))
write.csv(data.frame(name = names(answer), value = vapply(answer, format, "", digits = 15)),
          arguments[4], row.names = FALSE)
