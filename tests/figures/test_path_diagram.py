import math
from dataclasses import replace
from functools import cache

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import Ellipse, Polygon

from intimacy_analysis.errors import SpecError
from intimacy_analysis.estimates import EstimateTable
from intimacy_analysis.figures.path_diagram import path_diagram
from intimacy_analysis.figures.path_diagram_ink import draw_path_diagram
from intimacy_analysis.figures.save import save_figure
from intimacy_analysis.figures.style import BLUE, VERMILLION
from intimacy_analysis.paths.spec import Meaning
from intimacy_analysis.paths.syntax import read_model
from tests.figures import couple_models
from tests.figures.stand_ins import estimate, stand_in

SMALLEST_PT = 6.5
DRAWN = [
    *((name, width, "paths") for name, (_, width) in couple_models.ALL.items()),
    ("common_fate", "single", "all"),
    ("actor_partner", "single", "all"),
    ("actor_partner", "double", "paths"),
    ("mediation", "single", "paths"),
    ("mutual_influence", "double", "paths"),
    ("factor_model", "double", "all"),
    ("mediation", "double", "all"),
    ("two_mediators", "double", "all"),
]


@cache
def drawn(name, width, show):
    make, _ = couple_models.ALL[name]
    diagram = path_diagram(stand_in(make()), show=show)
    return diagram, draw_path_diagram(diagram, width=width)


def extents(ax):
    """Return the drawn extents of labels and of boxes, in pixels, by gid."""
    # At the screen's coarse dots letters are rounded to a wider pitch than in print.
    ax.figure.set_dpi(300)
    ax.figure.canvas.draw()
    renderer = ax.figure.canvas.get_renderer()
    labels = {
        t.get_gid(): t.get_window_extent(renderer)
        for t in ax.texts
        if (t.get_gid() or "").startswith("arrow-")
    }
    boxes = {
        p.get_gid(): p.get_window_extent(renderer)
        for p in ax.patches
        if (p.get_gid() or "").startswith("node-")
    }
    return labels, boxes


def overlap(one, two):
    return min(one.x1, two.x1) > max(one.x0, two.x0) and min(one.y1, two.y1) > max(one.y0, two.y0)


@pytest.mark.parametrize(("name", "width", "show"), DRAWN)
def test_no_label_covers_a_label_or_a_box_and_all_lies_inside(name, width, show):
    diagram, ax = drawn(name, width, show)
    labels, boxes = extents(ax)
    assert len(labels) == len(diagram.arrows)
    assert len(boxes) == len(diagram.nodes)
    everything = {**labels, **boxes}
    names = list(everything)
    covered = [
        (a, b)
        for i, a in enumerate(names)
        for b in names[:i]
        if overlap(everything[a], everything[b])
    ]
    assert covered == []
    frame = ax.get_window_extent()
    for extent in everything.values():
        assert extent.x0 >= frame.x0 - 0.5
        assert extent.y0 >= frame.y0 - 0.5
        assert extent.x1 <= frame.x1 + 0.5
        assert extent.y1 <= frame.y1 + 0.5


@pytest.mark.parametrize(("name", "width", "show"), DRAWN)
def test_no_arrow_runs_under_a_box_that_is_none_of_its_ends(name, width, show):
    diagram, ax = drawn(name, width, show)
    places = {node.name: f"node-{i}" for i, node in enumerate(diagram.nodes)}
    boxes = {p.get_gid(): p for p in ax.patches if p.get_gid()}
    assert len(ax.lines) == len(diagram.arrows)
    for arrow, line in zip(diagram.arrows, ax.lines, strict=True):
        points = ax.transData.transform(np.column_stack(line.get_data()))
        for node, gid in places.items():
            if node in (arrow.start, arrow.end):
                continue
            box = boxes[gid].get_window_extent()
            inside = (abs(points[:, 0] - (box.x0 + box.x1) / 2) < box.width / 2 * 0.7) & (
                abs(points[:, 1] - (box.y0 + box.y1) / 2) < box.height / 2 * 0.7
            )
            assert not inside.any(), (arrow.name, node)


