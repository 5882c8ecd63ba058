"""How a language writes numbers, amounts of money and dates: by CLDR."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale

__all__ = ["MINUS", "Writing"]

MINUS = "−"
REGIONS = {"en": "en_GB"}
"""Where a language is written in several ways: days before months."""


class Writing:
    """Numbers, money and dates of the language with that ``code``."""

    code: str

    @cached_property
    def locale(self) -> Locale:
        """What CLDR knows of the language."""
        from babel import Locale

        return Locale.parse(REGIONS.get(self.code, self.code))

    def number(self, value: float, places: int) -> str:
        """Return a number with so many decimals, thousands set apart and a true minus sign.

        Examples
        --------
        >>> language("en").number(-11863.9033, 0)
        '−11,864'
        """
        from babel.numbers import format_decimal

        text = f"{value:.{places}f}"
        text = text.removeprefix("-") if not text.strip("-0.") else text
        pattern = "#,##0." + "0" * places if places else "#,##0"
        told: str = format_decimal(Decimal(text), format=pattern, locale=self.locale)
        return told.replace("-", MINUS)

    def count(self, people: float) -> str:
        """Return a whole number."""
        return self.number(people, 0)

    def percent(self, share: float, places: int = 0) -> str:
        """Return a fraction in per cent.

        Examples
        --------
        >>> language("en").percent(0.457)
        '46%'
        """
        pattern = self.locale.percent_formats[None].pattern
        before, _, after = pattern.partition("#,##0")
        written: str = before + self.number(100 * share, places) + after
        return written.replace(MINUS + "%", "%" + MINUS)

    def money(self, amount: float, currency: str) -> str:
        """Return an amount of money, in whole units where it has no cents."""
        from babel.numbers import format_currency

        pattern = self.locale.currency_formats["standard"].pattern
        whole = float(amount).is_integer()
        told: str = format_currency(
            Decimal(str(amount)),
            currency,
            format=pattern.replace(".00", "") if whole else pattern,
            locale=self.locale,
            currency_digits=False,
        )
        return told.replace("-", MINUS)

    def date(self, iso: str) -> str:
        """Return a day that is given in ISO form; what is no date stays as it is."""
        from babel.dates import format_date

        try:
            day = dt.date.fromisoformat(iso)
        except ValueError:
            return iso
        return format_date(day, "long", locale=self.locale)
