"""An estimated effect: the glossary's columns, one row a term, and what they rest on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from impact.results.part import Part, frame_from_payload, frame_to_payload, plain
from impact.results.text import Sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["GLOSSARY", "EffectResult", "Effects", "Replication"]

GLOSSARY = (
    "pilot",
    "outcome",
    "method",
    "estimand",
    "term",
    "estimate",
    "std_error",
    "statistic",
    "p_value",
    "conf_low",
    "conf_high",
    "level",
    "n_obs",
    "n_units",
    "n_treated",
    "n_clusters",
    "inference",
)


@dataclass(frozen=True, eq=False)
class EffectResult(Part):
    """What a method found, in the outcome's own units.

    Parameters
    ----------
    rows : pandas.DataFrame
        The columns of `GLOSSARY`, one row a term; the first row is the headline term.
        ``n_treated`` counts treated units; ``p_value`` and the interval are missing
        where no valid inference exists, and ``notes`` say why.
    base : int
        The smallest number of units behind any mean that the estimate is made of.
    role : str
        ``headline``, ``alternative`` (another method or error beside it) or
        ``convention`` (the error structure that a published source used).
    notes : tuple of Sentence
        What must be read with the numbers: choices, drops with their counts, caveats.
    vcov : numpy.ndarray or None
        Covariance of the terms, shape ``(len(rows), len(rows))``.
    details : mapping
        Plain facts of the method: degrees of freedom, smallest p, tests of pre-periods.
    """

    part: ClassVar[str] = "effect"
    rows: pd.DataFrame
    base: int
    role: str = "headline"
    notes: tuple[Sentence, ...] = ()
    vcov: np.ndarray | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if tuple(self.rows.columns) != GLOSSARY:
            raise ValueError(f"the rows of an effect have the columns {GLOSSARY}")

    def __getattr__(self, name: str) -> Any:
        if name in GLOSSARY and "rows" in self.__dict__:
            return self.rows[name].iloc[0]
        raise AttributeError(name)

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the rows, in the glossary's order."""
        return self.rows.copy()

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw the terms with their intervals and return the axes."""
        from impact import figures

        return figures.effect(self.rows, ax=ax)

    def to_payload(self) -> dict[str, Any]:
        """Return the effect as plain JSON."""
        return {
            "rows": frame_to_payload(self.rows),
            "base": int(self.base),
            "role": self.role,
            "notes": [note.to_payload() for note in self.notes],
            "vcov": plain(self.vcov),
            "details": plain(self.details),
        }

    @classmethod
    def of_payload(cls, payload: Mapping[str, Any]) -> EffectResult:
        """Read back what `to_payload` returned."""
        vcov = payload["vcov"]
        return cls(
            frame_from_payload(payload["rows"]),
            payload["base"],
            payload["role"],
            tuple(Sentence.of_payload(note) for note in payload["notes"]),
            None if vcov is None else np.array(vcov, dtype=float),
            payload["details"],
        )

    def __repr__(self) -> str:
        shown = self.rows[["outcome", "method", "term", "estimate", "std_error", "inference"]]
        return shown.to_string(index=False)

    def _repr_html_(self) -> str:
        from impact import tables

        return tables.effect_html(self)


@dataclass(frozen=True, eq=False)
class Effects(Part):
    """Every estimate of one pilot: per outcome the headline, then what stands beside it.

    Parameters
    ----------
    results : tuple of EffectResult
        In the order of the outcomes; per outcome the headline first.
    reasons : tuple of Sentence
        Why this method and this inference were picked.
    """

    part: ClassVar[str] = "effects"
    results: tuple[EffectResult, ...]
    reasons: tuple[Sentence, ...] = ()

    def __iter__(self) -> Iterator[EffectResult]:
        return iter(self.results)

    def __len__(self) -> int:
        return len(self.results)

    def headline(self, outcome: str) -> EffectResult:
        """Return the headline effect on that outcome."""
        return next(e for e in self.results if e.outcome == outcome and e.role == "headline")

    def to_frame(self) -> pd.DataFrame:
        """Return all rows of all effects, in the glossary's order."""
        return pd.concat([effect.rows for effect in self.results], ignore_index=True)

    def to_payload(self) -> dict[str, Any]:
        """Return the effects as plain JSON."""
        return {
            "results": [effect.to_payload() for effect in self.results],
            "reasons": [reason.to_payload() for reason in self.reasons],
        }

    @classmethod
    def of_payload(cls, payload: Mapping[str, Any]) -> Effects:
        """Read back what `to_payload` returned."""
        return cls(
            tuple(EffectResult.of_payload(effect) for effect in payload["results"]),
            tuple(Sentence.of_payload(reason) for reason in payload["reasons"]),
        )

    def __repr__(self) -> str:
        return "\n\n".join(repr(effect) for effect in self.results)

    def _repr_html_(self) -> str:
        return "".join(effect._repr_html_() for effect in self.results)


@dataclass(frozen=True, eq=False)
class Replication(Part):
    """Published numbers beside ours.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns ``outcome, label, method, inference, ours, ours_std_error, published,
        published_std_error, source, note``, one row a published number.
    base : int
        The smallest number of units behind any of our numbers.
    """

    part: ClassVar[str] = "replication"
    rows: pd.DataFrame
    base: int

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the rows."""
        return self.rows.copy()

    def to_payload(self) -> dict[str, Any]:
        """Return the comparison as plain JSON."""
        return {"rows": frame_to_payload(self.rows), "base": int(self.base)}

    @classmethod
    def of_payload(cls, payload: Mapping[str, Any]) -> Replication:
        """Read back what `to_payload` returned."""
        return cls(frame_from_payload(payload["rows"]), payload["base"])

    def _repr_html_(self) -> str:
        from impact import tables

        return tables.replication_html(self)
