"""`make evals` and `make compare`: exit codes, the last line, and a report that is the same in every run."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from evals import compare, evals
from evals.cases.case import case_line
from oo.prompts.versions import get_orchestrator
from tests.unit.evals.situations import SITUATIONS

WITHOUT_THE_TITLE = get_orchestrator(None).system.replace("letter for letter", "as it is")


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Replies that the tests of this module share."""
    return str(tmp_path_factory.mktemp("cache"))


@pytest.fixture
def options(tmp_path: Path, cache: str) -> list[str]:
    """40 users with one case each as the set, six of them again as the adversarial cases."""
    many = [
        case._replace(id=f"{case.id}-{user}", user=f"user-{user}")
        for user, case in ((user, list(SITUATIONS.values())[user % 6]) for user in range(40))
    ]
    (tmp_path / "set.jsonl").write_text("\n".join(map(case_line, many)))
    (tmp_path / "hostile.jsonl").write_text("\n".join(map(case_line, many[:6])))
    (tmp_path / "poor.txt").write_text(WITHOUT_THE_TITLE)
    (tmp_path / "same.txt").write_text(f"Be kind.\n{get_orchestrator(None).system}")
    named = {"set": "set.jsonl", "adversarial": "hostile.jsonl", "cache": cache, "out": "out"}
    return [part for name, file in named.items() for part in (f"--{name}", str(tmp_path / file))]


def ended(*arguments: str) -> int:
    """The exit code of a comparison."""
    with pytest.raises(SystemExit) as end:
        compare.main(arguments)
    return int(end.value.code or 0)


