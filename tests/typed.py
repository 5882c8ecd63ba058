"""``impact`` as people type it, and the smallest project it can be typed in."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

__all__ = ["PARAMS", "ROOT", "TABLE", "typed"]

ROOT = Path(__file__).parents[1]
PARAMS = """\
pilot: {pilot}
data: {{path: data/{pilot}.csv, unit: id, period: wave, unit_is: place}}
design: {{kind: did, treated: in_pilot, starts: 2}}
outcomes: [{{column: score}}]
"""
TABLE = "id,wave,in_pilot,score\na,1,0,1\na,2,0,2\nb,1,1,1\nb,2,1,4\n"


def typed(*call: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Return what a command said and how it ended; no traceback is ever said."""
    kept = {key: value for key, value in os.environ.items() if key != "IMPACT_ROOT"}
    ran = subprocess.run(
        [sys.executable, "-m", "impact", *call],
        cwd=cwd,
        env=kept,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "Traceback" not in ran.stdout + ran.stderr
    return ran
