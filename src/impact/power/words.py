"""What the numbers of a simulation say, in plain sentences for a terminal or a notebook."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from impact.tables import METHODS

if TYPE_CHECKING:
    from impact.power.reach import Share
    from impact.power.record import Power, Sample

__all__ = ["UNITS", "sample_said", "sentences_of", "shown"]

UNITS = {"person": "people", "household": "households", "place": "places"}
KINDS = {
    "none": "no test",
    "classical": "classical standard errors",
    "analytic": "the method's own standard errors",
    "placebo": "the method's own placebo test",
    "permutation": "a permutation test",
    "wild_bootstrap": "the wild cluster bootstrap",
}


def shown(value: float, digits: int = 2) -> str:
    """Write a number with two telling digits, whole ones in full.

    Examples
    --------
    >>> shown(0.0934), shown(12345.6), shown(-0.5)
    ('0.093', '12346', '-0.50')
    """
    if value == 0 or not math.isfinite(value):
        return "0"
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    return f"{value:.{places}f}"


def sentences_of(power: Power) -> tuple[str, ...]:
    """Return what a record says; the verdict first."""
    said = [_verdict(power)]
    if power.effect is not None:
        said += list(_of_interest(power, power.effect))
    if power.at_zero is not None:
        said.append(_at_zero(power, power.at_zero))
    return (*said, _how(power), *power.notes)


def sample_said(units: int, clusters: int, unit_is: str, over: str) -> str:
    """Say how large a sample is.

    Examples
    --------
    >>> sample_said(1200, 12, "person", "place")
    '1,200 people in 12 places'
    """
    people = f"{units:,} {UNITS[unit_is]}"
    if clusters >= units:
        return people
    what = "places" if over == "place" and unit_is != "place" else "clusters"
    return f"{people} in {clusters:,} {what}"


def _noun(power: Power) -> str:
    return "change" if power.design == "before_after" else "effect"


def _sample(power: Power, sample: Sample) -> str:
    return sample_said(sample.units, sample.clusters, power.unit_is, power.over)


def _verdict(power: Power) -> str:
    noun, share = _noun(power), f"in {power.power:.0%} of the cases"
    here = f"With {_sample(power, power.sample)} this pilot"
    if power.at_zero is None:
        why = " ".join(("nothing is tested.", *power.reasons))
        if power.smallest_p is not None:
            why = (
                f"the smallest p-value that a permutation of these clusters can give is "
                f"{power.smallest_p:.3f}, which is above {1 - power.level:.3g}."
            )
        return f"{here} cannot find {noun}s of any size, since {why}"
    if power.detectable is None:
        return f"{here} finds {noun}s {share} only if they are larger than there is room for."
    side = "or more" if power.detectable > 0 else "or further down"
    known = sorted(end for end in (power.low, power.high) if end is not None)
    ends = [shown(end) for end in known]
    open_ = f" (the draws leave open {ends[0]} to {ends[1]})" if len({*ends}) == 2 else ""
    return f"{here} finds {noun}s of {shown(power.detectable)} {side} {share}{open_}."


def _of_interest(power: Power, effect: float) -> Iterator[str]:
    noun = _noun(power)
    named = f"The {noun} asked about is" if power.asked else f"The smallest {noun} that matters is"
    said = f"{named} {shown(effect)}"
    if power.power_at_effect is None:
        yield f"{said}."
    else:
        share = power.power_at_effect
        yield f"{said}: {_judged(share, power.power)}. Power: {_share(share)}."
    if power.needed is not None:
        low, high = power.needed.low, power.needed.high
        known = low is not None and high is not None and low != high
        open_ = f" (the draws leave open {low:,} to {high:,})" if known else ""
        yield f"To find it {power.power:.0%} of the time takes about {_needed(power)}{open_}."
    elif power.searched:
        yield f"Up to 100 times this sample, none finds it {power.power:.0%} of the time."


def _needed(power: Power) -> str:
    return "" if power.needed is None else _sample(power, power.needed)


def _judged(share: Share, power: float) -> str:
    if share.value >= power:
        return "it is found as often as was asked, or more"
    if share.value > 0.5:
        return "it is found more often than missed, but less often than was asked"
    if share.value == 0.5:
        return "it is found as often as it is missed"
    return "it would be missed more often than found"


def _at_zero(power: Power, share: Share) -> str:
    due = 1 - power.level
    said = f"Of draws without any {_noun(power)}, {_share(share)} find one"
    if share.low > due:
        return f"{said}: more than the level's {due:.1%}, so power looks larger than it is."
    return f"{said}; the level allows {due:.1%}."


def _share(share: Share) -> str:
    return f"{share.value:.1%} (± {share.std_error:.1%}; {share.low:.0%} to {share.high:.0%})"


def _how(power: Power) -> str:
    errors = KINDS.get(power.inference, f"{power.inference.upper()} standard errors")
    source = "from the pilot's own data" if power.from_data else "from what is known beforehand"
    drawn = f"{power.draws:,} pilots drawn {source}, seed {power.seed}"
    method = METHODS.get(power.method, power.method)
    return f"Method: {method}; {errors}; level {power.level:g}; {drawn}."
