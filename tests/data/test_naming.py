"""Which header holds a column that a params file names."""

from __future__ import annotations

import pytest

from impact.data.naming import naming
from impact.data.private import kind_of

KOBO = ("_uuid", "a/age", "b/home/rooms", "use/services", "use/services/health", "health")


@pytest.mark.parametrize(
    ("header", "name", "due"),
    [
        (KOBO, "age", ("a/age",)),
        (KOBO, "a/age", ("a/age",)),
        (KOBO, "rooms", ("b/home/rooms",)),
        (KOBO, "home/rooms", ("b/home/rooms",)),
        # A choice is no question, though it ends in the same word.
        (KOBO, "health", ("health",)),
        (KOBO, "services/health", ("use/services/health",)),
        (("_uuid", "v1/age", "v2/age"), "age", ("v1/age", "v2/age")),
        (("_uuid", "age", "v2/age"), "age", ("age", "v2/age")),
        # Not an export: the header says all that is meant.
        (("age", "v2/age"), "age", ("age",)),
        (("x/age", "id"), "age", ("x/age",)),
        (("KEY", "SubmissionDate", "grp-age"), "age", ("grp-age",)),
        (("KEY", "SubmissionDate", "grp-age", "h-age"), "age", ()),
        (("id", "grp-age"), "age", ()),
        (("_uuid", "image"), "age", ()),
    ],
)
def test_a_name_is_found_by_its_whole_header_or_its_end(
    header: tuple[str, ...], name: str, due: tuple[str, ...]
) -> None:
    assert naming(header, [name]).columns.get(name, ()) == due


def test_what_is_never_read_has_no_headers() -> None:
    found = naming(KOBO, ["age"], drop=["_uuid", "age"])
    assert found.columns == {}
    assert found.identifier is None


def test_a_plain_header_needs_nothing() -> None:
    assert naming(["id", "wave", "y"], ["id", "y"]).plain
    assert not naming(KOBO, ["health"]).plain


def test_several_answers_are_known_from_their_columns_or_from_the_params_file() -> None:
    found = naming(KOBO, ["services"], listed=["services"])
    assert found.whole == {"services": ("services/health",)}
    one = naming(["_uuid", "services"], ["services/health"])
    assert one.asked == {"services/health": "services"}
    # In a file that no survey tool wrote, a blank is no sign of several answers.
    assert naming(["services"], ["services/health"]).asked == {}
    said = naming(["services"], ["services/health"], several=["services"])
    assert said.asked == {"services/health": "services"}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("_geolocation", "place on the map"),
        ("home/_gps_latitude", "place on the map"),
        ("deviceid", "device"),
        ("contact/e-mail", "e-mail address or telephone"),
        ("group/first_name", "name or address"),
        ("enumerator_name", "name or address"),
        ("voornaam", "name or address"),
        ("why_other", "free text"),
        ("_submission_time", "id of a submission"),
        ("meta/instanceID", "id of a submission"),
        ("life/volunteering", None),
        ("age", None),
        ("latent", None),
    ],
)
def test_private_columns_are_known_by_their_names(name: str, kind: str | None) -> None:
    assert kind_of(name) == kind
