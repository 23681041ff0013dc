# Two small sets of our own making; the seeds are here, so that the files can be made again.
# small_unbalanced.csv: 14 persons, 3 to 11 days each, days with gaps, times in fractions of a day,
#   a random slope and residuals that hang together over days.
# no_between_variance.csv: 12 persons x 5 days whose means differ less than chance would have them.
set.seed(7)
persons <- 14
rows <- do.call(rbind, lapply(seq_len(persons), function(i) {
  n <- sample(3:11, 1)
  day <- sort(sample(0:16, n))
  e <- numeric(n); e[1] <- rnorm(1)
  if (n > 1) for (k in 2:n) { r <- .5^(day[k] - day[k - 1]); e[k] <- r * e[k - 1] + sqrt(1 - r^2) * rnorm(1) }
  x <- round(rnorm(n, .3 * rnorm(1)), 2)
  u <- rnorm(2, 0, c(.9, .5))
  data.frame(person = i, day = day, hour = round(day + runif(n, 0, .4), 2), x = x,
             y = round(4 + u[1] + (.6 + u[2]) * x + .8 * e, 2))
}))
write.csv(rows, file.path("tests", "parity", "data", "small_unbalanced.csv"), row.names = FALSE, quote = FALSE)

set.seed(11)
rows <- do.call(rbind, lapply(1:12, function(i) {
  e <- rnorm(5)
  x <- round(rnorm(5), 2)
  data.frame(person = i, day = 0:4, x = x, y = round(3 + .4 * x + (e - .9 * mean(e)), 2))
}))
write.csv(rows, file.path("tests", "parity", "data", "no_between_variance.csv"), row.names = FALSE, quote = FALSE)
