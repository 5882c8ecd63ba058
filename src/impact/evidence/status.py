"""The status strip: who the page is about and by which rule it is published."""

from __future__ import annotations

from impact.data.panel import Panel
from impact.results import Status
from impact.spec.models import PilotSpec, Plan

__all__ = ["status"]


def status(spec: PilotSpec, panel: Panel) -> Status:
    """Return the status strip of a pilot's page.

    Parameters
    ----------
    spec : PilotSpec
        The params file.
    panel : Panel
        Its data; a file that says of itself that it is simulated cannot be overruled.
    """
    about, guarded = spec.about, spec.data.unit_is in ("person", "household")
    return Status(
        pilot=spec.pilot,
        title=about.title or spec.pilot,
        place=about.place or "",
        country=about.country or "",
        programme=about.programme or "",
        starts=about.starts.isoformat() if about.starts else "",
        ends=about.ends.isoformat() if about.ends else "",
        comparison=spec.design.comparison or "",
        source=about.source or "",
        themes=about.themes,
        partners=about.partners,
        mentor=about.mentor or "",
        mentee=about.mentee or "",
        simulated=about.simulated or panel.simulated,
        invented=about.invented,
        plan=_plan(spec.plan),
        guarded=guarded,
        minimum_cell=spec.report.minimum_cell,
        unit_is=spec.data.unit_is,
        language=spec.report.language,
    )


def _plan(plan: Plan) -> str:
    """Say whether the plan was frozen before the first endline record."""
    if plan.frozen is None:
        return "not_frozen"
    if plan.endline is None:
        return "frozen"
    return "frozen_before_endline" if plan.frozen <= plan.endline else "frozen_after_endline"
