"""Programs and their values: `python -m commands MODULE`, by the environment or by options."""

from importlib import import_module
from pathlib import Path

import click
import pytest

from commands.program import Program, needed, program, variable
from commands.values import Number, Pattern

ROOT = Path(__file__).parents[3]
TOPS = ("benchmarks", "evals", "local", "operations", "tools")
PROGRAMS = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for top in TOPS
    for path in (ROOT / top).rglob("*.py")
    if "\n@program(" in path.read_text(encoding="utf-8")
)


@program("paint")
@needed("COLOUR", example="red", type=Pattern("[a-z]+", "small letters"))
@variable("COATS", type=Number(1, 3), default=1)
@variable("WIDTH", type=Number(0.5, 2.0), default=1.0)
@click.pass_obj
def paint(environment: object, colour: str, coats: int, width: float) -> None:
    """Paint something."""
    click.echo(f"{colour} {coats} {width}")


def ended(capsys: pytest.CaptureFixture[str], *arguments: str, **environment: str) -> tuple[object, str, str]:
    code: object = 0
    try:
        paint(arguments, environment)
    except SystemExit as end:
        code = end.code
    return code, *capsys.readouterr()


def test_values_come_by_the_environment_or_by_options(capsys: pytest.CaptureFixture[str]) -> None:
    """An option goes before a variable; an empty variable and an empty option count as absent."""
    cases = [
        ended(capsys, COLOUR="red", COATS="2", WIDTH="0.75"),
        ended(capsys, "red", "--coats", "2", COATS="3", WIDTH=""),
        ended(capsys, "--coats=", COLOUR="red"),
    ]

    assert cases == [(0, "red 2 0.75\n", ""), (0, "red 2 1.0\n", ""), (0, "red 1 1.0\n", "")]


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, "COLOUR is missing: make paint COLOUR=red\n"),
        ({"COLOUR": ""}, "COLOUR is missing: make paint COLOUR=red\n"),
        ({"COLOUR": "RED"}, "COLOUR is 'RED': it has to be small letters.\n"),
        ({"COLOUR": "red", "COATS": "4"}, "COATS is '4': it has to be a whole number from 1 to 3.\n"),
        ({"COLOUR": "red", "COATS": "1.5"}, "COATS is '1.5': it has to be a whole number from 1 to 3.\n"),
        ({"COLOUR": "red", "COATS": "9" * 5000}, f"COATS is '{'9' * 60}…': it has to be a whole number from 1 to 3.\n"),
        ({"COLOUR": "red", "WIDTH": "nan"}, "WIDTH is 'nan': it has to be a number from 0.5 to 2.\n"),
        ({"COLOUR": "red", "WIDTH": "1\n;id"}, "WIDTH is '1\\n;id': it has to be a number from 0.5 to 2.\n"),
    ],
)
def test_an_unusable_value_is_one_sentence(
    capsys: pytest.CaptureFixture[str], environment: dict[str, str], sentence: str
) -> None:
    """It names the variable and its range; the exit code is 2."""
    assert ended(capsys, **environment) == (2, "", sentence)


def test_an_unknown_option_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    """So is an argument too many."""
    assert ended(capsys, "red", "--brush") == (2, "", "No such option '--brush'.\n")
    assert ended(capsys, "red", "blue") == (2, "", "Got unexpected extra argument (blue).\n")


def test_every_program_tells_its_values(capsys: pytest.CaptureFixture[str]) -> None:
    """The help text names the command of make and each variable."""
    for name in PROGRAMS:
        made: Program = import_module(name).main
        with pytest.raises(SystemExit) as end:
            made(["--help"], {})
        told = capsys.readouterr().out

        assert end.value.code == 0, name
        assert told.startswith("Usage: make "), name
        assert [each.envvar for each in made.params if each.envvar and str(each.envvar) not in told] == [], name


def test_nothing_that_is_no_file_is_a_traceback(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A folder, a missing, a binary, an empty and an unreadable file, for each program that takes a file."""
    binary, empty = tmp_path / "binary", tmp_path / "empty"
    binary.write_bytes(bytes(range(256)))
    empty.touch()
    for name, variables in {
        "operations.check_data": ["FILE"],
        "operations.experiment.__main__": ["FROM", "FILE"],
        "tools.prompts.prompt_preview": ["EVENT"],
        "tools.prompts.prompt_diff": ["EVENT"],
        "local.tip": ["EVENT"],
        "evals.evals": ["SET", "VERSIONS"],
        "evals.recording.replay": ["CASES"],
    }.items():
        for variable_name in variables:
            for value in (tmp_path, tmp_path / "nowhere", binary, empty, f"{binary}/below", "x" * 5000):
                given = {
                    "NAME": "tone-2",
                    "VERSIONS": "orchestrator-2",
                    "OUT": str(tmp_path / "out"),
                    variable_name: str(value),
                }
                with pytest.raises(SystemExit) as end:
                    import_module(name).main([], given)
                told = capsys.readouterr()

                assert end.value.code not in (0, None), f"{name} {variable_name}={value}"
                assert "Traceback" not in told.err + told.out
