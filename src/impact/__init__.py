"""Whether a pilot project worked: from a params file to a page that can be published.

Everything a notebook may use hangs here; it is imported when it is first asked for, so
that ``import impact`` and the command line stay light.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_ROOMS = (
    "data",
    "describe",
    "did",
    "evidence",
    "figures",
    "inference",
    "power",
    "simulate",
    "tables",
)
_NAMES = {
    "PilotSpec": "impact.spec",
    "load_parameters": "impact.spec",
    "load_spec": "impact.spec",
    "Panel": "impact.data",
    "read_panel": "impact.data",
    "bounds": "impact.did",
    "by_subgroup": "impact.did",
    "by_time": "impact.did",
    "estimate": "impact.did",
    "leave_one_out": "impact.did",
    "other_errors": "impact.did",
    "other_methods": "impact.did",
    "placebo": "impact.did",
    "replicate": "impact.did",
    "reweighted": "impact.did",
    "balance": "impact.describe",
    "changes": "impact.describe",
    "codebook": "impact.describe",
    "comparison": "impact.describe",
    "distribution": "impact.describe",
    "flow": "impact.describe",
    "leavers": "impact.describe",
    "participants": "impact.describe",
    "quality": "impact.describe",
    "reliability": "impact.describe",
    "subgroups": "impact.describe",
    "totals": "impact.describe",
    "trends": "impact.describe",
    "assess": "impact.evidence",
    "cost": "impact.evidence",
    "limits": "impact.evidence",
    "methods": "impact.evidence",
    "plan": "impact.evidence",
    "reproduce": "impact.evidence",
    "rivals": "impact.evidence",
    "sensitivity": "impact.evidence",
    "status": "impact.evidence",
    "portfolio": "impact.report.portfolio",
    "shared": "impact.report.portfolio",
    "Power": "impact.power",
}

__all__ = ["__version__", *_NAMES, *_ROOMS]


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return import_module(f"impact.{name}")
    if name in _NAMES:
        return getattr(import_module(_NAMES[name]), name)
    raise AttributeError(f"module 'impact' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
