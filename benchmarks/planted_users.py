"""Truth of the agents' claims: twelve weeks of eight users whose habits were planted, day by day.

Every day, at an hour that changes, each agent infers from the history so far and computes, exactly as a worker of the
compute queue does. Its claims and its learned values are compared with the planted truth by the functions of `_claims`.
Claims are taken from signals and learned values, not from texts. Silence is allowed; of the claims at most 5% may
contradict the truth, and at most 5% of those based on an estimate, since counts of tasks are hardly ever wrong.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from benchmarks._claims import JUDGES, Claim, Said
from benchmarks._personas import PERSONAS, WEEKS, Life, live
from oo.agent_kit.agent import Agent
from oo.agent_kit.user_view import view_at
from oo.agents.registry import all_agents
from oo.contract.snapshot import Snapshot
from oo.inference.run import run_inference
from oo.precompute.compute_job import merged

MOST_WRONG = 0.05
_DONE_SHOWN = timedelta(days=60)
_HOURS = (8.2, 12.6, 16.4, 9.7, 20.1, 14.3, 10.9)


@dataclass
class Score:
    """One agent's statements on one persona: days, days with a statement, and claims."""

    days: int = 0
    spoken: int = 0
    claims: list[Claim] = field(default_factory=list)

    @property
    def wrong_share(self) -> float | None:
        """The share of claims that contradict the truth."""
        return _wrong_share(self.claims)

    @property
    def wrong_estimates_share(self) -> float | None:
        """The share of wrong claims among those based on an estimate."""
        return _wrong_share([claim for claim in self.claims if claim.estimated])

    @property
    def spoken_share(self) -> float | None:
        """The share of days with a statement."""
        return self.spoken / self.days if self.days else None


_Scores = Mapping[str, Sequence[Score]]


def main(seed: int = 1) -> None:
    """Simulate the weeks; print the tables, the wrong claims and the verdict on the goal."""
    lives = [live(persona, seed) for persona in PERSONAS]
    agents = {agent.manifest.agent_id: agent for agent in all_agents()}
    scores = {name: [score(agent, life) for life in lives] for name, agent in agents.items() if name in JUDGES}
    _print_table("claims that contradict the planted truth", scores, lambda each: each.wrong_share)
    _print_table("of these, claims that rest on an estimate", scores, lambda each: each.wrong_estimates_share)
    _print_table("days with something to say", scores, lambda each: each.spoken_share)
    _print_wrong(scores)
    if agents.keys() - scores.keys():
        print(f"without a test of their truth: {', '.join(agents.keys() - scores.keys())}")


def score(agent: Agent, life: Life, first_day: int = 1) -> Score:
    """Run an agent on each day of a life from a given day on, and judge its claims."""
    found = Score()
    for day in range(max(life.persona.first_day + 1, first_day), 7 * WEEKS):
        said = ask(agent, life, life.now(day, _HOURS[day % len(_HOURS)]))
        found.days += 1
        found.spoken += bool(said.output.prompt_text)
        found.claims += JUDGES[agent.manifest.agent_id](said)
    return found


def ask(agent: Agent, life: Life, now: datetime) -> Said:
    """The inference and the statement of an agent at one time of a life."""
    completions = [task for task in life.finished if task.done and task.done <= now]
    snapshot = Snapshot(
        user_id=life.persona.name,
        tasks=[task.row(now) for task in life.tasks if _is_shown(task.created, task.done, now)],
        feedback_history=list(_feedback(life, now)),
        task_completions=[
            {"project_id": task.project_id, "completed_at": _iso(task.done), "due_at": _iso(task.due)}
            for task in completions
        ],
        now_iso=now,
        timezone=life.persona.zone,
    )
    view = view_at(snapshot, now.astimezone(ZoneInfo(life.persona.zone)))
    learned = run_inference(agent.manifest, view)
    preferences = merged(learned, life.persona.settings.get(agent.manifest.agent_id, {}))
    return Said(life, now, agent.compute(view.for_agent(agent.manifest, preferences)), learned)


def _feedback(life: Life, now: datetime) -> Iterator[dict[str, object]]:
    for at, outcome, dwell_ms in life.tips:
        if at <= now:
            yield {"action": "shown", "dwell_ms": None, "created_at": at.isoformat()}
            yield {"action": outcome, "dwell_ms": dwell_ms, "created_at": (at + timedelta(seconds=20)).isoformat()}


def _is_shown(created: datetime, done: datetime | None, now: datetime) -> bool:
    return created <= now and (done is None or done > now - _DONE_SHOWN)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _print_table(title: str, scores: _Scores, share: Callable[[Score], float | None]) -> None:
    print(f"{title}, %")
    print(f"{'':<19}" + "".join(f"{persona.name.split()[0][:9]:>10}" for persona in PERSONAS) + f"{'all':>8}")
    for name, row in scores.items():
        _print_row(name, row, share)
    columns = [_sum(column) for column in zip(*scores.values(), strict=True)]
    _print_row("all", columns, share)
    print()


def _print_row(name: str, row: Sequence[Score], share: Callable[[Score], float | None]) -> None:
    cells = "".join(f"{_percent(share(each)):>10}" for each in row)
    print(f"{name:<19}{cells}{_percent(share(_sum(row))):>8}")


def _print_wrong(scores: _Scores) -> None:
    wrong = Counter(
        f"{name}: {claim.name}" for name, row in scores.items() for claim in _sum(row).claims if not claim.holds
    )
    print(f"wrong most often: {', '.join(f'{name} {count}' for name, count in wrong.most_common(8)) or 'nothing'}")
    claims = _sum([_sum(row) for row in scores.values()]).claims
    _print_check("claims", claims)
    _print_check("estimates", [claim for claim in claims if claim.estimated])


def _print_check(noun: str, claims: Sequence[Claim]) -> None:
    found = _wrong_share(claims) or 0.0
    verdict = "holds" if found <= MOST_WRONG else "DOES NOT HOLD"
    print(f"at most {MOST_WRONG:.0%} of {noun} wrong: {verdict}, {found:.1%} of {len(claims):,} are")


def _wrong_share(claims: Sequence[Claim]) -> float | None:
    return sum(not claim.holds for claim in claims) / len(claims) if claims else None


def _sum(scores: Iterable[Score]) -> Score:
    each = list(scores)
    claims = [claim for one in each for claim in one.claims]
    return Score(sum(one.days for one in each), sum(one.spoken for one in each), claims)


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f}"