def told(folder: Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads((folder / "out/report.json").read_text())
    return report


def test_the_better_version_is_found(options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A prompt that states a rule is better than the same one without it: code 0, and the verdict comes last."""
    assert ended("--a", str(tmp_path / "poor.txt"), "--b", "orchestrator-2", *options) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "verdict: better"
    comparison = told(tmp_path)["comparison"]

    assert comparison["difference"] > 3
    assert comparison["interval"][0] > 0
    assert comparison["p"] <= 0.05
    assert (comparison["users"], comparison["pairs"]) == (40, 40)


def test_the_worse_version_is_found(options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The other way round the gate of the rule breaks: code 2."""
    assert ended("--a", "orchestrator-2", "--b", str(tmp_path / "poor.txt"), *options) == 2
    assert capsys.readouterr().out.splitlines()[-1] == "verdict: gate broken"
    assert told(tmp_path)["comparison"]["gates"]["Q2"]["b"] > told(tmp_path)["comparison"]["gates"]["Q2"]["a"]
    (row,) = re.findall("<tr>.*Q2 grounded.*<td>(?:broken|holds)</td>", (tmp_path / "out/report.html").read_text())
    assert row.endswith("<td>broken</td>")


def test_other_words_show_nothing(options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A wording without effect differs by 0: code 1."""
    assert ended("--a", "orchestrator-2", "--b", str(tmp_path / "same.txt"), *options) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "verdict: not shown"
    assert (told(tmp_path)["comparison"]["difference"], told(tmp_path)["comparison"]["users_needed"]) == (0, None)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--a", "orchestrator-2"),
        ("--a", "orchestrator-2", "--b", "orchestrator-9"),
        ("--a", "orchestrator-1", "--b", "orchestrator-2", "--model", "gpt"),
        ("--a", "orchestrator-1", "--b", "orchestrator-2", "--set", "nowhere"),
        ("--a", "orchestrator-1", "--b", "orchestrator-2", "--repeats", "many"),
        ("--a", "orchestrator-1", "--b", "orchestrator-2", "--colour", "red"),
        ("--a", "orchestrator-1", "--b", "orchestrator-2", "--set", "README.md"),
    ],
)
def test_unusable_input_is_one_sentence(
    arguments: tuple[str, ...], options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Code 3, one line on standard error, and nothing else."""
    assert ended(*options, *arguments) == 3
    out, err = capsys.readouterr()

    assert (out, err.count("\n")) == ("", 1)
    assert re.fullmatch(r"[^\n]+\.\n", err)


def test_cases_that_no_service_would_take_are_one_sentence(
    options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It names the case."""
    case = SITUATIONS["morning"]
    (tmp_path / "refused.jsonl").write_text(case_line(case._replace(request={"user_id": "u", "science_destiny": 101})))

    assert ended("--a", "template", "--b", "template", *options, "--set", str(tmp_path / "refused.jsonl")) == 3
    assert "The case morning in " in capsys.readouterr().err


def test_a_report_that_cannot_be_written_is_one_sentence(
    options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file stands where the folder is to be."""
    (tmp_path / "taken").touch()

    assert ended("--a", "template", "--b", "template", *options, "--out", str(tmp_path / "taken")) == 3
    assert capsys.readouterr().err == f"The report cannot be written to {tmp_path / 'taken'}: File exists.\n"


def test_a_second_run_writes_the_same_bytes(
    options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The report holds neither times nor counts of questions; those are printed."""
    versions = ("--a", "orchestrator-1", "--b", "orchestrator-2")
    options += ["--cache", str(tmp_path / "cache")]
    ended(*versions, *options)
    files = {path: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert "Calls to the model: 80." in capsys.readouterr().out
    ended(*versions, *options)

    assert "Calls to the model: 0." in capsys.readouterr().out
    assert {path: path.read_bytes() for path in (tmp_path / "out").iterdir()} == files
    assert {path.name for path in files} == {"report.json", "report.html", "means.svg", "scorers.svg"}


def test_the_report_in_json(options: list[str], tmp_path: Path) -> None:
    """Sets, model, and of each version gates, scores and mean."""
    evals.main(["--versions", "template,orchestrator-2", *options])
    report = told(tmp_path)
    version = report["versions"]["template"]
    (main_set, hostile) = report["sets"].values()

    assert list(report) == ["sets", "model", "versions", "comparison"]
    assert (main_set["cases"], main_set["users"], len(main_set["sha256"]), hostile["cases"]) == (40, 40, 64, 6)
    assert (report["model"], version["cases"]) == ("planted", 40)
    assert version["gates"]["Q9"] == {"n": 46, "failed": 0, "upper_95": pytest.approx(1 - 0.05 ** (1 / 46), abs=1e-6)}
    assert version["gates"]["Q6"]["n"] == 40
    assert version["scores"]["Q9"] == {"n": 40, "passed": 40, "mean": 1.0}
    assert 90 < version["mean"] <= 100
    assert list(version["batch_checks"]) == ["figures", "images", "distinct_pairs_of_words"]
    assert version["batch_checks"]["images"].keys() == {"value", "at_least", "passed"}


def test_the_report_is_one_file_without_remote_sources(options: list[str], tmp_path: Path) -> None:
    """It needs no network and no script, shows both tips, and is in the order in which it is read."""
    poor = tmp_path / "poor.txt"
    ended("--a", "orchestrator-2", "--b", str(poor), *options)
    page = (tmp_path / "out/report.html").read_text()
    places = [
        page.index(f"<h2>{head}")
        for head in ("Verdict", "Gates", "Persona and band", "Scorers", "Batch checks", "Cases with the largest")
    ]

    assert places == sorted(places)
    assert not re.search(r"<script|<link|<img|https?:|url\(|@import", page)
    assert "letter for letter" in page
    assert page.count("<summary>Prompt</summary>") % 2 == 0
    assert "that thing" in page


def test_what_a_model_writes_is_text_in_the_report(options: list[str], tmp_path: Path) -> None:
    """Titles and tips cannot add an element to the page."""
    hostile = SITUATIONS["destiny"]._replace(id="</h3><img src=x>", persona="<img src=x onerror=alert(1)>")
    Path(options[1]).write_text(case_line(hostile))
    evals.main(["--versions", "v1-baseline", *options])
    page = (tmp_path / "out/report.html").read_text()

    assert "onerror" in page
    assert "<img" not in page


def test_more_than_two_versions_are_adjusted(
    options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each is compared with the first by Holm, and the decision is left to `make compare`."""
    poor = str(tmp_path / "poor.txt")
    evals.main(["--versions", f"{poor},orchestrator-2,template", *options])
    report = told(tmp_path)

    assert capsys.readouterr().out.splitlines()[-1] == "chosen on core: decide by `make compare`"
    assert "comparison" not in report
    assert [(each["a"], each["b"]) for each in report["comparisons"]] == [(poor, "orchestrator-2"), (poor, "template")]
