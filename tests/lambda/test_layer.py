"""The layer as it was built: the right machine's code, with bytecode, and nothing that is not used."""

from pathlib import Path

import yaml

from local.deployment.environment import ROOT
from local.deployment.intrinsics import TemplateLoader
from tools.layer_size import LAYER, sizes

MACHINE = {"x86_64": b"\x3e\x00", "arm64": b"\xb7\x00"}
"""The field `e_machine` of an ELF file's header."""

LARGEST_BYTES = 120_000_000


def built_architecture() -> str:
    return (LAYER.parent / "architecture").read_text().strip()


def test_the_layer_is_built_for_the_templates_architecture() -> None:
    """The layer holds the template's default."""
    template = yaml.load((ROOT / "template.yaml").read_text(), TemplateLoader)  # noqa: S506  # a SafeLoader

    assert template["Parameters"]["Architecture"]["Default"] == built_architecture()


def test_compiled_modules_are_for_the_layers_architecture() -> None:
    """Every shared object is for the processor that the layer was built for."""
    objects = [path for path in LAYER.rglob("*.so*") if path.is_file()]

    assert objects
    expected = MACHINE[built_architecture()]
    assert {path.read_bytes()[18:20] for path in objects} == {expected}


def test_every_module_has_its_bytecode() -> None:
    """At run time the folder is read-only: what is not compiled here would be compiled at every cold start."""
    modules = list(LAYER.rglob("*.py"))

    missing = [str(path) for path in modules if not bytecode(path).is_file()]
    assert modules
    assert not missing


def test_bytecode_is_never_checked_against_its_source() -> None:
    """The second word of a .pyc says how it is checked: 1 is by hash and not at all."""
    flags = {bytecode(path).read_bytes()[4:8] for path in (LAYER / "oo").rglob("*.py")}

    assert flags == {b"\x01\x00\x00\x00"}


def test_the_layer_is_lean() -> None:
    """Well inside of Lambda's 250 MB, with no tests, type stubs, scripts or other programs' packages."""
    found = sizes(LAYER)

    assert sum(found.values()) < LARGEST_BYTES
    assert not {"pytest", "moto", "litellm", "hypothesis", "uvicorn", "git", "bin"} & set(found)
    assert not list(LAYER.rglob("*.pyi"))


def test_the_layer_runs_nothing_at_start() -> None:
    """No .pth line is executed and no site customisation hides in it."""
    assert not [path for path in LAYER.rglob("*.pth") if "import" in path.read_text()]
    assert not list(LAYER.rglob("sitecustomize.py"))


def bytecode(path: Path) -> Path:
    return path.parent / "__pycache__" / f"{path.stem}.cpython-313.pyc"


def test_models_and_expressions_are_compiled() -> None:
    """Without these files every start would compile them anew."""
    built = LAYER / "oo"

    assert [path.is_file() for path in (built / "validation/compiled_models.txt", built / "compiled_patterns.bin")] == [
        True,
        True,
    ]
