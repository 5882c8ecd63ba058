"""The words in which a questionnaire says that there is no answer, and why.

Labels of Stata and SPSS files are compared with them, in the ten languages of the reports.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["WORDS", "why"]

# Per answer not given, a line a language: without accents, in small letters; a word before a
# star is the beginning of one.
WORDS: dict[str, tuple[str, ...]] = {
    "refused": (
        *("refus*", "prefer not to", "no answer given", "declined", "does not want to answer"),
        *("ne souhaite pas repondre", "ne veut pas repondre", "refuse de repondre"),
        *("se niega", "rehusa", "no quiere contestar", "no desea contestar", "prefiere no"),
        *("es nega a", "refusa", "no vol respondre", "no vol contestar", "prefereix no"),
        *("rifiut*", "preferisce non", "non vuole rispondere", "non desidera rispondere"),
        *("geweigerd", "weiger*", "wil niet antwoorden", "wil niet zeggen", "zeg ik liever niet"),
        *("αρνηση", "αρνηθηκε", "αρνειται", "δεν απαντω", "δεν θελω να απαντησω"),
        *("refuz*", "nu doreste sa raspunda", "nu vrea sa raspunda", "prefera sa nu"),
        *("zavrn*", "zavrac*", "ne zeli odgovoriti", "noce odgovoriti", "brez odgovora"),
        *("atteic*", "atteik*", "atsak*", "nevelas atbildet", "negrib atbildet"),
    ),
    "not_known": (
        *("don't know", "dont know", "do not know", "does not know", "not known", "unsure"),
        *("ne sait pas", "ne sais pas", "nsp"),
        *("no sabe", "no lo sabe", "no se", "ns"),
        *("no ho sap", "no ho se", "no sap"),
        *("non sa", "non so", "non lo sa", "non lo so"),
        *("weet niet", "weet het niet", "weet ik niet", "onbekend"),
        *("δεν ξερω", "δεν ξερει", "δεν γνωριζω", "δεν γνωριζει", "δξ"),
        *("nu stiu", "nu stie"),
        *("ne vem", "ne ve", "ne vedo"),
        *("nezin", "nezinu", "nav zinams", "gruti pateikt"),
    ),
    "not_asked": (
        *(
            "not asked",
            "not applicable",
            "inapplicable",
            "does not apply",
            "n/a",
            "inap",
            "skipped",
        ),
        *("non pose*", "question non posee", "sans objet", "non applicable", "non concerne"),
        *("no preguntad*", "no procede", "no aplica", "no se aplica", "no corresponde"),
        *("no demanat*", "no preguntat*", "no aplicable", "no escau", "no s'aplica"),
        *("non chiesto", "non posta", "non applicabile", "non pertinente", "non previsto"),
        *("niet gevraagd", "niet van toepassing", "nvt", "n.v.t"),
        *("δεν ρωτηθηκε", "δεν ερωτηθηκε", "δεν εφαρμοζεται", "δεν ισχυει"),
        *("nu a fost intrebat*", "nu se aplica", "neaplicabil", "nu e cazul", "nu este cazul"),
        *("ni vprasan*", "ni bilo vprasan*", "ni relevantno", "se ne nanasa", "ne velja"),
        *("nav jautats*", "netika jautats*", "nav piemerojam", "neattiecas"),
    ),
}


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    parts = (re.escape(word).replace(r"\*", r"\w*") for word in words)
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)")


PATTERNS = {answer: _pattern(words) for answer, words in WORDS.items()}


def why(label: str, *, whole: bool = False) -> str | None:
    """Return why an answer was not given, as its label says it; None if it does not.

    Parameters
    ----------
    label : str
        The label of a code.
    whole : bool
        Whether the label must be nothing but those words: of a code that the file does
        not call missing, "Do not know the city hall" may be an answer.

    Examples
    --------
    >>> why("98. Refusé"), why("Weet ik niet"), why("N/A (skipped)"), why("Often")
    ('refused', 'not_known', 'not_asked', None)
    """
    plain = unicodedata.normalize("NFD", label.replace("’", "'").casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    plain = re.sub(r"^[\W\d_]+|[\W_]+$", "", plain)
    for answer, pattern in PATTERNS.items():
        if pattern.fullmatch(plain) if whole else pattern.search(plain):
            return answer
    return None
