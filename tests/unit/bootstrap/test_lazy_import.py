import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[3] / "layers" / "agents" / "oo" / "bootstrap"
PATHS = f"{FOLDER}:{FOLDER.parents[1]}"


def run(program: str) -> str:
    """The output of a fresh interpreter with the module alone, because its package imports many deferred modules."""
    arguments = [sys.executable, "-c", f"import sys\nfrom lazy_import import defer\n{program}"]
    done = subprocess.run(arguments, env={"PYTHONPATH": PATHS}, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_importing_a_deferred_module_does_not_load_it() -> None:
    """For any number and form of imports that use no attribute."""
    program = "defer('asyncio'); import asyncio; import asyncio as again; print('asyncio.events' in sys.modules)"

    assert run(program) == "False"


def test_a_deferred_module_is_loaded_by_its_use() -> None:
    """Through the stand-in, through a submodule, and by name."""
    uses = {
        "import asyncio; print(asyncio.run(asyncio.sleep(0, 'done')))": "done",
        "import asyncio; import asyncio.events; print(asyncio.events.__name__)": "asyncio.events",
        "from asyncio import sleep; print(sleep.__module__)": "asyncio.tasks",
    }

    assert {use: run(f"defer('asyncio'); {use}") for use in uses} == uses


def test_a_function_that_was_named_is_imported_without_its_module() -> None:
    """The module is loaded when the function is called, from any importer."""
    program = (
        "defer('importlib.metadata', 'entry_points'); from importlib.metadata import entry_points;"
        "loaded = lambda: 'importlib.metadata._meta' in sys.modules;"
        "before = loaded(); print(before, len(entry_points(group='nobody has this')), loaded())"
    )

    assert run(program) == "False 0 True"


def test_a_deferred_submodule_is_reached_through_its_package() -> None:
    """It is there as after any import; an attribute that was not listed imports it."""
    program = (
        "defer('importlib.metadata', 'entry_points'); import importlib.metadata;"
        "print(importlib.metadata.PackageNotFoundError.__name__)"
    )

    assert run(program) == "PackageNotFoundError"


def test_submodules_of_a_deferred_package_can_be_imported() -> None:
    program = (
        "defer('importlib.metadata', 'entry_points'); from importlib.metadata._meta import PackageMetadata;"
        "print(PackageMetadata.__name__)"
    )

    assert run(program) == "PackageMetadata"


def test_after_its_use_there_is_one_module() -> None:
    """A later import gets the module itself, with the same contents as the stand-in."""
    program = "defer('asyncio'); import asyncio as a; a.run; import asyncio as b; print(a is not b, a.run is b.run)"

    assert run(program) == "True True"


def test_what_is_loaded_already_stays() -> None:
    assert run("import json; defer('json'); import json as again; print(again is json)") == "True"


def test_what_the_module_does_not_have_is_missing() -> None:
    """An attribute error is the module's own."""
    assert run("defer('colorsys'); import colorsys; print(hasattr(colorsys, 'nothing'))") == "False"
