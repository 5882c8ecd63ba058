"""Results in, accessible HTML out: the same tables in a notebook and on the page.

Every table has a caption, a header with scopes, no empty header, and stands in a region
that can be scrolled and focused. All text is escaped by the template. This is where numbers
are rounded for a reader.
"""

from impact.tables.effects import effect_html, effects_html, replication_html
from impact.tables.names import METHODS, called
from impact.tables.parted import apart
from impact.tables.prose import line, paragraphs, terms
from impact.tables.summaries import summary_html, summary_text

__all__ = [
    "METHODS",
    "apart",
    "called",
    "effect_html",
    "effects_html",
    "line",
    "paragraphs",
    "replication_html",
    "summary_html",
    "summary_text",
    "terms",
]
