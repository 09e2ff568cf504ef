"""The layers as they were built: the right machine's code, with bytecode, and nothing that is not used."""

import json
import marshal
import ssl
import subprocess
from pathlib import Path

import pytest
import yaml

from local.deployment.environment import ROOT
from local.deployment.intrinsics import TemplateLoader
from testing.emulator import RUNTIME_PYTHON
from tools.layer_size import LAYERS, MEBIBYTE, Size, packages_of, sizes

MACHINE = {"x86_64": b"\x3e\x00", "arm64": b"\xb7\x00"}
"""The field `e_machine` of an ELF file's header."""

LARGEST_BYTES = 45 * MEBIBYTE
"""Of the layer that every function has: Lambda loads and unpacks it before each cold start."""

MOST_OPENED, MOST_OPENED_IN_THE_LAYER = 150, 20
"""Files that Python opens to import a function's code, in all and of the layer; shared objects do not count."""

MOST_AUTHORITIES_ADDED = 5

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

    moved = bundled()
    missing = [str(path) for path in modules if bytecode(path).is_file() == (path in moved)]
    assert modules
    assert not missing


def test_bytecode_is_never_checked_against_its_source() -> None:
    """The second word of a .pyc says how it is checked: 1 is by hash and not at all."""
    flags = {path.read_bytes()[4:8] for path in OWN.rglob("*.pyc")} | {code[4:8] for code in bundled().values()}

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


def bundled() -> dict[Path, bytes]:
    """The bytecode in `bytecode.bin` by the path of its source."""
    content = (OWN / "oo/built/bytecode.bin").read_bytes()
    begin = 12 + int.from_bytes(content[4:12])
    places = marshal.loads(content[12:begin])  # noqa: S302  # the layer's own file
    return {OWN / source: content[begin + at : begin + at + length] for source, _, at, length in places.values()}


def opened_by_the_import_of(module: str) -> list[str]:
    """The paths of files that Python opens."""
    program = """
import importlib, sys
opened = []
sys.addaudithook(lambda event, arguments: opened.append(str(arguments[0])) if event == "open" else None)
importlib.import_module(sys.argv[1])
print("\\n".join(opened))
"""
    done = subprocess.run(
        [str(RUNTIME_PYTHON), "-c", program, module],
        env={"PYTHONPATH": str(OWN), "PYTHONNOUSERSITE": "1"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def bytecode(path: Path) -> Path:
    return path.parent / "__pycache__" / f"{path.stem}.cpython-313.pyc"


def test_models_and_expressions_are_compiled() -> None:
    """Without these files every start would compile them again."""
    models, patterns = OWN / "oo/validation/compiled_models.txt", OWN / "oo/built/compiled_patterns.bin"

    assert models.is_file()
    assert patterns.is_file()


def test_the_authorities_are_certifis() -> None:
    """In a folder that OpenSSL reads only in part, one file each; a machine may add its own to certifi's file later."""
    folder, bundle = OWN / "oo/built/authorities", ssl.create_default_context(cafile=OWN / "certifi/cacert.pem")

    known = {ssl.PEM_cert_to_DER_cert(path.read_text()) for path in folder.iterdir()}
    assert len(known) > MOST_AUTHORITIES_ADDED
    assert len(set(bundle.get_ca_certs(binary_form=True)) - known) <= MOST_AUTHORITIES_ADDED


@pytest.mark.parametrize("function", ["recommend", "compute", "health", "compute_worker"])
def test_a_start_opens_few_files_of_the_layer(function: str) -> None:
    """Lambda loads a layer's files when they are opened."""
    opened = opened_by_the_import_of(f"oo.bootstrap.{function}")

    assert len([path for path in opened if path.startswith(str(OWN))]) <= MOST_OPENED_IN_THE_LAYER


def test_a_start_of_recommend_opens_few_files() -> None:
    """Most of them are the standard library's."""
    assert len(opened_by_the_import_of("oo.bootstrap.recommend")) <= MOST_OPENED
