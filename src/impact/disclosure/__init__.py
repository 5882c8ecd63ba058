"""The one gate between results and readers: what may be shown, and how exactly.

Nothing is rendered that did not pass `release`, and only this room can make a
`Release`. Every record counts as special-category data: a group of fewer people than
the params file's ``report.minimum_cell`` (zero counts as small) shows no count, mean,
share or estimate, on the page, in its sentences, in its figures or on the index.
"""

from impact.disclosure.editions import NOTHING_BEFORE, Edition
from impact.disclosure.estimates import release_estimates
from impact.disclosure.index import (
    IndexEntry,
    Measured,
    ReleasedIndex,
    index_entry,
    release_index,
)
from impact.disclosure.page import Release, release
from impact.disclosure.rule import Rule
from impact.disclosure.scan import Distinctive, distinctive, planted

__all__ = [
    "NOTHING_BEFORE",
    "Distinctive",
    "Edition",
    "IndexEntry",
    "Measured",
    "Release",
    "ReleasedIndex",
    "Rule",
    "distinctive",
    "index_entry",
    "planted",
    "release",
    "release_estimates",
    "release_index",
]
