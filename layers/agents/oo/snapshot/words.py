"""The one comparison of words from apps: states of tasks, outcomes of tips."""

LONGEST_WORD = 64

_APOSTROPHES = "'`\u00b4\u2018\u2019\u02bc\uff07"
_HYPHENS = "-_\u2010\u2011\u2012\u2013\u2014\u2212\N{SOFT HYPHEN}"
_INVISIBLE = "\N{ZERO WIDTH SPACE}\N{WORD JOINER}\N{ZERO WIDTH NO-BREAK SPACE}"
_VARIATIONS = "\N{VARIATION SELECTOR-15}\N{VARIATION SELECTOR-16}"
_SKIN_TONES = "".join(map(chr, range(0x1F3FB, 0x1F400)))
_IGNORED = str.maketrans(dict.fromkeys(_APOSTROPHES + _HYPHENS + _INVISIBLE + _VARIATIONS + _SKIN_TONES, ""))


def word_key(value: object) -> str | None:
    """The normalised form of a word: "remindmelater" for "Remind me later", "remind_me-later", "remindMeLater".

    Case, blanks, hyphens, underscores, apostrophes, and emoji variants do not matter. Empty for a blank text; None for
    a text longer than any word, and for a value that is not a text.
    """
    if not isinstance(value, str):
        return None
    text = value.strip()
    return "".join(text.translate(_IGNORED).split()).casefold() if len(text) <= LONGEST_WORD else None
