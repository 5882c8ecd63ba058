"""Write the zoo: tiny notebooks, each named for its one defect.

Run it after a change here or of the params file's keys: ``python tests/notebooks/make.py``.
A defect that shows when the notebook runs strikes pilots whose id starts with ``bad`` only,
so that one notebook shows both a failure and its neighbours.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from impact.spec import PilotSpec

HERE = Path(__file__).parent

LOAD = "import impact\n\nspec = impact.load_parameters(globals())"
BAD = 'bad = spec.pilot.startswith("bad")'
TABLE = """\
import pandas as pd

from impact.spec import resolve, root_of

table = pd.read_csv(resolve(spec.data.path, root_of(spec)))"""
STATUS = """\
from impact.results import Status

title = spec.about.title or spec.pilot
Status(pilot=spec.pilot, title=title, guarded=False, unit_is="place")"""
EFFECTS = """\
from impact.results import GLOSSARY, EffectResult, Effects

row = dict.fromkeys(GLOSSARY) | {"pilot": spec.pilot, "outcome": "score", "method": "did"}
row |= {"estimand": "att", "term": "att", "estimate": table["score"].mean() / 3, "n_obs": 80}
row |= dict.fromkeys(["std_error", "statistic", "p_value", "conf_low", "conf_high"], 0.1)
row |= {"level": 0.95, "n_units": 40, "n_treated": 20, "n_clusters": 40, "inference": "cr1"}
Effects((EffectResult(pd.DataFrame([row], columns=GLOSSARY), base=20),))"""


def parameters(**values: object) -> str:
    return "\n".join(
        f"{key} = {json.dumps(values.get(key)).replace('null', 'None')}"
        for key in PilotSpec.model_fields
    )


def code(source: str, *tags: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {"tags": list(tags)} if tags else {},
        "outputs": [],
        "source": source.splitlines(keepends=True),
    }


def notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    numbered = [{"id": f"cell-{at}", **cell} for at, cell in enumerate(cells)]
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": numbered, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


TAGGED = code(parameters(), "parameters")
REST = [code(source) for source in (LOAD, TABLE, STATUS, EFFECTS)]


def striking(*lines: str) -> dict[str, Any]:
    """Return a notebook whose third code cell strikes bad pilots."""
    body = "\n".join(f"    {line}".rstrip() for line in lines)
    return notebook(TAGGED, REST[0], code(f"{BAD}\nif bad:\n{body}"), *REST[1:])


def other_pilot() -> dict[str, Any]:
    shown = STATUS.replace("pilot=spec.pilot", 'pilot="other" if bad else spec.pilot')
    return notebook(TAGGED, REST[0], code(BAD), REST[1], code(shown), REST[3])


ZOO = {
    "good": notebook(TAGGED, *REST),
    "no-parameters-tag": notebook(code(parameters()), *REST),
    "two-parameters-tags": notebook(TAGGED, TAGGED, *REST),
    "parameters-not-first": notebook(code('print("code before the parameters")'), TAGGED, *REST),
    "parameters-with-a-value": notebook(code(parameters(covariates=["age"]), "parameters"), *REST),
    "parameters-lack-a-key": notebook(
        code(parameters().replace("\npublished = None", ""), "parameters"), *REST
    ),
    "parameters-too-many": notebook(code(f"{parameters()}\ndata_path = None", "parameters"), *REST),
    "kernel-dies": striking("import os", "", "os._exit(1)"),
    "never-ends": striking("import time", "", "while True:", "    time.sleep(0.1)"),
    "ignores-signals": striking(
        "import signal",
        "import time",
        "",
        "signal.signal(signal.SIGINT, signal.SIG_IGN)",
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)",
        "while True:",
        "    time.sleep(1)",
    ),
    "leaves-a-process": striking(
        "import subprocess", "", 'subprocess.Popen(["sleep", "600"], start_new_session=True)'
    ),
    "exits-as-if-well": striking("import sys", "", "sys.exit(0)"),
    "exits-with-a-number": striking("import sys", "", "sys.exit(3)"),
    "raises-with-a-value": striking('raise ValueError("could not convert: Jane Doe, 1971")'),
    "raises-an-error-named-after-a-person": striking(
        'raise type("Jane_Doe_1971", (Exception,), {})("of no use")'
    ),
    "raises-our-error-itself": striking(
        "from impact.errors import DesignError", "", 'raise DesignError("Jane Doe, 1971")'
    ),
    "refused-by-the-package": striking('impact.load_spec("params/nowhere.yml")'),
    "runs-another-pilot": other_pilot(),
    "shows-no-status": notebook(TAGGED, *REST[:2], REST[3]),
    "asks-the-user": striking('input("which pilot?")'),
}


WIDE = """\
import pandas as pd

pd.DataFrame({f"column {at}": range(at, at + 80) for at in range(40)})"""
RICH = """\
class Rich:
    def _repr_html_(self):
        return "<b>rich</b>"

    def _repr_markdown_(self):
        return "**rich**"

    def __repr__(self):
        return "plain"


