"""Bytecode in one file, each case in an interpreter of its own beside a layer of a few modules."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from local.deployment.environment import ROOT

MOVE = """
from oo.built import bytecode
sources = {"parts": "parts/__init__.py", "parts.broken": "parts/broken.py"}
bytecode.BYTECODE.write_bytes(bytecode.moved({name: bytecode.PACKAGES / path for name, path in sources.items()}))
"""
USE = """
import sys
import oo
import parts.plain, parts.broken
folder = sys.argv[1] + "/parts"
print(parts.VALUE, parts.plain.VALUE, parts.__path__ == [folder], parts.broken.__file__ == folder + "/broken.py")
"""
FAIL = "import oo, parts.broken; parts.broken.fail()"


def run(program: str, layer: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", program, str(layer)],
        env={"PYTHONPATH": str(layer), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A layer of which two modules were moved, and whose sources say otherwise since."""
    shutil.copytree(ROOT / "layers/agents/oo/built", tmp_path / "oo/built", ignore=shutil.ignore_patterns("*.bin"))
    shutil.copy(ROOT / "layers/agents/oo/__init__.py", tmp_path / "oo")
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts/__init__.py").write_text("VALUE = 'compiled'\n")
    (tmp_path / "parts/plain.py").write_text("VALUE = 'found as usual'\n")
    (tmp_path / "parts/broken.py").write_text("def fail():\n    raise ValueError('broken')\n")
    command = [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", str(tmp_path)]
    subprocess.run(command, check=True)
    moved = run(MOVE, tmp_path)
    assert moved.stderr == ""
    (tmp_path / "parts/__init__.py").write_text("VALUE = 'source'\n")
    return tmp_path


def test_modules_are_loaded_from_the_one_file(built: Path) -> None:
    """Their own bytecode is gone; other modules, also of the same package, are found as usual."""
    done = run(USE, built)

    assert done.stdout.split(maxsplit=1) == ["compiled", "found as usual True True\n"]
    assert not list((built / "parts/__pycache__").glob("broken*"))


def test_a_traceback_shows_the_source_of_a_moved_module(built: Path) -> None:
    """The path is the source's in the layer, wherever the layer was built."""
    elsewhere = built.with_name("elsewhere")
    built.rename(elsewhere)

    done = run(FAIL, elsewhere)
    assert f"File \"{elsewhere}/parts/broken.py\", line 2, in fail\n    raise ValueError('broken')" in done.stderr


def test_bytecode_of_another_python_is_not_used(built: Path) -> None:
    """Modules are compiled from their sources."""
    file = built / "oo/built/bytecode.bin"
    file.write_bytes(b"\x00\x00\r\n" + file.read_bytes()[4:])

    assert run(USE, built).stdout.startswith("source ")


def test_without_the_file_modules_are_found_as_usual(built: Path) -> None:
    """The sources have no such file."""
    (built / "oo/built/bytecode.bin").unlink()

    assert run(USE, built).stdout.startswith("source ")
