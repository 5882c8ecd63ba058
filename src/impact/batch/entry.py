"""What papermill finds under the name ``impact``: it is loaded while papermill itself is.

So nothing of ours that imports papermill may be imported here before it is needed.
"""

from __future__ import annotations

from typing import Any

from papermill.engines import Engine

__all__ = ["WarmCells"]


class WarmCells(Engine):  # type: ignore[misc]
    """Run cells in a child of a warm process (`impact.batch.cells`)."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kw: Any) -> Any:
        """Run all cells, telling papermill of each."""
        from impact.batch.cells import run_cells

        return run_cells(nb_man, kernel_name, **kw)
