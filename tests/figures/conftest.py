import matplotlib as mpl
import pytest

mpl.use("Agg")

import matplotlib.pyplot as plt

from intimacy_analysis.loaders.study import load_study
from intimacy_analysis.mixed.fitting import fit_mixed_model
from intimacy_analysis.mixed.spec import MixedModelSpec
from intimacy_analysis.transforms.centering import center_within_person


@pytest.fixture(autouse=True)
def _closed_figures():
    yield
    plt.close("all")


@pytest.fixture(scope="session")
def study():
    return load_study("shared_time_diary")


@pytest.fixture(scope="session")
def centered(study):
    diary = center_within_person(study.frame, "shared_hours", by="weekend")
    return center_within_person(diary, "stress")


@pytest.fixture(scope="session")
def result(centered):
    spec = MixedModelSpec(
        fixed="intimacy ~ shared_hours_within * weekend + shared_hours_within:stress_within",
        random="1 + shared_hours_within",
        group="person",
    )
    return fit_mixed_model(spec, centered)
