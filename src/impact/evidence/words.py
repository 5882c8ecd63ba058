"""The headline sentences: one whole sentence per cell of the matrix, never glued.

Each is the key of its translations. ``pilot`` and ``outcome`` are the reader's names,
``effect``, ``low`` and ``high`` are amounts in natural units.
"""

from __future__ import annotations

__all__ = ["ABOUT_AS_MUCH", "CLEAR", "NOT_RATED", "NO_COMPARISON", "UNCLEAR", "VERY_LOW"]

CLEAR = {
    (
        "high",
        "important_improvement",
    ): "“%(pilot)s” led to an important improvement in “%(outcome)s”.",
    (
        "high",
        "possible_improvement",
    ): "“%(pilot)s” led to an improvement, possibly too small to matter, in “%(outcome)s”.",
    (
        "high",
        "slight_improvement",
    ): "“%(pilot)s” led to a slight improvement, below the level set as important, in “%(outcome)s”.",
    ("high", "plain_improvement"): "“%(pilot)s” led to an improvement in “%(outcome)s”.",
    ("high", "important_worsening"): "“%(pilot)s” led to an important worsening in “%(outcome)s”.",
    (
        "high",
        "possible_worsening",
    ): "“%(pilot)s” led to a worsening, possibly too small to matter, in “%(outcome)s”.",
    (
        "high",
        "slight_worsening",
    ): "“%(pilot)s” led to a slight worsening, below the level set as important, in “%(outcome)s”.",
    ("high", "plain_worsening"): "“%(pilot)s” led to a worsening in “%(outcome)s”.",
    ("high", "important_rise"): "“%(pilot)s” led to an important rise in “%(outcome)s”.",
    (
        "high",
        "possible_rise",
    ): "“%(pilot)s” led to a rise, possibly too small to matter, in “%(outcome)s”.",
    (
        "high",
        "slight_rise",
    ): "“%(pilot)s” led to a slight rise, below the level set as important, in “%(outcome)s”.",
    ("high", "plain_rise"): "“%(pilot)s” led to a rise in “%(outcome)s”.",
    ("high", "important_fall"): "“%(pilot)s” led to an important fall in “%(outcome)s”.",
    (
        "high",
        "possible_fall",
    ): "“%(pilot)s” led to a fall, possibly too small to matter, in “%(outcome)s”.",
    (
        "high",
        "slight_fall",
    ): "“%(pilot)s” led to a slight fall, below the level set as important, in “%(outcome)s”.",
    ("high", "plain_fall"): "“%(pilot)s” led to a fall in “%(outcome)s”.",
    ("high", "little"): "“%(pilot)s” led to little to no difference in “%(outcome)s”.",
    (
        "moderate",
        "important_improvement",
    ): "“%(pilot)s” probably led to an important improvement in “%(outcome)s”.",
    (
        "moderate",
        "possible_improvement",
    ): "“%(pilot)s” probably led to an improvement, possibly too small to matter, in “%(outcome)s”.",
    (
        "moderate",
        "slight_improvement",
    ): "“%(pilot)s” probably led to a slight improvement, below the level set as important, in “%(outcome)s”.",
    (
        "moderate",
        "plain_improvement",
    ): "“%(pilot)s” probably led to an improvement in “%(outcome)s”.",
    (
        "moderate",
        "important_worsening",
    ): "“%(pilot)s” probably led to an important worsening in “%(outcome)s”.",
    (
        "moderate",
        "possible_worsening",
    ): "“%(pilot)s” probably led to a worsening, possibly too small to matter, in “%(outcome)s”.",
    (
        "moderate",
        "slight_worsening",
    ): "“%(pilot)s” probably led to a slight worsening, below the level set as important, in “%(outcome)s”.",
    ("moderate", "plain_worsening"): "“%(pilot)s” probably led to a worsening in “%(outcome)s”.",
    (
        "moderate",
        "important_rise",
    ): "“%(pilot)s” probably led to an important rise in “%(outcome)s”.",
    (
        "moderate",
        "possible_rise",
    ): "“%(pilot)s” probably led to a rise, possibly too small to matter, in “%(outcome)s”.",
    (
        "moderate",
        "slight_rise",
    ): "“%(pilot)s” probably led to a slight rise, below the level set as important, in “%(outcome)s”.",
    ("moderate", "plain_rise"): "“%(pilot)s” probably led to a rise in “%(outcome)s”.",
    (
        "moderate",
        "important_fall",
    ): "“%(pilot)s” probably led to an important fall in “%(outcome)s”.",
    (
        "moderate",
        "possible_fall",
    ): "“%(pilot)s” probably led to a fall, possibly too small to matter, in “%(outcome)s”.",
    (
        "moderate",
        "slight_fall",
    ): "“%(pilot)s” probably led to a slight fall, below the level set as important, in “%(outcome)s”.",
    ("moderate", "plain_fall"): "“%(pilot)s” probably led to a fall in “%(outcome)s”.",
    ("moderate", "little"): "“%(pilot)s” probably led to little to no difference in “%(outcome)s”.",
    (
        "low",
        "important_improvement",
    ): "“%(pilot)s” may have led to an important improvement in “%(outcome)s”.",
    (
        "low",
        "possible_improvement",
    ): "“%(pilot)s” may have led to an improvement, possibly too small to matter, in “%(outcome)s”.",
    (
        "low",
        "slight_improvement",
    ): "“%(pilot)s” may have led to a slight improvement, below the level set as important, in “%(outcome)s”.",
    ("low", "plain_improvement"): "“%(pilot)s” may have led to an improvement in “%(outcome)s”.",
    (
        "low",
        "important_worsening",
    ): "“%(pilot)s” may have led to an important worsening in “%(outcome)s”.",
    (
        "low",
        "possible_worsening",
    ): "“%(pilot)s” may have led to a worsening, possibly too small to matter, in “%(outcome)s”.",
    (
        "low",
        "slight_worsening",
    ): "“%(pilot)s” may have led to a slight worsening, below the level set as important, in “%(outcome)s”.",
    ("low", "plain_worsening"): "“%(pilot)s” may have led to a worsening in “%(outcome)s”.",
    ("low", "important_rise"): "“%(pilot)s” may have led to an important rise in “%(outcome)s”.",
    (
        "low",
        "possible_rise",
    ): "“%(pilot)s” may have led to a rise, possibly too small to matter, in “%(outcome)s”.",
    (
        "low",
        "slight_rise",
    ): "“%(pilot)s” may have led to a slight rise, below the level set as important, in “%(outcome)s”.",
    ("low", "plain_rise"): "“%(pilot)s” may have led to a rise in “%(outcome)s”.",
    ("low", "important_fall"): "“%(pilot)s” may have led to an important fall in “%(outcome)s”.",
    (
        "low",
        "possible_fall",
    ): "“%(pilot)s” may have led to a fall, possibly too small to matter, in “%(outcome)s”.",
    (
        "low",
        "slight_fall",
    ): "“%(pilot)s” may have led to a slight fall, below the level set as important, in “%(outcome)s”.",
    ("low", "plain_fall"): "“%(pilot)s” may have led to a fall in “%(outcome)s”.",
    ("low", "little"): "“%(pilot)s” may have led to little to no difference in “%(outcome)s”.",
}

