"""The index: every pilot with its sentence, failed ones with a neutral phrase."""

from __future__ import annotations

from collections.abc import Sequence

from impact.disclosure import IndexEntry, ReleasedIndex, release_index
from impact.locale import language
from impact.report import words
from impact.report.environment import environment, tidy
from impact.report.page import style

__all__ = ["render_index"]


def render_index(
    entries: Sequence[IndexEntry] | ReleasedIndex, *, lang: str = "en", suffix: str = ""
) -> str:
    """Render the list of pilots.

    Parameters
    ----------
    entries : sequence of IndexEntry
        In the order in which they are listed; they pass the gate here.
    lang : str
        The index's language.
    suffix : str
        What stands between a pilot's id and ``.html`` in links to its page (``.fr``).

    Returns
    -------
    str
        HTML without a request to anywhere. It links to each pilot that has a page.

    Raises
    ------
    DisclosureError
        Two entries name the same pilot.
    """
    released = entries if isinstance(entries, ReleasedIndex) else release_index(entries)
    _ = language(lang).gettext
    page = environment(lang).get_template("portfolio.html.j2")
    return tidy(
        page.render(
            title=_("What the pilots found"),
            entries=list(released),
            simulated=any(entry.simulated for entry in released),
            certainties=words.certainties(_),
            themes=words.themes(_),
            suffix=suffix,
            style=style(),
        )
    )
