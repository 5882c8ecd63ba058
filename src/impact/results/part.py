"""What every part of a page can do: show itself in a notebook, travel, come back."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import pandas as pd

__all__ = ["MIME", "Part", "frame_from_payload", "frame_to_payload", "from_payload", "plain"]

MIME = "application/vnd.impact.part+json"
_KINDS: dict[str, type[Part]] = {}


def plain(value: Any) -> Any:
    """Turn a value into what JSON can hold; a number that is not finite becomes null."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray | list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, str | bool | int | float):
        return value
    return None if value is pd.NaT or value is pd.NA else str(value)


def frame_to_payload(frame: pd.DataFrame) -> dict[str, Any]:
    """Write a tidy frame as columns and rows, with its kinds of numbers."""
    return {
        "columns": list(frame.columns),
        "dtypes": [str(kind) for kind in frame.dtypes],
        "rows": [[plain(value) for value in row] for row in frame.itertuples(index=False)],
    }


def frame_from_payload(payload: Mapping[str, Any]) -> pd.DataFrame:
    """Read back what `frame_to_payload` wrote, the same to the last digit."""
    rows: Sequence[Sequence[Any]] = payload["rows"]
    columns = {}
    for at, (name, kind) in enumerate(zip(payload["columns"], payload["dtypes"], strict=True)):
        values = [row[at] for row in rows]
        if kind.startswith("float"):
            values = [math.nan if value is None else value for value in values]
        columns[name] = pd.Series(values, dtype=kind if values or kind != "object" else object)
    return pd.DataFrame(columns, columns=payload["columns"])


class Part:
    """A piece of a page. Subclasses are frozen dataclasses with a ``kind`` of their own."""

    part: ClassVar[str]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        _KINDS[cls.part] = cls

    def to_payload(self) -> dict[str, Any]:
        """Return the part as plain JSON, without its ``part`` key."""
        raise TypeError(f"{type(self).__name__} does not say how it travels")

    @classmethod
    def of_payload(cls, payload: Mapping[str, Any]) -> Part:
        """Make the part from what `to_payload` returned."""
        raise TypeError(f"{cls.__name__} does not say how it comes back")

    def _repr_html_(self) -> str:
        raise TypeError(f"{type(self).__name__} does not say how it looks")

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return {
            "text/plain": repr(self),
            "text/html": self._repr_html_(),
            MIME: {"part": self.part, **self.to_payload()},
        }


def from_payload(payload: Mapping[str, Any]) -> Part:
    """Make the part that a notebook cell carries under `MIME`.

    Raises
    ------
    KeyError
        The payload names a part that this version does not know.
    """
    return _KINDS[payload["part"]].of_payload(payload)
