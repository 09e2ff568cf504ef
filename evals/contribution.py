"""`make contribution`: the points that tips lose without each agent, with a verdict on it."""

from pathlib import Path

from commands.program import program, variable
from evals.agent_losses import contributions
from evals.contribution_page import NEXT_MOVES_UP, AgentsReport, told_contribution, write_contributions
from evals.run import CORE, BenchOptions, bench_for, bench_options, case_set, cases_of, print_asked
from evals.unusable_input import EXIT_CODE, UnusableInput, end_with
from evals.version import RecommendVersion, find_version
from oo.prompts.versions import DEFAULT_RECOMMEND_VERSION


@program("contribution", status=EXIT_CODE)
@variable("VERSION", default=DEFAULT_RECOMMEND_VERSION, help="a version of /recommend, template, or a draft")
@bench_options
def main(chosen: BenchOptions, version: str) -> None:
    """Leave out one agent after the other, and write the report; unusable input ends with one sentence and 3."""
    out = Path(chosen.out)
    try:
        told = _version(version)
        name = chosen.set_name or CORE
        cases, bench = cases_of(name, chosen), bench_for(chosen)
        agents = contributions(bench, told, cases, chosen.repeats)
        counts = len(cases), len({case.user for case in cases})
        report = AgentsReport(case_set(name), counts, bench.replies.model.name, told.name, agents)
        write_contributions(report, out)
    except UnusableInput as problem:
        end_with(problem)
    print_asked(bench)
    for each in agents:
        print(told_contribution(each))
    print(NEXT_MOVES_UP)
    print(f"The report is {out / 'contribution.html'}.")


def _version(name: str) -> RecommendVersion:
    version = find_version(name)
    if not isinstance(version, RecommendVersion):
        raise UnusableInput(f"The prompts of {name} hold no snippets: name a version of /recommend.")
    return version


if __name__ == "__main__":
    main()
