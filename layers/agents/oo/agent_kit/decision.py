"""An agent's decision, and the output made from it."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from oo.agent_kit.manifest import MIN_SECONDS, Manifest
from oo.agent_kit.user_view import UserView
from oo.contract.agent_output import AgentOutput
from oo.frozen import frozen
from oo.snippets.grammar import SnippetDraft, write_snippet

_LONGEST_SILENCE = timedelta(hours=6)
_SIGNAL_PLACES = 3


@frozen
class Say:
    """A statement, and the instants at which it would change (None: no such instant)."""

    line: SnippetDraft
    signals: Mapping[str, object]
    valid_until_candidates: Iterable[datetime | None] = ()


@frozen
class Silent:
    """Silence with its reason, and the instants at which either could change (None: no such instant)."""

    reason: str
    signals: Mapping[str, object]
    valid_until_candidates: Iterable[datetime | None] = ()


def write_output(manifest: Manifest, view: UserView, decided: Say | Silent) -> AgentOutput:
    """The output of a decision, with each declared signal; null if the decision gives none."""
    if isinstance(decided, Say):
        text, reason, longest = write_snippet(decided.line), None, timedelta(seconds=manifest.ttl.max_s)
    else:
        text, reason, longest = "", decided.reason, _LONGEST_SILENCE
    # An agent that requires no tasks has the same output if its snapshot has none.
    tasks_change_at = view.tasks.changes_at if manifest.requires.tasks else None
    return AgentOutput(
        user_id=view.snapshot.user_id,
        agent_id=manifest.agent_id,
        prompt_text=text,
        signals_snapshot=_snapshot(manifest, reason, decided.signals),
        computed_at=view.clock.now,
        expires_at=_expiry(view, longest, [*decided.valid_until_candidates, tasks_change_at]),
        agent_version=manifest.version,
    )


def _expiry(view: UserView, longest: timedelta, valid_until_candidates: Iterable[datetime | None]) -> datetime:
    """The earliest end, rounded down to whole seconds, at least a minute from now.

    Ages and dates are counted in local calendar days, so a statement ends at local midnight at the latest; in an
    unknown zone, at the first midnight of any zone.
    """
    clock = view.clock
    ends = [clock.now + longest, clock.midnight, *(each.midnight for each in clock.extremes())]
    ends += [end for end in valid_until_candidates if end is not None]
    return max(min(ends).replace(microsecond=0), clock.now + timedelta(seconds=MIN_SECONDS))


def _snapshot(manifest: Manifest, reason: str | None, signals: Mapping[str, object]) -> dict[str, object]:
    undeclared = signals.keys() - manifest.signals_schema.keys()
    if undeclared:
        message = f"{manifest.agent_id} gives signals that its manifest does not declare: {sorted(undeclared)}"
        raise LookupError(message)
    found = {"applicable": reason is None, "reason": reason, **signals}
    return {name: _tidy(found.get(name)) for name in manifest.signals_schema}


def _tidy(value: object) -> object:
    return round(value, _SIGNAL_PLACES) if isinstance(value, float) else value
