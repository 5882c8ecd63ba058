"""One page: parts through the gate, sections in order, one file that stands alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from impact.disclosure import NOTHING_BEFORE, Edition, Release, Rule, release
from impact.errors import RunError
from impact.locale import Language, speaking
from impact.report import words
from impact.report.collect import collect
from impact.report.environment import TEMPLATES, environment, tidy
from impact.report.made import Made
from impact.report.sections import sections
from impact.report.views import interval, rating, where
from impact.results import Part, Status

__all__ = ["released_page", "render_page", "render_release"]


def render_page(source: Mapping[str, Any] | Sequence[Part], *, lang: str | None = None) -> str:
    """Render a pilot's page from its executed notebook, or from its parts.

    Parameters
    ----------
    source : mapping or sequence of Part
        An executed notebook of format 4, or the parts that one shows.
    lang : str, optional
        The page's language; the one that its status states unless said.

    Returns
    -------
    str
        HTML without a request to anywhere; the same bytes for the same parts.

    Raises
    ------
    RunError
        The notebook failed or never ran, or shows a section that no page has.
    DisclosureError
        What the notebook shows cannot be released.
    """
    parts = collect(source) if isinstance(source, Mapping) else list(source)
    return render_release(released_page(parts), lang=lang)


def released_page(
    parts: Sequence[Part], *, before: Edition | None = None, vouch: bool = False
) -> Release:
    """Pass the parts of one page through the gate, by the rule that its status states.

    Parameters
    ----------
    parts : sequence of Part
    before : mapping, optional
        The ``edition`` of the last release of this page.
    vouch : bool
        Whether sentences that the package does not know are left out.

    Raises
    ------
    RunError
        There is no status part.
    DisclosureError
        What the parts show cannot be released.
    """
    status = next((part for part in parts if isinstance(part, Status)), None)
    if status is None:
        raise RunError("a page needs a status part")
    return release(parts, Rule.of(status), before=before or NOTHING_BEFORE, vouch=vouch)


def render_release(
    released: Release,
    *,
    lang: Language | str | None = None,
    index: str = "index.html",
    made: Made | None = None,
) -> str:
    """Render a page from what the gate released.

    Parameters
    ----------
    released : Release
    lang : Language or str, optional
        The page's language; the one that its status states unless said.
    index : str
        The file that lists all pilots in that language.
    made : Made, optional
        Facts of the run; without them the page tells nothing of it.

    Raises
    ------
    TypeError
        The parts did not pass the gate.
    """
    if not isinstance(released, Release):
        raise TypeError("a page is rendered from a Release, which impact.disclosure.release makes")
    template = environment().get_template("index.html.j2")
    with speaking(lang or released.status.language):
        return tidy(template.render(context(released, made), index=index))


def context(released: Release, made: Made | None = None) -> dict[str, Any]:
    """Return everything that the template shows, in the language that is being spoken."""
    headline = released.headline
    shown = sections(released, made)
    return {
        "status": released.status,
        "where": where(released.status.place, released.status.country),
        "headline": headline,
        "interval": interval(headline) if headline else None,
        "steps": rating(headline.certainty) if headline else (),
        "cost": next((s for s in _statements(released) if s.section == "cost"), None),
        "sections": [section for section in shown if not section.annex],
        "annex": [section for section in shown if section.annex],
        "certainties": words.certainties(),
        "sureness": words.sureness(),
        "plans": words.plans(),
        "roles": words.roles(),
        "style": style(),
    }


def style() -> str:
    """Return the style sheet of all pages."""
    return (TEMPLATES / "impact" / "style.css").read_text(encoding="utf-8")


def _statements(released: Release) -> list[Any]:
    from impact.results import Statement

    return [part for part in released if isinstance(part, Statement)]