@pytest.mark.parametrize(("name", "width", "show"), DRAWN)
def test_the_width_is_the_journals_and_no_text_is_smaller_than_can_be_read(name, width, show):
    _, ax = drawn(name, width, show)
    millimeters = ax.figure.get_size_inches()[0] * 25.4
    assert millimeters == pytest.approx(85 if width == "single" else 174)
    assert min(text.get_fontsize() for text in ax.texts) >= SMALLEST_PT


@pytest.mark.parametrize(("name", "width", "show"), DRAWN)
def test_every_arrow_touches_the_boxes_it_joins(name, width, show):
    diagram, ax = drawn(name, width, show)
    index = {node.name: f"node-{i}" for i, node in enumerate(diagram.nodes)}
    boxes = {p.get_gid(): p for p in ax.patches if p.get_gid()}
    heads = [p for p in ax.patches if isinstance(p, Polygon)]
    tips = [head.get_xy()[0] for head in heads]
    ends = [
        end
        for arrow in diagram.arrows
        for end in ((arrow.end,) if arrow.kind == "directed" else (arrow.end, arrow.start))
    ]
    for tip, end in zip(tips, ends, strict=True):
        box = boxes[index[end]]
        half = np.array([box.get_width(), box.get_height()]) / 2
        middle = box.get_center()
        share = np.abs(tip - middle) / half
        # 1 on the outline, in both shapes.
        size = np.hypot(*share) if isinstance(box, Ellipse) else share.max()
        assert abs(size - 1) * half.min() < 0.3, (name, end)


def test_couples_stand_in_causal_order_the_first_member_on_top():
    diagram = path_diagram(stand_in(couple_models.two_mediators()))
    at = {node.name: (node.x, node.y) for node in diagram.nodes}
    stems = (
        "communication",
        "sexual_satisfaction",
        "emotional_intimacy",
        "relationship_satisfaction",
    )
    for role, sign in (("wife", 1), ("husband", -1)):
        xs = [at[f"{stem}_{role}"][0] for stem in stems]
        assert xs == sorted(set(xs))
        assert all(sign * at[f"{stem}_{role}"][1] > 0 for stem in stems)
    for stem in stems:
        wife, husband = at[f"{stem}_wife"], at[f"{stem}_husband"]
        assert wife == (husband[0], -husband[1])


def test_a_label_holds_estimate_and_interval_up_to_fourteen_paths_and_the_estimate_beyond():
    few = path_diagram(stand_in(couple_models.actor_partner()))
    many = path_diagram(stand_in(couple_models.two_mediators()))
    row = few.arrows[0]
    assert row.label == ".29 [.13, .44]"
    assert (row.low, row.high) == pytest.approx((row.value - 0.1568, row.value + 0.1568))
    assert all("[" not in arrow.label for arrow in many.arrows)
    assert "intervals stand in the numbers" in many.caption
    assert many.to_frame()["low"].notna().all()


def test_stars_are_off_unless_asked_for():
    result = stand_in(couple_models.actor_partner())
    assert not any("*" in a.label for a in path_diagram(result).arrows)
    starred = path_diagram(result, stars=True, intervals=False)
    assert starred.arrows[0].label == ".29***"
    assert starred.arrows[0].p_value < 0.001


def test_a_minus_is_a_minus_and_unstandardized_numbers_keep_their_zero():
    spec = read_model("y ~ x")
    result = stand_in(spec)
    result.estimates = EstimateTable(rows=(estimate("y ~ x", -0.25, 0.05),))
    raw = path_diagram(result, standardized=False)
    assert raw.arrows[0].label == "−0.250 [−0.348, −0.152]"
    assert raw.arrows[0].weight == pytest.approx(abs(result.standardized("all")["y ~ x"].value))


def test_arrows_are_solid_where_the_interval_leaves_out_zero_and_dashed_where_not():
    diagram = path_diagram(stand_in(couple_models.actor_partner()))
    ax = draw_path_diagram(diagram)
    for arrow, line in zip(diagram.arrows, ax.lines, strict=True):
        assert arrow.clear == (arrow.low > 0 or arrow.high < 0)
        assert line.get_linestyle() == ("-" if arrow.clear else "--")
    assert {arrow.clear for arrow in diagram.arrows} == {True, False}


