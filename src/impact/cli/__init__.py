"""The command line: arguments, progress, exit codes; no logic.

Nothing heavy is imported here, so that ``--help`` and ``--version`` answer at once.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from impact.cli import values
from impact.cli.power_options import add_power_options
from impact.cli.unread import finish, let_go

__all__ = ["default_jobs", "main"]

EXIT_CODES = """exit codes:
  0    all well
  1    at least one pilot failed; the others are done and published
  2    the call itself is wrong, or no pilot is left to run
  130  interrupted; what was finished stays"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        return _called(_parser().parse_args(argv))
    finally:
        finish(sys.stdout)


def _called(given: argparse.Namespace) -> int:
    from impact.errors import ImpactError

    try:
        return int(given.command(given))
    except ImpactError as error:
        print(f"impact: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("impact: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Whoever read our lines has gone.
        let_go(sys.stdout)
        return 1
    except OSError as error:
        name = Path(str(error.filename)).name if error.filename else "a file"
        print(f"impact: {name}: {(error.strerror or 'cannot be used').lower()}", file=sys.stderr)
        return 2
    except Exception as error:
        # The outer edge: a traceback may hold a value of a person, and helps nobody here.
        from impact.cli.unforeseen import told

        print(f"impact: {told(error, given)}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="impact",
        description="Did a pilot project work? From a params file to a page one can publish.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for add in (
        _add_run,
        _add_check,
        _add_verify,
        _add_new,
        _add_lab,
        _add_freeze,
        _add_power,
        _add_list,
    ):
        add(commands)
    return parser


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"impact {version('impact')}")
        parser.exit()


if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def _command(commands: Commands, name: str, does: str) -> argparse.ArgumentParser:
    def run(given: argparse.Namespace) -> int:
        from importlib import import_module

        return int(import_module(f"impact.cli.{name}").main(given))

    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=does,
        description=f"{does[0].upper()}{does[1:]}.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(command=run)
    return parser


def _add_run(commands: Commands) -> None:
    parser = _command(commands, "run", "check, execute and publish pilots, then the index")
    _pilots(parser)
    _folders(parser, "params", "reports", "runs")
    add = parser.add_argument
    _jobs(parser)
    add("--force", action="store_true", help="run pilots that are up to date, too")
    add("--fail-fast", action="store_true", help="begin no further pilot after one has failed")
    add("--timeout", type=values.seconds, metavar="S", help="seconds that a pilot may run")
    add("--scheduler", metavar="ADDRESS", default="", help="let a Dask cluster do the work")
    told = "memory that a pilot may use, as 800M or 4G (default: four fifths of what there is)"
    add("--memory", type=values.size, metavar="SIZE", help=told)
    add(
        "--engine",
        choices=("warm", "standard"),
        default="warm",
        help="warm: pilots start in a process that has imported everything (default); "
        "standard: each in a new kernel",
    )
    add(
        "--language",
        type=values.language,
        action="append",
        metavar="xx",
        help="a further language of the pages, repeatable: fr it es ca nl el ro sl lv en",
    )
    _talk(parser)


def _add_check(commands: Commands) -> None:
    parser = _command(commands, "check", "check params and data only, all faults at once")
    _pilots(parser)
    _folders(parser, "params")
    _jobs(parser)
    _talk(parser)


def _add_verify(commands: Commands) -> None:
    does = "run pilots once more, elsewhere, and compare with what is published"
    parser = _command(commands, "verify", does)
    _pilots(parser)
    _folders(parser, "params", "reports", "runs")
    _jobs(parser)
    parser.add_argument(
        "--timeout", type=values.seconds, metavar="S", help="seconds that each may run"
    )
    _talk(parser)


def _add_new(commands: Commands) -> None:
    parser = _command(commands, "new", "write a commented params file")
    parser.add_argument("pilot", metavar="PILOT", help="the new pilot's id: a-z, 0-9 and -")
    parser.add_argument("--data", type=Path, metavar="FILE", help="guess the roles of its columns")
    _folders(parser, "params")


def _add_lab(commands: Commands) -> None:
    does = "open JupyterLab on a working copy of the notebook with a pilot's parameters"
    parser = _command(commands, "lab", does)
    parser.add_argument(
        "pilot", metavar="PILOT", nargs="?", help="id or params file; none: the example"
    )
    _folders(parser, "params")
    add = parser.add_argument
    add("--fresh", action="store_true", help="replace a working copy that was edited")
    add("--no-browser", action="store_true", help="start the server only")
    add("--port", type=int, help="port of the server")


def _add_freeze(commands: Commands) -> None:
    parser = _command(commands, "freeze", "freeze the plan of a pilot: its date and its hash")
    parser.add_argument("pilot", metavar="PILOT", help="id, or path to a params file")
    _folders(parser, "params")
    parser.add_argument("--again", action="store_true", help="freeze anew a plan that is frozen")


def _add_power(commands: Commands) -> None:
    does = "tell the smallest effect that a pilot can find, or the sample it takes"
    parser = _command(commands, "power", does)
    told = "id, or path to a params file; none: a pilot of which only facts are known"
    parser.add_argument("pilot", metavar="PILOT", nargs="?", help=told)
    _folders(parser, "params")
    add_power_options(parser)


def _add_list(commands: Commands) -> None:
    parser = _command(commands, "list", "show the pilots and the state of each")
    _folders(parser, "params", "reports", "runs")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def _pilots(parser: argparse.ArgumentParser) -> None:
    told = "id, or path to a params file; none named: all of the params folder"
    parser.add_argument("pilots", metavar="PILOT", nargs="*", help=told)


def _folders(parser: argparse.ArgumentParser, *names: str) -> None:
    for name in names:
        told = f"the {name} folder (default: {name}/ of the project)"
        if name == "params":
            parser.add_argument(f"--{name}", type=Path, metavar="DIR", help=told)
        else:
            more = f"{told}, or a URL of an object store (s3:// gs:// az://)"
            parser.add_argument(f"--{name}", type=values.folder, metavar="DIR", help=more)


def _jobs(parser: argparse.ArgumentParser) -> None:
    told = "pilots at once (default: the cores)"
    parser.add_argument("--jobs", type=values.count, metavar="N", help=told)


def _talk(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--quiet", action="store_true", help="tell of failures only")
    parser.add_argument("--json", action="store_true", help="tell every event as a line of JSON")


def default_jobs() -> int:
    """Return how many pilots run at once unless said: the cores that there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
