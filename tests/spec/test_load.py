"""Files become pilots, or all their faults."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from impact.errors import SpecError
from impact.spec import load_spec, load_specs, root_of

MINIMAL = """\
pilot: small
data: {path: data/small.csv, unit: person, period: wave}
design: {kind: before_after, starts: 2}
outcomes: [{column: volunteering}]
"""


def _write(project: Path, name: str, text: str) -> Path:
    file = project / "params" / name
    file.write_text(text, encoding="utf-8")
    return file


def _faults(file: Path) -> list[str]:
    with pytest.raises(SpecError) as caught:
        load_spec(file)
    return [str(fault) for fault in caught.value.faults]


def test_four_keys_make_a_pilot(project: Path) -> None:
    spec = load_spec(_write(project, "small.yml", MINIMAL))
    assert spec.outcomes[0].label == "volunteering"
    assert spec.analysis.level == 0.95
    assert spec.report.minimum_cell == 10


def test_the_pilot_knows_its_file_and_its_root(project: Path) -> None:
    file = _write(project, "small.yml", MINIMAL)
    spec = load_spec(file)
    assert spec.source == file
    assert root_of(spec) == project


def test_all_faults_of_a_file_come_at_once_in_the_order_of_its_lines(project: Path) -> None:
    text = """\
pilot: other
about:
  country: NO
  starts: 2021-03-01
  ends: 2020-01-01
data:
  path: ../x.csv
design:
  kind: did
  first_treted: cohort
  starts: 2
  starts: 3
outcomes:
  - column: trust
    scale: [0, 10]
    kind: bin
  - column: trust
covariates: [trust]
analysis:
  methods: [before_after]
  level: 95