def test_wider_lines_are_larger_effects():
    diagram = path_diagram(stand_in(couple_models.two_mediators()))
    ax = draw_path_diagram(diagram, width="double")
    directed = [
        (arrow.weight, line.get_linewidth())
        for arrow, line in zip(diagram.arrows, ax.lines, strict=True)
        if arrow.kind == "directed"
    ]
    assert sorted(directed) == sorted(directed, key=lambda pair: pair[1])
    assert min(width for _, width in directed) >= 0.75


def test_actor_and_partner_effects_are_told_by_their_ends():
    diagram = path_diagram(stand_in(couple_models.actor_partner()))
    effects = {(a.start, a.end): a.effect for a in diagram.arrows if a.kind == "directed"}
    assert effects["communication_wife", "satisfaction_wife"] == "actor"
    assert effects["communication_husband", "satisfaction_wife"] == "partner"
    ax = draw_path_diagram(diagram)
    colors = {"actor": BLUE, "partner": VERMILLION}
    for arrow, line in zip(diagram.arrows, ax.lines, strict=True):
        if arrow.effect:
            assert line.get_color() == colors[arrow.effect]


def test_the_alternative_text_says_every_number_in_words():
    spec = couple_models.couple_model(
        "sat_wife ~ a_wife*talk_wife\nsat_husband ~ talk_husband", "talk", "sat"
    )
    meaning = Meaning(label="a_wife", words="actor effect of the wife", kind="actor", role="wife")
    diagram = path_diagram(stand_in(replace(spec, meanings=(meaning,))))
    assert (
        "Actor effect of the wife (path from Talk, wife to Sat, wife): 0.29, from 0.13 to 0.44, "
        "interval clear of zero." in diagram.alt_text
    )
    assert "Variance of Talk, wife: 0.70" in diagram.alt_text


def test_residual_variances_are_shown_on_request_and_stand_in_the_numbers_always():
    result = stand_in(couple_models.actor_partner())
    paths, everything = path_diagram(result), path_diagram(result, show="all")
    assert {node.kind for node in paths.nodes} == {"observed"}
    residuals = [node.name for node in everything.nodes if node.kind == "residual"]
    assert residuals == ["e satisfaction_wife", "e satisfaction_husband"]
    assert sorted(paths.to_frame()["parameter"]) == sorted(everything.to_frame()["parameter"])
    tie = next(
        a for a in everything.arrows if a.name == "satisfaction_wife ~~ satisfaction_husband"
    )
    assert [tie.start, tie.end] == residuals


def test_many_covariances_between_items_are_left_out_and_the_caption_counts_them():
    diagram = path_diagram(stand_in(couple_models.latent_actor_partner()))
    hidden = [a for a in diagram.left_out if a.start != a.end]
    assert len(hidden) == 8
    assert "8 covariances between items are not drawn." in diagram.caption
    everything = path_diagram(stand_in(couple_models.latent_actor_partner()), show="all")
    assert not [a for a in everything.left_out if a.start != a.end]


def test_a_parameter_held_at_zero_is_no_arrow():
    diagram = path_diagram(stand_in(read_model("y ~ x + 0*z")))
    assert [arrow.name for arrow in diagram.arrows] == ["y ~ x"]


def test_a_failed_fit_is_drawn_as_its_reason_alone():
    result = stand_in(
        couple_models.actor_partner(), state="failed", warnings=("No maximum was found.",)
    )
    diagram = path_diagram(result)
    assert diagram.arrows == ()
    ax = draw_path_diagram(diagram)
    assert [t.get_text().replace("\n", " ") for t in ax.texts] == [
        "Nothing is drawn: No maximum was found."
    ]


