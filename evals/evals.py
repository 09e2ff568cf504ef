"""`make evals VERSIONS=a,b`: versions on one set, with a report in OUT."""

from pathlib import Path

from commands.program import program, variable
from evals.batch_checks import batch_checks
from evals.figures import Run, figures
from evals.mlflow_run import tell_mlflow
from evals.report import write_report
from evals.report_page import DECIDE
from evals.run import CORE, BenchOptions, bench_options, run_versions
from evals.unusable_input import EXIT_CODE, UnusableInput, end_with


@program("evals", status=EXIT_CODE)
@variable("VERSIONS", help="released versions, template, or drafts, with commas")
@bench_options
def main(chosen: BenchOptions, versions: str) -> None:
    """Run prompt versions on a set of cases, and write the report; unusable input ends with one sentence and 3."""
    names = list(dict.fromkeys(name.strip() for name in versions.split(",") if name.strip()))
    out = Path(chosen.out)
    try:
        if not names:
            raise UnusableInput("Name at least one version: VERSIONS=orchestrator-2,template.")  # noqa: TRY301
        run = run_versions(names, chosen.set_name or CORE, chosen)
        write_report(run, out)
    except UnusableInput as problem:
        end_with(problem)
    print_figures(run)
    print(f"The report is {out / 'report.html'}.")
    tell_mlflow(run)
    if len(names) > 2:
        print(DECIDE)


def print_figures(run: Run) -> None:
    """The mean and the batch checks of each version, and one line per comparison."""
    told = figures(run)
    for place, (name, version) in enumerate(told["versions"].items()):
        failed = {gate: each["failed"] for gate, each in version["gates"].items() if each["failed"]}
        mean = "none" if version["mean"] is None else f"{version['mean']:.2f}"
        print(f"{name}: mean {mean}; failed: {', '.join(f'{gate} {n}' for gate, n in failed.items()) or 'nothing'}")
        checks = (f"{check.name} {check.told}" for check in batch_checks(run.rows, place))
        print(f"{name}: batch checks: {'; '.join(checks)}")
    for each in (*told.get("comparisons", ()), *([told["comparison"]] if "comparison" in told else [])):
        print(
            f"{each['b']} against {each['a']}: {each['difference']:+.2f} points, p = {each['p']:.4f}: {each['verdict']}"
        )


if __name__ == "__main__":
    main()
