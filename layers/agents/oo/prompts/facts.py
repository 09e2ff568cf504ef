"""Lines of data about the user: the profile in words, and the caller's own additions."""

from collections.abc import Mapping

from oo.snapshot.numbers import finite_number
from oo.snapshot.profile import read_profile
from oo.snapshot.titles import shorten
from oo.untrusted_text.cleaning import (
    READ_CHARACTERS,
    clean,
    data_line,
    fold_clean,
    hide_links,
    looks_like_instructions,
)
from oo.untrusted_text.crisis import may_tell_of_crisis

MOST_EXTRAS = 10
_NAME_CHARACTERS = 40
_VALUE_CHARACTERS = 200

_ALWAYS = float("inf")
_WORDS: dict[str, tuple[tuple[float, str], ...]] = {
    "completion_rate_28d": (
        (0.4, "finishes some of the planned tasks"),
        (0.7, "finishes about half of the planned tasks"),
        (_ALWAYS, "finishes most planned tasks"),
    ),
    "on_time_rate_28d": (
        (0.4, "finishes a few dated tasks on time"),
        (0.7, "finishes about half of the dated tasks on time"),
        (_ALWAYS, "finishes most dated tasks on time"),
    ),
    "mean_daily_done_28d": (
        (1, "finishes less than a task a day"),
        (3, "finishes one or two tasks a day"),
        (6, "finishes a handful of tasks a day"),
        (_ALWAYS, "finishes many tasks a day"),
    ),
    "tip_accept_rate_28d": (
        (0.3, "seldom takes up a tip"),
        (0.6, "takes up a tip now and then"),
        (_ALWAYS, "often takes up a tip"),
    ),
    "energy_now": ((0.35, "low on energy now"), (0.7, "fair energy now"), (_ALWAYS, "full of energy now")),
    "stress_now": ((0.35, "calm now"), (0.7, "some stress now"), (_ALWAYS, "much stress now")),
    "tenure_d": ((14, "new to these tips"), (180, "knows these tips"), (_ALWAYS, "has known these tips for long")),
}
"""Each phrase with the value below which it is used; a rate's digits are never shown."""


def profile_lines(profile: Mapping[str, object]) -> tuple[str, ...]:
    """The known values as words, one per line; nulls and unknown names are left out."""
    known = read_profile(profile)
    return tuple(
        data_line(profile=next(word for below, word in words if known[name] < below))
        for name, words in _WORDS.items()
        if name in known
    )


def extra_lines(extra: object) -> tuple[str, ...]:
    """A caller's own texts, numbers and flags, by name: at most ten, without nested values and instructions."""
    if not isinstance(extra, Mapping):
        return ()
    named = sorted((name, value) for name, value in map(_read, extra.items()) if name and value is not None)
    return tuple(data_line(about=name, value=value) for name, value in named[:MOST_EXTRAS])


def _read(entry: tuple[object, object]) -> tuple[str, str | None]:
    name, value = entry
    shown, told = _text(name, _NAME_CHARACTERS), _value(value)
    folded = fold_clean(f"{shown} {told}")
    harmful = looks_like_instructions(folded) or may_tell_of_crisis(folded)
    return shown, None if harmful else told


def _value(value: object) -> str | None:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return _text(value, _VALUE_CHARACTERS) or None
    number = finite_number(value)
    return None if number is None else f"{number:g}"


def _text(value: object, limit: int) -> str:
    return shorten(hide_links(clean(value[:READ_CHARACTERS])), limit) if isinstance(value, str) else ""
