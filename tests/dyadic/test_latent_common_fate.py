from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.dyadic.latent_common_fate import latent_common_fate
from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.fitting import fit_path_model

ITEMS = {stem: {stem: [f"{stem}{i}" for i in (1, 2, 3)]} for stem in ("talk", "close")}


def true_couples(n: int, seed: int) -> pd.DataFrame:
    """Return couples: shared talk predicts shared closeness by .7, own talk own closeness by .3."""
    rng = np.random.default_rng(seed)
    shared_x = rng.normal(size=(n, 1))
    shared_y = 0.7 * shared_x + 0.5 * rng.normal(size=(n, 1))
    own_x = 0.7 * rng.normal(size=(n, 2))
    own_y = 0.3 * own_x + 0.6 * rng.normal(size=(n, 2))
    members = {"talk": shared_x + own_x, "close": shared_y + own_y}
    return pd.DataFrame(
        {
            f"{stem}{item}_{role}": loading * values[:, member] + 0.5 * rng.normal(size=n)
            for stem, values in members.items()
            for item, loading in enumerate((1.0, 0.8, 1.2), start=1)
            for member, role in enumerate(("wife", "husband"))
        }
    )


def test_what_is_shared_and_what_is_not_are_recovered():
    spec = latent_common_fate(ITEMS["talk"], ITEMS["close"])
    result = fit_path_model(spec, true_couples(3000, 4))
    assert result.state == "ok"
    truth = {"b": 0.7, "vx": 1.0, "vy": 0.25, "w_wife": 0.3, "w_husband": 0.3, "ex_wife": 0.49}
    for name, value in truth.items():
        row = result.estimate(name)
        assert abs(row.value - value) < 4 * row.std_error, name


def test_shared_variance_is_the_members_latent_covariance():
    spec = latent_common_fate(ITEMS["talk"], ITEMS["close"])
    result = fit_path_model(spec, true_couples(800, 4))
    text = """
        tw =~ talk1_wife + b2*talk2_wife + b3*talk3_wife
        th =~ talk1_husband + b2*talk2_husband + b3*talk3_husband
        cw =~ close1_wife + d2*close2_wife + d3*close3_wife
        ch =~ close1_husband + d2*close2_husband + d3*close3_husband
        talk1_wife ~~ talk1_husband
        talk2_wife ~~ talk2_husband
        talk3_wife ~~ talk3_husband
        close1_wife ~~ close1_husband
        close2_wife ~~ close2_husband
        close3_wife ~~ close3_husband
        tw ~~ vx*th
        cw ~~ vy*ch
        tw ~~ cxy*ch
        th ~~ cxy*cw
    """
    # The same model in other coordinates: Cov(X1, Y2) = Cov(X2, Y1) = b Var(shared x).
    plain = fit_path_model(text, true_couples(800, 4))
    assert result.fit_indices.df == plain.fit_indices.df
    assert result.fit_indices.chisq == pytest.approx(plain.fit_indices.chisq, abs=1e-4)
    assert result.estimate("vx").value == pytest.approx(plain.estimate("vx").value, abs=1e-4)
    slope = plain.estimate("cxy").value / plain.estimate("vx").value
    assert result.estimate("b").value == pytest.approx(slope, abs=1e-4)


def test_the_item_level_form_recovers_the_shared_slope_too():
    spec = latent_common_fate(ITEMS["talk"], ITEMS["close"], form="item-level")
    result = fit_path_model(spec, true_couples(3000, 4))
    row = result.estimate("b")
    assert abs(row.value - 0.7) < 4 * row.std_error
    second = fit_path_model(
        latent_common_fate(ITEMS["talk"], ITEMS["close"]), true_couples(3000, 4)
    )
    # Proportional loadings are a special case of it.
    assert result.fit_indices.df < second.fit_indices.df
    assert result.fit_indices.chisq <= second.fit_indices.chisq + 1e-6


def test_members_who_share_nothing_give_no_admissible_model():
    rows = true_couples(300, 4)
    wives = [name for name in rows if name.endswith("_wife")]
    # Another couple's wife, her answers turned round: the members' covariance is negative.
    rows[wives] = -rows[[name.replace("_wife", "_husband") for name in wives]].to_numpy()
    rng = np.random.default_rng(1)
    rows[wives] += rng.normal(size=(300, len(wives)))
    result = fit_path_model(latent_common_fate(ITEMS["talk"], ITEMS["close"]), rows)
    assert result.state != "ok"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"level": "configural"}, "needs equal loadings.*got 'configural'"),
        ({"level": "latent means"}, "got 'latent means'"),
        ({"form": "method"}, "form must be 'second-order' or 'item-level', got 'method'"),
    ],
)
def test_options_that_cannot_be_are_refused(options, said):
    with pytest.raises(SpecError, match=said):
        latent_common_fate(ITEMS["talk"], ITEMS["close"], **options)


def test_the_item_level_form_needs_three_items():
    with pytest.raises(SpecError, match="needs three items a scale, but 'talk' has two"):
        latent_common_fate({"talk": ["talk1", "talk2"]}, ITEMS["close"], form="item-level")
