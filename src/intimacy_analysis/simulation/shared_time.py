"""A daily diary of shared time, stress and intimacy whose truth is known."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from intimacy_analysis.errors import SpecError
from intimacy_analysis.simulation.calibration import calibrated

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
# What a woman's hours of a day are compared with, in the truth.
CenteredOn = Literal["observed", "expected"]
SCALE = (1.0, 7.0)
HOURS = (0.0, 24.0)
STRESS = (0.0, 10.0)
FIRST_DAY = date(2015, 8, 31)
N_PERSONS = int(calibrated("n_persons"))
N_DAYS = int(calibrated("n_days"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedTimeTruth:
    """What is put into the diary; `simulation.calibration` says where each value comes from.

    Intimacy of woman i on day t, with h and s the hours and the stress of that day in deviation
    from her own mean (hours: her weekday mean on weekdays, her weekend mean at weekends), H and S
    her mean in deviation from the mean of all women's means, and w = 1 at weekends:

        intimacy = mean + u_i + b_i h (1 - w) + c_i h w + weekend_effect w + between_slope H
                   + stress_slope s + stress_interaction h s + stress_between_slope S + e

    (u_i, b_i, c_i) are normal over women with means 0, weekday_slope and weekend_slope; e is
    normal and independent.

    Attributes:
        intimacy_mean: On a weekday with a woman's usual hours and stress, in points.
        intimacy_between_sd: SD of u, points.
        residual_sd: SD of e, points.
        weekday_slope, weekend_slope: Mean of b and of c, points per hour.
        weekday_slope_sd, weekend_slope_sd: Their SDs between women.
        slope_correlation: Of b and c.
        intercept_weekday_slope_correlation: Of u and b.
        intercept_weekend_slope_correlation: Of u and c.
        weekend_effect: Weekend minus weekday at usual hours, points.
        between_slope: Of a woman's mean hours, points per hour.
        stress_effect: In residual SDs of intimacy per within-person SD of stress.
        stress_interaction: Change of the hours' slope per point of stress.
        stress_between_slope: Of a woman's mean stress, points per point.
        weekday_hours_mean, weekday_hours_sd: Hours of a weekday; SD within women.
        weekend_hours_mean, weekend_hours_sd: Hours of a weekend day; SD within women.
        hours_between_sd: SD between women of their usual hours.
        stress_mean, stress_within_sd, stress_between_sd: Stress, 0 to 10.
        share_missing: Share of person-days not answered, completely at random.

    Raises:
        SpecError: A negative SD, a share outside 0 to 1, or correlations that cannot be together.
    """

    intimacy_mean: float = calibrated("intimacy_mean")
    intimacy_between_sd: float = calibrated("intimacy_between_sd")
    residual_sd: float = calibrated("residual_sd")
    weekday_slope: float = calibrated("weekday_slope")
    weekend_slope: float = calibrated("weekend_slope")
    weekday_slope_sd: float = calibrated("weekday_slope_sd")
    weekend_slope_sd: float = calibrated("weekend_slope_sd")
    slope_correlation: float = calibrated("slope_correlation")
    intercept_weekday_slope_correlation: float = calibrated("intercept_weekday_slope_correlation")
    intercept_weekend_slope_correlation: float = calibrated("intercept_weekend_slope_correlation")
    weekend_effect: float = calibrated("weekend_effect")
    between_slope: float = calibrated("between_slope")
    stress_effect: float = calibrated("stress_effect")
    stress_interaction: float = calibrated("stress_interaction")
    stress_between_slope: float = calibrated("stress_between_slope")
    weekday_hours_mean: float = calibrated("weekday_hours_mean")
    weekday_hours_sd: float = calibrated("weekday_hours_sd")
    weekend_hours_mean: float = calibrated("weekend_hours_mean")
    weekend_hours_sd: float = calibrated("weekend_hours_sd")
    hours_between_sd: float = calibrated("hours_between_sd")
    stress_mean: float = calibrated("stress_mean")
    stress_within_sd: float = calibrated("stress_within_sd")
    stress_between_sd: float = calibrated("stress_between_sd")
    share_missing: float = calibrated("share_missing")

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not np.isfinite(value):
                raise SpecError(f"{field.name} must be a finite number, got {value!r}.")
            if field.name.endswith("_sd") and value < 0:
                raise SpecError(f"{field.name} is a standard deviation and must not be negative.")
        if self.stress_within_sd == 0 or self.weekday_hours_sd == 0 or self.weekend_hours_sd == 0:
            raise SpecError("hours and stress must vary from day to day: give SDs above 0.")
        if not 0 <= self.share_missing < 1:
            raise SpecError(f"share_missing must lie in 0 to 1, got {self.share_missing!r}.")
        if np.linalg.eigvalsh(self._correlations).min() < -1e-12:
            raise SpecError(
                "the three correlations of intercept, weekday slope and weekend slope cannot be "
                f"together: {self.intercept_weekday_slope_correlation:g}, "
                f"{self.intercept_weekend_slope_correlation:g}, {self.slope_correlation:g}. "
                "Bring one of them nearer to the product of the other two."
            )

    @property
    def stress_slope(self) -> float:
        """Points of intimacy per point of stress."""
        return self.stress_effect * self.residual_sd / self.stress_within_sd

    @property
    def weekend_difference(self) -> float:
        """Weekend slope minus weekday slope, points per hour."""
        return self.weekend_slope - self.weekday_slope

    @property
    def weekend_difference_sd(self) -> float:
        """SD between women of weekend slope minus weekday slope."""
        b, c = self.weekday_slope_sd, self.weekend_slope_sd
        return float(np.sqrt(max(b * b + c * c - 2 * self.slope_correlation * b * c, 0.0)))

    @property
    def icc(self) -> float:
        """Share of the variance of intimacy between women, effects of days left out."""
        between = self.intimacy_between_sd**2
        return between / (between + self.residual_sd**2)

    @property
    def terms(self) -> dict[str, float]:
        """The truth under the names that the claim's analysis gives its terms."""
        slope, difference = "shared_hours_within", "shared_hours_within:weekend"
        known = {
            "Intercept": self.intimacy_mean,
            slope: self.weekday_slope,
            "weekend": self.weekend_effect,
            difference: self.weekend_difference,
            "shared_hours_between": self.between_slope,
            "stress_within": self.stress_slope,
            f"{slope}:stress_within": self.stress_interaction,
            "stress_between": self.stress_between_slope,
            "SD Intercept": self.intimacy_between_sd,
            f"SD {slope}": self.weekday_slope_sd,
            f"SD {difference}": self.weekend_difference_sd,
            "SD residual": self.residual_sd,
        }
        # A correlation with what does not vary is not defined.
        u, b, c = self.intimacy_between_sd, self.weekday_slope_sd, self.weekend_slope_sd
        d = self.weekend_difference_sd
        ub, uc = self.intercept_weekday_slope_correlation, self.intercept_weekend_slope_correlation
        if u > 0 and b > 0:
            known[f"correlation Intercept, {slope}"] = ub
        if u > 0 and d > 0:
            known[f"correlation Intercept, {difference}"] = (uc * c - ub * b) / d
        if b > 0 and d > 0:
            known[f"correlation {slope}, {difference}"] = (self.slope_correlation * c - b) / d
        # Derived values carry the last bit of a subtraction; a truth is stated in plain digits.
        return {name: float(f"{value:.10g}") for name, value in known.items()}

    def with_slopes(self, *, weekday: float, weekend: float) -> SharedTimeTruth:
        """Return the same truth with other mean slopes of shared hours."""
        return replace(self, weekday_slope=weekday, weekend_slope=weekend)

    def with_slope_sds(self, *, weekday: float, weekend: float) -> SharedTimeTruth:
        """Return the same truth with other differences between women."""
        return replace(self, weekday_slope_sd=weekday, weekend_slope_sd=weekend)

    def with_icc(self, icc: float) -> SharedTimeTruth:
        """Return the same truth and total variance, divided otherwise between women and days.

        The slopes keep their points; `stress_effect` is rescaled for that.
        """
        if not 0 <= icc < 1:
            raise SpecError(f"an ICC must lie in 0 to 1, got {icc!r}.")
        total = self.intimacy_between_sd**2 + self.residual_sd**2
        residual = float(np.sqrt((1 - icc) * total))
        return replace(
            self,
            intimacy_between_sd=float(np.sqrt(icc * total)),
            residual_sd=residual,
            stress_effect=self.stress_effect * self.residual_sd / residual,
        )

    def with_share_missing(self, share: float) -> SharedTimeTruth:
        """Return the same truth with another share of unanswered days."""
        return replace(self, share_missing=share)

    def with_no_weekend_difference(self) -> SharedTimeTruth:
        """Return a truth whose mean slope is the same at weekends; women differ as before."""
        return self.with_slopes(weekday=self.weekday_slope, weekend=self.weekday_slope)

    def with_no_effect(self) -> SharedTimeTruth:
        """Return a truth in which no woman's intimacy goes with hours or stress, on any day.

        All slopes are zero, for each woman and not only on average; so is the weekend effect.
        Women still differ in how close they usually feel.
        """
        return replace(
            self.with_slopes(weekday=0.0, weekend=0.0).with_slope_sds(weekday=0.0, weekend=0.0),
            slope_correlation=0.0,
            intercept_weekday_slope_correlation=0.0,
            intercept_weekend_slope_correlation=0.0,
            weekend_effect=0.0,
            between_slope=0.0,
            stress_effect=0.0,
            stress_interaction=0.0,
            stress_between_slope=0.0,
        )

    @property
    def _correlations(self) -> Floats:
        ub, uc = self.intercept_weekday_slope_correlation, self.intercept_weekend_slope_correlation
        bc = self.slope_correlation
        return np.array([[1.0, ub, uc], [ub, 1.0, bc], [uc, bc, 1.0]])


