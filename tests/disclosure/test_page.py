"""Sentences, findings, estimates and the index through the gate."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from impact.disclosure import (
    IndexEntry,
    Release,
    ReleasedIndex,
    Rule,
    index_entry,
    release,
    release_estimates,
    release_index,
)
from impact.errors import DisclosureError
from impact.results import (
    GLOSSARY,
    EffectResult,
    Effects,
    Finding,
    Findings,
    Part,
    Replication,
    Sentence,
    Statement,
    Status,
    SummaryTable,
)
from impact.results.summary import COLUMNS

RULE = Rule(10, guarded=True)
STATUS = Status("a-pilot", "A pilot")
FREE = Status("counties", "Counties", guarded=False, unit_is="place")


def finding(base=200, **said):
    given = {
        "outcome": "v",
        "label": "Volunteers",
        "role": "primary",
        "size": "important_improvement",
        "certainty": "low",
        "sentence": Sentence("It rose by %(n)s.", {"n": "12.5"}),
        "effect": Sentence("%(n)s more people in 100", {"n": "12.5"}),
        "span": Sentence("From 3 to 22."),
        "reasons": (Sentence("%(lost)s people were lost.", counts={"lost": 4}),),
        "estimate": 0.12512345,
        "conf_low": 0.03,
        "conf_high": 0.22,
        "base": base,
        "headline": True,
        "details": {"method": "did", "group_means": [0.1, 0.2]},
    }
    return Finding(**given | said)


def effect(base, estimate=0.12345678, n_units=120):
    row = dict.fromkeys(GLOSSARY, 0.987654321)
    text = {"pilot": "a-pilot", "outcome": "v", "method": "did", "estimand": "ATT", "term": "t"}
    counts = {"n_obs": 240, "n_units": n_units, "n_treated": 60, "n_clusters": 7}
    row |= text | counts | {"inference": "cr1", "estimate": estimate}
    return EffectResult(pd.DataFrame([row])[list(GLOSSARY)], base, details={"means": [0.1]})


def said(sentence, rule=RULE):
    status = STATUS if rule.guarded else FREE
    return str(release([status, Statement("methods", (sentence,))], rule).parts[1].sentences[0])


@pytest.mark.parametrize("people", [0, 1, 9])
def test_a_small_count_in_a_sentence_is_told_as_some(people):
    sentence = Sentence("%(n)s people were lost.", counts={"n": people})
    assert said(sentence) == "some people were lost."


@pytest.mark.parametrize(("people", "told"), [(10, "some"), (14, "some"), (15, "20")])
def test_a_count_that_is_hardly_more_is_told_alike(people, told):
    """A reader who knows that "some" is not nobody has 1 to 14, more numbers than the minimum."""
    assert said(Sentence("%(n)s people", counts={"n": people})) == f"{told} people"


def test_it_is_not_told_that_nobody_is_missing():
    complete = Sentence("No answer is missing in: %(names)s.", {"names": "Income"})
    table = SummaryTable("data", units(20, 20, 40).cells, notes=(complete,))
    [shown] = [p for p in release([STATUS, table], RULE).parts if isinstance(p, SummaryTable)]
    assert "missing" not in " ".join(map(str, shown.notes))
    free = release([FREE, table], Rule(10, guarded=False)).parts[1]
    assert "No answer is missing in: Income." in map(str, free.notes)


def test_a_count_of_places_is_told():
    assert said(Sentence("%(n)s places", counts={"n": 1}), Rule(10, guarded=False)) == "1 places"


def test_a_share_beside_a_small_count_does_not_give_it_back():
    sentence = Sentence("%(n)s people, %(share)s of all", {"share": 4 / 64}, {"n": 4})
    assert "0.0625" in str(sentence)
    assert not any(digit in said(sentence).replace("10", "") for digit in "123456789")


def nested(depth, counts=None, **values):
    """Return a sentence that stands in so many others."""
    sentence = Sentence("%(n)s rows are of two waves.", values, counts or {"n": 4})
    for _ in range(depth):
        sentence = Sentence("Note: %(note)s", {"note": sentence})
    return sentence


def test_a_small_count_is_found_however_deep_it_stands():
    assert str(nested(3)).endswith("4 rows are of two waves.")
    assert said(nested(3)) == "Note: " * 3 + "some rows are of two waves."
    [released] = release([STATUS, Findings((finding(reasons=(nested(3),)),))], RULE).parts[1]
    assert "4" not in str(released.reasons[0])
    told = finding(sentence=nested(3), effect=nested(1), span=nested(2))
    released = release([STATUS, told], RULE).parts[1]
    assert "4" not in f"{released.sentence}{released.effect}{released.span}"
    [entry] = release_index([IndexEntry("a-pilot", "A pilot", sentence=nested(3))])
    assert "4" not in str(entry.sentence)


def test_a_small_count_and_a_number_in_different_sentences_of_one_are_replaced_together():
    share = Sentence("That is %(share)s of all.", {"share": 4 / 64})
    both = Sentence("%(count)s %(share)s", {"count": nested(2), "share": share})
    assert "0.0625" in str(both)
    assert "0.0625" not in said(both)
    assert "two waves" not in said(both)
    apart = Sentence("%(count)s %(rest)s", {"count": nested(2), "rest": Sentence("Well.")})
    assert said(apart) == "Note: Note: some rows are of two waves. Well."


def test_numbers_that_rest_on_a_small_count_are_replaced_though_it_is_not_named():
    sentence = Sentence("It was off by %(off)s.", {"off": "0.13"}, {"people": 7})
    assert "0.13" in str(sentence)
    assert "0.13" not in said(sentence)
    assert "0.13" in said(Sentence(sentence.text, sentence.values, {"people": 70}))


def units(*counts):
    """Return a table of the units in both groups and in all."""
    rows = [
        ("", "", group, "", "units", float(n), n)
        for group, n in zip(("treated", "comparison", "all"), counts, strict=True)
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return SummaryTable("comparison", frame)


def test_a_count_that_a_table_hides_is_hidden_in_the_text():
    """Of 24 people 7 are hidden, 17 and 24 are rounded, in the table and in the text."""
    text = Statement("limits", (Sentence("%(n)s of %(m)s", counts={"n": 17, "m": 24}),))
    assert str(release([STATUS, text], RULE).parts[1].sentences[0]) == "20 of 20"
    released = release([STATUS, units(17, 7, 24), text], RULE).parts[2]
    assert str(released.sentences[0]) in ("20 of 20", "not shown of 20", "20 of not shown")


def test_a_cost_is_divided_by_the_rounded_number_of_people():
    """100,000 over 17 would be 6,000: of 16 to 18 people. Over 20 it is 5,000."""
    whole = Sentence("It cost %(money)s.", {"money": "100000 EUR"})
    each = Sentence("About %(money)s for each.", {"money": "6000 EUR"}, {"per": 17})
    text = Statement("cost", (whole, each))
    assert str(release([STATUS, text], RULE).parts[1].sentences[1]) == "About 5000 EUR for each."
    few = Statement("cost", (whole, Sentence(each.text, each.values, {"per": 7})))
    assert "0 EUR for" not in str(release([STATUS, few], RULE).parts[1].sentences[1])


def test_a_cost_for_each_without_the_whole_is_not_told():
    each = Sentence("About %(money)s for each.", {"money": "6000 EUR"}, {"per": 17})
    assert "6000" not in str(release([STATUS, Statement("cost", (each,))], RULE).parts[1])


def test_a_sentence_about_a_withheld_outcome_is_withheld():
    about = Sentence("Off by %(off)s.", {"off": "0.13", "about": "v"})
    share = [("v", "", "treated", "1", "share", 4 / 80, 80)]
    table = SummaryTable("participants", pd.DataFrame(share, columns=list(COLUMNS)))
    text = Statement("sensitivity", (about,))
    assert "0.13" in str(release([STATUS, text], RULE).parts[1].sentences[0])
    assert "0.13" not in str(release([STATUS, text, table], RULE).parts[1].sentences[0])


def test_counts_of_a_section_that_add_up_lose_a_second_one():
    facts = [
        (Sentence(k), Sentence("%(n)s", counts={"n": n}))
        for k, n in (("read", 700), ("used", 697), ("dropped", 3))
    ]
    section = Statement("data", (), tuple(facts))
    shown = [str(text) for _, text in release([STATUS, section], RULE).parts[1].facts]
    assert shown == ["700", "not shown", "some"]


def test_counts_of_a_section_that_do_not_add_up_stay():
    facts = [
        (Sentence(k), Sentence("%(n)s", counts={"n": n}))
        for k, n in (("asked", 700), ("used", 500), ("dropped", 3))
    ]
    section = Statement("data", (), tuple(facts))
    shown = [str(text) for _, text in release([STATUS, section], RULE).parts[1].facts]
    assert shown == ["700", "500", "some"]


def test_a_finding_about_few_people_says_nothing_of_its_result():
    [released] = release([STATUS, Findings((finding(base=9),))], RULE).parts[1]
    text = " ".join(str(s) for s in (released.sentence, released.effect, *released.reasons))
    assert "12.5" not in text
    assert "Volunteers" in text
    assert released.span is None
    assert math.isnan(released.estimate)
    assert math.isnan(released.conf_low)
    assert math.isnan(released.conf_high)
    assert released.details == {}


def test_a_finding_about_enough_people_keeps_its_words_and_loses_its_inner_numbers():
    released = release([STATUS, finding()], RULE).parts[1]
    assert str(released.sentence) == "It rose by 12.5."
    assert released.estimate == 0.1251
    assert released.details == {"method": "did"}
    assert str(released.reasons[0]) == "some people were lost."


def test_estimates_of_few_people_are_blank_and_the_rest_is_told_by_steps():
    frame = pd.concat([effect(200).rows, effect(3).rows], ignore_index=True)
    released = release_estimates(frame, [200, 3], RULE)
    assert tuple(released.columns) == GLOSSARY
    # An error of .988 of 120 people: by tenths, and so the estimate.
    assert released["estimate"].tolist()[0] == 0.1
    assert released["std_error"].tolist()[0] == 1.0
    numbers = ["estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high"]
    assert released.loc[1, [*numbers, "n_obs", "n_units", "n_treated", "n_clusters"]].isna().all()
    assert released.loc[1, "outcome"] == "v"
    assert frame["estimate"].tolist() == [0.12345678, 0.12345678]


def test_a_small_count_is_blank_in_any_row_and_clusters_are_no_people():
    frame = effect(200, n_units=8).rows.assign(n_clusters=[3])
    released = release_estimates(frame, [200], RULE)
    assert pd.isna(released.loc[0, "n_units"])
    assert released.loc[0, "n_obs"] == 240
    assert released.loc[0, "n_clusters"] == 3


def test_clusters_of_one_or_two_units_are_people():
    frame = effect(200, n_units=12).rows.assign(n_clusters=[11])
    assert release_estimates(frame, [200], RULE).loc[0, "n_clusters"] == 10
    assert pd.isna(release_estimates(frame, [200], RULE, counted=False).loc[0, "n_clusters"])
    assert release_estimates(frame, [200], Rule(10, guarded=False)).loc[0, "n_clusters"] == 11


@pytest.mark.parametrize(("people", "told"), [(14, 10), (15, 20), (204, 200), (207, 210)])
def test_numbers_of_units_and_rows_are_rounded_to_the_minimum(people, told):
    released = release_estimates(effect(200, n_units=people).rows, [200], RULE)
    assert released.loc[0, "n_units"] == told
    free = release_estimates(effect(1, n_units=people).rows, [1], Rule(10, guarded=False))
    assert free.loc[0, "n_units"] == people


@pytest.mark.parametrize("more", [{"n_units": 119}, {"n_units": 129}, {"n_obs": 231}])
def test_of_two_estimates_that_differ_by_a_few_people_the_first_is_told_in_full(more):
    """The other one by steps of its standard error, 0.99; so they tell nothing of the few."""
    headline, other = effect(200), effect(200, 0.5)
    other = EffectResult(other.rows.assign(**more), 200, "alternative")
    shown = release([STATUS, Effects((headline, other))], RULE).parts[1].to_frame()
    assert shown["estimate"].tolist()[0] == 0.1
    assert shown["estimate"].tolist()[1] in (0.0, 1.0)
    assert shown.loc[1, ["p_value", "n_units", "n_obs", "n_treated"]].isna().all()
    status = Status("counties", "Counties", guarded=False, unit_is="place")
    free = release([status, Effects((headline, other))], Rule(10, guarded=False)).parts[1]
    assert free.to_frame()["estimate"].notna().all()


def test_estimates_of_the_same_people_and_of_many_others_are_shown():
    far = EffectResult(effect(200, 0.5).rows.assign(n_units=110, n_obs=220), 200, "alternative")
    shown = release([STATUS, Effects((effect(200), effect(200, 0.3), far))], RULE).parts[1]
    assert shown.to_frame()["estimate"].notna().all()


def test_methods_that_happen_to_rest_on_the_same_people_are_told_like_those_that_almost_do():
    """Else it would be told that nobody answered the one and not the other: nobody is few."""
    other = EffectResult(effect(200, 0.3).rows.assign(method="ancova"), 200, "alternative")
    shown = release([STATUS, Effects((effect(200), other))], RULE).parts[1].to_frame()
    assert shown["estimate"].tolist() == [0.1, 0.0]
    rows = pd.concat(
        [effect(200, 0.5).rows.assign(method=name) for name in ("twfe", "event_study")]
    )
    parts = [EffectResult(one, 200, "alternative") for _, one in rows.groupby("method")]
    alike = release([STATUS, Effects(tuple(parts))], RULE).parts[1].to_frame()
    assert alike["n_units"].notna().all()


@pytest.mark.parametrize("n", [1, 40])
def test_no_sentence_tells_that_somebody_was_left_out(n):
    """Its absence would tell that nobody was; that is said of everybody instead, with an if."""
    note = Sentence("%(n)s rows without this outcome are left out.", counts={"n": n})
    parts = [STATUS, Statement("methods", (note,)), Effects((effect(200),), (note,))]
    _, methods, effects = release(parts, RULE).parts
    assert not effects.reasons
    [fixed] = [str(one) for one in methods.sentences if "left out" in str(one)]
    assert fixed.endswith("if there is anybody.")
    free = [FREE, Statement("methods", (note,))]
    assert release(free, Rule(10, guarded=False)).parts[1].sentences == (note,)


def test_a_row_that_differs_by_a_few_people_is_told_coarsely_in_an_effect_with_several():
    rows = pd.concat([effect(200).rows, effect(200, 0.5).rows.assign(n_units=117)])
    whole = EffectResult(rows.reset_index(drop=True), 200, "other_methods")
    released = release([STATUS, whole], RULE).parts[1]
    assert released.rows["estimate"].tolist() == [0.1, 0.0]


def test_an_estimate_that_is_not_shown_is_not_told_by_its_finding_or_beside_a_published_one():
    few = effect(200, 0.5).rows.assign(n_units=119, inference="hc1")
    other = EffectResult(few, 200, "alternative")
    rows = pd.DataFrame({"outcome": "v", "method": "did", "inference": ["cr1", "hc1"]})
    rows = rows.assign(ours=[0.12345678, 0.5], ours_std_error=1.0)
    effects = Effects((effect(200), other))
    parts = release([STATUS, effects, Replication(rows, 200), finding(estimate=0.5)], RULE).parts
    assert parts[2].rows["ours"].isna().tolist() == [False, True]
    assert math.isnan(parts[3].estimate)


def test_an_estimate_that_is_not_shown_does_not_blank_an_equal_one():
    few = effect(200).rows.assign(n_units=119, inference="hc1")
    effects = Effects((effect(200), EffectResult(few, 200, "alternative")))
    rows = pd.DataFrame({"outcome": "v", "method": "did", "inference": ["cr1", "hc1"]})
    rows = rows.assign(ours=0.12345678, ours_std_error=1.0)
    parts = release([STATUS, effects, Replication(rows, 200), finding(estimate=0.12345678)], RULE)
    assert parts.parts[2].rows["ours"].isna().tolist() == [False, True]
    assert parts.parts[3].estimate == 0.1


def test_estimates_about_places_keep_seven_digits():
    released = release_estimates(effect(1, 2.75360612).rows, [1], Rule(10, guarded=False))
    assert released["estimate"].tolist() == [2.753606]


def test_every_estimate_needs_its_base():
    with pytest.raises(ValueError, match="bases"):
        release_estimates(effect(200).rows, [], RULE)


def test_covariances_and_details_stay_behind():
    released = release([STATUS, Effects((effect(200),))], RULE).parts[1]
    assert released.results[0].vcov is None
    assert released.results[0].details == {}


def test_published_numbers_stay_where_ours_are_hidden():
    rows = pd.DataFrame({"ours": [2.7536], "ours_std_error": [1.3], "published": [2.76]})
    released = release([STATUS, Replication(rows, 4)], RULE).parts[1]
    assert released.rows["ours"].isna().all()
    assert released.rows["published"].tolist() == [2.76]


def test_nobody_else_makes_a_release():
    with pytest.raises(DisclosureError, match="release alone"):
        Release((STATUS,), RULE)
    with pytest.raises(DisclosureError, match="release_index"):
        ReleasedIndex(())


@pytest.mark.parametrize("rule", [Rule(10, guarded=False), Rule(5, guarded=True)])
def test_no_rule_laxer_than_the_stated_one(rule):
    with pytest.raises(DisclosureError, match="laxer"):
        release([STATUS], rule)


def test_people_are_guarded_whatever_the_status_says():
    assert Rule.of(Status("a", "A", guarded=False, unit_is="person")).guarded


def test_no_minimum_under_five():
    with pytest.raises(DisclosureError, match="at least 5"):
        Rule(4, guarded=True)


@pytest.mark.parametrize("parts", [[], [STATUS, STATUS]])
def test_a_page_has_one_status(parts):
    with pytest.raises(DisclosureError, match="one status"):
        release(parts, RULE)


def test_a_part_that_no_rule_knows_is_not_released():
    class Scatter(Part):
        part = "scatter-of-a-test"

    with pytest.raises(DisclosureError, match="Scatter"):
        release([STATUS, Scatter()], RULE)


def test_the_index_repeats_the_released_headline():
    entry = index_entry(release([STATUS, finding(base=9)], RULE))
    assert "12.5" not in str(entry.sentence)
    assert entry.certainty == "low"


def test_the_index_says_nothing_of_a_failed_pilots_result():
    told = IndexEntry("a-pilot", "A pilot", state="failed", sentence=Sentence("x"), certainty="low")
    [entry] = release_index([told])
    assert entry.sentence is None
    assert entry.certainty == ""


def test_the_index_gates_what_comes_to_it_ungated():
    sentence = Sentence("%(n)s people", counts={"n": 3})
    [entry] = release_index([IndexEntry("a-pilot", "A pilot", sentence=sentence)])
    assert str(entry.sentence) == "some people"


def test_an_entry_comes_back_from_its_payload():
    entry = index_entry(release([STATUS, finding()], RULE))
    assert IndexEntry.of_payload(entry.to_payload()) == entry


def test_the_index_lists_a_pilot_once():
    with pytest.raises(DisclosureError, match="more than once"):
        release_index([IndexEntry("a", "A"), IndexEntry("a", "B")])


@pytest.mark.parametrize("pilot", ["../x", "javascript:alert(1)", "a b", ""])
def test_an_entry_links_only_to_a_pilots_id(pilot):
    with pytest.raises(DisclosureError, match="a-z"):
        IndexEntry(pilot, "A")
