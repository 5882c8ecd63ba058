"""Small pilots, read, estimated and released as the notebook and the exporter do it."""

from __future__ import annotations

import json

import pandas as pd
import pytest

import impact
from impact.disclosure import Rule, index_entry, release, release_index
from impact.results import Status, SummaryTable, from_payload


class Published:
    """The parts of one page, ungated (``given``) or as they are released."""

    def __init__(self, given, released):
        self.given, self.released = list(given), list(released)
        self.entry = next(iter(release_index([index_entry(released)])))

    def parts(self, *, gated):
        return self.released if gated else self.given

    def cells(self, *, gated, **wanted):
        tables = [p for p in self.parts(gated=gated) if isinstance(p, SummaryTable)]
        frames = [t.cells.assign(section=t.section) for t in tables]
        found = pd.concat(frames, ignore_index=True)
        for name, value in wanted.items():
            found = found[found[name] == value]
        return found

    def value(self, *, gated, **wanted):
        """Return the one different value of these cells; not a number where none is shown."""
        values = self.cells(gated=gated, **wanted)["value"].dropna().unique()
        assert len(values) <= 1
        return values[0] if len(values) else float("nan")

    def estimates(self, *, gated):
        """Return the estimates, as the file of estimates holds them."""
        effects = [p for p in self.parts(gated=gated) if isinstance(p, impact.results.Effects)]
        return pd.concat([p.to_frame() for p in effects], ignore_index=True)

    def text(self, *, gated):
        """Return everything a part says or carries, as one text."""
        said = [self.entry.sentence] if gated else []
        return " ".join([str(p.to_payload()) for p in self.parts(gated=gated)] + [str(said)])


@pytest.fixture
def publish(tmp_path, monkeypatch):
    """Return the function that publishes records by the keys of a params file."""
    monkeypatch.setenv("IMPACT_ROOT", str(tmp_path))
    (tmp_path / "params").mkdir()

    def published(records, **keys):
        path = tmp_path / "records.csv"
        pd.DataFrame(records).to_csv(path, index=False)
        data = {"path": str(path), **keys.pop("data")}
        spec = impact.PilotSpec.model_validate({"pilot": "a-pilot", "data": data, **keys})
        panel = impact.read_panel(spec)
        effects = impact.estimate(panel)
        findings = impact.assess(effects, panel)
        parts = [
            impact.status(spec, panel),
            findings.headline,
            *(tell(panel) for tell in (impact.participants, impact.flow, impact.comparison)),
            impact.trends(panel),
            impact.distribution(panel),
            impact.changes(panel),
            impact.subgroups(panel),
            findings,
            impact.cost(panel),
            impact.methods(panel, effects),
            impact.balance(panel),
            impact.reliability(panel),
            effects,
            impact.quality(panel),
        ]
        given = [
            from_payload({"part": p.part, **json.loads(json.dumps(p.to_payload()))}) for p in parts
        ]
        status = next(part for part in given if isinstance(part, Status))
        return Published(given, release(given, Rule.of(status)))

    return published
