"""Write every file of data/ from its source, and README.md, which lists them.

Run as ``python data/build.py``; ``--to FOLDER`` writes elsewhere. The same packages give
the same bytes: a test compares them with the committed files.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import pandas as pd
from source import inclucities, includ_eu, objectives, published
from source.table import FETCHED, Table

HERE = Path(__file__).parent
ROOMS = (published, includ_eu, objectives, inclucities)
TABLES = tuple(table for room in ROOMS for table in room.TABLES)
KEPT = ("card_krueger_wide.csv", "mpdta.csv")

INTRODUCTION = """# Data

Input, read-only. `python data/build.py` writes every file here, this one included, from its
source; a test compares the bytes. `source/` holds the recipes and two raw files as delivered.

Files that bear the name of a partner are **simulated**: no micro-data of Includ-EU or
IncluCities is public. Each of their rows says so in the column `_simulated` (in SPSS, where no
name begins with an underscore, `simulated`), which the page's banner is made from; the recipe in
`source/` says which effect is built in. Codes 98 (refused) and 99 (not known), with a minus where
98 is a true value, and empty fields are as a survey would have them. Real data stand first.

Three pilots are kept as evaluators get them: `inclucities-jelgava` as two waves of a KoBoToolbox
export, `inclucities-saint-jean-de-la-ruelle` as an SPSS file, `tuscany-housing` as an Excel
register of tenancies. A test compares each with the tidy table of its recipe.
"""


def main() -> None:
    """Write the files, and the table of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=HERE, help="folder to write to")
    folder = parser.parse_args().to
    folder.mkdir(parents=True, exist_ok=True)
    sections = [INTRODUCTION]
    for table in TABLES:
        frame = table.make()
        content = table.content(frame)
        (folder / table.name).write_bytes(content)
        sections.append(described(table, frame, content))
    sections.append(kept())
    (folder / "README.md").write_text("\n".join(sections), encoding="utf-8", newline="\n")


def described(table: Table, frame: pd.DataFrame, content: bytes) -> str:
    """Return the file's entry in README.md."""
    origin = "simulated" if table.simulated else "real, published"
    return f"""## {table.name}

{table.what}.

- data: **{origin}**
- source: {table.source}
- terms: {table.terms}
- {"made" if table.simulated else "fetched"}: {FETCHED}
- rows: {len(frame)}; columns: {", ".join(f"`{name}`" for name in frame.columns)}
- sha256: `{hashlib.sha256(content).hexdigest()}`
"""


def kept() -> str:
    """Return the entry of the raw files that are kept as delivered."""
    lines = ["## Raw files in source/", ""]
    for name in KEPT:
        digest = hashlib.sha256((HERE / "source" / name).read_bytes()).hexdigest()
        lines.append(f"- `source/{name}`, real, as delivered {FETCHED}; sha256: `{digest}`")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
