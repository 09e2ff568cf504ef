"""The packages of the built layer: build/sbom.json (CycloneDX 1.6) and build/licences.txt."""

import json
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path
from typing import Any

from commands.program import program
from local.deployment.environment import ROOT

LAYER = ROOT / ".aws-sam" / "build" / "AgentsLayer" / "python"
BUILD = ROOT / "build"


def packages(layer: Path) -> list[Message]:
    """The metadata of every package in the layer, by name."""
    read = HeaderParser().parsestr
    found = [read(path.read_text(encoding="utf-8")) for path in layer.glob("*.dist-info/METADATA")]
    return sorted(found, key=lambda one: str(one["Name"]).lower())


def licence(package: Message) -> str:
    """The licence: its expression, else its classifiers, else the first line of its text, else unknown."""
    classified = [
        text.rpartition(" :: ")[2] for text in package.get_all("Classifier", []) if text.startswith("License :: ")
    ]
    first_line = str(package.get("License") or "").strip().partition("\n")[0]
    return str(package.get("License-Expression") or ", ".join(classified) or first_line or "unknown")


def bill(found: list[Message]) -> dict[str, Any]:
    """The CycloneDX document."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "components": [
            {
                "type": "library",
                "name": one["Name"],
                "version": one["Version"],
                "purl": f"pkg:pypi/{str(one['Name']).lower().replace('_', '-')}@{one['Version']}",
                "licenses": [{"license": {"name": licence(one)}}],
            }
            for one in found
        ],
    }


@program("build")
def main() -> None:
    """Write both and print their paths."""
    found = packages(LAYER)
    if not found:
        raise SystemExit(f"No package has its metadata in {LAYER.relative_to(ROOT)}: run `make build` first.")
    BUILD.mkdir(exist_ok=True)
    (BUILD / "sbom.json").write_text(json.dumps(bill(found), indent=2) + "\n")
    (BUILD / "licences.txt").write_text("".join(f"{one['Name']} {one['Version']}: {licence(one)}\n" for one in found))
    print(f"wrote build/sbom.json and build/licences.txt: {len(found)} packages")


if __name__ == "__main__":
    main()
