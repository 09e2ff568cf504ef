"""`make bench`: run every measurement of this folder, or those named: `make bench ONLY="agents worker"`."""

import importlib
import pkgutil
import sys

import benchmarks


def main(chosen: list[str]) -> int:
    """Run them in the order of their names; an unknown name is an error that lists the known ones."""
    known = sorted(
        module.name for module in pkgutil.iter_modules(benchmarks.__path__) if not module.name.startswith("_")
    )
    unknown = sorted(set(chosen) - set(known))
    if unknown:
        print(f"No such measurement: {', '.join(unknown)}. There are: {', '.join(known)}.", file=sys.stderr)
        return 2
    for name in chosen or known:
        print(f"\n== {name}", flush=True)
        importlib.import_module(f"benchmarks.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
