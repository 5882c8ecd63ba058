"""The headline sentences: one whole sentence per cell of the matrix, never glued.

Each is the key of its translations. ``pilot`` and ``outcome`` are the reader's names,
``effect``, ``low`` and ``high`` are amounts in natural units.
"""

from __future__ import annotations

from impact.locale import N_

__all__ = [
    "ABOUT_AS_MUCH",
    "CLEAR",
    "NOT_RATED",
    "NO_COMPARISON",
    "OF_NOTHING",
    "UNCLEAR",
    "VERY_LOW",
]

_CLEAR = {
    "high": {
        "important_improvement": N_(
            "“%(pilot)s” led to an important improvement in “%(outcome)s”."
        ),
        "possible_improvement": N_(
            "“%(pilot)s” led to an improvement, possibly too small to matter, in “%(outcome)s”."
        ),
        "slight_improvement": N_(
            "“%(pilot)s” led to a slight improvement, below the level set as important, in “%(outcome)s”."
        ),
        "plain_improvement": N_("“%(pilot)s” led to an improvement in “%(outcome)s”."),
        "important_worsening": N_("“%(pilot)s” led to an important worsening in “%(outcome)s”."),
        "possible_worsening": N_(
            "“%(pilot)s” led to a worsening, possibly too small to matter, in “%(outcome)s”."
        ),
        "slight_worsening": N_(
            "“%(pilot)s” led to a slight worsening, below the level set as important, in “%(outcome)s”."
        ),
        "plain_worsening": N_("“%(pilot)s” led to a worsening in “%(outcome)s”."),
        "important_rise": N_("“%(pilot)s” led to an important rise in “%(outcome)s”."),
        "possible_rise": N_(
            "“%(pilot)s” led to a rise, possibly too small to matter, in “%(outcome)s”."
        ),
        "slight_rise": N_(
            "“%(pilot)s” led to a slight rise, below the level set as important, in “%(outcome)s”."
        ),
        "plain_rise": N_("“%(pilot)s” led to a rise in “%(outcome)s”."),
        "important_fall": N_("“%(pilot)s” led to an important fall in “%(outcome)s”."),
        "possible_fall": N_(
            "“%(pilot)s” led to a fall, possibly too small to matter, in “%(outcome)s”."
        ),
        "slight_fall": N_(
            "“%(pilot)s” led to a slight fall, below the level set as important, in “%(outcome)s”."
        ),
        "plain_fall": N_("“%(pilot)s” led to a fall in “%(outcome)s”."),
        "little": N_("“%(pilot)s” led to little to no difference in “%(outcome)s”."),
    },
    "moderate": {
        "important_improvement": N_(
            "“%(pilot)s” probably led to an important improvement in “%(outcome)s”."
        ),
        "possible_improvement": N_(
            "“%(pilot)s” probably led to an improvement, possibly too small to matter, in “%(outcome)s”."
        ),
        "slight_improvement": N_(
            "“%(pilot)s” probably led to a slight improvement, below the level set as important, in “%(outcome)s”."
        ),
        "plain_improvement": N_("“%(pilot)s” probably led to an improvement in “%(outcome)s”."),
        "important_worsening": N_(
            "“%(pilot)s” probably led to an important worsening in “%(outcome)s”."
        ),
        "possible_worsening": N_(
            "“%(pilot)s” probably led to a worsening, possibly too small to matter, in “%(outcome)s”."
        ),
        "slight_worsening": N_(
            "“%(pilot)s” probably led to a slight worsening, below the level set as important, in “%(outcome)s”."
        ),
        "plain_worsening": N_("“%(pilot)s” probably led to a worsening in “%(outcome)s”."),
        "important_rise": N_("“%(pilot)s” probably led to an important rise in “%(outcome)s”."),
        "possible_rise": N_(
            "“%(pilot)s” probably led to a rise, possibly too small to matter, in “%(outcome)s”."
        ),
        "slight_rise": N_(
            "“%(pilot)s” probably led to a slight rise, below the level set as important, in “%(outcome)s”."
        ),
        "plain_rise": N_("“%(pilot)s” probably led to a rise in “%(outcome)s”."),
        "important_fall": N_("“%(pilot)s” probably led to an important fall in “%(outcome)s”."),
        "possible_fall": N_(
            "“%(pilot)s” probably led to a fall, possibly too small to matter, in “%(outcome)s”."
        ),
        "slight_fall": N_(
            "“%(pilot)s” probably led to a slight fall, below the level set as important, in “%(outcome)s”."
        ),
        "plain_fall": N_("“%(pilot)s” probably led to a fall in “%(outcome)s”."),
        "little": N_("“%(pilot)s” probably led to little to no difference in “%(outcome)s”."),
    },
    "low": {
        "important_improvement": N_(
            "“%(pilot)s” may have led to an important improvement in “%(outcome)s”."
        ),
        "possible_improvement": N_(
            "“%(pilot)s” may have led to an improvement, possibly too small to matter, in “%(outcome)s”."
        ),
        "slight_improvement": N_(
            "“%(pilot)s” may have led to a slight improvement, below the level set as important, in “%(outcome)s”."
        ),
        "plain_improvement": N_("“%(pilot)s” may have led to an improvement in “%(outcome)s”."),
        "important_worsening": N_(
            "“%(pilot)s” may have led to an important worsening in “%(outcome)s”."
        ),
        "possible_worsening": N_(
            "“%(pilot)s” may have led to a worsening, possibly too small to matter, in “%(outcome)s”."
        ),
        "slight_worsening": N_(
            "“%(pilot)s” may have led to a slight worsening, below the level set as important, in “%(outcome)s”."
        ),
        "plain_worsening": N_("“%(pilot)s” may have led to a worsening in “%(outcome)s”."),
        "important_rise": N_("“%(pilot)s” may have led to an important rise in “%(outcome)s”."),
        "possible_rise": N_(
            "“%(pilot)s” may have led to a rise, possibly too small to matter, in “%(outcome)s”."
        ),
        "slight_rise": N_(
            "“%(pilot)s” may have led to a slight rise, below the level set as important, in “%(outcome)s”."
        ),
        "plain_rise": N_("“%(pilot)s” may have led to a rise in “%(outcome)s”."),
        "important_fall": N_("“%(pilot)s” may have led to an important fall in “%(outcome)s”."),
        "possible_fall": N_(
            "“%(pilot)s” may have led to a fall, possibly too small to matter, in “%(outcome)s”."
        ),
        "slight_fall": N_(
            "“%(pilot)s” may have led to a slight fall, below the level set as important, in “%(outcome)s”."
        ),
        "plain_fall": N_("“%(pilot)s” may have led to a fall in “%(outcome)s”."),
        "little": N_("“%(pilot)s” may have led to little to no difference in “%(outcome)s”."),
    },
}
CLEAR = {(level, size): text for level, sizes in _CLEAR.items() for size, text in sizes.items()}