def simulate_shared_time(
    truth: SharedTimeTruth | None = None,
    *,
    n_persons: int = N_PERSONS,
    n_days: int = N_DAYS,
    seed: int | None = None,
    rng: np.random.Generator | None = None,
    bounded: bool = False,
    matched: bool = False,
    centered_on: CenteredOn = "observed",
) -> pd.DataFrame:
    """Draw one diary.

    Args:
        truth: What is put in; None for the calibrated truth of the bundled study.
        n_persons: Women.
        n_days: Days from a Monday on.
        seed: Fixes the draw. Give this or `rng`, not both.
        rng: Source of chance.
        bounded: Whether answers end at 1 and 7 and are rounded to 0.01, as in the bundled
            study. Ends pull every slope toward zero, so a recovery study leaves them out.
        matched: Whether the women of this draw have exactly the stated mean, SD and correlations
            of level and slopes, as in the bundled study, so that only the chance of days is
            left. A recovery study needs the chance of women as well and leaves this off.
        centered_on: What a day's hours and stress are compared with. "observed": the woman's mean
            over her answered days, the very column of the analysis, so that the fitted
            model is exactly right. "expected": what she would report in the long run; a person
            mean of a few days then misses it, and slopes between persons are biased.

    Returns:
        One row an answered person-day, sorted: person ("w001"), day (0, 1, ...), date (ISO text),
        weekend (0/1), shared_hours (hours, to 0.1), stress (points of stress, to 0.1), intimacy
        (points). Days not answered have no row.

    Raises:
        SpecError: Sizes below 1, or both or neither of `seed` and `rng`.
    """
    truth = SharedTimeTruth() if truth is None else truth
    chance = _source_of_chance(seed, rng)
    if n_persons < 1 or n_days < 1:
        raise SpecError(f"a diary needs persons and days, got {n_persons!r} and {n_days!r}.")
    if centered_on not in ("observed", "expected"):
        raise SpecError(f"centered_on must be 'observed' or 'expected', got {centered_on!r}.")
    # All chance is drawn for the full grid and in one order: a truth that differs in one value
    # gives the same women and days.
    of_women = chance.standard_normal((5, n_persons))
    of_days = chance.standard_normal((3, n_persons, n_days))
    answered = chance.random((n_persons, n_days)) >= truth.share_missing
    person, day = np.nonzero(answered)
    hours_noise, stress_noise, residual = of_days[:, answered]
    weekend = day % 7 >= 5
    own_hours = truth.hours_between_sd * of_women[0]
    own_stress = truth.stress_between_sd * of_women[1]
    usual_hours = own_hours[person] + np.where(
        weekend, truth.weekend_hours_mean, truth.weekday_hours_mean
    )
    usual_stress = own_stress[person] + truth.stress_mean
    hours_sd = np.where(weekend, truth.weekend_hours_sd, truth.weekday_hours_sd)
    hours = _limited(usual_hours + hours_sd * hours_noise, HOURS, 1)
    stress = _limited(usual_stress + truth.stress_within_sd * stress_noise, STRESS, 1)
    if centered_on == "observed":
        usual_hours = _own_means(hours, person * 2 + weekend)
        usual_stress = _own_means(stress, person)
        own_hours, own_stress = _levels(hours, person), _levels(stress, person)
    own = _matched(of_women[2:]) if matched else of_women[2:]
    intercept, on_weekdays, at_weekends = _effects_of_women(truth, own)
    h, s = hours - usual_hours, stress - usual_stress
    intimacy = (
        truth.intimacy_mean
        + intercept[person]
        + np.where(weekend, at_weekends[person], on_weekdays[person]) * h
        + truth.weekend_effect * weekend
        + truth.between_slope * own_hours[person]
        + truth.stress_slope * s
        + truth.stress_interaction * h * s
        + truth.stress_between_slope * own_stress[person]
        + truth.residual_sd * residual
    )
    return pd.DataFrame(
        {
            "person": _ids(n_persons)[person],
            "day": day.astype(np.int64),
            "date": _dates(n_days)[day],
            "weekend": weekend.astype(np.int64),
            "shared_hours": hours,
            "stress": stress,
            "intimacy": _limited(intimacy, SCALE, 2) if bounded else intimacy,
        }
    )


