from __future__ import annotations

import pytest
from dyad_references import ENDINGS, couples
from simulated_couples import simulated_couples

from intimacy_analysis.dyadic.actor_partner import actor_partner
from intimacy_analysis.dyadic.common_fate import common_fate
from intimacy_analysis.dyadic.effects_table import effects_table
from intimacy_analysis.dyadic.mediation import actor_partner_mediation
from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.fitting import fit_path_model


def test_rows_are_named_by_what_they_mean():
    result = fit_path_model(actor_partner("x", "y"), simulated_couples())
    table = effects_table(result)
    assert table.names[:2] == (
        "actor effect of the wife",
        "partner effect of the husband on the wife",
    )
    row = table["partner effect of the husband on the wife"]
    assert row.value == result.estimate("y_wife ~ x_husband").value
    assert not any("covariance" in name for name in table.names)


def test_kinds_and_members_can_be_chosen():
    result = fit_path_model(actor_partner_mediation("x", "z", "y"), simulated_couples())
    assert len(effects_table(result, ("indirect",))) == 8
    assert len(effects_table(result, ("indirect",), role="wife")) == 4
    assert len(effects_table(result, "total")) == 4


def test_bootstrap_limits_are_kept():
    result = fit_path_model(
        actor_partner("x", "y"),
        simulated_couples(),
        standard_errors="bootstrap",
        bootstrap=200,
        seed=1,
    )
    row = effects_table(result)["actor effect of the wife"]
    assert row.interval == result.estimate("a_wife").interval


def test_an_inadmissible_solution_says_so_first(reference_folder):
    result = fit_path_model(
        common_fate("OP", "Sat", suffixes=ENDINGS), couples(reference_folder, "acitelli_wide")
    )
    assert effects_table(result).notes[0].startswith("The solution is inadmissible")


def test_texts_and_unknown_kinds_are_refused():
    rows = simulated_couples()
    with pytest.raises(SpecError, match="need a template"):
        effects_table(fit_path_model("y_wife ~ x_wife", rows))
    result = fit_path_model(actor_partner("x", "y"), rows)
    with pytest.raises(SpecError, match="'indirect' is none"):
        effects_table(result, ("indirect",))
    with pytest.raises(SpecError, match="'child' is none"):
        effects_table(result, role="child")
