"""The params file: what a pilot is, checked before anything runs.

``load_spec`` reads a file, ``load_specs`` a folder, ``load_parameters`` a notebook's cell;
all three give the same frozen `PilotSpec`, or a `SpecError` with every fault.
"""

from impact.spec.catalogue import Indicator, catalogue
from impact.spec.load import SpecFile, load_spec, load_specs
from impact.spec.models import (
    About,
    Analysis,
    Cost,
    Criterion,
    Data,
    Design,
    Deviation,
    Missing,
    Outcome,
    PilotSpec,
    Plan,
    Published,
    Report,
)
from impact.spec.parameters import load_parameters
from impact.spec.project import project_root, relative_to_root, resolve, root_of

__all__ = [
    "About",
    "Analysis",
    "Cost",
    "Criterion",
    "Data",
    "Design",
    "Deviation",
    "Indicator",
    "Missing",
    "Outcome",
    "PilotSpec",
    "Plan",
    "Published",
    "Report",
    "SpecFile",
    "catalogue",
    "load_parameters",
    "load_spec",
    "load_specs",
    "project_root",
    "relative_to_root",
    "resolve",
    "root_of",
]
