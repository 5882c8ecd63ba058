"""Synthetic comparisons and the triple difference, asked for in a params file's words."""

import numpy as np
import pytest
from pydantic import TypeAdapter

from impact import did, tables
from impact.evidence.methods import _METHODS
from impact.spec.fields import Method

NAMES = ["synthetic_did", "synthetic_control", "triple_difference"]


@pytest.mark.parametrize("name", NAMES)
def test_every_method_has_a_key_a_function_a_name_for_readers_and_a_sentence(name):
    assert TypeAdapter(Method).validate_python(name) == name
    assert name in did.__all__
    assert tables.METHODS[name] != name
    assert str(_METHODS[name])


def test_a_result_survives_its_payload(california):
    from impact.results import EffectResult

    found = did.synthetic_did(california)
    back = EffectResult.of_payload(found.to_payload())
    assert back.estimate == found.estimate
    assert back.details["unit_weights"] == found.details["unit_weights"]
    assert "Nevada" in found._repr_html_()
    assert np.isnan(back.statistic)
