"""Rows of a look at those who were lost, beside the result that is looked at."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from impact.did.everybody import Everybody
from impact.did.look_terms import MAIN
from impact.inference.absorb import compact
from impact.results import GLOSSARY, EffectResult

__all__ = ["rows_beside"]


def rows_beside(
    found: Everybody,
    headline: EffectResult,
    *,
    method: str,
    terms: Sequence[str],
    numbers: Sequence[Sequence[float] | np.ndarray],
    inference: str,
    clusters: np.ndarray,
) -> pd.DataFrame:
    """Write L estimates about those who stayed, under the headline's row.

    Parameters
    ----------
    found : Everybody
        Those who stayed are counted.
    headline : EffectResult
    method : str
    terms : sequence of str, length L
    numbers : four sequences, each of length L
        Estimates, standard errors, and the ends of their intervals.
    inference : str
    clusters : numpy.ndarray of int, shape (n,)
        Of everybody.
    """
    stayed = ~found.lost
    first = headline.rows.iloc[[0]]
    alike = {
        **{name: first[name].iloc[0] for name in ("pilot", "outcome", "level")},
        "method": method,
        "estimand": found.estimand,
        "statistic": np.nan,
        "p_value": np.nan,
        "n_obs": int(stayed.sum()),
        "n_units": int(stayed.sum()),
        "n_treated": int((stayed & found.treated).sum()),
        "n_clusters": compact(clusters[stayed])[1],
        "inference": inference,
    }
    told = zip(terms, *numbers, strict=True)
    names = ("term", "estimate", "std_error", "conf_low", "conf_high")
    rows = [alike | dict(zip(names, one, strict=True)) for one in told]
    below = pd.DataFrame(rows).loc[:, list(GLOSSARY)]
    return pd.concat([first.assign(term=MAIN), below], ignore_index=True)