class Bundle:
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": "bundle", "application/json": {"a": (1, 2.5, None)}}, {"text/plain": {}}


class Broken:
    def __repr__(self):
        raise ValueError("no repr")
"""
FIGURE = """\
import matplotlib.pyplot as plt
import numpy as np

figure, axes = plt.subplots(figsize=(3, 2))
axes.plot(np.arange(5) ** 2)
axes.set_title("squares");"""
FORKED = """\
import os, time

if os.fork() == 0:
    print("from the fork", flush=True)
    os._exit(0)
print(os.wait()[1])
time.sleep(0.5)"""
ALLOWED = "raises-exception"

# What a notebook shows, by whichever process it is run.
SHOWN = {
    "shows-streams": [
        code("print('one', 'two', sep=', ')\nprint('three', end='')"),
        code("import sys\n\nsys.stderr.write('to the other stream\\n')"),
        code("print('out')\nprint('err', file=sys.stderr)\nprint('out again')"),
        code("import os, time\n\nos.write(1, b'below Python\\n')\ntime.sleep(0.5)  # an ordinary kernel hears of it late"),
        code("os.system('echo from another process; echo and its errors >&2')\ntime.sleep(0.5)"),
        code("!echo by a bang"),
        code("import subprocess\n\nprint(subprocess.run(['echo', 'x'], capture_output=True).stdout)"),
        code("for at in range(3):\n    print(at, end='\\r', flush=True)"),
        code("import logging\n\nlogging.warning('told by logging')"),
        code("import warnings\n\nwarnings.warn('told once', stacklevel=1)"),
        code("warnings.warn('old', DeprecationWarning, stacklevel=1)"),
        code("print(sys.stdout.isatty(), sys.stdout.encoding, sys.stdin.isatty())"),
        code("print('\\x1b[31mred\\x1b[0m', '√ → é', '\\N{GRINNING FACE}')"),
    ],
    "shows-results": [
        code("1 + 1"),
        code("_ + 1"),
        code("None"),
        code("'hidden';"),
        code("x = 1\nx"),
        code("[list(range(200)), {'a': 'b' * 100}]"),
        code(WIDE),
        code("pd.DataFrame({'a': [1.123456789, None], 'b': ['x', None]}).describe()"),
        code("print(pd.DataFrame({f'c{at}': [1.5] * 3 for at in range(30)}))"),
        code("pd.Series(range(3), name='s')"),
        code("pd.get_option('display.width'), pd.get_option('display.max_columns')"),
        code(RICH),
        code("Rich()"),
        code("Bundle()"),
        code("import numpy as np\n\nnp.linspace(0, 1, 7)"),
        code("Out[1], In[1], len(Out)"),
        code("%who int"),
        code("%%capture kept\nprint('kept')\n1"),
        code("kept.stdout"),
        code("get_ipython().__class__.__name__, __name__, '__file__' in globals()"),
        code("''"),
        code(""),
        code("# a comment"),
    ],
    "shows-displays": [
        code("from IPython.display import HTML, JSON, Image, Latex, Markdown, clear_output, display"),
        code("display(1, 'two')\nprint('between')\ndisplay(HTML('<i>three</i>'))\n4"),
        code("display(Markdown('*m*'), Latex('$x$'), JSON({'a': [1]}))"),
        code("handle = display('first', display_id='here')"),
        code("handle.update('second')"),
        code("display(HTML('<p>third</p>'), display_id='here', update=True)"),
        code("print('gone')\nclear_output()\nprint('stays')"),
        code("print('gone')\nclear_output(wait=True)\nprint('stays, too')"),
        code("display({'text/plain': 'raw', 'text/html': '<u>raw</u>'}, raw=True, metadata={'a': 1})"),
        code("import base64\n\nImage(base64.b64decode('R0lGODlhAQABAAAAACwAAAAAAQABAAA='), format='gif')"),
        code("%%html\n<s>magic</s>"),
        code("%%javascript\n1"),
    ],
    "shows-figures": [
        code(FIGURE),
        code("figure"),
        code("plt.plot([1, 2])\nplt.show()\nplt.hist([1, 2, 2])\nplt.show()\nprint('after both')"),
        code("%matplotlib inline"),
        code("plt.get_backend(), plt.isinteractive(), plt.rcParams['figure.dpi']"),
        code("plt.figure(figsize=(1, 1))\nplt.close('all')"),
        code("import seaborn as sns\n\nsns.set_theme()\nsns.scatterplot(x=[1, 2], y=[3, 4])"),
        code("%config InlineBackend.figure_formats = ['jpeg', 'png']\nplt.plot([3, 1]);"),
        code("plt.figure()\nplt.plot([1])\n1 / 0", ALLOWED),
    ],
    "shows-errors": [
        code("1 / 0", ALLOWED),
        code("try:\n    {}['a']\nexcept KeyError as error:\n    raise ValueError('b') from error", ALLOWED),
        code("def f(x):\n    return g(x)\n\n\ndef g(x):\n    return x.nothing\n\n\nf(1)", ALLOWED),
        code("if", ALLOWED),
        code("  x = 1\n y = 2", ALLOWED),
        code("raise KeyboardInterrupt", ALLOWED),
        code("raise type('Own', (Exception,), {})('mine')", ALLOWED),
        code("raise ExceptionGroup('two', [ValueError(1), TypeError(2)])", ALLOWED),
        code("%nothing", ALLOWED),
        code("!false"),
        code("_exit_code"),
        code("input('who?')", ALLOWED),
        code("import getpass\n\ngetpass.getpass()", ALLOWED),
        code(RICH),
        code("Broken()", ALLOWED),
        code("import sys\n\nsys.exit(3)", ALLOWED),
        code("print('still here')"),
        code("print('before')\nraise RuntimeError('the last one')"),
        code("print('never')"),
    ],
    "shows-loops": [
        code("import asyncio\n\nasync def later(x):\n    await asyncio.sleep(0.01)\n    return x"),
        code("await later(3)"),
        code("await asyncio.gather(later(1), later(2))"),
        code("asyncio.get_running_loop().is_running()"),
        code("task = asyncio.ensure_future(later(5))"),
        code("await task"),
        code("asyncio.run(later(1))", ALLOWED),
        code("await later(1) / 0", ALLOWED),
        code("import threading\n\none = threading.Thread(target=print, args=('in a thread',))\none.start()\none.join()"),
        code(FORKED),
        code("import os, signal\n\nos.kill(os.getpid(), signal.SIGINT)\nimport time\ntime.sleep(5)", ALLOWED),
        code("print('after the signal')"),
    ],
    "shows-imports": [
        code("from pathlib import Path\n\nPath('beside_it.py').write_text('HERE = 1')"),
        code("import beside_it\n\nbeside_it.HERE"),
        code("import pickle\n\nclass Kept:\n    pass\n\n\ntype(pickle.loads(pickle.dumps(Kept()))).__module__"),
        code("import sys\n\n[type(name) for name in sys.path], sys.path.index('') > 0, __doc__ is None"),
        code("import os\n\nsorted(name for name in os.environ if name in ('MPLBACKEND', 'PAGER', 'TERM'))"),
        code("import multiprocessing\n\nwith multiprocessing.get_context('fork').Pool(1) as pool:\n    print(pool.map(abs, [-1]))"),
        code("exit"),
    ],
    "leaves-by-exit": [code("print('one')"), code("exit()"), code("print('two')")],
}  # fmt: skip


# What a notebook may do to its process, by the pilot's name after "bad-".
DEEDS = {
    "crashes": "import ctypes\n\nctypes.string_at(0)",
    "leaves": "import os\n\nos._exit(0)",
    "exits": "raise SystemExit(0)",
    "kills-itself": "import os, signal\n\nos.kill(os.getpid(), signal.SIGKILL)",
    "hangs": "while True:\n    pass",
    "ignores": "import signal, time\n\nfor number in (2, 15):\n    signal.signal(number, signal.SIG_IGN)\ntime.sleep(600)",
    "floods": "for at in range(200_000):\n    print('x' * 100)",
    "prints-on": "line = 'x' * 10_000\nwhile True:\n    print(line)",
    "prints-below": "import subprocess\n\nsubprocess.run(['yes', 'x' * 1000])",
    "eats": "kept = []\nwhile True:\n    kept.append(bytearray(10_000_000))",
    "threads": "import threading, time\n\nwhile True:\n    threading.Thread(target=time.sleep, args=(600,), daemon=True).start()",
    "loses-data": "from impact.spec import resolve, root_of\n\nresolve(spec.data.path, root_of(spec)).unlink()",
    "closes": "import os, sys\n\nsys.stdout.close()\nos.close(1)\nos.close(2)",
    "fills": "import errno\n\nraise OSError(errno.ENOSPC, 'No space left on device')",
    "kills-the-warm": "import os, signal\n\nos.kill(os.getppid(), signal.SIGKILL)",
    "spoils": "import os, pandas as pd, matplotlib\n\npd.set_option('display.precision', 1)\nmatplotlib.rcParams['font.size'] = 40\nos.chdir('/')",
}


def hostile() -> dict[str, Any]:
    """Return a notebook that does to each pilot what its name says."""
    told = f"DEEDS = {DEEDS!r}\nexec(DEEDS.get(spec.pilot.removeprefix('bad-'), ''))"
    return notebook(TAGGED, *REST[:1], code(told), *REST[1:])


def main() -> None:
    shown = {name: notebook(*cells) for name, cells in SHOWN.items()}
    for name, made in {**ZOO, **shown, "hostile": hostile()}.items():
        text = json.dumps(made, indent=1, ensure_ascii=False) + "\n"
        (HERE / f"{name}.ipynb").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
