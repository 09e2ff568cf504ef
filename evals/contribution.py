"""`make contribution`: the points that tips lose without each agent, with a verdict on it."""

from collections.abc import Sequence
from pathlib import Path

from evals.agent_losses import contributions
from evals.contribution_page import NEXT_MOVES_UP, AgentsReport, told_contribution, write_contributions
from evals.run import CORE, OUT, add_options, bench_for, case_set, cases_of, print_asked, repeats_of
from evals.unusable_input import OneSentenceParser, UnusableInput, end_with
from evals.version import RecommendVersion, find_version
from oo.prompts.versions import DEFAULT_RECOMMEND_VERSION


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a line per agent and write the report; unusable input ends the program with one sentence and 3."""
    parser = OneSentenceParser(prog="python -m evals.contribution", description="Leave out one agent after the other.")
    parser.add_argument("--version", default="", help="a released version of /recommend, template, or a draft")
    add_options(parser)
    chosen = parser.parse_args(arguments)
    out = Path(chosen.out or OUT)
    try:
        version = _version(chosen.version or DEFAULT_RECOMMEND_VERSION)
        name = chosen.set_name or CORE
        cases, times, bench = cases_of(name, chosen), repeats_of(chosen), bench_for(chosen)
        agents = contributions(bench, version, cases, times)
        counts = len(cases), len({case.user for case in cases})
        report = AgentsReport(case_set(name), counts, bench.replies.model.name, version.name, agents)
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
