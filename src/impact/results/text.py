"""Whole sentences that travel untranslated, with their numbers beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from impact.results.part import Part, plain

__all__ = ["Label", "Sentence", "Statement", "label_of_payload", "label_to_payload"]


@dataclass(frozen=True)
class Sentence:
    """A whole sentence: its English text is the key of its translations.

    Parameters
    ----------
    text : str
        The sentence, with ``%(name)s`` where a value stands.
    values : mapping
        Names, labels, numbers that need no guard (as plain decimal text, ``-0.40``), and
        sentences that stand inside this one.
    counts : mapping of str to int
        Numbers of people (or of what is guarded). The disclosure gate decides
        which of them are shown; nothing else in a sentence may count people.
    many : str
        The same sentence for another number than one, where the number under ``n`` decides on
        the form of its words; ``text`` is then that for one.
    """

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    many: str = ""

    def __str__(self) -> str:
        slots = {**self.values, **self.counts}
        one = not self.many or str(slots.get("n")) == "1"
        return (self.text if one else self.many) % slots

    def to_payload(self) -> dict[str, Any]:
        """Return the sentence as plain JSON."""
        inner = {name: getattr(value, "sentence", value) for name, value in self.values.items()}
        values = {
            name: {"sentence": value.to_payload()} if isinstance(value, Sentence) else plain(value)
            for name, value in inner.items()
        }
        said = {"text": self.text, "values": values, "counts": plain(self.counts)}
        return {**said, "many": self.many} if self.many else said

    @classmethod
    def of_payload(cls, payload: Mapping[str, Any]) -> Sentence:
        """Read back what `to_payload` returned."""
        values = {
            name: cls.of_payload(value["sentence"]) if isinstance(value, Mapping) else value
            for name, value in payload["values"].items()
        }
        return cls(payload["text"], values, payload["counts"], payload.get("many", ""))


class Label(str):
    """A name that the package puts together, such as "At the end (2012)".

    It reads as its English text wherever text is wanted, and keeps the sentence behind it, which
    is what another language says.

    Parameters
    ----------
    sentence : Sentence
        The name with its values.
    """

    __slots__ = ("sentence",)
    sentence: Sentence

    def __new__(cls, sentence: Sentence) -> Label:
        """Return the English text, with the sentence beside it."""
        label = super().__new__(cls, str(sentence))
        label.sentence = sentence
        return label

    def __getnewargs__(self) -> tuple[Sentence]:  # type: ignore[override]
        """Return what a copy is made of."""
        return (self.sentence,)


def label_to_payload(label: str) -> Any:
    """Return a name as plain JSON: a text, or the sentence that it is put together of."""
    return {"sentence": label.sentence.to_payload()} if isinstance(label, Label) else label


def label_of_payload(said: Any) -> str:
    """Read back what `label_to_payload` returned."""
    return Label(Sentence.of_payload(said["sentence"])) if isinstance(said, Mapping) else str(said)


@dataclass(frozen=True)
class Statement(Part):
    """A section of the page that is text: a heading's key and its sentences.

    Parameters
    ----------
    section : str
        Which section of the page this is (``rivals``, ``limits``, ``methods`` …); the
        page's catalogue holds its heading.
    sentences : tuple of Sentence
        In reading order.
    facts : tuple of (Sentence, Sentence)
        Term and description pairs, shown as a description list.
    """

    part: ClassVar[str] = "statement"
    section: str
    sentences: tuple[Sentence, ...] = ()
    facts: tuple[tuple[Sentence, Sentence], ...] = ()

    def to_payload(self) -> dict[str, Any]:
        """Return the statement as plain JSON."""
        return {
            "section": self.section,
            "sentences": [sentence.to_payload() for sentence in self.sentences],
            "facts": [[term.to_payload(), said.to_payload()] for term, said in self.facts],
        }

    @classmethod
    def of_payload(cls, payload: Mapping[str, Any]) -> Statement:
        """Read back what `to_payload` returned."""
        read = Sentence.of_payload
        return cls(
            payload["section"],
            tuple(read(sentence) for sentence in payload["sentences"]),
            tuple((read(term), read(said)) for term, said in payload["facts"]),
        )

    def _repr_html_(self) -> str:
        from impact import tables

        return tables.paragraphs(self.sentences) + tables.terms(self.facts)