def _source_of_chance(seed: int | None, rng: np.random.Generator | None) -> np.random.Generator:
    if rng is not None and seed is None:
        return rng
    if seed is not None and rng is None:
        return np.random.default_rng(seed)
    raise SpecError(
        "a draw needs one source of chance, but "
        f"{'both' if seed is not None else 'neither'} of seed and rng {'are' if seed else 'is'} "
        "given. Give seed=..., or the generator of a replication as rng=..."
    )


def _effects_of_women(truth: SharedTimeTruth, z: Floats) -> tuple[Floats, Floats, Floats]:
    """Return u, b and c of each woman from three rows of standard normal numbers."""
    # The Cholesky factor of three correlations, written out: sums of three products are the
    # same bits on every machine, a matrix product need not be.
    ub, uc = truth.intercept_weekday_slope_correlation, truth.intercept_weekend_slope_correlation
    rest = np.sqrt(max(1 - ub * ub, 0.0))
    shared = (truth.slope_correlation - ub * uc) / rest if rest > 0 else 0.0
    own = np.sqrt(max(1 - uc * uc - shared * shared, 0.0))
    return (
        truth.intimacy_between_sd * z[0],
        truth.weekday_slope + truth.weekday_slope_sd * (ub * z[0] + rest * z[1]),
        truth.weekend_slope + truth.weekend_slope_sd * (uc * z[0] + shared * z[1] + own * z[2]),
    )


