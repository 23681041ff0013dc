"""One table with everything that can go wrong in a writer; the golden files show it."""

import math

from intimacy_analysis.estimates import Estimate, EstimateTable

HARD = EstimateTable(
    title="Fixed effects: 50 % & more_of_it",
    df_method="Satterthwaite",
    interval_method="Wald t",
    notes=("92 women, 1,211 days.", 'A note with <b>markup</b>, $math$ and "quotes".'),
    rows=(
        Estimate(
            name="Intercept",
            value=4.513,
            std_error=0.0912,
            df=90.12,
            low=4.33182,
            high=4.69418,
            p_value=1e-30,
            unit="points",
        ),
        Estimate(
            name="shared_hours_within:weekend",
            value=-0.1213,
            std_error=0.0214,
            df=math.inf,
            low=-0.164,
            high=-0.079,
            p_value=0.0341,
            unit="points per hour",
        ),
        Estimate(
            name="=1+1 | {tiny} \\ #2 ~ ^",
            value=0.0000123,
            std_error=0.000002,
            df=12.0,
            low=0.0000083,
            high=0.0000163,
            p_value=0.9999,
            unit="@unit",
        ),
        Estimate(name="correlation a, b", value=-0.32, low=-0.5, high=0.01),
    ),
)
