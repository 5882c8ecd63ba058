"""What holds of any page, whatever it says: parts, wholes, who can be where."""

from __future__ import annotations

from collections.abc import Hashable

from attack.reading import Reading
from attack.system import total
from attack.truth import STATES

__all__ = ["say_frame", "say_levels"]

NOT_ASKED = "Not asked: "


def say_frame(found: Reading) -> None:
    """Say what holds of any page: parts and wholes."""
    system, followed = found.system, found.followed
    for group in found.groups:
        for wave in found.waves:
            if followed:
                system.within(("N", group, wave), ("U", group))
            for name in found.names.values():
                parts = {(state, name, group, wave): 1.0 for state in STATES}
                parts["n", name, group, wave] = 1.0
                system.equal({**parts, ("N", group, wave): -1.0})
                if not found.says(NOT_ASKED, section="codebook"):
                    # A question without such a code: everybody was asked, and that is no secret.
                    system.equal({("not_asked", name, group, wave): 1.0})
                    found.told.add(("not_asked", name, group, wave))
                system.within(("fn", name, group, wave), ("n", name, group, wave))
                for kind, whole in (("k", "n"), ("fk", "fn")):
                    own = total((kind, name, group, wave, code) for code in found.codes(name))
                    if own:
                        system.equal({**own, (whole, name, group, wave): -1.0})
                for code in found.codes(name):
                    inner = ("fk", name, group, wave, code)
                    system.within(inner, ("k", name, group, wave, code))
                    gap = {("k", name, group, wave, code): 1.0, inner: -1.0}
                    gap |= {("n", name, group, wave): -1.0, ("fn", name, group, wave): 1.0}
                    system.say(gap, high=0.0)
                if followed and found.two_sided:
                    system.within(("fn", name, group, wave), ("A", name, group))
        for name in found.names.values():
            _frame_ever(found, name, group)
        if followed:
            seen = total(("N", group, wave) for wave in found.waves)
            if found.all_waves:
                system.say({**seen, ("U", group): -1.0}, low=0.0)
            _frame_flow(found, group)


def _frame_ever(found: Reading, name: str, group: str) -> None:
    """Say how those who ever answered, always, or on both sides, lie in each other."""
    system = found.system
    ever, always = ("E", name, group), ("F", name, group)
    system.within(ever, ("U", group))
    system.within(always, ever)
    answers = total(("n", name, group, wave) for wave in found.waves)
    for wave in found.waves:
        system.within(("n", name, group, wave), ever)
        system.within(always, ("n", name, group, wave))
    if found.all_waves and found.followed and len(found.waves) > 1:
        system.say({**answers, ever: -1.0}, low=0.0)
    if found.followed:
        system.within(("A", name, group), ever)


def _frame_flow(found: Reading, group: str) -> None:
    system, at = found.system, found.baseline
    if not at:
        return
    system.equal({("both", group, at): 1, ("lost", group, at): 1, ("N", group, at): -1})
    system.within(("both", group, at), ("end", group))
    apart = {("end", group): 1.0, ("both", group, at): -1.0}
    system.say(apart | {("U", group): -1.0, ("N", group, at): 1.0}, high=0.0)
    last = found.waves[-1]
    system.within(("end", group), ("N", group, last))
    for name in found.names.values():
        if found.says(f"At the end ({last})") and not found.says("whenever they started"):
            system.within(("n", name, group, last), ("end", group))
        system.within(("A", name, group), ("U", group))
        system.within(("lost", group, at), ("loston", name, group, at))
        system.within(("loston", name, group, at), ("N", group, at))
        twice = ("n2", name, group, at)
        system.within(twice, ("both", group, at))
        system.within(twice, ("n", name, group, at))
        system.within(twice, ("n", name, group, last))
        if found.two_sided:
            system.within(twice, ("A", name, group))


def say_levels(found: Reading) -> None:
    """Say that levels of a covariate are parts, and that two subgroups make the whole."""
    found.system.source = "levels make the whole"
    wholes: dict[Hashable, list[Hashable]] = {}
    for name in found.system.places:
        if isinstance(name, tuple) and name[0] == "c" and name[1] != "female":
            wholes.setdefault(("N", *name[3:]), []).append(name)
    for whole, levels in wholes.items():
        found.system.say({**total(levels), whole: -1.0}, high=0.0)
    for name in list(found.system.places):
        if isinstance(name, tuple) and name[0] == "sn" and name[-2:] == ("female", "yes"):
            other = (*name[:-1], "no")
            found.system.equal({name: 1.0, other: 1.0, ("n", *name[1:4]): -1.0})
        if isinstance(name, tuple) and name[0] == "sk" and name[5] == "yes":
            other = (*name[:5], "no", name[6])
            found.system.equal({name: 1.0, other: 1.0, ("k", *name[1:4], name[6]): -1.0})
