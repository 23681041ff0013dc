from intimacy_analysis.figures.term_weights import weights_at

TERMS = ("Intercept", "x", "w", "x:w", "z", "z:x")


def test_the_outcome_takes_products_for_interactions():
    assert weights_at(TERMS, {"x": 2, "w": 3}) == {"Intercept": 1, "x": 2, "w": 3, "x:w": 6}


def test_a_slope_takes_the_other_parts_of_its_interactions():
    assert weights_at(TERMS, {"w": 3, "z": 5}, slope_of="x") == {"x": 1, "x:w": 3, "z:x": 5}
