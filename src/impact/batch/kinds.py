"""Which kinds of errors may be named to whoever reads a terminal."""

from __future__ import annotations

from importlib import import_module

__all__ = ["kind_named"]

# A notebook can make a class whose name is a value of a person; these were there before it.
KNOWN = (
    "builtins",
    "impact.errors",
    "IPython.core.error",
    "numpy.exceptions",
    "numpy.linalg",
    "pandas.errors",
    "pyarrow.lib",
    "pydantic_core",
    "subprocess",
    "json",
    "yaml",
    "zmq",
)


def kind_named(name: str) -> str:
    """Return the name of a kind of error, where a library that we know has one of that name.

    Examples
    --------
    >>> kind_named("KeyError"), kind_named("Jane_Doe_1971")
    ('KeyError', 'an error of another kind')
    """
    kinds = (vars(import_module(module)).get(name) for module in KNOWN)
    known = any(isinstance(kind, type) and issubclass(kind, BaseException) for kind in kinds)
    return name if known else "an error of another kind"
