from __future__ import annotations

import math

import pytest
from dyad_references import ENDINGS, couples, reference
from simulated_couples import simulated_couples

from intimacy_analysis.dyadic.actor_partner import actor_partner
from intimacy_analysis.dyadic.corrected_fit import corrected_fit
from intimacy_analysis.dyadic.distinguishability import distinguishability
from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.paths.syntax import read_constraint


def test_a_saturated_model_of_alike_members_fits_perfectly():
    rows = simulated_couples()
    omnibus = distinguishability(rows, ("x", "y"))
    result = fit_path_model(actor_partner("x", "y", distinguishable=False), rows)
    fit = corrected_fit(result, omnibus.isat, omnibus.inull)
    assert fit.df == 0
    assert fit.chisq == pytest.approx(0.0, abs=1e-6)
    # Where other programs print nan: floors.
    assert (fit.rmsea, fit.cfi, fit.tli) == (0.0, 1.0, 1.0)
    assert math.isnan(fit.p_value)


def test_a_submodel_is_judged_by_what_it_adds(reference_folder):
    rows = couples(reference_folder, "acitelli_wide")
    models = reference(reference_folder, "acitelli")
    omnibus = distinguishability(rows, ("OP", "Sat"), suffixes=ENDINGS)
    spec = actor_partner("OP", "Sat", suffixes=ENDINGS, distinguishable=False)
    result = fit_path_model(spec.with_constraints(read_constraint("p == 0")), rows)
    fit = corrected_fit(result, omnibus.isat, omnibus.inull)
    # By hand from lavaan's chi-squares: one condition more than I-SAT.
    chisq = (
        models["sem_k_actor_only"]["fit"]["chisq"] - models["sem_apim_indist_ml"]["fit"]["chisq"]
    )
    assert (fit.df, fit.baseline_df) == (1, 4)
    assert fit.chisq == pytest.approx(chisq, abs=1e-4)
    assert fit.rmsea == pytest.approx(math.sqrt((chisq - 1) / 148), abs=1e-5)
    base = omnibus.inull.fit_indices.chisq - omnibus.isat.fit_indices.chisq
    assert fit.baseline_chisq == pytest.approx(base)
    assert fit.cfi == pytest.approx(1 - (chisq - 1) / (base - 4), abs=1e-5)
    assert fit.tli == pytest.approx(1 - (chisq - 1) * 4 / (base - 4), abs=1e-4)
    assert fit.rmsea_low < fit.rmsea < fit.rmsea_high


def test_a_small_chi_square_does_not_leave_the_scale():
    rows = simulated_couples(n=60, seed=11)
    omnibus = distinguishability(rows, ("x", "y"))
    spec = actor_partner("x", "y", distinguishable=False)
    free = fit_path_model(spec, rows)
    # At the estimate itself the condition costs nothing: chi-square 0 with one degree of freedom.
    held = read_constraint(f"p == {free.estimate('p').value!r}")
    fit = corrected_fit(
        fit_path_model(spec.with_constraints(held), rows), omnibus.isat, omnibus.inull
    )
    assert fit.df == 1
    assert fit.chisq == pytest.approx(0.0, abs=1e-5)
    assert (fit.rmsea, fit.cfi) == (0.0, 1.0)


def test_robust_fits_are_corrected_by_scaled_differences():
    rows = simulated_couples()
    omnibus = distinguishability(rows, ("x", "y"), standard_errors="robust")
    spec = actor_partner("x", "y", distinguishable=False)
    result = fit_path_model(
        spec.with_constraints(read_constraint("p == 0")), rows, standard_errors="robust"
    )
    fit = corrected_fit(result, omnibus.isat, omnibus.inull)
    one, two = result.fit_indices, omnibus.isat.fit_indices
    factor = (one.df * one.scaling_factor - two.df * two.scaling_factor) / (one.df - two.df)
    assert fit.scaled
    assert fit.chisq == pytest.approx((one.chisq - two.chisq) / factor, rel=1e-9)


def test_models_of_distinguishable_members_and_other_columns_are_refused():
    rows = simulated_couples()
    omnibus = distinguishability(rows, ("x", "y"))
    with pytest.raises(SpecError, match="fewer than the 6 of I-SAT"):
        corrected_fit(fit_path_model(actor_partner("x", "y"), rows), omnibus.isat, omnibus.inull)
    other = fit_path_model(actor_partner("z", "y", distinguishable=False), rows)
    with pytest.raises(SpecError, match="must have the same columns"):
        corrected_fit(other, omnibus.isat, omnibus.inull)
    fewer = fit_path_model(actor_partner("x", "y", distinguishable=False), rows.iloc[:100])
    with pytest.raises(SpecError, match="the same couples"):
        corrected_fit(fewer, omnibus.isat, omnibus.inull)
