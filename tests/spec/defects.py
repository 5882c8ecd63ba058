"""Named defects, each injected into a good params file, and the message that is due.

``PARAMS_DEFECTS`` holds ``(name, make, due)``: ``make`` takes a good text (`GOOD`, or the
same with another pilot id and data path) and returns it with one defect; ``due`` is part
of the message. The faulty line ends in `MARK`, so that a test knows it without parsing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

GOOD = """\
# yaml-language-server: $schema=./schema.json
pilot: good-pilot
about:
  title: Early civic integration
  place: Tilburg
  country: NL
  programme: Includ-EU
  themes: [education, participation]
  starts: 2021-03-01
  ends: 2022-02-28
  simulated: true
  invented: false
  theory_of_change: Early contact with people of the town makes later contact easier.
  partners: [City of Tilburg]
  mentor: Mechelen
  mentee: Capaci
  source: simulated
  cost:
    amount: 210000
    currency: EUR
data:
  path: data/good-pilot.csv
  sheet: null
  encoding: null
  unit: person
  unit_is: person
  period: wave
  weight: w
  drop: [_uuid, _geolocation]
  missing:
    refused: [98]
    not_known: [99]
    not_asked: ["n/a"]
design:
  kind: did
  sample: panel
  treated: in_pilot
  starts: 2
  assignment: person
  place: municipality
  randomised: false
  anticipation: 0
  comparison: Status holders of the five neighbouring municipalities.
  eligible: 420
  enrolled: 310
outcomes:
  - column: volunteering
    label: Volunteers
    indicator: volunteering
    kind: binary
    direction: higher
    role: primary
    smallest_effect: 0.05
    scale: [0, 1]
    measured_in: people
    caveat: Asked by the case worker.
  - column: trust
    indicator: trust_municipality
covariates: [age, female]
subgroups: [female]
analysis:
  methods: [did, twfe]
  inference: auto
  cluster: municipality
  control_group: not_yet_treated
  estimation: doubly_robust
  level: 0.95
  multiplicity: holm
  replications: 999
  seed: 20210301
plan:
  frozen: 2021-02-01
  hash: 0a1b
  registry: OSF
  endline: 2022-01-10
  progression:
    - says: Eight in ten take part
      met: true
  deviations:
    - date: 2021-06-01
      what: One municipality left
      why: It merged
      major: true
      after_seeing_data: false
      outcome: trust
report:
  language: en
  minimum_cell: 10
published:
  - outcome: trust
    method: did
    estimate: 0.3
    std_error: 0.1
    term: did
    source: An author (2020), table 3
    note: Rounded
