"""What a survey export holds of persons and is never loaded: counted by kind, never read."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from impact.errors import Fault
from impact.locale import N_
from impact.results.text import Sentence

__all__ = ["left_out", "private_faults"]

NOT_LOADED = N_("Columns that were not loaded, %(kind)s: %(n)s.")


def _ends(*words: str) -> re.Pattern[str]:
    """Match the end of a header: the question, whatever its group."""
    return re.compile(rf"(^|[/.:-]|_)({'|'.join(words)})$", re.IGNORECASE)


# The first kind that fits counts; the words are those of the tools and of usual forms.
KINDS: tuple[tuple[str, Sentence, re.Pattern[str]], ...] = (
    (
        "place on the map",
        Sentence("places on the map"),
        _ends(
            r"_?geo_?(location|point|trace|shape)s?|gps\w*|_?(latitude|longitude|altitude)",
            r"_?(lat|lon|lng|precision|accuracy)|coordinates?",
        ),
    ),
    (
        "device",
        Sentence("devices"),
        _ends(
            r"device_?id|sim_?serial|subscriber_?id|device_?phone\w*|phone_?number|imei",
            r"device_?info|audit|caseid",
        ),
    ),
    (
        "e-mail address or telephone",
        Sentence("e-mail addresses and telephones"),
        _ends(
            r"e_?-?mail(_?address)?|(tele)?phone\w*|mobile\w*|whats_?app\w*|telefono?\w*",
            r"telefoon\w*|telèfon\w*|t[ée]l[ée]phone\w*|correo\w*|courriel|telefon\w*|e_?pasts?",
        ),
    ),
    (
        "name or address",
        Sentence("names and addresses"),
        _ends(
            r"(first|last|full|sur|family|given|respondent|participant|enumerator|interviewer)",
            r"_?(first|last|full|sur|family|given)_?names?|\w+_names?|names?|address|street",
            r"enumerator\w*|interviewer\w*|user_?name|_submitted_by|submitter_?(id|name)|review\w*",
            r"naam|voornaam|achternaam|nombre|apellidos?|nom|pr[ée]nom|cognoms?|nome|cognome",
            r"nume|prenume|ime|priimek|v[āa]rds|uzv[āa]rds|adres\w*|indirizzo|direcci[óo]n",
        ),
    ),
    (
        "free text",
        Sentence("free text"),
        _ends(
            r"\w*_?(other|specify|remarks?|comments?|notes?|describe|explain|text|feedback)",
            r"opmerking\w*|comentari\w*|commentaires?|osservazioni|opombe|piez[īi]mes|observat\w*",
        ),
    ),
    (
        "id of a submission",
        Sentence("ids and marks of submissions"),
        _ends(
            r"_id|_?uuid|_index|_parent\w*|(meta[/-])?(instance_?(id|name)|root_?uuid)|key",
            r"_submission_time|submission_?date|_status|_validation_status|_tags|_attachments",
            r"_?_?version_?_?|formdef_version|start|end|today|_xform\w*|deprecated_?id",
        ),
    ),
)
# What no question of a form is called: KoBo's and ODK's own columns.
OF_THE_TOOL = re.compile(
    r"(^|/)(_geolocation|_.+_(latitude|longitude|altitude|precision)"
    r"|deviceid|simserial|subscriberid|phonenumber)$",
    re.IGNORECASE,
)


def left_out(
    header: Sequence[str], read: Collection[str], drop: Collection[str]
) -> tuple[Sentence, ...]:
    """Say how many columns of each private kind an export holds that were not loaded.

    Parameters
    ----------
    header : sequence of str
        All columns of the file.
    read : collection of str
        Those that were loaded.
    drop : collection of str
        Those that the params file names as never read; they count as well.
    """
    said = {kind: words for kind, words, _ in KINDS}
    counts = dict.fromkeys(said, 0)
    others = 0
    for name in header:
        if not name or (name in read and name not in drop):
            continue
        kind = kind_of(name)
        if kind is None:
            others += 1
        else:
            counts[kind] += 1
    notes = [
        Sentence(NOT_LOADED, {"kind": said[kind], "n": str(n)}) for kind, n in counts.items() if n
    ]
    if others:
        notes.append(Sentence("Columns without a role, not loaded: %(n)s.", {"n": str(others)}))
    return tuple(notes)


def kind_of(name: str) -> str | None:
    """Return what a column holds of a person by its name; None where nothing says so."""
    return next((kind for kind, _, pattern in KINDS if pattern.search(name)), None)


def private_faults(named: Mapping[str, str], where: str) -> Iterator[Fault]:
    """Refuse roles of what the tool itself writes of places and devices.

    Parameters
    ----------
    named : mapping of str to str
        Per column, the key that names it.
    where : str
        The file as faults name it.
    """
    for name, key in named.items():
        if OF_THE_TOOL.search(name):
            found = f"column '{name}', which {key} names, is a place on the map or a device"
            advice = "take it out of the params file"
            yield Fault("private-column", where, found, "it is never loaded from an export", advice)
