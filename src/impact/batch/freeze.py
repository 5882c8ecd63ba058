"""The plan of a pilot is frozen by a date and a hash in its params file, and held to it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from impact.batch.files import write_whole
from impact.errors import Fault, RunError

__all__ = ["freeze", "off_plan", "plan_hash"]

SECTIONS = ("design", "outcomes", "covariates", "subgroups", "analysis")
OURS = re.compile(r"v1(-[0-9a-f]{16}){5}")


def plan_hash(given: dict[str, Any]) -> str:
    """Return the hash of a plan, a part for each of its sections.

    What the sections say counts; comments, the order of keys and how a value is written
    do not.

    Parameters
    ----------
    given : mapping
        The content of a params file.

    Examples
    --------
    >>> one = plan_hash({"design": {"kind": "did", "starts": 2}})
    >>> one == plan_hash({"design": {"starts": 2, "kind": "did"}, "covariates": None})
    True
    """
    parts = (_section(given.get(name)) for name in SECTIONS)
    return "-".join(["v1", *(hashlib.sha256(part.encode()).hexdigest()[:16] for part in parts)])


def _section(said: Any) -> str:
    return json.dumps(said or None, sort_keys=True, ensure_ascii=False, default=str)


def off_plan(params: Path) -> list[Fault]:
    """Tell which sections are not as they were frozen and why that may not pass in silence.

    A plan may change; then the change is listed under ``plan.deviations``, dated no earlier
    than the freeze, and the page shows it.

    Parameters
    ----------
    params : Path
        A params file that has been checked.
    """
    import yaml

    given = yaml.safe_load(params.read_text(encoding="utf-8"))
    plan = given.get("plan") or {}
    then, now = str(plan.get("hash") or ""), plan_hash(given)
    if not OURS.fullmatch(then) or then == now:
        return []
    since = [one for one in plan.get("deviations") or () if str(one["date"]) >= str(plan["frozen"])]
    if since:
        return []
    pairs = zip(SECTIONS, then.split("-")[1:], now.split("-")[1:], strict=True)
    changed = [name for name, old, new in pairs if old != new]
    found = f"{', '.join(changed)} changed after the plan was frozen on {plan['frozen']}"
    advice = "list what changed, and why, under plan.deviations: the page will show it"
    return [Fault("off-plan", "plan.hash", found, advice=advice)]


def freeze(params: Path, *, where: str, today: dt.date, again: bool = False) -> str:
    """Write date and hash of the plan into a params file; everything else stays as it is.

    Parameters
    ----------
    params : Path
        The file.
    where : str
        What messages call it.
    today : date
        The date.
    again : bool
        Freeze anew what was frozen before.

    Returns
    -------
    str
        The hash.

    Raises
    ------
    SpecError
        The params file has faults.
    RunError
        The plan is frozen already, or cannot be written into the file as it is laid out.
    """
    import yaml

    from impact.spec import load_spec

    frozen = load_spec(params).plan.frozen
    if frozen is not None and not again:
        found = f"the plan was frozen on {frozen}"
        advice = "later changes belong under plan.deviations; to freeze anew: --again"
        raise RunError(Fault("frozen", where, found, advice=advice))
    text = params.read_text(encoding="utf-8")
    given = yaml.safe_load(text)
    new = {"frozen": today, "hash": plan_hash(given)}
    written = _written(text, {name: str(value) for name, value in new.items()})
    due = {**given, "plan": {**(given.get("plan") or {}), **new}}
    if yaml.safe_load(written) != due:
        found = "the date cannot be put into this file by machine"
        said = "; ".join(f"{name}: {value}" for name, value in new.items())
        raise RunError(Fault("layout", where, found, advice=f"write under 'plan' {said}"))
    write_whole(params, written)
    return str(new["hash"])


def _written(text: str, new: dict[str, str]) -> str:
    """Return the text with keys of ``plan`` set; other characters stay what they are."""
    import yaml

    root: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    plan = next((pair for pair in root.value if pair[0].value == "plan"), None)
    if plan is None:
        lines = "".join(f"  {name}: {value}\n" for name, value in new.items())
        return f"{text.rstrip()}\n\nplan:\n{lines}"
    for begin, end, said in sorted(_changes(plan, new), reverse=True):
        text = text[:begin] + said + text[end:]
    return text


def _changes(plan: tuple[Any, Any], new: dict[str, str]) -> Iterator[tuple[int, int, str]]:
    """Yield which characters become which, for the node of ``plan``."""
    key, value = plan
    there = {}
    if value.tag.endswith(":map"):
        there = {name.value: node for name, node in value.value}
    kept = {name: node for name, node in there.items() if name in new}
    for name, node in kept.items():
        begin, end = node.start_mark.index, node.end_mark.index
        yield begin, end, new[name] if end > begin else f" {new[name]}"
    missing = [f"{name}: {said}" for name, said in new.items() if name not in kept]
    if not missing:
        return
    begin = value.start_mark.index
    if not there:
        # Nothing, null or {}: in its place a mapping in one line.
        yield (
            key.end_mark.index,
            max(value.end_mark.index, key.end_mark.index + 1),
            (f": {{{', '.join(missing)}}}"),
        )
    elif value.flow_style:
        yield begin + 1, begin + 1, f"{', '.join(missing)}, "
    else:
        indent = " " * value.start_mark.column
        yield begin, begin, "".join(f"{line}\n{indent}" for line in missing)
