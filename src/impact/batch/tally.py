"""How a batch shall be run, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Tally", "Wishes"]


@dataclass(frozen=True)
class Wishes:
    """How a batch shall be run.

    Parameters
    ----------
    jobs : int or None
        Pilots at once; None: as many as the cluster has room for, or one.
    force : bool
        Run what is up to date, too.
    fail_fast : bool
        Begin no further pilot after the first that failed.
    timeout : float or None
        Seconds that a pilot's check, and its run, may each take.
    engine : str
        ``warm``: pilots run in children of a process that has imported everything;
        ``standard``: each in a new kernel.
    memory : int or None
        Bytes that a pilot may use; None: four fifths of what there is.
    scheduler : str
        Address of a Dask scheduler whose workers do the work; empty: this machine does.
    languages : tuple of str
        In which pages are wanted beside the pilot's own language.
    """

    jobs: int | None = 1
    force: bool = False
    fail_fast: bool = False
    timeout: float | None = None
    engine: str = "warm"
    memory: int | None = None
    scheduler: str = ""
    languages: tuple[str, ...] = ()


@dataclass
class Tally:
    """How a batch ended: the pilots by what became of them."""

    done: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    index_failed: bool = False
    unsent: bool = False
    interrupted: bool = False
    stopped: bool = False
    seconds: float = 0.0

    @property
    def exit_code(self) -> int:
        """0 all well; 1 a pilot failed; 2 none was left to run; 130 interrupted.

        ``refused`` are the pilots whose params or data are wrong. Where they are all
        there were, nothing was left to run. ``unsent``: the URL that outputs belong to does
        not have them all.
        """
        if self.interrupted:
            return 130
        others = self.done or self.unchanged or self.failed or self.left
        if self.refused and not others:
            return 2
        return 1 if self.refused or self.failed or self.index_failed or self.unsent else 0
