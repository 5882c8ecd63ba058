"""The environment of workers and kernels: the user's, but for what could change a result."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["SCRATCH", "surroundings"]

SCRATCH = "IMPACT_SCRATCH"

FOREIGN = ("PYTHONSTARTUP", "PYTHONINSPECT", "IPYTHONDIR", "JUPYTER_PATH")
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def surroundings(root: Path, scratch: Path) -> dict[str, str]:
    """Return the environment of workers and their kernels.

    Parameters
    ----------
    root : Path
        The project's root: relative paths of params files start there.
    scratch : Path
        An empty folder that goes away with the worker: IPython's and Jupyter's files, and
        copies of data from elsewhere.
    """
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    return {
        **kept,
        "IMPACT_ROOT": str(root),
        SCRATCH: str(scratch),
        "IPYTHONDIR": str(scratch / "ipython"),
        "JUPYTER_RUNTIME_DIR": str(scratch / "runtime"),
        # What a reader copies or spills is gone with the worker, even one that is killed.
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch)),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONWARNINGS": "default",
        # As many pilots run at once as there are cores; threads of one would wait for others'.
        **dict.fromkeys(THREADS, "1"),
        # Frozen modules: the debugger that no one attaches would warn about them.
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
