"""Q2: the tip names an open task."""

from evals.answered import Answered, ServedTip
from evals.cases.case import Case
from evals.reading.named import named_titles, quoted_titles, title_of, titles_on_offer
from evals.scorers.verdict import Verdict, exempt, held
from oo.contract.kinds import Kind


def grounded(case: Case, answered: Answered, tip: ServedTip) -> Verdict:
    """It names one by its title, quotes no title without an open task, and its task's id is that of the title.

    A tip to rest may name none, and there may be none to name.
    """
    titles = titles_on_offer(case, answered.prompt.user)
    stranger = next((each for each in quoted_titles(tip.content) if title_of(each, titles) is None), "")
    if stranger and case.opened.tells_titles:
        return held(f"«{stranger}» is not an open task")
    if not titles:
        return exempt("there is no task to name")
    named = named_titles(tip.content, titles)
    if not named:
        return exempt("a rest needs no task") if tip.kind is Kind.REST else held("it names no open task")
    if tip.task_id is not None and case.nameable and tip.task_id not in _ids_of(case, named):
        return held(f"task {tip.task_id} has another title")
    return held("")


def _ids_of(case: Case, named: list[str]) -> set[str | None]:
    """The ids of all open tasks with those titles: two tasks may share one."""
    tasks = case.opened.rows.task_list
    return {task.id for task in (*tasks.open, *tasks.set_aside) if task.title in named}
