"""The table of `benchmarks/CALIBRATION.md`."""

from __future__ import annotations

from collections.abc import Sequence

from calibration.study import COVERS, POWER, VALID, Finding

__all__ = ["page"]

HEAD = (
    "design",
    "clusters",
    "method",
    "inference picked",
    "declined",
    "size (attainable)",
    "coverage",
    "power",
    "best valid alternative: power",
    "the others' size / power",
    "draws",
    "seconds of a core",
)


def page(findings: Sequence[Finding]) -> str:
    """Return the whole page as Markdown."""
    rows = [HEAD, ("---",) * len(HEAD), *(_row(found) for found in findings)]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([*_about(findings), *lines, "", *_reading(findings), ""])


def _row(found: Finding) -> tuple[str, ...]:
    best = found.best
    others = ", ".join(
        f"{name} {_share(rates.size)} / {_share(rates.power)}"
        for name, rates in found.others.items()
    )
    return (
        found.case.name,
        found.case.clusters,
        found.method,
        found.inference,
        _share(found.declined),
        "–" if found.auto is None else f"{_share(found.auto.size)} ({_share(found.attainable)})",
        "–" if found.auto is None else _share(found.auto.coverage),
        "–" if found.auto is None else _share(found.auto.power),
        "none" if best is None else f"{best[0]}: {_share(best[1].power)}",
        others,
        f"{found.draws:,}",
        f"{found.seconds:.0f}",
    )


def _share(value: float) -> str:
    return f"{100 * value:.1f} %"


def _about(findings: Sequence[Finding]) -> list[str]:
    draws = min(found.draws for found in findings)
    error = 100 * (VALID * (1 - VALID) / draws) ** 0.5
    return [
        "# Calibration of `auto`",
        "",
        "Simulated pilots with a known effect, and what the inference that "
        "`impact.did.choose` picks says of them. `make calibrate` writes this page.",
        "",
        "- **size**: how often a true null is rejected at 5 %; in brackets the size that the "
        "test can attain at most (a permutation test moves in steps).",
        "- **coverage**: how often the 95 % interval holds the effect.",
        "- **power**: how often an effect of 2.8 standard deviations of the estimate is found; "
        "80 % for a test that knew the standard deviation.",
        "- **best valid alternative**: the most powerful of the other tests tried whose size is "
        f"at most {_share(VALID)}. `cr1` and `cr2` are the usual ones; the wild bootstrap is "
        "restricted, with Rademacher weights; `permutation` is the plain one, blind to the "
        "clusters' sizes; `analytic` sums squared influences, with clusters less one degrees "
        "of freedom; `hc2` is a lottery's usual error, and `pooled spread` the interval's "
        "second part where few people have an event (`impact.inference.rare`).",
        "- **inference picked**: with its share of the pilots where it depends on the outcome.",
        "- **declined**: in what share of the pilots nothing is tested.",
        "",
        f"Must hold: size at most {_share(VALID)}, coverage at least {_share(COVERS)}; with ten "
        f"clusters or more on either side a test, with at least {_share(POWER)} of the power of "
        "the best valid alternative. The simulation's own standard error is "
        f"{error:.2f} points at a rate of {_share(VALID)}. Clusters are treated + comparison; in "
        "a staggered design by cohort, the never treated last. Places hold 20 people on "
        "average, the smallest are treated where it is said. Every draw is made by "
        "`impact.simulate`; p-values are computed for all draws at once and held against "
        "`impact.did.estimate` on the first twelve of each design.",
        "",
    ]


def _reading(findings: Sequence[Finding]) -> list[str]:
    tested = [found for found in findings if found.auto is not None]
    ample = [found for found in tested if found.case.ample and found.best is not None]
    lines = []
    if tested:
        largest = max(tested, key=lambda found: found.auto.size)
        least = min(tested, key=lambda found: found.auto.coverage)
        lines += [
            f"- Largest size: {_share(largest.auto.size)} ({largest.case.name}).",
            f"- Least coverage: {_share(least.auto.coverage)} ({least.case.name}).",
        ]
    if ample:
        weakest = min(ample, key=_ratio)
        lines.append(
            f"- Least power beside the best valid alternative, with ten clusters or more on "
            f"either side: {_share(_ratio(weakest))} of it ({weakest.case.name})."
        )
    lines += [
        f"- Declined: {found.case.name}; the best test that holds its size there finds "
        f"{_share(found.best[1].power if found.best else 0.0)}."
        for found in findings
        if found.auto is None
    ]
    missed = [
        f"- **Missed**: {found.case.name}: {'; '.join(found.misses)}."
        for found in findings
        if found.misses
    ]
    return ["## Read off", "", *lines, *(missed or ["- Nothing is missed."])]


def _ratio(found: Finding) -> float:
    return found.auto.power / max(found.best[1].power, 1e-9)
