"""The index: every pilot with its sentence, and what several pilots measured in the same way."""

from __future__ import annotations

from collections.abc import Sequence

from impact.disclosure import IndexEntry, ReleasedIndex, release_index
from impact.locale import Language, _, speaking
from impact.report import words
from impact.report.environment import environment, tidy
from impact.report.page import style
from impact.report.pictures import forest_figure
from impact.report.shared import shared_outcomes
from impact.report.sorting import choices, orders

__all__ = ["render_index"]


def render_index(
    entries: Sequence[IndexEntry] | ReleasedIndex,
    *,
    lang: Language | str = "en",
    suffix: str = "",
    compared: bool = True,
) -> str:
    """Render the list of pilots, and the outcomes that they share.

    Parameters
    ----------
    entries : sequence of IndexEntry
        In the order in which they are listed; they pass the gate here.
    lang : Language or str
        The index's language.
    suffix : str
        What stands between a pilot's id and ``.html`` in links to its page (``.fr``).
    compared : bool
        Whether outcomes that three or more pilots measured stand below the list.

    Returns
    -------
    str
        HTML without a request to anywhere and without a script. It links to each pilot that
        has a page; sorting and choosing are done by the style sheet.

    Raises
    ------
    DisclosureError
        Two entries name the same pilot.
    """
    released = entries if isinstance(entries, ReleasedIndex) else release_index(entries)
    shared = shared_outcomes(released) if compared else ()
    with speaking(lang) as tongue:
        certainties, themes = words.certainties(), words.themes()
        page = environment().get_template("portfolio.html.j2")
        return tidy(
            page.render(
                title=_("What the pilots found"),
                entries=list(released),
                choices=choices(released, certainties=certainties, themes=themes),
                orders=orders(released),
                shared=[(one, forest_figure(one, tongue.say(one.unit))) for one in shared],
                simulated=any(entry.simulated for entry in released),
                certainties=certainties,
                themes=themes,
                suffix=suffix,
                style=style(),
            )
        )
