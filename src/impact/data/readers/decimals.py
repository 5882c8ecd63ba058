"""Numbers with a decimal comma, where a file of semicolons or tabs holds them.

``3,5`` is read as 3.5 where nothing else can be meant. ``1,234`` and ``1.234`` may be a
thousand or a little more than one: where no other number of the file shows which, the
column is refused.
"""

from __future__ import annotations

from typing import Any

from impact.data.spelling import NOT_THERE
from impact.errors import Fault

__all__ = ["with_points"]

WHOLE = r"^[+-]?[0-9]+$"
COMMA = r"^[+-]?[0-9]+,[0-9]+([eE][+-]?[0-9]+)?$"
# Three digits behind each comma or point, and no nought ahead: it may be a thousand.
COMMA_THOUSAND = r"^[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+$"
POINT_THOUSAND = r"^[+-]?[1-9][0-9]{0,2}(\.[0-9]{3})+$"
POINTS = r"^[+-]?[1-9][0-9]{0,2}(\.[0-9]{3}){2,}$"
BOTH = r"^[+-]?[1-9][0-9]{0,2}(\.[0-9]{3})+,[0-9]+$"
POINT = r"^[+-]?([0-9]+\.[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"


def with_points(
    columns: dict[str, Any], where: str
) -> tuple[dict[str, Any], tuple[str, ...], list[Fault]]:
    """Write decimal commas as points, in the columns of numbers.

    Parameters
    ----------
    columns : mapping of str to pyarrow.ChunkedArray of text
        By name.
    where : str
        The file as faults name it.

    Returns
    -------
    dict
        The columns; those without a decimal comma are the same objects.
    tuple of str
        Names of the columns that were changed.
    list of Fault
        Columns of which one cannot know what their commas or points mean.
    """
    from pyarrow import compute

    seen = {name: _Seen(compute.utf8_trim_whitespace(column)) for name, column in columns.items()}
    commas = any(count.sure for count in seen.values())
    read, changed, faults = dict(columns), [], []
    for name, count in seen.items():
        fault = count.fault(f"{where}, column '{name}'", commas=commas)
        if fault is not None:
            faults.append(fault)
        elif count.changes:
            read[name] = count.with_points()
            changed.append(name)
    return read, tuple(changed), faults


class _Seen:
    """How the numbers of one column are written: how many rows in each way."""

    def __init__(self, text: Any) -> None:
        from pyarrow import compute

        self.text = text
        some = compute.any(compute.match_substring_regex(text, "[.,]")).as_py()
        of = self._count if some else lambda _: 0
        self.comma, self.thousand = of(COMMA), of(COMMA_THOUSAND)
        self.both, self.point = of(BOTH), of(POINT)
        self.dotted, self.points = of(POINT_THOUSAND), of(POINTS)
        given = self._count(".") - self._nothing() if some else 0
        numbers = self.comma + self.both + self.point + self.points
        numbers += self._count(WHOLE) if some else 0
        self.is_number = 2 * numbers > given

    def _count(self, pattern: str) -> int:
        from pyarrow import compute

        return compute.sum(compute.match_substring_regex(self.text, pattern)).as_py() or 0

    def _nothing(self) -> int:
        from pyarrow import array, compute

        words = array(sorted(NOT_THERE - {""}), self.text.type)
        return compute.sum(compute.is_in(self.text, value_set=words)).as_py() or 0

    @property
    def sure(self) -> bool:
        """Whether a comma of the column can only be a decimal one."""
        return self.is_number and bool(self.both or self.comma > self.thousand)

    @property
    def changes(self) -> bool:
        """Whether numbers are written in a way that a reader of points does not know."""
        points = self.points and self.point == self.dotted - self.points
        return self.is_number and bool(self.comma or self.both or points)

    def fault(self, where: str, *, commas: bool) -> Fault | None:
        """Return why its commas or points may mean two things, if they may."""
        if not self.is_number:
            return None
        mixed = self.point - self.dotted + self.points if self.comma or self.both else 0
        if mixed > 0 or (self.comma and self.dotted and not self.both and not self.points):
            found = f"{self.comma + self.both} numbers are written with a decimal comma"
            found += f" and {self.point} with a point"
            return _unclear(where, found)
        alone = self.dotted and not self.points and not self.both and not self.comma
        if commas and alone and self.dotted == self.point:
            return _unclear(where, f"{self.dotted} numbers are written like 1.234")
        if self.thousand and not commas:
            return _unclear(where, f"{self.thousand} numbers are written like 1,234")
        return None

    def with_points(self) -> Any:
        """Return the column with points for decimals and nothing for thousands."""
        from pyarrow import compute

        text = self.text
        if self.both or self.points:
            shape = compute.match_substring_regex(text, f"{BOTH}|{POINT_THOUSAND}")
            text = compute.if_else(shape, compute.replace_substring(text, ".", ""), text)
        shape = compute.match_substring_regex(text, COMMA)
        return compute.if_else(shape, compute.replace_substring(text, ",", "."), text)


def _unclear(where: str, found: str) -> Fault:
    expected = "one cannot know whether thousands or decimals are meant"
    advice = "write all numbers of the column without thousands, and save the file again"
    return Fault("decimals-unclear", where, found, expected, advice)
