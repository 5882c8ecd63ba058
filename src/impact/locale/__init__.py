"""The reader's language: whole sentences, numbers and dates.

The English text of a sentence is the key of its translations (gettext). `language`
returns everything that a page needs to speak one; further languages add a catalogue.
"""

from impact.locale.language import LANGUAGES, Language, language

__all__ = ["LANGUAGES", "Language", "language"]
