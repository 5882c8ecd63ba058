"""A batch from its first check to its index: who runs when, and what a failure means."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from impact.batch.case import Case
from impact.batch.cluster import Cluster
from impact.batch.crate import write_crate
from impact.batch.crew import Crew, Worker
from impact.batch.index import bring_in_line
from impact.batch.inputs import Inputs
from impact.batch.joining import connected
from impact.batch.memory import fitting
from impact.batch.plan import Task, plan
from impact.batch.project import Project
from impact.batch.starts import Starts
from impact.batch.tally import Tally, Wishes
from impact.batch.warm import Warm, starts_of
from impact.batch.watch import room
from impact.batch.writing import sent, writing
from impact.errors import ImpactError

__all__ = ["check_all", "run_batch"]

Tell = Callable[[dict[str, Any]], None]


def run_batch(
    project: Project, files: Sequence[Path], wishes: Wishes, tell: Tell, *, index: bool = True
) -> Tally:
    """Check all pilots that must run, run those that can, publish each, then the index.

    Parameters
    ----------
    project : Project
        Whose folders are read and written.
    files : sequence of Path
        The params files.
    wishes : Wishes
        How.
    tell : callable
        Called with each event, one at a time.
    index : bool
        Whether the index is brought in line.

    Raises
    ------
    RunError
        Another batch is at work in this project, or its outputs cannot be had.
    """
    begun = time.monotonic()
    tally = Tally()
    with writing(project, tell):
        inputs = Inputs(project)
        tasks = plan(project, files, inputs, force=wishes.force, languages=wishes.languages)
        tell({"event": "batch", "pilots": [task.pilot for task in tasks], "jobs": wishes.jobs})
        for task in tasks:
            if not task.why:
                tally.unchanged.append(task.pilot)
                tell({"event": "pilot", "pilot": task.pilot, "state": "unchanged"})
        stale = [task for task in tasks if task.why]
        with closing(_starts(project, wishes, tell, stale)) as starts:
            if stale:
                _Batch(project, inputs, wishes, _one_at_a_time(tell), tally, starts).run(stale)
            if index and not tally.stopped:
                # The index is made of what is here; workers that do not see it are not asked.
                here = None if isinstance(starts, Cluster) and starts.apart else starts
                tally.index_failed = not bring_in_line(project, inputs, tell, here)
        with suppress(OSError):  # they say again what is known, and the next batch tries again
            inputs.memo.keep()
            if index:
                write_crate(project)
        tally.unsent = not sent(project, tell)
    tally.seconds = time.monotonic() - begun
    return tally


def check_all(project: Project, files: Sequence[Path], wishes: Wishes, tell: Tell) -> Tally:
    """Check params and data of all pilots; execute nothing, write no page and no record."""
    begun = time.monotonic()
    tally = Tally()
    inputs = Inputs(project)
    tasks = plan(project, files, inputs, force=True)
    tell({"event": "batch", "pilots": [task.pilot for task in tasks], "jobs": wishes.jobs})
    with closing(_starts(project, wishes, tell, tasks)) as starts:
        told = _one_at_a_time(tell)
        _Batch(project, inputs, wishes, told, tally, starts, recorded=False).check(tasks)
    tally.seconds = time.monotonic() - begun
    return tally


def _starts(project: Project, wishes: Wishes, tell: Tell, tasks: Sequence[Task]) -> Starts:
    """Return how processes are started; a warm one begins at once, if it will be needed."""
    if wishes.scheduler and tasks:
        cluster = connected(wishes.scheduler, project, engine=wishes.engine, memory=wishes.memory)
        if cluster.note:
            tell({"event": "note", "message": cluster.note})
        return cluster
    starts = starts_of(project.root, wishes.engine)
    if isinstance(starts, Warm) and tasks:
        starts.begin()
    elif wishes.engine == "warm" and tasks and not starts.fresh:
        said = "this system has no fork: every pilot gets a new kernel, as with --engine standard"
        tell({"event": "note", "message": said})
    return starts


@dataclass
class _Batch:
    """The pilots of one batch that are not up to date, and the crew that works on them."""

    project: Project
    inputs: Inputs
    wishes: Wishes
    tell: Tell
    tally: Tally
    starts: Starts
    recorded: bool = True

    def run(self, tasks: Sequence[Task]) -> None:
        with self._crew(tasks) as crew:
            cases = self._cases(tasks)
            notebook: list[ImpactError] = []
            looks = [lambda worker: self._inspect(worker, notebook)]
            crew.each([*looks, *(case.check for case in cases)], lambda worker, do: do(worker))
            sound = [case for case in cases if case.sound]
            self.tally.refused += [case.task.pilot for case in cases if case.failed]
            if self.wishes.fail_fast and self.tally.refused:
                crew.finish()
            for case in sound if notebook else ():
                case.fail(notebook[0])
            if not notebook:
                # The longest first: what ends last shall not begin last.
                sound.sort(key=lambda case: case.task.expected, reverse=True)
                crew.each(sound, lambda worker, case: self._run(crew, worker, case))
            self._count(crew, cases)

    def check(self, tasks: Sequence[Task]) -> None:
        with self._crew(tasks) as crew:
            cases = self._cases(tasks)
            crew.each(cases, lambda worker, case: case.check(worker))
            for case in cases:
                if case.sound:
                    case.say("sound", quality=case.quality)
            self.tally.done += [case.task.pilot for case in cases if case.sound]
            self.tally.failed += [case.task.pilot for case in cases if case.failed]
            self.tally.left += [c.task.pilot for c in cases if not c.sound and not c.failed]

    @contextmanager
    def _crew(self, tasks: Sequence[Task]) -> Iterator[Crew]:
        size = self._size(tasks)
        crew = Crew(self.project.root, size=size, starts=self.starts, memory=self.wishes.memory)
        with crew, self._minding_signals(crew):
            yield crew

    def _size(self, tasks: Sequence[Task]) -> int:
        """Return how many pilots run at once: no more than fit into memory."""
        if isinstance(self.starts, Cluster):
            return min(self.wishes.jobs or self.starts.size, len(tasks))
        jobs = min(self.wishes.jobs or 1, len(tasks))
        size = fitting(tasks, jobs, room())
        if size < jobs:
            said = f"{size} at once instead of {jobs}: the last runs used too much memory for more"
            self.tell({"event": "note", "message": said})
        return size

    def _cases(self, tasks: Sequence[Task]) -> list[Case]:
        given = (self.project, self.inputs, self.wishes.timeout, self.tell, self.recorded)
        return [Case(task, *given) for task in tasks]

    def _inspect(self, worker: Worker, found: list[ImpactError]) -> None:
        notebook = self.project.notebook
        try:
            given = {"notebook": str(notebook), "where": self.project.short(notebook)}
            worker.ask("inspect", given)
        except ImpactError as error:
            found.append(error)

    def _run(self, crew: Crew, worker: Worker, case: Case) -> None:
        case.run(worker)
        if case.failed and self.wishes.fail_fast:
            crew.finish()

    def _count(self, crew: Crew, cases: Sequence[Case]) -> None:
        for case in cases:
            pilot = case.task.pilot
            if case.done:
                self.tally.done.append(pilot)
            elif case.failed and pilot not in self.tally.refused:
                self.tally.failed.append(pilot)
            elif not case.failed:
                self.tally.left.append(pilot)
                case.say("left")

    @contextmanager
    def _minding_signals(self, crew: Crew) -> Iterator[None]:
        """Interrupted once: what runs goes on to its page. Twice, or terminated: stop now."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def on_signal(number: int, frame: object) -> None:
            again, self.tally.interrupted = self.tally.interrupted, True
            if again or number != signal.SIGINT:
                self.tally.stopped = True
                # In a thread: the handler may have interrupted whoever holds a lock.
                threading.Thread(target=crew.stop).start()
            else:
                crew.finish()
                threading.Thread(target=self.tell, args=({"event": "interrupted"},)).start()

        numbers = [signal.SIGINT, signal.SIGTERM]
        before = {number: signal.signal(number, on_signal) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _one_at_a_time(tell: Tell) -> Tell:
    lock = threading.Lock()

    def told(event: dict[str, Any]) -> None:
        with lock:
            tell(event)

    return told
