"""The layer's build with stand-ins for the machine's Pythons: the installer need not be the compiler of bytecode."""

import shutil
import subprocess
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[3] / "layers/agents"
NO_PIP = "[ $2 = pip ] && exit 1"
PIP = '[ "$2 $3" = "pip install" ] && mkdir -p "$ARTIFACTS_DIR/python" && echo "$0" >installer'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the scripts, and a path with the programs that they need and no Python."""
    for file in (*SOURCE.glob("*.sh"), *SOURCE.glob("*.txt")):
        shutil.copy(file, tmp_path / file.name)
    (tmp_path / "trim.sh").write_text("")
    (tmp_path / "oo/validation").mkdir(parents=True)
    (tmp_path / "path").mkdir()
    for name in ("sh", "ls", "sort", "cp", "mkdir", "rm", "find"):
        (tmp_path / "path" / name).symlink_to(shutil.which(name) or name)
    return tmp_path


def program(folder: Path, name: str, source: str) -> None:
    file = folder / "path" / name
    file.write_text(f"#!/bin/sh\n{source}\nexit 0\n")
    file.chmod(0o755)


def build(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    variables = {"PATH": str(folder / "path"), "HOME": str(folder), "ARTIFACTS_DIR": str(folder / "out"), "PYTHONS": ""}
    return subprocess.run(
        [shutil.which("sh") or "sh", "build_layer.sh"],
        cwd=folder,
        env=variables | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def installer(folder: Path) -> str:
    return Path((folder / "installer").read_text().strip()).name


def test_a_runtime_without_pip_leaves_the_installing_to_another_python(folder: Path) -> None:
    """The runtime's Python only compiles."""
    program(folder, "python3.13", NO_PIP)
    program(folder, "python3", PIP)
    built = build(folder)

    assert (built.returncode, installer(folder)) == (0, "python3"), built.stderr
    assert (folder / "out/architecture").read_text() == "x86_64\n"


def test_uv_installs_where_no_python_has_pip(folder: Path) -> None:
    """Its platform is that of the layer."""
    program(folder, "python3.13", NO_PIP)
    program(folder, "python3", NO_PIP)
    program(folder, "uv", '[ "$1 $2" = "pip install" ] && mkdir -p "$ARTIFACTS_DIR/python" && echo "$@" >installer')
    built = build(folder, ARCHITECTURE="arm64")

    assert built.returncode == 0, built.stderr
    assert "--python-platform aarch64-manylinux_2_28" in (folder / "installer").read_text()


def test_without_an_installer_the_build_says_what_to_install(folder: Path) -> None:
    """One sentence, and no layer."""
    program(folder, "python3.13", NO_PIP)
    built = build(folder)

    assert (built.returncode, built.stdout) == (1, "")
    assert built.stderr == "Neither a python3 with pip nor uv was found: install one of them to build the layer.\n"


def test_values_are_text(folder: Path) -> None:
    """An architecture that Lambda does not have is one sentence."""
    built = build(folder, ARCHITECTURE="x;touch pwned$(touch pwned)")

    assert built.stderr == "ARCHITECTURE is x;touch pwned$(touch pwned): it has to be x86_64 or arm64.\n"
    assert not (folder / "pwned").exists()
