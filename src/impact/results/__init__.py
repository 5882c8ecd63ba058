"""The nouns that analysis returns and pages are made of: frozen, plain, serialisable.

Every noun is a `Part`: a notebook cell that shows one carries it whole under the type
`MIME`, next to the HTML that JupyterLab shows. What is published is made from these
parts alone; anything else that a notebook prints stays in the notebook.
"""

from impact.results.effect import GLOSSARY, EffectResult, Effects, Replication
from impact.results.finding import Finding, Findings
from impact.results.part import MIME, Part, from_payload
from impact.results.status import Status
from impact.results.summary import SummaryTable
from impact.results.text import Label, Sentence, Statement

__all__ = [
    "GLOSSARY",
    "MIME",
    "EffectResult",
    "Effects",
    "Finding",
    "Findings",
    "Label",
    "Part",
    "Replication",
    "Sentence",
    "Statement",
    "Status",
    "SummaryTable",
    "from_payload",
]
