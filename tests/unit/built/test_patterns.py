"""Expressions that the layer's build has compiled, each in an interpreter of its own: `re` is changed for good."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from local.deployment.environment import ROOT

RECORD = """
import re
from oo.built import patterns
with patterns.Recorder() as recorder:
    re.compile(r"(?P<year>\\d{4})-(\\d\\d)", re.ASCII)
    re.compile(rb"a+")
    re.compile("\\u017f", re.IGNORECASE)
patterns.PATTERNS.write_bytes(recorder.content())
print("null")
"""
USE = """
import json, re
from re import _compiler
from oo.built import patterns
parsed = []
parse = _compiler._parser.parse
_compiler._parser.parse = lambda pattern, *rest: parsed.append(str(pattern)) or parse(pattern, *rest)
patterns.use()
date = re.compile(r"(?P<year>\\d{4})-(\\d\\d)", re.ASCII)
print(json.dumps([
    date.fullmatch("2026-03").groupdict(), date.fullmatch("\\uff12026-03") is None, date.flags == re.ASCII,
    re.compile(rb"a+").fullmatch(b"aa") is not None, re.compile("\\u017f", re.IGNORECASE).fullmatch("S") is not None,
    parsed, re.compile("b+").fullmatch("bb") is not None, parsed,
]))
"""


def run(program: str, layer: Path) -> Any:
    """The output of a program beside a layer that has only this module."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(layer), "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        check=True,
        timeout=60,
    )
    return json.loads(done.stdout)


def layer(folder: Path) -> Path:
    (folder / "oo/built").mkdir(parents=True)
    shutil.copy(ROOT / "layers/agents/oo/built/patterns.py", folder / "oo/built")
    return folder


def test_a_recorded_expression_is_not_compiled_again(tmp_path: Path) -> None:
    """It matches as it did, by its flags, in text and bytes; another one is compiled as usual."""
    built = layer(tmp_path)
    run(RECORD, built)

    assert run(USE, built) == [{"year": "2026"}, True, True, True, True, ["b+"], True, ["b+"]]


def test_expressions_of_another_python_are_not_used(tmp_path: Path) -> None:
    """The code of an expression is of one version of Python; without the file, all are compiled as well."""
    built = layer(tmp_path)
    without_file = run(USE, built)
    run(RECORD.replace("\nwith ", "\npatterns._VERSION = (2, 7)\nwith "), built)

    assert run(USE, built) == without_file
    assert without_file[:5] == [{"year": "2026"}, True, True, True, True]
