"""One pilot on its way through a batch: checked, executed, drawn, published, or failed."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from impact.batch.account import facts_of, failed_run, good_run
from impact.batch.crew import Stopped, Worker
from impact.batch.files import unwritten, write_whole
from impact.batch.inputs import Inputs
from impact.batch.kinds import kind_named
from impact.batch.plan import Task
from impact.batch.project import Project
from impact.batch.publish import now, publish_pilot
from impact.batch.quality import plainly
from impact.batch.record import Good, Run, write_run
from impact.batch.sources import Sources
from impact.errors import Fault, ImpactError, RunError

__all__ = ["Case"]


@dataclass
class Case:
    """A pilot that must run.

    Parameters
    ----------
    task : Task
        The pilot and its last run.
    project : Project
        Whose folders are written.
    inputs : Inputs
        What the run depends on.
    timeout : float or None
        Seconds that its check, and its run, may each take.
    tell : callable
        Called with each event.
    recorded : bool
        Whether logs and records are written; a mere check writes none.
    """

    task: Task
    project: Project
    inputs: Inputs
    timeout: float | None
    tell: Callable[[dict[str, Any]], None]
    recorded: bool = True
    state: str = "waiting"
    started: str = ""
    spent: float = 0.0
    begun: float | None = None
    memory: int = 0
    known: dict[str, Any] = field(default_factory=dict)
    rule: dict[str, Any] = field(default_factory=dict)
    quality: dict[str, Any] = field(default_factory=dict)
    place: dict[str, int] = field(default_factory=dict)
    machine: dict[str, Any] = field(default_factory=dict)
    used: int = 0

    @property
    def sound(self) -> bool:
        """Params and data are right, and it has not run yet."""
        return self.state == "sound"

    @property
    def done(self) -> bool:
        """Its page is published."""
        return self.state == "done"

    @property
    def failed(self) -> bool:
        """Its params, its data or its run are wrong."""
        return self.state == "failed"

    @property
    def seconds(self) -> float:
        """Seconds it has taken until now, waiting for a free worker left out."""
        now_at = 0.0 if self.begun is None else time.monotonic() - self.begun
        return self.spent + now_at

    @property
    def sources(self) -> Sources:
        """What its records lie in, as far as that is known."""
        return Sources(tuple(self.known.get("data", ())), tuple(self.known.get("marks", ())))

    def say(self, state: str, **more: Any) -> None:
        """Take on a state and tell it."""
        self.state = state
        self.tell({"event": "pilot", "pilot": self.task.pilot, "state": state, **more})

    def check(self, worker: Worker) -> None:
        """Check params and data."""
        self.started = now()
        self._attempt(self._check, worker)

    def run(self, worker: Worker) -> None:
        """Execute the notebook and publish the page."""
        self._attempt(self._run, worker)

    def fail(self, error: ImpactError) -> None:
        """Write down why there is no new page; the last good one stays."""
        faults = [self._plain(fault) for fault in error.faults]
        if self.recorded:
            try:
                write_run(self.project.folder(self.task.pilot), failed_run(self, faults))
            except OSError as refused:
                # Where a full disk is the fault already, once is enough.
                if not any(fault.code == "not-written" for fault in faults):
                    faults.append(unwritten(refused))
        told = [{k: v for k, v in asdict(f).items() if v and k != "rows"} for f in faults]
        lines = [str(fault) for fault in faults]
        self.say("failed", seconds=round(self.seconds, 2), message="\n".join(lines), faults=told)

    def _attempt(self, step: Callable[[Worker, float | None], None], worker: Worker) -> None:
        self.begun = time.monotonic()
        worker.memory = self.used = 0
        worker.waited = 0.0
        until = None if self.timeout is None else self.begun + self.timeout
        try:
            step(worker, until)
        except OSError as error:
            self.fail(RunError(unwritten(error)))
        except ImpactError as error:
            self.fail(error)
        except Stopped:
            raise
        except Exception as error:
            # The border between pilots: what is wrong with one must not end the others.
            self._keep(traceback.format_exc())
            self.fail(
                RunError(Fault("broke", "", f"the batch met {kind_named(type(error).__name__)}"))
            )
        finally:
            self.spent, self.begun = self.seconds, None
            self.memory = max(self.memory, worker.memory)

    def _check(self, worker: Worker, until: float | None) -> None:
        if self.task.twin:
            found = f"two params files are called '{self.task.pilot}'"
            raise RunError(
                Fault("two-files-one-id", self.task.twin, found, advice="keep one of them")
            )
        self.say("checking", why=self.task.why)
        if self.recorded:
            self._new_log()
        given = {"params": str(self.task.params), "root": str(self.project.root)}
        asked = given | {"quality": not self.recorded}
        checked = worker.ask("check", asked, tell=self._hear, log=self._log, until=until)
        self.rule = checked["rule"]
        self.quality = plainly(checked.get("quality", {}), self.project.plainly)
        self.say("waiting", **self._so_far())
        self.state = "sound"

    def _run(self, worker: Worker, until: float | None) -> None:
        folder = self.project.folder(self.task.pilot)
        executed = folder / "running.ipynb"
        inputs = self.inputs.of(self.task.params, self.sources)
        self.say("running", why=self.task.why)
        self._execute(worker, executed, until)
        self.say("publishing", **self.place)
        facts = facts_of(self, inputs)
        given = {
            "notebook": str(executed),
            "pilot": self.task.pilot,
            "rule": self.rule,
            "params": str(self.task.params),
            "before": str(folder / "edition.json"),
            "languages": list(self.task.languages),
            "made": facts,
        }
        drawn = worker.ask("draw", given, tell=self._hear, log=self._log, until=until)

        self.memory = max(self.memory, worker.memory)

        def record(good: Good) -> Run:
            return good_run(self, facts, good, drawn["entry"])

        run = publish_pilot(
            self.project, self.task.pilot, executed=executed, drawn=drawn, record=record
        )
        self.project.send(self.task.pilot)
        most = {"memory": run.memory} if run.memory else {}
        self.say("done", seconds=round(run.seconds, 2), **most, **self.place)

    def _execute(self, worker: Worker, executed: Path, until: float | None) -> None:
        given = {
            "notebook": str(self.project.notebook),
            "output": str(executed),
            "params": str(self.task.params),
            "log": self.project.short(self.project.log(self.task.pilot)),
        }
        try:
            told = worker.ask("execute", given, tell=self._hear, log=self._log, until=until)
            self.machine = told["machine"]
        except RunError:
            if executed.is_file():
                executed.replace(executed.with_name("failed.ipynb"))
            raise
        except Stopped:
            executed.unlink(missing_ok=True)
            raise
        finally:
            worker.tidy()

    def _hear(self, event: dict[str, Any]) -> None:
        kind = event.pop("event")
        if kind == "known":
            self.known = event
        elif kind == "use":
            self.used = event["bytes"]
            said = {"event": "use", "pilot": self.task.pilot, "state": self.state}
            self.tell({**said, **self.place, **self._so_far()})
        else:
            self.place = event
            self.say("running", **event, **self._so_far())

    def _so_far(self) -> dict[str, Any]:
        """Return the seconds until now, and the bytes in use where that was looked at."""
        use = {"memory": self.used} if self.used else {}
        return {"seconds": round(self.seconds, 2), **use}

    @property
    def _log(self) -> Path | None:
        return self.project.log(self.task.pilot) if self.recorded else None

    def _new_log(self) -> None:
        title = f"{self.task.pilot}, {self.started}, because: {self.task.why}\n"
        write_whole(self.project.log(self.task.pilot), title)

    def _keep(self, text: str) -> None:
        if self._log is not None:
            self._log.parent.mkdir(parents=True, exist_ok=True)
            with self._log.open("a", encoding="utf-8") as log:
                log.write(text)

    def _plain(self, fault: Fault) -> Fault:
        if fault.code == "time-limit":
            at = f"cell {self.place['cell']} of {self.place['cells']}" if self.place else ""
            found = f"stopped after {self.timeout:g} seconds, the time limit"
            return Fault(fault.code, at, found)
        said = ("where", "found", "expected", "advice")
        plain = {name: self.project.plainly(getattr(fault, name)) for name in said}
        return replace(fault, rows=(), **plain)
