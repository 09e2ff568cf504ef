"""Prints the size of the built layers, package by package (`make build`)."""

from pathlib import Path
from typing import NamedTuple

from commands.program import program
from local.deployment.environment import ROOT

LAYERS = {
    "AgentsLayer": "attached to every function",
    "MlflowClientLayer": "attached with MlflowTraceProtocol=client",
}
"""The built layers, with their use."""

LISTED = 12
MEBIBYTE = 1024 * 1024


class Size(NamedTuple):
    """Bytes of files, without what a disk adds to each, and their number."""

    bytes: int = 0
    files: int = 0

    @property
    def mebibytes(self) -> float:
        """Bytes in units of 1,048,576."""
        return self.bytes / MEBIBYTE

    @classmethod
    def sum_of(cls, several: list["Size"]) -> "Size":
        """All of them together."""
        return cls(sum(one.bytes for one in several), sum(one.files for one in several))


def packages_of(layer: str) -> Path:
    """The folder of a built layer that is on Python's path in Lambda."""
    return ROOT / ".aws-sam" / "build" / layer / "python"


def sizes(folder: Path) -> dict[str, Size]:
    """Sizes by top-level package or module, the largest first; the packages' metadata counts together."""
    found: dict[str, Size] = {}
    for path in folder.rglob("*"):
        if path.is_file():
            top = path.relative_to(folder).parts[0]
            name = "(metadata)" if top.endswith(".dist-info") else top
            before = found.get(name, Size())
            found[name] = Size(before.bytes + path.stat().st_size, before.files + 1)
    return dict(sorted(found.items(), key=lambda entry: -entry[1].bytes))


@program("build")
def main() -> None:
    """Print the largest packages of each layer and the sums."""
    for layer, use in LAYERS.items():
        by_package = sizes(packages_of(layer))
        print(f"     MiB   files  {layer}, {use}")
        for name, size in list(by_package.items())[:LISTED]:
            print(_line(size, name))
        rest = list(by_package.values())[LISTED:]
        print(_line(Size.sum_of(rest), f"{len(rest)} others"))
        print(_line(Size.sum_of(list(by_package.values())), "all files (Lambda allows 250 MB with all layers)"))


def _line(size: Size, name: str) -> str:
    return f"{size.mebibytes:8.1f} {size.files:7,}  {name}"


if __name__ == "__main__":
    main()
