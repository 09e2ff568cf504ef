"""Prints the size of the built layer, package by package (`make build`)."""

from pathlib import Path

from commands.program import program
from local.deployment.environment import ROOT

LAYER = ROOT / ".aws-sam" / "build" / "AgentsLayer" / "python"
LISTED = 12
MEGABYTE = 1_000_000


def sizes(folder: Path) -> dict[str, int]:
    """Bytes by top-level package or module, the largest first; the packages' metadata counts together."""
    found: dict[str, int] = {}
    for path in folder.rglob("*"):
        if path.is_file():
            top = path.relative_to(folder).parts[0]
            name = "(metadata)" if top.endswith(".dist-info") else top
            found[name] = found.get(name, 0) + path.stat().st_size
    return dict(sorted(found.items(), key=lambda entry: -entry[1]))


@program("build")
def main() -> None:
    """Print the largest packages of the layer and the sum."""
    by_package = sizes(LAYER)
    for name, size in list(by_package.items())[:LISTED]:
        print(f"{size / MEGABYTE:8.1f} MB  {name}")
    rest = list(by_package.values())[LISTED:]
    print(f"{sum(rest) / MEGABYTE:8.1f} MB  {len(rest)} others")
    print(f"{sum(by_package.values()) / MEGABYTE:8.1f} MB  AgentsLayer, unzipped (Lambda allows 250)")


if __name__ == "__main__":
    main()
