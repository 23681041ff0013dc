from __future__ import annotations

import pytest
from simulated_couples import simulated_couples

from intimacy_analysis.dyadic.joint_significance import joint_significance
from intimacy_analysis.dyadic.mediation import actor_partner_mediation
from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.fitting import fit_path_model


def test_the_weakest_path_decides():
    result = fit_path_model(actor_partner_mediation("x", "z", "y"), simulated_couples())
    table = joint_significance(result)
    assert len(table) == 8
    row = table.loc["indirect: x wife, z husband, y wife"]
    first, second = result.estimate("ap_husband").p_value, result.estimate("bp_wife").p_value
    assert row["p_value"] == max(first, second)
    assert row["all_clear"] == (max(first, second) < 0.05)
    assert row["weakest_path"] == (
        "partner path, x on z, wife to husband"
        if first > second
        else "partner path, z on y, husband to wife"
    )
    # X and Z of one member and Y of the same: both paths are in the generating model.
    assert table.loc["indirect: x wife, z wife, y wife", "all_clear"]


def test_other_models_are_refused():
    result = fit_path_model("y_wife ~ x_wife", simulated_couples())
    with pytest.raises(SpecError, match="joint significance is of indirect effects"):
        joint_significance(result)
