"""The languages that a params file may name are those that pages can be written in."""

from __future__ import annotations

from typing import get_args

from impact.locale import LANGUAGES
from impact.spec.fields import Tongue


def test_a_params_file_may_name_every_language_that_pages_speak_and_no_other():
    assert get_args(Tongue) == LANGUAGES
