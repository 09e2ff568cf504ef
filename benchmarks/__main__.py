"""`make bench`: run every measurement of this folder, or those named: `make bench ONLY="agents worker"`."""

import importlib
import pkgutil
import subprocess
import sys

import benchmarks
from commands.program import UNUSABLE, program, variable
from local.deployment.environment import ROOT

OF_BUILDS = frozenset({"cold_start", "recommend", "spread", "worker"})
"""Measurements of what `sam build` ships; the others measure the sources."""

OF_PEERS = frozenset({"cold_start", "recommend", "spread"})
"""Those that also measure handlers with other tools."""

IF_NAMED = frozenset({"spread"})
"""Repetitions of the others, which take half an hour."""


@program("bench")
@variable("ONLY", help="names of measurements, with spaces between them; absent: all but spread")
def main(only: str) -> None:
    """Run the measurements in the order of their names; an unknown name is an error that lists the known ones."""
    chosen = only.split()
    known = sorted(
        module.name for module in pkgutil.iter_modules(benchmarks.__path__) if not module.name.startswith("_")
    )
    unknown = sorted(set(chosen) - set(known))
    if unknown:
        print(f"ONLY names no measurement: {', '.join(unknown)}. There are: {', '.join(known)}.", file=sys.stderr)
        sys.exit(UNUSABLE)
    chosen = chosen or [name for name in known if name not in IF_NAMED]
    _build(set(chosen))
    # A measurement may read values itself, but only from the environment.
    sys.argv[1:] = []
    for name in chosen:
        print(f"\n== {name}", flush=True)
        importlib.import_module(f"benchmarks.{name}").main()


def _build(measured: set[str]) -> None:
    for target, what, by in (
        ("bench-builds", "this version and version 0.1", OF_BUILDS),
        ("bench-peers", "the handlers to compare with", OF_PEERS),
    ):
        if by & measured:
            print(f"building {what}", file=sys.stderr, flush=True)
            subprocess.run(["make", "--no-print-directory", target], cwd=ROOT, check=True)  # noqa: S607  # on the path


if __name__ == "__main__":
    main()
