"""What every data file has in common: where it is from, and how it is written."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from impact import simulate

FETCHED = "2026-11-21"
OWN_TERMS = "MIT, as this project"


@dataclass(frozen=True)
class Table:
    """One file of data/.

    Parameters
    ----------
    name : str
        File name; its ending is its format.
    what : str
        One sentence: rows and columns.
    source : str
        Citation, and the package and table that it is read from.
    terms : str
        On which terms it may be passed on.
    make : callable
        Returns the frame.
    simulated : bool
        Whether the records are simulated.
    written : callable, optional
        Returns the bytes, where the ending does not say how.
    """

    name: str
    what: str
    source: str
    terms: str
    make: Callable[[], pd.DataFrame]
    simulated: bool = False
    written: Callable[[pd.DataFrame], bytes] | None = None

    def content(self, frame: pd.DataFrame) -> bytes:
        """Return the file's bytes; floats are written so that they read back the same."""
        if self.written is not None:
            return self.written(frame)
        if self.name.endswith(".parquet"):
            stream = io.BytesIO()
            frame.to_parquet(stream, index=False)
            return stream.getvalue()
        return frame.to_csv(index=False, lineterminator="\n").encode()


def simulated(
    name: str,
    what: str,
    make: Callable[[], pd.DataFrame],
    *,
    pilot: str = "a pilot",
    written: Callable[[pd.DataFrame], bytes] | None = None,
) -> Table:
    """Return a simulated file; its name and the recipe say which pilot it stands for."""
    source = f"simulated by `impact.simulate`, shaped after {pilot}; no record is of a person"
    return Table(name, what, source, OWN_TERMS, make, simulated=True, written=written)


def register_ids(count: int, prefix: str, *, seed: int, digits: int = 5) -> np.ndarray:
    """Return distinct register numbers in no order, as case registers give them."""
    rng = np.random.default_rng([seed, 1])
    numbers = rng.choice(np.arange(10 ** (digits - 1), 10**digits), count, replace=False)
    return np.array([f"{prefix}{number}" for number in numbers])


def with_ids(frame: pd.DataFrame, prefix: str, *, seed: int, digits: int = 5) -> pd.DataFrame:
    """Put register numbers in the place of the counted units, and sort by them."""
    ids = register_ids(int(frame["unit"].max()), prefix, seed=seed, digits=digits)
    named = frame.assign(unit=ids[frame["unit"].to_numpy() - 1])
    return named.sort_values(["unit", "period"], ignore_index=True)


def with_places(frame: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """Name the places, in the order in which they were simulated."""
    return frame.assign(place=np.array(names)[frame["place"].to_numpy() - 1])


def as_survey_export(frame: pd.DataFrame, days: tuple[str, ...], *, seed: int) -> pd.DataFrame:
    """Add the columns that a survey tool's export carries and an evaluation must not read.

    ``days`` holds the first day of the field work of each period.
    """
    rng = np.random.default_rng([seed, 2])
    first = pd.to_datetime(pd.Series(days)).to_numpy()[frame["period"].to_numpy() - 1]
    minutes = rng.integers(8 * 60, 18 * 60, len(frame)) + 1440 * rng.integers(0, 21, len(frame))
    when = pd.Series(first + minutes.astype("timedelta64[m]"))
    keys = [rng.bytes(16).hex() for _ in range(len(frame))]
    uuids = [f"{k[:8]}-{k[8:12]}-{k[12:16]}-{k[16:20]}-{k[20:]}" for k in keys]
    return frame.assign(
        _uuid=uuids,
        _submission_time=when.dt.strftime("%Y-%m-%dT%H:%M:%S").to_numpy(),
        # no coordinates are simulated: a real export would carry them here
        _geolocation="",
    )


def pilot(simulation: simulate.Simulation) -> pd.DataFrame:
    """Draw the pilot; the mark of simulated rows comes last in the file."""
    return simulate.pilot(simulation)


def tidy(frame: pd.DataFrame, names: dict[str, str], *, drop: tuple[str, ...] = ()) -> pd.DataFrame:
    """Rename the roles to what the file calls them; the mark of simulated rows stays last."""
    kept = frame.drop(columns=[*drop, "_simulated"]).rename(columns=names)
    return kept.assign(_simulated=frame["_simulated"].to_numpy())
