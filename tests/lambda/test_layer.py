"""The layers as they were built: the right machine's code, with bytecode, and nothing that is not used."""

import json
from pathlib import Path

import yaml

from local.deployment.environment import ROOT
from local.deployment.intrinsics import TemplateLoader
from tools.layer_size import LAYERS, MEBIBYTE, Size, packages_of, sizes

MACHINE = {"x86_64": b"\x3e\x00", "arm64": b"\xb7\x00"}
"""The field `e_machine` of an ELF file's header."""

LARGEST_BYTES = 45 * MEBIBYTE
"""Of the layer that every function has: Lambda loads and unpacks it before each cold start."""

OWN = packages_of("AgentsLayer")
EVERY = [packages_of(layer) for layer in LAYERS]


def built_architecture() -> str:
    return (OWN.parent / "architecture").read_text().strip()


def test_the_layer_is_built_for_the_templates_architecture() -> None:
    """The layer holds the template's default."""
    template = yaml.load((ROOT / "template.yaml").read_text(), TemplateLoader)  # noqa: S506  # a SafeLoader

    assert template["Parameters"]["Architecture"]["Default"] == built_architecture()


def test_compiled_modules_are_for_the_layers_architecture() -> None:
    """Every shared object is for the processor that the layer was built for."""
    objects = files("*.so*")

    assert objects
    expected = MACHINE[built_architecture()]
    assert {path.read_bytes()[18:20] for path in objects} == {expected}


def test_every_module_has_its_bytecode() -> None:
    """At run time the folder is read-only, so a module without bytecode would be compiled at every cold start."""
    modules = files("*.py")

    missing = [str(path) for path in modules if not bytecode(path).is_file()]
    assert modules
    assert not missing


def test_bytecode_is_never_checked_against_its_source() -> None:
    """The second word of a .pyc says how it is checked: 1 is by hash and not at all."""
    flags = {bytecode(path).read_bytes()[4:8] for path in (OWN / "oo").rglob("*.py")}

    assert flags == {b"\x01\x00\x00\x00"}


def test_the_layer_that_is_always_attached_is_small() -> None:
    """Without MLflow's client, tests, type stubs, scripts and other programs' packages."""
    found = sizes(OWN)

    assert Size.sum_of(list(found.values())).bytes <= LARGEST_BYTES
    assert not {"mlflow", "requests", "yaml", "fastapi", "pytest", "moto", "litellm", "hypothesis"} & set(found)


def test_no_layer_has_what_is_never_imported() -> None:
    """Both together are well inside of Lambda's 250 MB."""
    found = {name: size for layer in EVERY for name, size in sizes(layer).items()}

    assert not {"pytest", "moto", "uvicorn", "git", "cryptography", "bin"} & set(found)
    assert not files("*.pyi")


def test_no_file_is_in_both_layers() -> None:
    """Lambda unpacks them into one folder: of two files with one name, the later layer's would win."""
    own, other = ({path.relative_to(layer) for path in layer.rglob("*") if path.is_file()} for layer in EVERY)

    assert own
    assert other
    assert not own & other


def test_the_endpoints_of_other_services_are_left_out() -> None:
    """The first client of a process reads the whole file."""
    endpoints = json.loads((OWN / "botocore/data/endpoints.json").read_text())

    services = {service for partition in endpoints["partitions"] for service in partition["services"]}
    assert {"dynamodb", "secretsmanager", "sqs", "sts"} == services


def test_the_layers_run_nothing_at_start() -> None:
    """No .pth line is executed and no site customisation hides in them."""
    assert not [path for path in files("*.pth") if "import" in path.read_text()]
    assert not files("sitecustomize.py")


def files(pattern: str) -> list[Path]:
    """Those of every layer."""
    return [path for layer in EVERY for path in layer.rglob(pattern) if path.is_file()]


def bytecode(path: Path) -> Path:
    return path.parent / "__pycache__" / f"{path.stem}.cpython-313.pyc"


def test_models_and_expressions_are_compiled() -> None:
    """Without these files every start would compile them again."""
    built = OWN / "oo"

    assert [path.is_file() for path in (built / "validation/compiled_models.txt", built / "compiled_patterns.bin")] == [
        True,
        True,
    ]
