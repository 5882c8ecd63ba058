"""From a params file and a data file to a `Panel`."""

from impact.data.panel import Panel
from impact.data.read import read_panel

__all__ = ["Panel", "read_panel"]