"""
    faults = _faults(_write(project, "small.yml", text))
    due = [
        "params/small.yml:1 pilot: the pilot's id is 'other', the file's name 'small'; "
        "expected them to be equal; rename the one or the other",
        "params/small.yml:3 about.country: found NO, which YAML reads as false; expected a "
        "country code of two capital letters (ISO 3166); if it is text, put it in quotes: 'NO'",
        "params/small.yml:5 about.ends: the pilot ends on 2020-01-01, before it starts on "
        "2021-03-01; check both dates",
        "params/small.yml:6 data.period: a did design needs 'data.period'; expected column: when",
        "params/small.yml:6 data.unit: a panel, the same units seen again, needs 'data.unit'; "
        "expected column: who or what is observed; "
        "or write sample: cross_sections, if other people are asked each time",
        "params/small.yml:7 data.path: '../x.csv' leaves the project; expected a file inside the "
        "project, an absolute path or a URL; put the file in data/, or write its absolute path",
        "params/small.yml:8 design.treated: a did design needs 'design.treated'; expected column "
        "of 0 and 1: belongs to the pilot group",
        "params/small.yml:10 design.first_treted: unknown key 'design.first_treted' (line 10); "
        "did you mean 'first_treated'?",
        "params/small.yml:12 design.starts: the key 'design.starts' stands twice, in line 11 and "
        "in line 12; keep one of them",
        "params/small.yml:14 outcomes[1].column: the column 'trust' is already 'covariates'; "
        "expected another column; a column has one role",
        "params/small.yml:16 outcomes[1].kind: found 'bin'; expected one of binary, ordinal, "
        "continuous, count or duration; did you mean 'binary'?",
        "params/small.yml:17 outcomes[2].column: the column 'trust' is already 'covariates'; "
        "expected another column; a column has one role",
        "params/small.yml:17 outcomes[2].column: 'trust' stands twice; keep one of them",
        "params/small.yml:20 analysis.methods[1]: 'before_after' does not fit a did design; "
        "expected callaway_santanna, did, event_study, imputation, stacked, sun_abraham, "
        "synthetic_control, synthetic_did, triple_difference, twfe or two_stage",
        "params/small.yml:21 analysis.level: found 95; expected a number from 0.5 to 0.999",
    ]
    assert faults == due


def test_an_unknown_key_is_an_error_even_when_it_is_empty(project: Path) -> None:
    faults = _faults(_write(project, "small.yml", MINIMAL + "covariate:\n"))
    assert faults == [
        "params/small.yml:5 covariate: unknown key 'covariate' (line 5); did you mean 'covariates'?"
    ]


def test_a_key_that_is_null_is_a_key_that_is_left_out(project: Path) -> None:
    extra = "about: null\ncovariates:\nanalysis: {cluster: null, level: ~}\nplan:\npublished:\n"
    full = load_spec(_write(project, "small.yml", MINIMAL + extra))
    bare = load_spec(_write(project, "small.yml", MINIMAL))
    assert full.model_dump() == bare.model_dump()


@pytest.mark.parametrize(
    ("name", "content", "due"),
    [
        ("small.yml", MINIMAL.encode("utf-16"), "params/small.yml:1: the text is not in UTF-8"),
        ("small.yml", b"pilot: small\nabout: {title: Caf\xe9}\n", "params/small.yml:2: the text"),
        ("small.yml", b"", "params/small.yml: the file is empty"),
        ("Small.yml", MINIMAL.encode(), "the pilot's id is 'small', the file's name 'Small'"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    project: Path, name: str, content: bytes, due: str
) -> None:
    file = project / "params" / name
    file.write_bytes(content)
    assert due in _faults(file)[0]


def test_a_byte_order_mark_and_windows_line_ends_change_nothing(project: Path) -> None:
    bare = load_spec(_write(project, "small.yml", MINIMAL))
    (project / "params" / "small.yml").write_bytes(
        b"\xef\xbb\xbf" + MINIMAL.replace("\n", "\r\n").encode()
    )
    assert load_spec(project / "params" / "small.yml").model_dump() == bare.model_dump()


def test_a_file_that_is_not_there_names_its_neighbour(project: Path) -> None:
    _write(project, "small.yml", MINIMAL)
    assert _faults(project / "params" / "smal.yml") == [
        "params/smal.yml: there is no such file; did you mean 'small.yml'?"
    ]


def test_a_folder_is_no_params_file(project: Path) -> None:
    assert _faults(project / "params") == ["params: this is no file"]


def test_a_file_outside_the_project_is_shown_by_its_name_alone(
    project: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMPACT_ROOT", str(project))
    file = tmp_path_factory.mktemp("elsewhere") / "x.yml"
    file.write_text("- a\n")
    assert _faults(file)[0].startswith("x.yml:1: found a list")


@pytest.mark.parametrize(
    "path",
    [
        "data/x.csv",
        "./data/x.csv",
        "data/../data/x.csv",
        "/srv/x.csv",
        "C:\\data\\x.csv",
        "s3://bucket/../x.csv",
        "https://example.org/x.csv",
    ],
)
def test_a_path_inside_the_project_an_absolute_one_and_a_url_are_taken(
    project: Path, path: str
) -> None:
    text = MINIMAL.replace("data/small.csv", f"'{path}'")
    assert load_spec(_write(project, "small.yml", text)).data.path == path


DESIGNS = {
    "one period with a lottery": (
        "{path: x.csv}",
        "{kind: randomised, treated: t}",
        "[difference_in_means]",
    ),
    "two waves with a lottery": (
        "{path: x.csv, unit: u, period: p}",
        "{kind: randomised, treated: t, starts: 2}",
        "[ancova, did]",
    ),
    "cohorts": (
        "{path: x.csv, unit: u, period: p}",
        "{kind: staggered, first_treated: c}",
        "[callaway_santanna, event_study, twfe]",
    ),
    "new people each time": (
        "{path: x.csv, period: p}",
        "{kind: did, treated: t, starts: 2, sample: cross_sections}",
        "[did]",
    ),
    "a lottery read as differences": (
        "{path: x.csv, unit: u, period: p}",
        "{kind: did, treated: t, starts: 2, randomised: true}",
        "[did, ancova, difference_in_means]",
    ),
    "before and after": (
        "{path: x.csv, unit: u, period: p}",
        "{kind: before_after, starts: 2}",
        "[before_after]",
    ),
}


@pytest.mark.parametrize("design", list(DESIGNS))
def test_a_design_with_its_keys_and_methods_is_taken(project: Path, design: str) -> None:
    data, kind, methods = DESIGNS[design]
    text = (
        f"pilot: small\ndata: {data}\ndesign: {kind}\n"
        f"outcomes: [{{column: y}}]\nanalysis: {{methods: {methods}}}\n"
    )
    assert load_spec(_write(project, "small.yml", text)).design.kind in kind


@pytest.mark.parametrize(
    ("data", "design", "due"),
    [
        ("{path: x}", "{kind: randomised}", "a randomised design needs 'design.treated'"),
        (
            "{path: x, unit: u, period: p}",
            "{kind: randomised, treated: t}",
            "a randomised design needs 'design.starts'",
        ),
        (
            "{path: x, unit: u}",
            "{kind: randomised, treated: t, starts: 2}",
            "a randomised design needs 'data.period'",
        ),
        (
            "{path: x, unit: u, period: p}",
            "{kind: staggered}",
            "a staggered design needs 'design.first_treated'",
        ),
        (
            "{path: x, unit: u}",
            "{kind: staggered, first_treated: c}",
            "a staggered design needs 'data.period'",
        ),
        ("{path: x, unit: u, period: p}", "{kind: before_after}", "needs 'design.starts'"),
        ("{path: x, period: p}", "{kind: staggered, first_treated: c}", "needs 'data.unit'"),
    ],
)
def test_a_design_without_one_of_its_keys_is_refused(
    project: Path, data: str, design: str, due: str
) -> None:
    text = f"pilot: small\ndata: {data}\ndesign: {design}\noutcomes: [{{column: y}}]\n"
    (fault,) = _faults(_write(project, "small.yml", text))
    assert due in fault


def test_a_faulty_key_counts_as_given(project: Path) -> None:
    text = MINIMAL.replace("starts: 2", "starts: [2]").replace("unit: person", "unit: NO")
    faults = _faults(_write(project, "small.yml", text))
    assert [fault.partition(": ")[0] for fault in faults] == [
        "params/small.yml:2 data.unit",
        "params/small.yml:3 design.starts",
    ]


def test_a_folder_gives_each_file_its_pilot_or_its_faults(project: Path) -> None:
    _write(project, "small.yml", MINIMAL)
    _write(project, "broken.yml", "pilot: broken\n")
    _write(project, ".hidden.yml", "- a\n")
    _write(project, "README.md", "no params file")
    broken, small = load_specs(project / "params")
    assert (broken.pilot, small.pilot) == ("broken", "small")
    assert small.error is None
    assert small.spec is not None
    assert broken.spec is None
    assert len(broken.error.faults) == 3


def test_two_files_of_one_pilot_are_both_refused(project: Path) -> None:
    _write(project, "small.yml", MINIMAL)
    _write(project, "small.yaml", MINIMAL)
    first, second = load_specs(project / "params")
    assert [fault.code for fault in first.error.faults] == ["two-files-one-id"]
    assert "the pilot 'small' has another file, small.yaml" in str(second.error)


def test_a_file_that_claims_the_id_of_another_is_refused_and_the_other_is_not(
    project: Path,
) -> None:
    _write(project, "small.yml", MINIMAL)
    _write(project, "copy.yml", MINIMAL)
    copy, small = load_specs(project / "params")
    assert {fault.code for fault in copy.error.faults} == {
        "id-is-not-file-name",
        "two-files-one-id",
    }
    assert small.error is None


def test_a_folder_that_is_not_there_is_an_error_and_an_empty_one_is_not(project: Path) -> None:
    assert load_specs(project / "params") == ()
    with pytest.raises(SpecError, match="there is no such folder"):
        load_specs(project / "nowhere")


DRAWS = [("inference", "wild_bootstrap"), ("multiplicity", "romano_wolf")]


@pytest.mark.parametrize(("key", "value"), DRAWS)
@pytest.mark.parametrize("lead", ["did", "twfe", "event_study", "triple_difference"])
def test_draws_of_a_regression_may_be_asked_for(
    project: Path, good: str, key: str, value: str, lead: str
) -> None:
    file = project / "params" / "good-pilot.yml"
    asked = re.sub(rf"^(\s+{key}: )\S+", rf"\g<1>{value}", good, flags=re.M)
    file.write_text(asked.replace("methods: [did, twfe]", f"methods: [{lead}]"))
    assert getattr(load_spec(file).analysis, key) == value


@pytest.mark.parametrize(("key", "value"), DRAWS)
@pytest.mark.parametrize("lead", ["callaway_santanna", "imputation", "synthetic_did"])
def test_draws_that_the_headline_does_not_have_are_refused_before_anything_runs(
    project: Path, good: str, key: str, value: str, lead: str
) -> None:
    file = project / "params" / "good-pilot.yml"
    asked = re.sub(rf"^(\s+{key}: )\S+", rf"\g<1>{value}", good, flags=re.M)
    asked = asked.replace("methods: [did, twfe]", f"methods: [{lead}, did]")
    file.write_text(asked.replace("  - column: trust", "  - column: trust\n    role: primary"))
    with pytest.raises(SpecError, match=f"'{lead}', which leads, is none.* take "):
        load_spec(file)


def test_one_primary_outcome_needs_no_draws_of_several(project: Path, good: str) -> None:
    file = project / "params" / "good-pilot.yml"
    asked = good.replace("multiplicity: holm", "multiplicity: romano_wolf")
    file.write_text(asked.replace("methods: [did, twfe]", "methods: [imputation]"))
    assert load_spec(file).analysis.multiplicity == "romano_wolf"


@pytest.mark.parametrize("methods", ["auto", "[twfe, event_study]"])
def test_a_roll_out_leads_with_a_method_that_has_no_wild_bootstrap(
    project: Path, good: str, methods: str
) -> None:
    file = project / "params" / "good-pilot.yml"
    asked = good.replace("inference: auto", "inference: wild_bootstrap")
    asked = asked.replace("  kind: did", "  kind: staggered\n  first_treated: cohort")
    asked = asked.replace("  treated: in_pilot\n  starts: 2\n", "")
    published = asked.index("published:")
    file.write_text(asked[:published].replace("[did, twfe]", methods))
    with pytest.raises(SpecError, match="'callaway_santanna', which leads"):
        load_spec(file)
