from pathlib import Path

import pytest

from tools.bill_of_materials import bill, licence, packages


def write(layer: Path, name: str, *lines: str) -> None:
    folder = layer / f"{name}-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("\n".join(["Metadata-Version: 2.4", f"Name: {name}", "Version: 1.0", *lines, ""]))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("License-Expression: MIT", "License: other"), "MIT"),
        (("Classifier: License :: OSI Approved :: BSD License",), "BSD License"),
        (("License: Apache-2.0",), "Apache-2.0"),
        ((), "unknown"),
    ],
)
def test_a_licence_is_what_the_package_says_best(tmp_path: Path, lines: tuple[str, ...], expected: str) -> None:
    write(tmp_path, "one", *lines)

    assert licence(packages(tmp_path)[0]) == expected


def test_the_bill_names_every_package_once(tmp_path: Path) -> None:
    for name in ("Second_Part", "first"):
        write(tmp_path, name)

    components = bill(packages(tmp_path))["components"]

    assert [one["purl"] for one in components] == ["pkg:pypi/first@1.0", "pkg:pypi/second-part@1.0"]
