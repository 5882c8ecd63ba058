"""The one gate between results and readers: what may be shown, and how exactly.

Nothing is rendered that did not pass `release`, and only this room can make a
`Release`. Every record counts as special-category data: a group of fewer people than
the params file's ``report.minimum_cell`` (zero counts as small) shows no count, mean,
share or estimate, on the page, in its sentences, in its figures or on the index.
"""

from impact.disclosure.estimates import release_estimates
from impact.disclosure.index import IndexEntry, ReleasedIndex, index_entry, release_index
from impact.disclosure.page import Release, release
from impact.disclosure.rule import Rule

__all__ = [
    "IndexEntry",
    "Release",
    "ReleasedIndex",
    "Rule",
    "index_entry",
    "release",
    "release_estimates",
    "release_index",
]
