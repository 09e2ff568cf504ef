"""The result of judging a snippet, from which the receipt's state and reason follow."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple, get_args

from oo.contract.kinds import SnippetReason, SnippetState
from oo.contract.tips import AgentOutputSnippet, ReceiptSnippet
from oo.snapshot.tasks import Task
from oo.snippets.statements import OTHER, Made, words_of


class Verdict(StrEnum):
    """Whether a prompt contains a snippet (`fresh`, `unknown`), or the reason why not."""

    FRESH = "fresh"
    UNKNOWN = "unknown"
    """The caller sent no time of expiry."""
    EXPIRED = "expired"
    OTHER_VERSION = "other_version"
    """Another major version of its agent computed it."""
    MALFORMED = "malformed"
    """Not a text, blank, too long, or computed in the future."""
    GHOST = "ghost"
    """It quotes a title without an open task, or proposes to work on a task that waits for another person."""
    WITHHELD = "withheld"
    """It may mention self-harm."""
    UNUSUAL = "unusual"
    """It looks like instructions to the model."""
    CONTRADICTED = "contradicted"
    """It contradicts a snippet that takes precedence by the rules of `oo.snippets.arbiter`, or the open tasks."""
    OUTRANKED = "outranked"
    """Others rank higher, and the slider allows no more."""
    OVER_BUDGET = "over_budget"
    """The prompt would be too long."""
    REPEATED = "repeated"
    """Another snippet about the tip's delivery comes before it in the request."""


_REASONS: Mapping[Verdict, SnippetReason] = {Verdict(word): word for word in get_args(SnippetReason)}
_STATES: Mapping[Verdict, SnippetState] = {
    Verdict.EXPIRED: SnippetState.EXPIRED,
    Verdict.OTHER_VERSION: SnippetState.OTHER_VERSION,
    Verdict.MALFORMED: SnippetState.MALFORMED,
    Verdict.GHOST: SnippetState.GHOST,
}
"""For every other verdict, the state follows from the time of expiry."""


class JudgedSnippet(NamedTuple):
    """One snippet and its verdict at the time of a request.

    `place` is its position in the caller's list. `text` is clean, has the grammar's prefix, and is empty if the verdict
    is `malformed`. `named` holds the open task of each quoted title, None if no open task has that title. A usable note
    names a task that waits for another person only to report that. `is_withheld` is true for every text that may
    mention self-harm, at any verdict. `fact` and `move` are the clauses of the text; a text outside the grammar is all
    fact. `made` is the statement of the fact.
    """

    place: int
    source: AgentOutputSnippet
    verdict: Verdict
    age_s: int | None
    agent_id: str = ""
    text: str = ""
    kind: str = ""
    strength: int = 0
    named: Mapping[str, Task | None] = {}
    is_withheld: bool = False
    rank: float = 0.0
    fact: str = ""
    move: str = ""
    made: Made = Made(OTHER, {})  # immutable

    @property
    def says(self) -> str:
        """The name of its statement."""
        return self.made.statement.name

    @property
    def words(self) -> frozenset[str]:
        """The words of its clauses, outside quoted titles."""
        return words_of(f"{self.fact} {self.move}")

    @property
    def is_used(self) -> bool:
        """Whether the prompt may contain it, or contains it once the prompt is built."""
        return self.verdict not in _REASONS

    @property
    def reason(self) -> SnippetReason | None:
        """The reason against it, None if it is used."""
        return _REASONS.get(self.verdict)

    @property
    def state(self) -> SnippetState:
        """The receipt's state."""
        dated = SnippetState.UNKNOWN if self.source.expires_at is None else SnippetState.FRESH
        return _STATES.get(self.verdict, dated)

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The open tasks that it quotes, in the order of the text."""
        return tuple(task for task in self.named.values() if task)

    def receipt(self) -> ReceiptSnippet:
        """The snippet's row of the receipt."""
        return ReceiptSnippet(
            agent_id=self.source.agent_id,
            agent_version=self.source.agent_version,
            age_s=self.age_s,
            state=self.state,
            used=self.is_used,
            reason=self.reason,
        )


def with_verdicts(judged: Iterable[JudgedSnippet], verdicts: Mapping[int, Verdict]) -> tuple[JudgedSnippet, ...]:
    """The snippets, with new verdicts at those places."""
    return tuple(
        snippet._replace(verdict=verdicts[snippet.place]) if snippet.place in verdicts else snippet
        for snippet in judged
    )
