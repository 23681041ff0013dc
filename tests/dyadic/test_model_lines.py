from __future__ import annotations

from intimacy_analysis.dyadic.model_lines import exchangeable_moments, free_moments, label_tags
from intimacy_analysis.dyadic.variable_names import member_names
from intimacy_analysis.paths.syntax import read_model

SWAP = {"x1": "x2", "x2": "x1", "y1": "y2", "y2": "y1"}


def test_free_moments_name_every_pair_once():
    assert free_moments(["a", "b", "c"]) == ["a ~~ a + b + c", "b ~~ b + c", "c ~~ c"]


def test_alike_moments_keep_their_labels_when_the_members_change_places():
    names = member_names(("one", "two"), ("1", "2"), ("x", "y"))
    lines = exchangeable_moments(names, {"x": "_x", "y": "_y"}, ("z",))
    labels = {
        frozenset((arrow.lhs, arrow.rhs)): arrow.labels[0]
        for arrow in read_model("\n".join(lines)).arrows
    }
    for pair, label in labels.items():
        assert labels[frozenset(SWAP.get(name, name) for name in pair)] == label
    # Of 15 moments of x1, x2, y1, y2 and z all are there; swaps join 6 pairs of the 14 labeled.
    assert len(labels) == 15
    assert len(set(labels.values()) - {""}) == 8


def test_one_variable_has_a_letter_and_several_their_names():
    assert label_tags(("x",), "x") == {"x": "x"}
    assert label_tags(("u", "v"), "x") == {"u": "_u", "v": "_v"}
