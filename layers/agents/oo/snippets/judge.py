"""One verdict per snippet: each snippet alone first, then the usable ones against each other."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from oo.contract.agent_versions import VERSIONS
from oo.contract.kinds import Kind
from oo.contract.limits import MAX_SNIPPET_CHARACTERS
from oo.contract.tips import AgentOutputSnippet
from oo.snapshot.tasks import Task
from oo.snapshot.titles import shorten
from oo.snippets.arbiter import MOST_COMPARED, contradicted
from oo.snippets.grammar import FREE_TEXT, MAX_CHARS, QUOTED, read_snippet
from oo.snippets.open_tasks import OpenTasks
from oo.snippets.ranking import NOBODY, RankedFor, rank, rank_of
from oo.snippets.statements import Made, statement_of
from oo.snippets.verdict import JudgedSnippet, Verdict, with_verdicts
from oo.untrusted_text.cleaning import clean, fold_clean, looks_like_instructions
from oo.untrusted_text.crisis import may_tell_of_crisis

MOST_AHEAD = timedelta(minutes=5)
"""The maximum difference of two clocks: an output from later would count as fresh until its time."""

MOST_NAMED = 3
"""Tasks that the notes of one prompt name together: all of them are on offer, and a tip is about one."""

_AGENT_ID_CHARACTERS = 64


def judge(
    snippets: Iterable[AgentOutputSnippet], tasks: OpenTasks, now: datetime, limit: int, reader: RankedFor = NOBODY
) -> tuple[JudgedSnippet, ...]:
    """One verdict per snippet, in the caller's order.

    `limit` is the number of snippets at this setting of the slider, for this `reader`, without the line about the tip's
    delivery. The prompt's builder may still change a usable verdict to `over_budget`.
    """
    judged = tuple(
        snippet._replace(rank=rank_of(snippet, reader)) if snippet.is_used else snippet
        for snippet in (_judge(place, source, tasks, now) for place, source in enumerate(snippets))
    )
    ranked = rank(judged)
    losers = contradicted(ranked, tasks)
    agreeing = [snippet for snippet in ranked.lines if snippet.place not in losers]
    kept = _within([snippet for snippet in ranked.lines[:MOST_COMPARED] if snippet.place not in losers], limit)
    against = {
        **dict.fromkeys(losers, Verdict.CONTRADICTED),
        **{snippet.place: Verdict.OUTRANKED for snippet in agreeing if snippet.place not in kept},
        **{snippet.place: Verdict.REPEATED for snippet in ranked.deliveries[1:]},
    }
    return with_verdicts(judged, against)


def _within(ranked: Sequence[JudgedSnippet], limit: int) -> frozenset[int]:
    """The places of the first notes, up to the limit, which name no more tasks than can be on offer."""
    kept: set[int] = set()
    named: set[str] = set()
    for snippet in ranked:
        keys = named | {task.key for task in snippet.tasks}
        if len(kept) < limit and len(keys) <= MOST_NAMED:
            kept.add(snippet.place)
            named = keys
    return frozenset(kept)


def _judge(place: int, snippet: AgentOutputSnippet, tasks: OpenTasks, now: datetime) -> JudgedSnippet:
    age_s = _age_s(snippet, now)
    text = _clean_text(snippet.prompt_text)
    if not text or _is_from_the_future(snippet, now):
        return JudgedSnippet(place, snippet, Verdict.MALFORMED, age_s)
    named = {title: tasks.named(title) for title in dict.fromkeys(QUOTED.findall(text))}
    is_withheld = may_tell_of_crisis(fold_clean(text)) or any(
        tasks.is_withheld(task) for task in named.values() if task
    )
    clauses = read_snippet(text) if len(text) <= MAX_CHARS else None
    kind = clauses.kind if clauses else Kind.ADVICE
    made = statement_of(QUOTED.sub("«»", clauses.fact if clauses else text), kind)
    # Without any tasks a quoted title cannot be compared.
    is_ghost = tasks.tells_titles and any(
        task is None or (task.waits and not _says_that_it_waits(made, kind)) for task in named.values()
    )
    return JudgedSnippet(
        place,
        snippet,
        _age_verdict(snippet, now)
        or _text_verdict(text, is_ghost=is_ghost, is_withheld=is_withheld)
        or _usable(snippet, named, tasks),
        age_s,
        agent_id=shorten(clean(snippet.agent_id), _AGENT_ID_CHARACTERS),
        text=text if clauses else f"{FREE_TEXT}{text}",
        kind=kind,
        strength=clauses.strength if clauses else 1,
        named=named,
        is_withheld=is_withheld,
        fact=clauses.fact if clauses else text,
        move=clauses.move if clauses else "",
        made=made,
    )


def _clean_text(prompt_text: object) -> str:
    """The text on one line; empty if it is not a text or over 2,000 characters."""
    is_text = isinstance(prompt_text, str) and len(prompt_text) <= MAX_SNIPPET_CHARACTERS
    return clean(str(prompt_text)) if is_text else ""


def _age_verdict(snippet: AgentOutputSnippet, now: datetime) -> Verdict | None:
    if _is_of_other_major(snippet):
        return Verdict.OTHER_VERSION
    is_expired = snippet.expires_at is not None and snippet.expires_at <= now
    return Verdict.EXPIRED if is_expired else None


def _says_that_it_waits(made: Made, kind: str) -> bool:
    """Whether a note names a task that waits for another person, and does not propose to work on it."""
    return made.statement.name == "waits" and kind not in (Kind.START, Kind.FINISH)


def _text_verdict(text: str, *, is_ghost: bool, is_withheld: bool) -> Verdict | None:
    if is_ghost:
        return Verdict.GHOST
    if is_withheld:
        return Verdict.WITHHELD
    # An unusual title inside the quotes is shown as a placeholder; here the line around it is judged.
    return Verdict.UNUSUAL if looks_like_instructions(fold_clean(QUOTED.sub("«»", text))) else None


def _usable(snippet: AgentOutputSnippet, named: Mapping[str, Task | None], tasks: OpenTasks) -> Verdict:
    """`unknown` if no time of expiry was sent, or a quoted title may be that of an untitled task; else `fresh`."""
    may_be_gone = tasks.rows.task_list.given_n > 0 and None in named.values()
    return Verdict.UNKNOWN if snippet.expires_at is None or may_be_gone else Verdict.FRESH


def _is_from_the_future(snippet: AgentOutputSnippet, now: datetime) -> bool:
    return snippet.computed_at is not None and snippet.computed_at > now + MOST_AHEAD


def _is_of_other_major(snippet: AgentOutputSnippet) -> bool:
    """Whether the agent has a newer major version; the versions of a caller's own agent are unknown."""
    current = VERSIONS.get(snippet.agent_id)
    if current is None or snippet.agent_version is None:
        return False
    return snippet.agent_version.partition(".")[0] != current.partition(".")[0]


def _age_s(snippet: AgentOutputSnippet, now: datetime) -> int | None:
    """Seconds since the snippet was computed; 0 if the two clocks disagree about the order."""
    return None if snippet.computed_at is None else max(0, int((now - snippet.computed_at).total_seconds()))
