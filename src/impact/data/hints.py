"""Names that columns often have, by the role they then play."""

from __future__ import annotations

import re

__all__ = [
    "AFTER",
    "COVARIATE",
    "FIRST",
    "HOUSEHOLD",
    "METADATA",
    "PERIOD",
    "PLACE",
    "PRIVATE",
    "TREATED",
    "UNIT",
    "WEIGHT",
]


def _words(*words: str) -> re.Pattern[str]:
    return re.compile(rf"(^|[^a-z]|_)({'|'.join(words)})($|[^a-z]|_)", re.IGNORECASE)


PRIVATE = _words(
    r"_?uuid|_submission_time|_submitted_by|_validation_status|_notes|_status|_tags|_index",
    r"_parent\w*|_attachments|_version_?\w*|__version__|instance_?id|instance_?name|device_?id",
    r"simserial|subscriberid|username|_?geo_?(location|point|trace|shape)?|gps|lat(itude)?",
    r"lon(g|gitude)?|altitude|e_?-?mail|(tele)?phone|mobile|(first|last|full|sur|family)_?name",
    r"address|street|post_?code|zip|birth_?(date|day)?|date_?of_?birth|dob|passport|bsn|ssn",
)
METADATA = re.compile(
    r"^(_id|_uuid|name|start|end|today|submission_?time|formhub/uuid|meta/.*)$", re.I
)
UNIT = _words(
    r"person(_?id)?|participant(_?id)?|respondent(_?id)?|unit(_?id)?|id|household(_?id)?|hh_?id",
    r"\w+_id|code|client|case",
)
PLACE = _words(
    r"city|municipality|place|town|village|neighbou?rhood|district|region|county|state|province",
    r"country|hospital|school|authority|site",
)
HOUSEHOLD = _words(r"household\w*|hh_?id|hh|family")
PERIOD = _words(
    r"wave|period|round|phase|visit|survey|year|quarter|month|week|date|time|t|when|moment",
)
TREATED = _words(
    r"treated|treatment|treat|in_pilot|pilot|intervention|trained|mentored|reached|invited|arm",
)
FIRST = _words(r"first_?\.?treat(ed)?|cohort|gvar|treated_?from|first_?period|first_?wave|adoption")
WEIGHT = _words(r"weight|weights|wt|pweight|sampling_?weight|wgt")
AFTER = _words(r"post|after|did|treated_?post|treat_?post|in_?treatment|treated|treatment|treat")
COVARIATE = _words(
    r"age|female|male|sex|gender|woman|education|schooling|nationality|origin|children|married",
    r"arrival|black|hispanic|baseline|family_?size|log_?pop(ulation)?|population|lpop",
)
