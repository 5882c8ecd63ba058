"""The one writer of a project's outputs: what it finds, what it puts right, what it sends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import Any

from impact.batch.files import sweep_parts
from impact.batch.journal import settle, unsettled
from impact.batch.lock import held
from impact.batch.project import Project
from impact.errors import RunError

__all__ = ["put_right", "sent", "writing"]

Tell = Callable[[dict[str, Any]], None]


@contextmanager
def writing(project: Project, tell: Tell) -> Iterator[None]:
    """Be the one writer of a project's outputs for as long as the block runs.

    Outputs that belong to a URL are here then; what a killed batch left is put right.

    Raises
    ------
    RunError
        Another batch is at work, or a store cannot be read.
    """
    mirror = project.mirror
    with held(project.runs / ".lock"), nullcontext() if mirror is None else mirror.held():
        if mirror is not None:
            mirror.fetch()
        put_right(project, tell)
        yield


def put_right(project: Project, tell: Tell) -> None:
    """Finish what a killed batch was publishing, and remove what it left.

    The caller holds the project's lock.
    """
    for folder in (project.runs, project.reports, *project.runs.glob("*/")):
        sweep_parts(folder)
    for folder in unsettled(project.runs):
        what = "the index" if folder == project.runs else folder.name
        # What cannot be written is told when it is published again.
        with suppress(OSError):
            if settle(folder):
                said = f"an earlier batch was cut off while it published {what}: put right"
                tell({"event": "note", "message": said})


def sent(project: Project, tell: Tell) -> bool:
    """Send what has changed to where it belongs; say whether all of it is there.

    Where it is not, that is told in one line; the next batch begins with what is there.
    """
    if project.mirror is None:
        return True
    try:
        project.mirror.send_all()
    except (RunError, OSError) as error:
        why = str(error) if isinstance(error, RunError) else "a file of this machine is unreadable"
        said = f"not all is published: {why}; what is there stays, the next run sends the rest"
        tell({"event": "store", "state": "failed", "message": project.plainly(said)})
        return False
    return True