VERY_LOW = {
    "apart": (
        "“%(outcome)s” changed differently in “%(pilot)s” than in the comparison, by %(effect)s; "
        "we are very uncertain that “%(pilot)s” is the reason."
    ),
    "little": (
        "“%(outcome)s” changed about as much in “%(pilot)s” as in the comparison; "
        "we are very uncertain what this says about “%(pilot)s”."
    ),
}

UNCLEAR = {
    "unclear_improvement": (
        "The data do not settle whether “%(pilot)s” changed “%(outcome)s”: they fit no difference and an important improvement "
        "(from %(low)s to %(high)s)."
    ),
    "unclear_worsening": (
        "The data do not settle whether “%(pilot)s” changed “%(outcome)s”: they fit no difference and an important worsening "
        "(from %(low)s to %(high)s)."
    ),
    "unclear_rise": (
        "The data do not settle whether “%(pilot)s” changed “%(outcome)s”: they fit no difference and an important rise "
        "(from %(low)s to %(high)s)."
    ),
    "unclear_fall": (
        "The data do not settle whether “%(pilot)s” changed “%(outcome)s”: they fit no difference and an important fall "
        "(from %(low)s to %(high)s)."
    ),
    "unclear_both": (
        "The data do not settle whether “%(pilot)s” changed “%(outcome)s”: they fit an important improvement and an important worsening "
        "(from %(low)s to %(high)s)."
    ),
    "unclear_both_neutral": (
        "The data do not settle whether “%(pilot)s” changed “%(outcome)s”: they fit an important rise and an important fall "
        "(from %(low)s to %(high)s)."
    ),
    "unclear": (
        "The data do not settle whether “%(pilot)s” changed “%(outcome)s”: they fit anything "
        "from %(low)s to %(high)s."
    ),
}

ABOUT_AS_MUCH = (
    "“%(outcome)s” changed about as much in “%(pilot)s” as in the comparison; "
    "there is no valid way here to say how much of it is chance."
)

NOT_RATED = (
    "“%(outcome)s” changed differently in “%(pilot)s” than in the comparison, by %(effect)s; "
    "there is no valid way here to say how much of it is chance."
)

NO_COMPARISON = {
    "up": (
        "Between start and end, “%(outcome)s” went up by %(effect)s. "
        "We cannot tell how much of it is due to “%(pilot)s”."
    ),
    "down": (
        "Between start and end, “%(outcome)s” went down by %(effect)s. "
        "We cannot tell how much of it is due to “%(pilot)s”."
    ),
    "same": (
        "Between start and end, “%(outcome)s” stayed the same. "
        "We cannot tell what it would have been without “%(pilot)s”."
    ),
}
