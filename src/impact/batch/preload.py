"""What a warm process does once, so that its children need not."""

from __future__ import annotations

import builtins
import gc
import io
import pkgutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType, SimpleNamespace
from typing import cast

__all__ = ["warm"]

STACK = (
    "IPython",
    "bs4",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "jinja2.ext",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "matplotlib.pyplot",
    "nbclient",
    "nbconvert.exporters",
    "numpy.random",
    "papermill",
    "psutil",
    "pyarrow",
    "pydantic",
    "scipy.optimize",
    "scipy.sparse.csgraph",
    "scipy.special",
    "scipy.stats",
    "seaborn",
    "yaml",
)
# Parses a grammar for nine tenths of a second, for a check of addresses that notebooks do
# not ask for; those who import it find it absent and go on.
LEFT_OUT = "rfc3987_syntax"


def warm() -> None:
    """Import the stack and this package, draw and render once, and set the garbage apart.

    What one child would load and forget, each child finds here. Objects that exist now
    are no garbage: collectors of children leave them, and the pages they share, alone.
    """
    with _as_in_a_kernel():
        import_module("pandas")
    with _without(LEFT_OUT):
        for name in (*STACK, *_rooms()):
            import_module(name)
    _draw()
    _render()
    _validate()
    gc.collect()
    gc.freeze()


@contextmanager
def _as_in_a_kernel() -> Iterator[None]:
    """Have pandas, which looks once, see that there is no terminal whose width counts."""
    builtins.get_ipython = lambda: SimpleNamespace(kernel=None)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        del builtins.get_ipython  # type: ignore[attr-defined]


@contextmanager
def _without(name: str) -> Iterator[None]:
    """Have a module count as not installed for a while."""
    modules = cast("dict[str, ModuleType | None]", sys.modules)
    if name in modules:
        yield
        return
    modules[name] = None
    try:
        yield
    finally:
        del modules[name]


def _rooms() -> list[str]:
    """Return all modules of the package but for the command line and what runs as a script."""
    import impact

    found = pkgutil.walk_packages(impact.__path__, "impact.")
    left = ("impact.cli", "impact.__main__")
    return [module.name for module in found if not module.name.startswith(left)]


def _draw() -> None:
    """Have matplotlib read its list of fonts, and find those of our pages."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    figure = Figure()
    FigureCanvasSVG(figure)
    figure.subplots().set_title("a")
    for form in ("svg", "png"):
        figure.savefig(io.BytesIO(), format=form)


def _render() -> None:
    """Compile the templates of our pages."""
    from impact.report.environment import environment

    made = environment()
    for name in made.list_templates():
        made.get_template(name)


def _validate() -> None:
    """Have the rules of notebooks, and those of what our pages may say, compiled."""
    import nbformat

    from impact.disclosure.vouched import register

    nbformat.validate(nbformat.v4.new_notebook())  # type: ignore[no-untyped-call]
    register()
