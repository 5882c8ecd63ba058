"""The kernel a pilot runs in: this Python, and nothing of the user's own settings.

Which kernels are installed under which names, start-up files in ``~/.ipython``,
``PYTHONSTARTUP`` and the backend of matplotlib may differ from machine to machine; none
of them may change a result (the last three: `impact.batch.surroundings`).
"""

from __future__ import annotations

import sys

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

__all__ = ["KERNEL", "OwnKernel"]

KERNEL = "python3"


class OwnKernel(AsyncKernelManager):
    """Start the kernel with the Python that runs this process, whatever is installed."""

    @property
    def kernel_spec(self) -> KernelSpec:
        """The command of the kernel, instead of the one registered under its name."""
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            display_name="Python 3",
            language="python",
        )