"""

MARK = "# fault here"
Make = Callable[[str], str]
Defect = tuple[str, Make, str]

TEXTS = (
    "about.title",
    "about.place",
    "about.country",
    "about.programme",
    "about.theory_of_change",
    "about.mentor",
    "about.mentee",
    "about.source",
    "about.cost.currency",
    "data.path",
    "data.sheet",
    "data.encoding",
    "data.unit",
    "data.period",
    "data.weight",
    "design.treated",
    "design.assignment",
    "design.place",
    "design.comparison",
    "outcomes[1].column",
    "outcomes[1].label",
    "outcomes[1].measured_in",
    "outcomes[1].caveat",
    "analysis.cluster",
    "plan.hash",
    "plan.registry",
    "plan.progression[1].says",
    "plan.deviations[1].what",
    "plan.deviations[1].why",
    "plan.deviations[1].outcome",
    "published[1].outcome",
    "published[1].term",
    "published[1].source",
    "published[1].note",
)
CHOICES = {
    "data.unit_is": ("persons", "person"),
    "design.kind": ("stagered", "staggered"),
    "design.sample": ("pannel", "panel"),
    "outcomes[1].indicator": ("volunteerin", "volunteering"),
    "outcomes[1].kind": ("Binary", "binary"),
    "outcomes[1].direction": ("lowr", "lower"),
    "outcomes[1].role": ("primry", "primary"),
    "analysis.inference": ("wild-bootstrap", "wild_bootstrap"),
    "analysis.control_group": ("never-treated", "never_treated"),
    "analysis.estimation": ("double_robust", "doubly_robust"),
    "analysis.multiplicity": ("holms", "holm"),
    "report.language": ("eng", "en"),
    "published[1].method": ("twfee", "twfe"),
}
NUMBERS = {
    "about.cost.amount": "a number, at least 0",
    "outcomes[1].smallest_effect": "a number above 0",
    "analysis.level": "a number from 0.5 to 0.999",
    "analysis.replications": "a whole number from 99 to 1000000",
    "analysis.seed": "a whole number from 0 to 4294967295",
    "report.minimum_cell": "a whole number from 5 to 1000",
    "design.anticipation": "a whole number from 0 to 20",
    "design.eligible": "a whole number, at least 0",
    "design.enrolled": "a whole number, at least 0",
    "published[1].estimate": "a number",
    "published[1].std_error": "a number, at least 0",
}
DATES = (
    "about.starts",
    "about.ends",
    "plan.frozen",
    "plan.endline",
    "plan.deviations[1].date",
)
TRUTHS = (
    "about.simulated",
    "about.invented",
    "design.randomised",
    "plan.progression[1].met",
    "plan.deviations[1].major",
    "plan.deviations[1].after_seeing_data",
)
NAME_LISTS = ("about.partners", "data.drop", "covariates", "subgroups")
CODE_LISTS = ("data.missing.refused", "data.missing.not_known", "data.missing.not_asked")
GROUPS = ("about", "about.cost", "data", "data.missing", "design", "analysis", "plan", "report")
RECORD_LISTS = ("outcomes", "plan.progression", "plan.deviations", "published")
REQUIRED = (
    "pilot",
    "about.cost.amount",
    "data.path",
    "design.kind",
    "outcomes[1].column",
    "plan.progression[1].says",
    "plan.deviations[1].date",
    "plan.deviations[1].what",
    "plan.deviations[1].why",
    "published[1].outcome",
    "published[1].method",
    "published[1].estimate",
    "published[1].source",
)


def keys_of(lines: list[str]) -> dict[str, int]:
    """Return every key, as messages write it, and its position; read by the indents alone."""
    keys: dict[str, int] = {}
    stack: list[tuple[int, str]] = []
    for position, line in enumerate(lines):
        found = re.match(r"^( *(?:- )?)(\w+):", line)
        if not found:
            continue
        while stack and stack[-1][0] >= len(found[1]):
            stack.pop()
        if "- " in found[1]:
            stack[-1] = (stack[-1][0], stack[-1][1].partition("[")[0] + "[1]")
        stack.append((len(found[1]), found[2]))
        keys.setdefault(".".join(name for _, name in stack), position)
    return keys


def _block(lines: list[str], at: int) -> int:
    """Return the position after the line and what is indented below it."""
    indent = len(lines[at]) - len(lines[at].lstrip(" -"))
    end = at + 1
    while end < len(lines) and len(lines[end]) - len(lines[end].lstrip(" ")) > indent:
        end += 1
    return end


def _edit(key: str, change: Callable[[list[str], int], None]) -> Make:
    def make(text: str) -> str:
        lines = text.splitlines()
        change(lines, keys_of(lines)[key])
        return "\n".join(lines) + "\n"

    return make


def put(key: str, value: str) -> Make:
    """Give a key another value, in place of all that stands below it."""

    def change(lines: list[str], at: int) -> None:
        head = lines[at].partition(":")[0]
        lines[at : _block(lines, at)] = [f"{head}: {value} {MARK}"]

    return _edit(key, change)


def rename(key: str, name: str) -> Make:
    """Misspell a key."""

    def change(lines: list[str], at: int) -> None:
        old = key.rpartition(".")[2].partition("[")[0]
        lines[at] = f"{lines[at].replace(old, name, 1)} {MARK}"

    return _edit(key, change)


def double(key: str) -> Make:
    """Let a key stand twice."""

    def change(lines: list[str], at: int) -> None:
        end = _block(lines, at)
        block = [lines[at].replace("- ", "  ", 1), *lines[at + 1 : end]]
        lines[end:end] = [f"{block[0]} {MARK}", *block[1:]]

    return _edit(key, change)


def below(key: str, line: str) -> Make:
    """Add a line of the same indent below a key."""

    def change(lines: list[str], at: int) -> None:
        end = _block(lines, at)
        indent = " " * (len(lines[at]) - len(lines[at].lstrip(" -")))
        lines[end:end] = [f"{indent}{line} {MARK}"]

    return _edit(key, change)


def without(key: str, marked: str) -> Make:
    """Take a key away; the fault is told where the group begins that lacks it."""

    def change(lines: list[str], at: int) -> None:
        lines[at : _block(lines, at)] = []
        above = keys_of(lines)[marked]
        lines[above] = f"{lines[above]} {MARK}"

    return _edit(key, change)


def chain(*makes: Make) -> Make:
    """Make several changes; only the last one is the fault."""

    def make(text: str) -> str:
        for step in makes:
            text = step(text.replace(f" {MARK}", ""))
        return text

    return make


def last(key: str) -> str:
    """Return the last name of a key."""
    return key.rpartition(".")[2].partition("[")[0]


def misspelt_keys() -> Iterator[Defect]:
    for key in keys_of(GOOD.splitlines()):
        name = last(key)
        wrong = key[: len(key) - len(name)] + name + name[-1]
        due = f"unknown key '{wrong}'"
        yield f"misspelt {key}", rename(key, name + name[-1]), due


def doubled_keys() -> Iterator[Defect]:
    for key in keys_of(GOOD.splitlines()):
        yield f"doubled {key}", double(key), f"the key '{key}' stands twice"


def wrong_kinds() -> Iterator[Defect]:
    for key in TEXTS:
        wanted = {
            "about.country": "a country code of two capital letters",
            "about.cost.currency": "a currency code of three capital letters",
        }.get(key, "text")
        yield f"list for text {key}", put(key, "[a, b]"), f"found a list; expected {wanted}"
    for key in NUMBERS:
        due = f"found 'many'; expected {NUMBERS[key]}"
        yield f"text for number {key}", put(key, "many"), due
        due = f"found yes, which YAML reads as true; expected {NUMBERS[key]}"
        yield f"yes for number {key}", put(key, "yes"), due
    for key in DATES:
        yield f"number for date {key}", put(key, "20210301"), "expected a date written year-month"
        yield f"no such day {key}", put(key, "2021-02-30"), "found '2021-02-30'; expected a date"
    for key in TRUTHS:
        yield (
            f"text for truth {key}",
            put(key, "perhaps"),
            "found 'perhaps'; expected true or false",
        )
    for key in (*NAME_LISTS, *CODE_LISTS):
        yield f"text for list {key}", put(key, "age"), "put it in brackets: [age]"
        yield f"group in list {key}", put(key, "[{a: 1}]"), f"{key}[1]: found a group of keys"
    for key in GROUPS:
        yield f"text for group {key}", put(key, "much"), "found 'much'; expected a group of keys"
    for key in RECORD_LISTS:
        yield f"group for list {key}", put(key, "{a: 1}"), "found a group of keys; expected a list"
        yield f"text in list {key}", put(key, "[a]"), f"{key}[1]: found 'a'; expected a group"


def yaml_traps() -> Iterator[Defect]:
    for key in TEXTS:
        due = "found NO, which YAML reads as false"
        yield f"bare NO {key}", put(key, "NO"), due
    for key in ("design.treated", "outcomes[1].column", "data.unit", "about.place"):
        yield f"bare number {key}", put(key, "2019"), "put it in quotes: '2019'"
        yield f"empty {key}", put(key, '""'), "found empty text; expected text"
    yield "time of day", put("design.starts", "12:30"), "12:30 is read as the number 750"
    yield "leading zero", put("data.missing.refused", "[010]"), "010 is read as the number 8"
    yield "hexadecimal", put("design.starts", "0x1F"), "0x1F is read as the number 31"
    yield "underscored period", put("design.starts", "2020_1"), "2020_1 is read as the number 20201"
    yield "underscored code", put("data.missing.refused", "[1_000]"), "1_000 is read as the number"
    yield "yes as a period", put("design.starts", "yes"), "found yes, which YAML reads as true"
    yield "no as a code", put("data.missing.refused", "[no]"), "found no, which YAML reads as false"
    yield "no in a list of columns", put("covariates", "[age, no]"), "covariates[2]: found no"
    yield "null in a list of columns", put("covariates", "[age, ~]"), "covariates[2]: found nothing"
    yield "key read as true", rename("about.place", "yes"), "the key 'yes' is read as true"
    yield "not a number", put("analysis.level", ".nan"), "found nan; expected a finite number"
    yield "infinite", put("about.cost.amount", ".inf"), "found inf; expected a finite number"


def missing_keys() -> Iterator[Defect]:
    for key in REQUIRED:
        yield f"null {key}", put(key, "null"), f"the key '{key}' is missing or empty"
    for key in ("about.cost.amount", "data.path", "design.kind"):
        above = key.rpartition(".")[0]
        yield f"without {key}", without(key, above), f"the key '{key}' is missing or empty"
    for key in ("data", "design", "outcomes"):
        yield f"null {key}", put(key, "null"), f"the key '{key}' is missing or empty"
    yield "no outcome", put("outcomes", "[]"), "found an empty list; expected a list of at least"
    yield "no method", put("analysis.methods", "[]"), "found an empty list; expected 'auto' or"
    for key in ("design.treated", "design.starts", "data.period"):
        yield f"did without {key}", put(key, "null"), f"a did design needs '{key}'"
    yield "panel without unit", put("data.unit", "null"), "needs 'data.unit'"


def wrong_choices() -> Iterator[Defect]:
    for key, (wrong, right) in CHOICES.items():
        yield f"misspelt value {key}", put(key, wrong), f"did you mean '{right}'?"
    yield "misspelt theme", put("about.themes", "[housng]"), "did you mean 'housing'?"
    yield "bare theme", put("about.themes", "housing"), "did you mean ['housing']?"
    yield "misspelt method", put("analysis.methods", "[did, twfee]"), "did you mean 'twfe'?"
    yield "bare method", put("analysis.methods", "twfe"), "did you mean ['twfe']?"
    afterwards = put("outcomes[1].indicator", "says_activity_helped")
    yield "asked only afterwards", afterwards, "is asked only afterwards"
    yield "long country", put("about.country", "Netherlands"), "two capital letters (ISO 3166)"
    yield "small country", put("about.country", "nl"), "two capital letters (ISO 3166)"
    yield "currency sign", put("about.cost.currency", "€"), "three capital letters (ISO 4217)"
    for key, value in {
        "analysis.level": "95",
        "analysis.replications": "10",
        "analysis.seed": "-1",
        "report.minimum_cell": "3",
        "design.anticipation": "1.5",
        "about.cost.amount": "-5",
        "outcomes[1].smallest_effect": "0",
        "published[1].std_error": "-0.1",
    }.items():
        due = f"found {value}; expected {NUMBERS[key]}"
        yield f"out of range {key}", put(key, value), due
    for value in ("[0]", "[0, 1, 2]", "0-1", "{low: 0, high: 1}"):
        due = "expected a list of two numbers, the lowest and the highest"
        yield f"scale {value}", put("outcomes[1].scale", value), due


def wrong_ids() -> Iterator[Defect]:
    for value in ("a/b", "../x", "a.b", "Good-Pilot", "good pilot", "-x", "à", "x" * 81):
        yield f"id {value[:10]}", put("pilot", f"'{value}'"), "pilot: found '"
    yield "id is another", put("pilot", "another"), "the pilot's id is 'another', the file's name"
    yield "id of the index", put("pilot", "index"), "'index' is a name that is taken"
    yield "id of a device", put("pilot", "con"), "'con' is a name that is taken"


def broken_rules() -> Iterator[Defect]:
    for path in (
        "../x.csv",
        "data/../../x.csv",
        "..\\x.csv",
        "~/x.csv",
        " ../x.csv",
        "..//x://y",
        "\\x.csv",
    ):
        yield f"path {path}", put("data.path", f"'{path}'"), "leaves the project"
    yield "path with a bell", put("data.path", '"a\\ab.csv"'), "a character that no file name has"
    yield "sheet of a csv", put("data.sheet", "Sheet1"), "is no workbook"
    for name in ("cp1352", "greek to me", "idna", "hex"):
        yield f"encoding {name}", put("data.encoding", name), "is no known encoding"
    yield "ends before start", put("about.ends", "2020-01-01"), "before it starts on 2021-03-01"
    yield "endline before start", put("plan.endline", "2020-01-01"), "before the pilot starts"
    early = put("plan.deviations[1].date", "2020-01-01")
    yield "deviation before plan", early, "before the plan was frozen"
    yield "scale reversed", put("outcomes[1].scale", "[1, 0]"), "the scale runs from 1 to 0"
    yield "scale of no width", put("outcomes[1].scale", "[1, 1]"), "the scale runs from 1 to 1"
    yield "binary in percent", put("outcomes[1].scale", "[0, 100]"), "the outcome is binary"
    yield "effect in percent", put("outcomes[1].smallest_effect", "5"), "more than the whole scale"
    code = put("data.missing.refused", "[9]")
    yield "code inside a scale", code, "is a valid answer of the outcome 'trust'"
    yield "code inside 0 and 1", put("data.missing.refused", "['1']"), "is a valid answer of the"
    yield "code twice", put("data.missing.not_known", "[98]"), "already stands under 'refused'"
    yield "unknown published", put("published[1].outcome", "trusst"), "did you mean 'trust'?"
    late = put("plan.deviations[1].outcome", "trusst")
    yield "unknown outcome of a deviation", late, "did you mean 'trust'?"
    yield "unit is period", put("data.period", "person"), "is already 'data.unit'"
    yield "treated is unit", put("design.treated", "person"), "is already 'data.unit'"
    yield "weight is period", put("data.weight", "wave"), "is already 'data.period'"
    yield "treated as covariate", put("covariates", "[in_pilot]"), "is already 'design.treated'"
    yield "covariate twice", put("covariates", "[age, age]"), "covariates[2]: 'age' stands twice"
    yield "subgroup twice", put("subgroups", "[female, female]"), "subgroups[2]: 'female' stands"
    yield "theme twice", put("about.themes", "[housing, housing]"), "'housing' stands twice"
    yield "method twice", put("analysis.methods", "[did, did]"), "'did' stands twice"
    for column, role in {
        "age": "covariates",
        "female": "covariates",
        "in_pilot": "design.treated",
        "person": "data.unit",
        "wave": "data.period",
        "w": "data.weight",
        "municipality": "design.place",
    }.items():
        yield f"outcome {column}", put("outcomes[1].column", column), f"is already '{role}'"
    yield "dropped outcome", put("data.drop", "[trust]"), "is dropped, but it is 'outcomes'"
    yield "dropped unit", put("data.drop", "[a, person]"), "is dropped, but it is 'data.unit'"


def broken_designs() -> Iterator[Defect]:
    first = below("design.kind", "first_treated: cohort")
    yield "did with cohorts", first, "a did design has no use for 'design.first_treated'"
    staggered = chain(put("design.treated", "null"), put("design.starts", "null"))
    kind = chain(staggered, put("design.kind", "staggered"))
    yield (
        "treated in staggered",
        chain(
            kind,
            below("design.kind", "first_treated: cohort"),
            put("analysis.methods", "auto"),
            put("design.treated", "in_pilot"),
        ),
        "a staggered design has no use for 'design.treated'",
    )
    before = chain(put("analysis.methods", "auto"), put("design.kind", "before_after"))
    yield (
        "treated before-after",
        chain(before, put("design.treated", "in_pilot")),
        "a before_after design has no use for 'design.treated'",
    )
    yield (
        "lottery before-after",
        chain(put("design.treated", "null"), before, put("design.randomised", "true")),
        "so there was no lottery",
    )
    lottery = chain(put("analysis.methods", "auto"), put("design.kind", "randomised"))
    yield "no lottery", chain(lottery, put("design.randomised", "false")), "that no lottery took"
    misfits = {
        "did": ("before_after", "difference_in_means", "ancova"),
        "before_after": ("callaway_santanna", "did", "twfe"),
    }
    for design, methods in misfits.items():
        for method in methods:
            treated = [put("design.treated", "null")] if design == "before_after" else []
            made = chain(
                *treated, put("design.kind", design), put("analysis.methods", f"[{method}]")
            )
            due = f"'{method}' does not fit a {design} design"
            yield f"{method} on {design}", made, due


def broken_yaml() -> Iterator[Defect]:
    yield "key of another group", below("pilot", "treated: x"), "'treated' belongs under 'design'"
    yield "key without sense", below("about.title", "zzz: 1"), "unknown key 'about.zzz'"
    yield (
        "two columns",
        lambda text: text.replace("- column: trust", f"- column: volunteering {MARK}"),
        "outcomes[2].column: 'volunteering' stands twice",
    )
    yield "colon in text", put("about.title", "one: two"), "put text that holds ': ' in quotes"
    yield "at sign", put("about.title", "@home"), "put the value in quotes"
    yield "tab", lambda text: text.replace("  title", "\ttitle", 1), "never with tabs"
    yield "tag", put("about.title", "!!binary aGk="), "tags (!)"
    yield "object", put("about.title", "!!python/object:os.system x"), "tags (!)"
    yield "unknown alias", put("about.title", "*bold"), "an alias (*)"
    yield "alias of itself", put("covariates", "&a [*a]"), "inside its own anchor"
    yield "equals sign", put("about.title", "="), "special mark of YAML"
    yield "too deep", put("covariates", "[" * 60 + "]" * 60), "nested more than 30 deep"
    yield "open bracket", put("covariates", "[age"), "a bracket is not closed"
    yield "open quote", put("report.language", "'en"), "a quotation mark is not closed"
    yield "two documents", lambda text: f"{text}--- {MARK}\npilot: x\n", "a second document"
    yield "list as a key", below("pilot", "? [a, b]"), "where a key is due"
    yield "list at the top", lambda text: f"- a {MARK}\n", "found a list; expected keys"
    yield "bare text", lambda text: f"pilot {MARK}\n", "found bare text; expected keys"
    yield "empty file", lambda text: "", "the file is empty"
    yield "comment alone", lambda text: "# a pilot\n", "the file is empty"
    yield "bell", put("about.title", "a\x07b"), "a character that no text holds"
    yield "too large", lambda text: text + "# x\n" * 200_000, "larger than 500 kB"
    bomb = "".join(f"  a{i + 1}: &a{i + 1} [{', '.join([f'*a{i}'] * 10)}]\n" for i in range(9))
    yield "alias bomb", lambda text: f"{text}x:\n  a0: &a0 [1]\n{bomb}", "aliases unfold to over"


PARAMS_DEFECTS: tuple[Defect, ...] = (
    *misspelt_keys(),
    *doubled_keys(),
    *wrong_kinds(),
    *yaml_traps(),
    *missing_keys(),
    *wrong_choices(),
    *wrong_ids(),
    *broken_rules(),
    *broken_designs(),
    *broken_yaml(),
)
