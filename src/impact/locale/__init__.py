"""The reader's language: whole sentences, numbers and dates.

The English text of a sentence is the key of its translations (gettext). Texts are marked
where they stand: inside ``Sentence(…)``, ``_(…)`` or ``ngettext(…)``, or, as a constant that is
said elsewhere, inside ``N_(…)``. ``python -m impact.locale.update`` gathers them and brings the
catalogues up to date. Numbers and dates are CLDR's.
"""

from impact.locale.language import LANGUAGES, Language, language
from impact.locale.spoken import N_, _, ngettext, speaking, spoken

__all__ = ["LANGUAGES", "N_", "Language", "_", "language", "ngettext", "speaking", "spoken"]
