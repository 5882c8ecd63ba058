"""What may be said about one outcome: size, certainty, sentence, each with its reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from impact.results.part import Part, plain
from impact.results.text import Sentence, label_of_payload, label_to_payload

__all__ = ["Certainty", "Finding", "Findings"]

Certainty = str  # high | moderate | low | very_low | no_comparison


@dataclass(frozen=True)
class Finding(Part):
    """One outcome's result in words.

    Parameters
    ----------
    outcome, label : str
        The outcome's column and what a reader calls it.
    role : str
        ``primary``, ``secondary`` or ``exploratory``.
    size : str
        The key of the size phrase (FIELD's matrix): ``important_improvement`` …,
        ``unclear_improvement`` …, ``little_or_none``, or ``not_rated``.
    certainty : str
        ``high``, ``moderate``, ``low``, ``very_low`` or ``no_comparison``; computed.
    sentence : Sentence
        The whole headline sentence.
    effect : Sentence
        The effect in natural units (``13 more people in 100``).
    span : Sentence or None
        The range in words; None where no valid interval exists.
    reasons : tuple of Sentence
        Why the certainty is what it is, each step down named.
    estimate, conf_low, conf_high : float
        As in the effect's first row; not a number where missing.
    base : int
        The smallest number of units behind the estimate.
    headline : bool
        Whether the page opens with this finding.
    details : mapping
        Plain facts the page may show: method, inference, group means.
    """

    part: ClassVar[str] = "finding"
    outcome: str
    label: str
    role: str
    size: str
    certainty: Certainty
    sentence: Sentence
    effect: Sentence
    span: Sentence | None
    reasons: tuple[Sentence, ...]
    estimate: float
    conf_low: float
    conf_high: float
    base: int
    headline: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)

    def to_payload(self) -> dict[str, Any]:
        """Return the finding as plain JSON."""
        texts = {"sentence": self.sentence.to_payload(), "effect": self.effect.to_payload()}
        numbers = ("estimate", "conf_low", "conf_high", "base")
        return {
            **{name: getattr(self, name) for name in ("outcome", "role", "size")},
            "label": label_to_payload(self.label),
            "certainty": self.certainty,
            **texts,
            "span": None if self.span is None else self.span.to_payload(),
            "reasons": [reason.to_payload() for reason in self.reasons],
            **{name: plain(getattr(self, name)) for name in numbers},
            "headline": self.headline,
            "details": plain(self.details),
        }

    @classmethod
    def of_payload(cls, payload: Mapping[str, Any]) -> Finding:
        """Read back what `to_payload` returned."""
        read = Sentence.of_payload
        given = {key: value for key, value in payload.items() if key != "part"}
        given |= {"sentence": read(given["sentence"]), "effect": read(given["effect"])}
        given["label"] = label_of_payload(given["label"])
        given["span"] = None if given["span"] is None else read(given["span"])
        given["reasons"] = tuple(read(reason) for reason in given["reasons"])
        for name in ("estimate", "conf_low", "conf_high"):
            given[name] = float("nan") if given[name] is None else given[name]
        return cls(**given)

    def _repr_html_(self) -> str:
        from impact import tables

        said = [self.sentence, self.effect, *([self.span] if self.span else []), *self.reasons]
        return tables.paragraphs(said)


@dataclass(frozen=True)
class Findings(Part):
    """The findings of one pilot, every primary outcome whatever its result.

    Parameters
    ----------
    results : tuple of Finding
        In the order of the outcomes; exactly one has ``headline``.
    """

    part: ClassVar[str] = "findings"
    results: tuple[Finding, ...]

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.results)

    def __len__(self) -> int:
        return len(self.results)

    @property
    def headline(self) -> Finding:
        """The finding that the page opens with."""
        return next(finding for finding in self.results if finding.headline)

    def to_payload(self) -> dict[str, Any]:
        """Return the findings as plain JSON."""
        return {"results": [finding.to_payload() for finding in self.results]}

    @classmethod
    def of_payload(cls, payload: Mapping[str, Any]) -> Findings:
        """Read back what `to_payload` returned."""
        return cls(tuple(Finding.of_payload(finding) for finding in payload["results"]))

    def _repr_html_(self) -> str:
        return "".join(finding._repr_html_() for finding in self.results)
