"""The line of a request in MLflow's list of traces: prompt version and sizes, without the user's id or words."""

from collections.abc import Sequence

from oo.contract.kinds import Kind
from oo.contract.tips import AgentOutputSnippet, Candidate, GenerateRequest, RecommendRequest
from oo.prompts.slider import read_slider


def tip_line(
    version: str, request: RecommendRequest, snippets: Sequence[AgentOutputSnippet], kind: Kind | None = None
) -> str:
    """Such as "orchestrator-2, balanced (50), start: 5 tasks, 3 snippets"; the kind is known once there is a tip."""
    setting = request.science_destiny
    parts = [version, f"{read_slider(setting).band.name} ({setting})", *([kind.value] if kind else [])]
    return f"{', '.join(parts)}: {_counted(len(request.tasks), 'task')}, {_counted(len(snippets), 'snippet')}"


def candidates_line(version: str, request: GenerateRequest, found: Sequence[Candidate] = ()) -> str:
    """Such as "v2-grounded, start plan: 5 tasks, 2 candidates"; the kinds are known once there are candidates."""
    parts = [version, *([" ".join(candidate.kind.value for candidate in found)] if found else [])]
    tasks = _counted(len(request.context.tasks), "task")
    return f"{', '.join(parts)}: {tasks}, {_counted(request.n, 'candidate')}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
