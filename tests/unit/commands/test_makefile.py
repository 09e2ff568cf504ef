"""The Makefile with stand-ins for Python and other programs: values arrive to the letter, and none of them is run."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = re.findall(r"^([a-z-]+): .*## ", MAKEFILE, re.MULTILINE)
# Names of variables in the help texts, and those that only recipes or programs read.
VARIABLES = {
    *re.findall(r"\b[A-Z][A-Z_]+\b(?=[=,)… ])|\b[AB]\b", " ".join(re.findall(r"## .*", MAKEFILE))),
    *("ARCHITECTURE", "CHROMIUM", "CXX", "FILE", "LITELLM_MASTER_KEY", "QUEUE", "RATE", "STACK", "STAGE", "TABLE"),
}
INTERNAL = set(re.findall(r"^override ([A-Z_]+) ", MAKEFILE, re.MULTILINE))
CHANGED = {"CHROMIUM"}
"""Variables that a recipe changes for its program."""

HOSTILE = """x;touch pwned;'`touch pwned`'"$(touch pwned)"$(shell touch pwned)${HOME}|touch pwned
touch pwned # \\"""
# Writes the values that it gets; a Python that is asked for its version has one.
STAND_IN = """#!/bin/bash
[[ $1 == -c ]] && echo True && exit
for name in $EXPECTED; do [[ ${!name} == "$HOSTILE" ]] || echo "$name is ${!name}" >>differences; done
echo "$@" >>asked
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The Makefile with its scripts, where every environment is installed and every program is a stand-in."""
    for name in ("Makefile", "tools/doctor.sh", "tools/scan.sh", "layers/agents/runtime_python.sh"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "locks", tmp_path / "locks")
    environments = {
        f".venv{end}" for end in ("", "-sam", "-scan", "-runtime", "-proxy", "-mlflow", "-browser", "-model")
    }
    programs = [f"{each}/bin/{name}" for each in environments for name in ("python", "sam", "ruff", "litellm")]
    programs += [f"path/{name}" for name in ("uv", "docker", "chromium", "python3", "python3.13", "git", "npx")]
    for name in programs:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(STAND_IN)
        (tmp_path / name).chmod(0o755)
    for each in environments:
        for stamp in (".build-tools", ".installed", ".tools"):
            (tmp_path / each / stamp).touch()
    return tmp_path


def make(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(folder / "path"), os.environ["PATH"]])
    return subprocess.run(
        ["make", *arguments],  # noqa: S607  # the make of the path
        cwd=folder,
        env={"PATH": path, "HOME": str(folder), "HOSTILE": HOSTILE, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_variables_are_those_that_programs_read() -> None:
    """Each variable of a program is one that the next tests set."""
    programs = [
        path for top in ("benchmarks", "evals", "local", "operations", "tools") for path in (ROOT / top).rglob("*.py")
    ]
    read = re.findall(
        r'(?:variable|needed)\(\s*"([A-Z_]+)"', "".join(path.read_text(encoding="utf-8") for path in programs)
    )

    assert set(read) - VARIABLES <= {"ADVERSARIAL", "CACHE", "TABLE"}


def make_all(folder: Path, *arguments: str, **environment: str) -> str:
    """Make every target, those that fail as well, and at last the one that removes the environments; the output."""
    others = [target for target in TARGETS if target != "clean"]
    ran = [make(folder, "--keep-going", *targets, *arguments, **environment) for targets in (others, ["clean"])]
    return "".join(each.stdout + each.stderr for each in ran)


def test_values_arrive_to_the_letter(folder: Path) -> None:
    """No character of a value means anything to make or a shell, in any variable of any target."""
    given = [f"{name}={HOSTILE}" for name in sorted(VARIABLES | INTERNAL)]
    said = make_all(folder, *given, EXPECTED=" ".join(VARIABLES - CHANGED))

    assert not list(folder.rglob("pwned")), said
    assert not (folder / "differences").exists(), (folder / "differences").read_text(encoding="utf-8")


def test_values_of_the_environment_are_not_run_either(folder: Path) -> None:
    """Their way to the programs is the same."""
    said = make_all(folder, **dict.fromkeys(VARIABLES | INTERNAL, HOSTILE))

    assert not list(folder.rglob("pwned")), said


def test_every_target_is_phony(folder: Path) -> None:
    """A file of the same name prevents no command."""
    named = re.search(r"^\.PHONY:((?:.*\\\n)*.*)", MAKEFILE, re.MULTILINE)

    assert named
    targets = re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE)

    assert set(TARGETS) <= {*targets}
    assert {*targets, "FORCE"} == set(named[1].replace("\\", "").split())


def test_help_lists_every_target(folder: Path) -> None:
    """Under the heading of its group."""
    told = make(folder, "help").stdout

    assert sorted(TARGETS) == sorted(re.findall(r"^  make (\S+)", told, re.MULTILINE))
    assert told.startswith("\nStart\n  make help ")


@pytest.mark.parametrize("variable", ["USER", "NAME"])
def test_names_of_the_login_are_no_choice(folder: Path, variable: str) -> None:
    """A login sets USER, and WSL sets NAME: only make's own command line chooses whom to forget."""
    make(folder, "forget", **{variable: HOSTILE}, EXPECTED=variable)

    assert (folder / "differences").read_text() == f"{variable} is \n"


def test_a_python_that_does_not_exist_is_one_sentence(folder: Path) -> None:
    """It says how to name another one."""
    for name in ("python4", "x;touch pwned", "$(shell touch pwned)"):
        ran = make(folder, "demo", f"PYTHON={name}")

        assert ran.stderr.startswith(f"{name} was not found: install it, or name another Python with PYTHON=…")
    assert not list(folder.rglob("pwned"))


def test_an_empty_python_is_one_sentence(folder: Path) -> None:
    """An empty name is not a program that was not found."""
    assert make(folder, "demo", "PYTHON=").stderr.startswith("PYTHON is empty: name a Python with PYTHON=…")


def test_a_program_that_is_no_python_is_one_sentence(folder: Path) -> None:
    """So is a Python that is too old, and a shim without a Python behind it."""
    problem = "odd does not run, or is older than Python 3.11: name another one with PYTHON=…."
    for source in ("exit 0", "echo usage; exit 1", "echo False"):
        (folder / "path/odd").write_text(f"#!/bin/sh\n{source}\n")
        (folder / "path/odd").chmod(0o755)
        ran = make(folder, "demo", "PYTHON=odd")

        assert ran.stderr.startswith(problem), source
