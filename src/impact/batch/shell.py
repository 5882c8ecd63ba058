"""An IPython shell in this process whose messages go to a function instead of a socket.

It is the shell of ordinary kernels, so that results look as they do there: execution
counts, rich forms, the width of pandas, figures of matplotlib, errors.
"""

from __future__ import annotations

import asyncio
import builtins
import getpass
import os
import sys
from collections.abc import Callable
from importlib import invalidate_caches
from types import MethodType, SimpleNamespace
from typing import Any

from ipykernel.compiler import XCachingCompiler
from ipykernel.kernelbase import Kernel
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import UsageError
from IPython.core.shellapp import InteractiveShellApp
from jupyter_client.session import Session
from traitlets.config import Config

from impact.batch.streams import Streams

__all__ = ["Message", "Shell", "own_shell"]

Message = dict[str, Any]
Hear = Callable[[Message], None]


class _Wire(Session):
    """What a kernel would pack and send to its client is packed, unpacked and heard at once."""

    hear: Hear

    def send(  # type: ignore[override]
        self, stream: Any, kind: Any, content: Any = None, *args: Any, **kw: Any
    ) -> Any:
        message = kind if isinstance(kind, dict) else self.msg(kind, content)
        self.hear(self.unpack(self.pack(message)))
        return message


class Shell:
    """Runs cells one after another, as a kernel would.

    Parameters
    ----------
    hear : callable
        Called with each message: streams, results, displays, updates, errors.

    Notes
    -----
    It takes over what a process has once: standard streams, ``input``, the shell that
    ``get_ipython`` returns. So it belongs into a process of its own.
    """

    def __init__(self, hear: Hear) -> None:
        wire = _Wire()
        wire.hear = hear
        self._pid = os.getpid()
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        self._streams = Streams(lambda name, text: _stream(wire, name, text))
        self._shell = _shell(wire)

    @property
    def left(self) -> bool:
        """Whether a cell called ``exit``: a kernel would be gone now."""
        return bool(self._shell.exit_now)

    @property
    def count(self) -> int:
        """The execution count of the next cell."""
        return int(self._shell.execution_count)

    def run(self, code: str) -> Message:
        """Run a cell; return the content of a kernel's reply."""
        # Cells follow one another faster than some file systems count time.
        invalidate_caches()
        try:
            result = self._loop.run_until_complete(self._run(code))
        except KeyboardInterrupt:
            # Out of the loop itself; inside a cell the shell shows it as any other error.
            self._shell.showtraceback()
            result = None
        if os.getpid() != self._pid:
            # A cell has forked: only one of the two goes on with the notebook.
            os._exit(0)
        self._streams.drain()
        return self._reply(result)

    def close(self) -> None:
        """Give the standard streams back."""
        self._streams.close()

    async def _run(self, code: str) -> Any:
        shell = self._shell
        try:
            transformed, broken = shell.transform_cell(code), None
        except Exception:
            transformed, broken = code, sys.exc_info()
        seen = {"transformed_cell": transformed, "preprocessing_exc_tuple": broken}
        if not shell.should_run_async(code, **seen):
            return shell.run_cell(code, store_history=True)
        result = None
        try:
            result = await shell.run_cell_async(code, store_history=True, **seen)
        finally:
            shell.events.trigger("post_execute")
            shell.events.trigger("post_run_cell", result)
        return result

    def _reply(self, result: Any) -> Message:
        shell = self._shell
        shell.payload_manager.clear_payload()
        if result is None:
            return {"status": "error", "ename": "KeyboardInterrupt", "evalue": "", "traceback": []}
        if result.success and not getattr(shell, "_last_traceback_during_displayhook", False):
            return {"status": "ok"}
        error = result.error_before_exec or result.error_in_exec
        return {
            "status": "error",
            "ename": type(error).__name__,
            "evalue": str(error),
            "traceback": shell._last_traceback or [],
        }


_own: list[Shell] = []


def own_shell(hear: Hear) -> Shell:
    """Return the shell of this process, made when it is first asked for."""
    if not _own:
        _own.append(Shell(hear))
    return _own[0]


def _shell(wire: _Wire) -> Any:
    # History in memory: a file would only be thrown away.
    config = Config({"HistoryManager": {"hist_file": ":memory:"}})
    kernel = SimpleNamespace(eventloop=None, _allow_stdin=False)
    shell: Any = ZMQInteractiveShell.instance(
        config=config, kernel=kernel, user_ns={}, compiler_class=XCachingCompiler
    )
    shell.displayhook.session = shell.display_pub.session = wire
    shell.displayhook.topic = b"execute_result"
    shell.enable_gui = _no_gui
    # Nobody is there to answer: these two say so, as a kernel does.
    builtins.input = MethodType(Kernel.raw_input, kernel)
    getpass.getpass = MethodType(Kernel.getpass, kernel)
    way: Any = SimpleNamespace(ignore_cwd=False)
    InteractiveShellApp.init_path(way)  # type: ignore[no-untyped-call]
    return shell


def _stream(wire: _Wire, name: str, text: str) -> None:
    wire.send(None, "stream", {"name": name, "text": text})


def _no_gui(gui: str | None = None) -> None:
    """Accept what ``%matplotlib inline`` asks for; windows there are none."""
    if gui not in (None, "inline", "agg"):
        raise UsageError(f"no window can be opened here: '{gui}'")