VERY_LOW = {
    "apart": N_(
        "“%(outcome)s” changed differently in “%(pilot)s” than in the comparison, by %(effect)s; "
        "we are very uncertain that “%(pilot)s” is the reason."
    ),
    "little": N_(
        "“%(outcome)s” changed about as much in “%(pilot)s” as in the comparison; "
        "we are very uncertain what this says about “%(pilot)s”."
    ),
}

UNCLEAR = {
    "unclear_improvement": N_(
        "The data do not settle whether “%(pilot)s” changed “%(outcome)s”: they fit no difference and an important improvement "
        "(from %(low)s to %(high)s)."
    ),
    "unclear_worsening": N_(
        "The data do not settle whether “%(pilot)s” changed “%(outcome)s”: they fit no difference and an important worsening "
        "(from %(low)s to %(high)s)."
    ),
    "unclear_rise": N_(
        "The data do not settle whether “%(pilot)s” changed “%(outcome)s”: they fit no difference and an important rise "
        "(from %(low)s to %(high)s)."
    ),
    "unclear_fall": N_(
        "The data do not settle whether “%(pilot)s” changed “%(outcome)s”: they fit no difference and an important fall "
        "(from %(low)s to %(high)s)."
    ),
    "unclear_both": N_(
        "The data do not settle whether “%(pilot)s” changed “%(outcome)s”: they fit an important improvement and an important worsening "
        "(from %(low)s to %(high)s)."
    ),
    "unclear_both_neutral": N_(
        "The data do not settle whether “%(pilot)s” changed “%(outcome)s”: they fit an important rise and an important fall "
        "(from %(low)s to %(high)s)."
    ),
    "unclear": N_(
        "The data do not settle whether “%(pilot)s” changed “%(outcome)s”: they fit anything "
        "from %(low)s to %(high)s."
    ),
}

ABOUT_AS_MUCH = N_(
    "“%(outcome)s” changed about as much in “%(pilot)s” as in the comparison; "
    "there is no valid way here to say how much of it is chance."
)

NOT_RATED = N_(
    "“%(outcome)s” changed differently in “%(pilot)s” than in the comparison, by %(effect)s; "
    "there is no valid way here to say how much of it is chance."
)

NO_COMPARISON = {
    "up": N_(
        "Between start and end, “%(outcome)s” went up by %(effect)s. "
        "We cannot tell how much of it is due to “%(pilot)s”."
    ),
    "down": N_(
        "Between start and end, “%(outcome)s” went down by %(effect)s. "
        "We cannot tell how much of it is due to “%(pilot)s”."
    ),
    "same": N_(
        "Between start and end, “%(outcome)s” stayed the same. "
        "We cannot tell what it would have been without “%(pilot)s”."
    ),
}

OF_NOTHING = {
    NO_COMPARISON["up"]: NO_COMPARISON["same"],
    NO_COMPARISON["down"]: NO_COMPARISON["same"],
    NOT_RATED: ABOUT_AS_MUCH,
}
"""By each sentence that names the size of a change, what is said where that reads as zero."""