def _matched(z: Floats) -> Floats:
    """Return rows with mean 0, SD 1 (n - 1) and no correlation among them."""
    rows: list[Floats] = []
    for row in z:
        rest = row - row.mean()
        for earlier in rows:
            rest = rest - earlier * (np.sum(rest * earlier) / np.sum(earlier * earlier))
        spread = float(np.sqrt(np.sum(rest * rest) / max(len(rest) - 1, 1)))
        rows.append(rest / spread if spread > 1e-12 else np.zeros_like(rest))
    return np.array(rows)


def _own_means(values: Floats, group: Ints) -> Floats:
    """Return the mean of each row's group, shape (n_rows,)."""
    return np.asarray((np.bincount(group, values) / np.maximum(np.bincount(group), 1))[group])


def _levels(values: Floats, person: Ints) -> Floats:
    """Return each woman's mean minus the mean of all women's means, one number a woman."""
    counts = np.bincount(person)
    means = np.bincount(person, values) / np.maximum(counts, 1)
    # A woman who never answered has no mean, and no row that would ask for it.
    return np.asarray(means - means[counts > 0].mean())


def _limited(values: Floats, ends: tuple[float, float], digits: int) -> Floats:
    return np.asarray(np.round(np.clip(values, *ends), digits))


@lru_cache(maxsize=8)
def _ids(n_persons: int) -> NDArray[np.object_]:
    return np.array([f"w{number:03d}" for number in range(1, n_persons + 1)], dtype=object)


@lru_cache(maxsize=8)
def _dates(n_days: int) -> NDArray[np.object_]:
    days = [(FIRST_DAY + timedelta(days=number)).isoformat() for number in range(n_days)]
    return np.array(days, dtype=object)
