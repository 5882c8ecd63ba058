"""The figure of the flow of participants: a box a step, and words that say every number."""

import io
import re

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from impact import figures
from impact.results.summary import COLUMNS

LABELS = {
    "eligible": "The pilot was open to",
    "baseline": "At the baseline (1)",
    "endline": "At the end (2)",
    "lost": "Lost in between",
    "reason: moved": "moved away",
    "reason: ": "no reason known",
    "analysed": "In the analysis",
    "work": "Employed for twelve months or more, with a contract of their own",
    "group:treated": "Pilot group",
    "group:comparison": "Comparison group",
    "group:all": "All",
}


def cells(*more, eligible="treated"):
    rows = [("eligible", "", eligible, "", "units", 400.0, 400)]
    for group, sizes in {"treated": (172, 30, 142, 140), "comparison": (178, 48, 130, 128)}.items():
        at = (group, "")
        rows += [
            ("baseline", "", *at, "units", sizes[0], sizes[0]),
            ("lost", "", *at, "lost", sizes[1], sizes[1]),
            ("lost", "", *at, "share", sizes[1] / sizes[0], sizes[1]),
            ("lost", "reason: moved", *at, "lost", np.nan, 0),
            ("lost", "reason: ", *at, "lost", np.nan, 4),
            ("endline", "", *at, "units", sizes[2], sizes[2]),
            ("analysed", "work", *at, "units", sizes[3], sizes[3]),
        ]
    rows += [("baseline", "", "all", "", "units", 350.0, 350), *more]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def drawn(axes):
    return [text.get_text() for text in axes.texts]


def boxes(axes):
    return [patch.get_bbox() for patch in axes.patches if hasattr(patch, "get_bbox")]


def test_every_step_of_every_group_has_a_box_with_its_number():
    axes = figures.flow(cells(), labels=LABELS)
    text = " ".join(drawn(axes))
    for said in ("172", "178", "30 (17%)", "48 (27%)", "142", "130", "140", "128", "400"):
        assert said in text
    # Four steps by two groups and the one that only the pilot group has.
    assert len(boxes(axes)) == 9
    assert "350" not in text


def test_no_two_boxes_lie_over_each_other_and_all_lie_on_the_paper():
    axes = figures.flow(cells(), labels=LABELS)
    places = boxes(axes)
    low, high = sorted(axes.get_xlim())
    top, bottom = sorted(axes.get_ylim())
    for at, one in enumerate(places):
        assert low <= one.x0 < one.x1 <= high
        assert top <= one.y0 < one.y1 <= bottom
        assert not any(one.overlaps(other) for other in places[at + 1 :])


def test_every_line_of_text_lies_within_its_box():
    axes = figures.flow(cells(), labels=LABELS)
    canvas = FigureCanvasAgg(axes.get_figure())
    canvas.draw()
    paint = canvas.get_renderer()
    frames = [p.get_window_extent(paint) for p in axes.patches if hasattr(p, "get_bbox")]
    lines = [text for text in axes.texts if text.get_text() and text.get_fontweight() != "bold"]
    for text in lines:
        inside = text.get_window_extent(paint)
        assert any(
            frame.x0 <= inside.x0 and inside.x1 <= frame.x1 and frame.y0 <= inside.y0
            and inside.y1 <= frame.y1
            for frame in frames
        ), text.get_text()  # fmt: skip


def test_what_is_withheld_is_said_to_be():
    text = " ".join(drawn(figures.flow(cells(), labels=LABELS)))
    assert "moved away: not shown" in text
    assert re.search("no reason known: fewer than\\s+10", text)
    said = figures.alt_flow(cells(), LABELS)
    assert "moved away: not shown" in said
    assert "no reason known: fewer than 10" in said


def test_numbers_that_the_gate_rounded_are_told_as_about():
    released = cells().assign(hidden=False)
    text = " ".join(drawn(figures.flow(released, labels=LABELS)))
    assert "open to: about 400" in text
    assert "about 140" in text
    # Those at the end are told as they are.
    assert "about 130" not in text
    assert "about" not in " ".join(drawn(figures.flow(cells(), labels=LABELS)))


def test_the_words_say_all_numbers_that_are_drawn_and_no_others():
    axes = figures.flow(cells(), labels=LABELS)
    numbers = re.compile(r"\d+")
    in_words = set(numbers.findall(figures.alt_flow(cells(), LABELS)))
    assert in_words == set(numbers.findall(" ".join(drawn(axes))))


def test_what_comes_before_the_groups_stands_above_both():
    axes = figures.flow(cells(eligible="all"), labels=LABELS)
    first = min(boxes(axes), key=lambda box: box.y0)
    others = [box for box in boxes(axes) if box is not first]
    assert first.x0 <= min(box.x0 for box in others)
    assert first.x1 >= max(box.x1 for box in others)
    assert "All: The pilot was open to: 400." in figures.alt_flow(cells(eligible="all"), LABELS)


def test_one_group_is_one_column():
    alone = cells()
    alone = alone[alone["group"] == "treated"]
    axes = figures.flow(alone, labels=LABELS)
    assert len({round(box.x0, 3) for box in boxes(axes)}) == 2


def test_a_flow_without_steps_is_not_drawn():
    rows = cells()
    with pytest.raises(ValueError, match="there are none"):
        figures.flow(rows[rows["variable"] == "rows"], labels=LABELS)


def test_the_same_flow_is_the_same_picture():
    one, two = (figures.to_png(figures.flow(cells(), labels=LABELS)) for _ in range(2))
    assert one == two
    assert Image.open(io.BytesIO(one)).width == 1280