def test_an_inadmissible_solution_is_drawn_under_words_that_say_so():
    result = stand_in(
        couple_models.actor_partner(), state="inadmissible", warnings=("A variance is negative.",)
    )
    diagram = path_diagram(result)
    ax = draw_path_diagram(diagram)
    words = {t.get_gid(): t.get_text().replace("\n", " ") for t in ax.texts}
    assert words["watermark"] == "INADMISSIBLE"
    assert words["banner"] == "Inadmissible solution, not a result. A variance is negative."
    assert "not to be read as a result" in diagram.caption
    assert "not to be read as a result" in diagram.alt_text


def test_one_group_of_several_must_be_named():
    result = stand_in(couple_models.actor_partner(), group="clinic")
    with pytest.raises(SpecError, match=r"1 \(clinic\) and `group` is ''"):
        path_diagram(result)
    assert len(path_diagram(result, group="clinic").arrows) == 6


def test_boxes_that_do_not_fit_are_refused_and_what_to_do_is_said():
    diagram = path_diagram(stand_in(couple_models.two_mediators()))
    with pytest.raises(SpecError, match="width='double'"):
        draw_path_diagram(diagram, width="single")


def test_a_column_too_narrow_for_free_labels_is_refused_and_a_tight_one_shows_estimates_alone():
    items = path_diagram(stand_in(couple_models.factor_model(6)))
    with pytest.raises(SpecError, match="width='double'"):
        draw_path_diagram(items, width="single")
    ax = draw_path_diagram(path_diagram(stand_in(couple_models.mediation())), width="single")
    labels = [t.get_text() for t in ax.texts if (t.get_gid() or "").startswith("arrow-")]
    assert not any("[" in label for label in labels)
    note = next(t.get_text() for t in ax.texts if t.get_gid() == "note")
    assert note.replace("\n", " ") == "Intervals stand in the numbers beside the figure."


def test_labels_of_the_reader_stand_in_the_boxes():
    spec = couple_models.actor_partner()
    diagram = path_diagram(stand_in(spec), labels={"satisfaction": "Happy with us"})
    names = {node.name: node.label for node in diagram.nodes}
    assert names["satisfaction_wife"] == "Happy with us\nwife"
    assert names["communication_wife"] == "Communication\nwife"


def test_the_diagram_is_drawn_on_given_axes_at_their_size():
    _, (left, right) = plt.subplots(1, 2, figsize=(10, 4))
    diagram = path_diagram(stand_in(couple_models.actor_partner()))
    for ax in (left, right):
        draw_path_diagram(diagram, ax=ax)
    assert left.get_xlim()[1] == pytest.approx(right.get_xlim()[1])
    labels, boxes = extents(left)
    assert not any(overlap(a, b) for a in labels.values() for b in boxes.values())


def test_the_files_are_the_same_in_every_run_and_carry_numbers_and_words(tmp_path):
    written = []
    for run in ("one", "two"):
        diagram = path_diagram(stand_in(couple_models.two_mediators()))
        ax = draw_path_diagram(diagram, width="double", note="Synthetic data.")
        paths = save_figure(
            ax.figure, tmp_path / run / "diagram", data=diagram.to_frame(),
            alt_text=diagram.alt_text, dpi=60,
        )  # fmt: skip
        written.append({path.suffix: path.read_bytes() for path in paths})
    assert written[0] == written[1]
    assert b"FontFile2" in written[0][".pdf"]
    assert b"<image" not in written[0][".svg"]
    rows = written[0][".csv"].decode().splitlines()
    assert len(rows) == 1 + 28 + 8
    assert rows[0].startswith("parameter,from,to,kind,meaning,value,low,high,p_value")


def test_a_model_of_feedback_is_laid_out_with_two_arrows_apart():
    diagram = path_diagram(stand_in(couple_models.mutual_influence()))
    ax = draw_path_diagram(diagram)
    pair = [
        np.column_stack(line.get_data())
        for arrow, line in zip(diagram.arrows, ax.lines, strict=True)
        if arrow.kind == "directed" and arrow.effect == "partner"
    ]
    assert len(pair) == 2
    middle = [course[len(course) // 2] for course in pair]
    assert math.dist(*middle) > 3.0
