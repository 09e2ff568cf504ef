"""A scorer's verdict on a served tip, for storage on the tip's trace in MLflow."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from evals.case_traces import SOURCE
from evals.scorers import SCORERS
from evals.scorers.length import MOST_CHARACTERS
from evals.scorers.verdict import Verdict
from evals.served.facts import facts_of
from evals.served.tip_trace import TipTrace

_DIGITS = 32
"""Of the hash in an id; MLflow takes ids of at most 50 characters."""

_SIZES = "sizes"


class Score(NamedTuple):
    """A score; `basis` is the scorer's input: the recorded request, the prompt alone, or only sizes of texts."""

    serve_id: str
    name: str
    value: float
    why: str
    basis: str

    @property
    def id(self) -> str:
        """The id, the same in every run, so that MLflow's primary key prevents duplicates."""
        return f"a-{sha256(f'{self.serve_id}|{self.name}'.encode()).hexdigest()[:_DIGITS]}"

    def body(self) -> dict[str, Any]:
        """The assessment in the form of MLflow's REST interface."""
        return {
            "assessment_id": self.id,
            "assessment_name": self.name,
            "source": {"source_type": "CODE", "source_id": SOURCE},
            "feedback": {"value": self.value},
            "metadata": {"serve_id": self.serve_id, "basis": self.basis},
            "rationale": self.why,
        }

    def is_stored(self, stored: Mapping[str, Any]) -> bool:
        """Whether an assessment from MLflow is equal."""
        match stored:
            case {"feedback": {"value": int() | float() as value}, "metadata": {"basis": str(basis)}}:
                return (float(value), stored.get("rationale", ""), basis) == (self.value, self.why, self.basis)
        return False


def scores_of(trace: TipTrace) -> list[Score]:
    """The verdicts of the scorers for which the trace has the facts, without rules that do not apply."""
    facts = facts_of(trace)
    if facts is None or facts.answered.tip is None:
        return list(_by_size(trace))
    return [
        _score(trace, name, verdict, facts.basis)
        for name, scorer in SCORERS.items()
        if name in facts.scorers
        and (verdict := scorer(facts.case, facts.answered, facts.answered.tip)).passed is not None
    ]


def _by_size(trace: TipTrace) -> Iterator[Score]:
    """The character limit of Q6: a trace without texts contains their lengths."""
    if trace.characters is not None:
        is_long = trace.characters > MOST_CHARACTERS
        why = f"{trace.characters} characters, the limit is {MOST_CHARACTERS}" if is_long else ""
        yield _score(trace, "Q6", Verdict(float(not is_long), not is_long, why), _SIZES)


def _score(trace: TipTrace, name: str, verdict: Verdict, basis: str) -> Score:
    return Score(trace.serve_id, name, verdict.value, verdict.why, basis)
