"""The second table of `benchmarks/CALIBRATION.md`: rows by time, pre-tests and bands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from calibration.event_times import STARTS, Held, errors, held, read_off_times

__all__ = ["SERIAL", "TimesFinding", "section", "study_times"]

SERIAL = (0.0, 0.8)
PRE_TEST = 0.06
ROW = 0.07
BAND = 0.93
# A band is drawn anew for every pilot, which takes longer than all else.
OF_BANDS = 4
SEED = 7


@dataclass(frozen=True)
class TimesFinding:
    """What was found for one design.

    Parameters
    ----------
    name : str
    serial : float
        Correlation of a place's errors from one period to the next.
    draws : int
    shares : Held
    """

    name: str
    serial: float
    draws: int
    shares: Held

    @property
    def misses(self) -> list[str]:
        """What must hold and does not."""
        found = []
        if self.shares.pre_test > PRE_TEST:
            found.append(f"pre-test {self.shares.pre_test:.2%}")
        if self.shares.worst > ROW:
            found.append(f"a row {self.shares.worst:.2%}")
        if self.shares.covered < BAND:
            found.append(f"band {self.shares.covered:.2%}")
        return found


def study_times(name: str, draws: int) -> list[TimesFinding]:
    """Simulate one design, with errors that are independent and that are not."""
    starts, periods = STARTS[name]
    found = read_off_times(starts, periods)
    return [
        TimesFinding(
            name,
            serial,
            draws,
            held(
                found,
                errors((draws, len(starts), periods), serial=serial, seed=SEED),
                bands=draws // OF_BANDS,
            ),
        )
        for serial in SERIAL
    ]


def section(findings: Sequence[TimesFinding]) -> str:
    """Return the section as Markdown."""
    head = ("cohorts + never", "serial correlation", "pre-test", "worst row", "band", "draws")
    rows = [head, ("---",) * len(head), *(_row(found) for found in findings)]
    missed = [
        f"- **Missed**: {found.name}, serial correlation {found.serial}: {', '.join(found.misses)}."
        for found in findings
        if found.misses
    ]
    return "\n".join(
        [
            "## Several starts: rows by time, pre-tests and bands",
            "",
            "One person a place, no effect and courses that run alike; group-time effects with "
            "CR2 within cohorts. **pre-test**: how often the test of the periods before the start "
            "finds a difference at 5 %. **worst row**: how often the row with most false "
            "rejections is rejected, of all times from the start, cohorts, periods and overall "
            "effects that are tested (rows that rest on fewer than three places on a side are "
            "not). **band**: how often the 95 % band over the times from the start holds zero at "
            f"all of them, in one of {OF_BANDS} draws.",
            "",
            f"Must hold: pre-test at most {PRE_TEST:.0%}, a row at most {ROW:.0%}, a band at "
            f"least {BAND:.0%}.",
            "",
            *("| " + " | ".join(row) + " |" for row in rows),
            "",
            *(missed or ["- Nothing is missed."]),
            "",
        ]
    )


def _row(found: TimesFinding) -> tuple[str, ...]:
    shares = found.shares
    return (
        found.name,
        f"{found.serial:g}",
        *(f"{100 * share:.1f} %" for share in (shares.pre_test, shares.worst, shares.covered)),
        f"{found.draws:,}",
    )
