"""Write the zoo: tiny notebooks, each named for its one defect.

Run it after a change here or of the params file's keys: ``python tests/notebooks/make.py``.
A defect that shows when the notebook runs strikes pilots whose id starts with ``bad`` only,
so that one notebook shows both a failure and its neighbours.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from impact.spec import PilotSpec

HERE = Path(__file__).parent

LOAD = "import impact\n\nspec = impact.load_parameters(globals())"
BAD = 'bad = spec.pilot.startswith("bad")'
TABLE = """\
import pandas as pd

from impact.spec import resolve, root_of

table = pd.read_csv(resolve(spec.data.path, root_of(spec)))"""
STATUS = """\
from impact.results import Status

title = spec.about.title or spec.pilot
Status(pilot=spec.pilot, title=title, guarded=False, unit_is="place")"""
EFFECTS = """\
from impact.results import GLOSSARY, EffectResult, Effects

row = dict.fromkeys(GLOSSARY) | {"pilot": spec.pilot, "outcome": "score", "method": "did"}
row |= {"estimand": "att", "term": "att", "estimate": table["score"].mean() / 3, "n_obs": 80}
row |= dict.fromkeys(["std_error", "statistic", "p_value", "conf_low", "conf_high"], 0.1)
row |= {"level": 0.95, "n_units": 40, "n_treated": 20, "n_clusters": 40, "inference": "cr1"}
Effects((EffectResult(pd.DataFrame([row], columns=GLOSSARY), base=20),))"""


def parameters(**values: object) -> str:
    return "\n".join(
        f"{key} = {json.dumps(values.get(key)).replace('null', 'None')}"
        for key in PilotSpec.model_fields
    )


def code(source: str, *tags: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {"tags": list(tags)} if tags else {},
        "outputs": [],
        "source": source.splitlines(keepends=True),
    }


def notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    numbered = [{"id": f"cell-{at}", **cell} for at, cell in enumerate(cells)]
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": numbered, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


TAGGED = code(parameters(), "parameters")
REST = [code(source) for source in (LOAD, TABLE, STATUS, EFFECTS)]


def striking(*lines: str) -> dict[str, Any]:
    """Return a notebook whose third code cell strikes bad pilots."""
    body = "\n".join(f"    {line}".rstrip() for line in lines)
    return notebook(TAGGED, REST[0], code(f"{BAD}\nif bad:\n{body}"), *REST[1:])


def other_pilot() -> dict[str, Any]:
    shown = STATUS.replace("pilot=spec.pilot", 'pilot="other" if bad else spec.pilot')
    return notebook(TAGGED, REST[0], code(BAD), REST[1], code(shown), REST[3])


ZOO = {
    "good": notebook(TAGGED, *REST),
    "no-parameters-tag": notebook(code(parameters()), *REST),
    "two-parameters-tags": notebook(TAGGED, TAGGED, *REST),
    "parameters-not-first": notebook(code('print("code before the parameters")'), TAGGED, *REST),
    "parameters-with-a-value": notebook(code(parameters(covariates=["age"]), "parameters"), *REST),
    "parameters-lack-a-key": notebook(
        code(parameters().replace("\npublished = None", ""), "parameters"), *REST
    ),
    "parameters-too-many": notebook(code(f"{parameters()}\ndata_path = None", "parameters"), *REST),
    "kernel-dies": striking("import os", "", "os._exit(1)"),
    "never-ends": striking("import time", "", "while True:", "    time.sleep(0.1)"),
    "ignores-signals": striking(
        "import signal",
        "import time",
        "",
        "signal.signal(signal.SIGINT, signal.SIG_IGN)",
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)",
        "while True:",
        "    time.sleep(1)",
    ),
    "leaves-a-process": striking(
        "import subprocess", "", 'subprocess.Popen(["sleep", "600"], start_new_session=True)'
    ),
    "exits-as-if-well": striking("import sys", "", "sys.exit(0)"),
    "exits-with-a-number": striking("import sys", "", "sys.exit(3)"),
    "raises-with-a-value": striking('raise ValueError("could not convert: Jane Doe, 1971")'),
    "raises-an-error-named-after-a-person": striking(
        'raise type("Jane_Doe_1971", (Exception,), {})("of no use")'
    ),
    "raises-our-error-itself": striking(
        "from impact.errors import DesignError", "", 'raise DesignError("Jane Doe, 1971")'
    ),
    "refused-by-the-package": striking('impact.load_spec("params/nowhere.yml")'),
    "runs-another-pilot": other_pilot(),
    "shows-no-status": notebook(TAGGED, *REST[:2], REST[3]),
    "asks-the-user": striking('input("which pilot?")'),
}


def main() -> None:
    for name, made in ZOO.items():
        text = json.dumps(made, indent=1, ensure_ascii=False) + "\n"
        (HERE / f"{name}.ipynb").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
