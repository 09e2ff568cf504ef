"""Titles that stand in for users' own."""

import re
import unicodedata

from evals.cases.case import read_cases
from evals.cases.hostile_titles import SCRIPTS
from evals.recording.titles import OtherTitles
from oo.prompts.language import language_of
from testing.for_each import for_each

TITLES = (
    "Send the invoice to Doctor Zweig",
    "Rechnung über 120 € an Müller senden, Teil 2",
    "Q3 report: 15 of 2026-10-01",
    "Buy it",
    "A",
    "報告書を書く カナダ",
    "写信给王先生",
    *(title for title, _ in SCRIPTS),
)


def scripts(text: str) -> list[str]:
    """The script of each letter, and any other character unchanged."""
    return [unicodedata.name(each, "").split(" ")[0] if each.isalpha() else each for each in text]


@for_each("title", TITLES)
def test_another_title_has_the_script_the_length_and_the_figures(title: str) -> None:
    """Letter by letter, and none of its longer words is one of the title's."""
    other = OtherTitles("a secret").instead_of(title)

    assert other != title
    assert scripts(title) == scripts(other)
    assert re.findall(r"\d+", title) == re.findall(r"\d+", other)
    assert [each.isupper() for each in title] == [each.isupper() for each in other]
    assert not {word for word in re.findall(r"[^\W\d_]{4,}", title) if word in other}


def test_the_same_title_is_replaced_by_the_same_one() -> None:
    """In any order and in any process with the same secret; with another secret by another one."""
    titles, backwards, others = OtherTitles("a secret"), OtherTitles("a secret"), OtherTitles("another secret")
    told = [titles.instead_of(title) for title in TITLES]

    assert told == [backwards.instead_of(title) for title in reversed(TITLES)][::-1]
    assert told[0] != others.instead_of(TITLES[0])


def test_two_titles_stay_two() -> None:
    """Case aside, also where the letters of a short word leave little choice."""
    titles = OtherTitles("a secret")
    short = [f"{one}{other}" for one in "abcdefghijklmnopqrstuvwxyz" for other in "abcdefgh"]

    assert len(short) == len({titles.instead_of(title).casefold() for title in short})


def test_titles_tell_the_language_that_they_told() -> None:
    """By their short words: without a locale, a tip is written in that language."""
    titles = OtherTitles("a secret")
    for own in (
        ["Rechnung für die Miete an das Amt", "Der Brief"],
        ["Appeler le médecin et la banque"],
        ["写信给王先生"],
    ):
        assert language_of(None, own) == language_of(None, map(titles.instead_of, own)) != "en"


def test_no_title_of_the_cases_stays() -> None:
    """But for those without a letter."""
    titles = OtherTitles("a secret")
    own = {row["title"] for case in read_cases("core")[::8] for row in case.request["tasks"]}

    assert {title for title in own if titles.instead_of(title) == title} == set()
