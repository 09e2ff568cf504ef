"""The part of docs/writing.md that can be counted, and the glossary."""

import ast
import re
from collections.abc import Iterator, Sequence
from functools import cache

import pytest

from local.deployment.environment import ROOT

PARTS = (("layers",), ("commands", "local", "tools"), ("operations",), ("evals",), ("testing",), ("benchmarks",))
GLOSSARY = (
    *("snippet", "signal", "fact", "eligibility fact", "move", "care", "kind", "strength", "verdict", "slider", "band"),
    *("receipt", "serve_id", "preference", "episode", "withdrawal", "snapshot", "job", "note", "tip", "template tip"),
)
"""Words that code, messages and pages use in one meaning each."""
_FIRST = re.compile(r"(?:What|Whatever|Who|Whoever|Nobody)\b")
_QUOTED = re.compile(r"`[^`]*`|\"[^\"]*\"|«[^»]*»")
_WORD = re.compile(r"[A-Za-z']+")
_FREE_WHAT = re.compile(r"\bwhat\b", re.IGNORECASE)
_NO_SUBJECT = re.compile(r"\b(?:nobody|somebody|whoever)\b", re.IGNORECASE)
_DIALECT = re.compile(
    r"\b(?:anew|whatever|take turns|passed over|(?:is|are|be|was) told|of ours|an? \w+ a user)\b", re.IGNORECASE
)
_PAGES = (
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
)
_MOST_WORDS = 25
_NO_PROSE = re.compile(r"```.*?```|<!--.*?-->|^(?:#|>).*?$", re.DOTALL | re.MULTILINE)
_PART = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*|]|\d+\.) ?)| \| ")
_LINK = re.compile(r"\[([^]]*)\]\([^)]*\)|`[^`]*`")
_END = re.compile(r"(?<=[.!?:;])[\"»)*]*\s+")


@cache
def docstrings(folders: tuple[str, ...]) -> Sequence[tuple[str, str]]:
    """Each docstring with its place."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return [
        (f"{file.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}", text)
        for folder in folders
        for file in sorted((ROOT / folder).rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, documented) and (text := ast.get_docstring(node))
    ]


def sentences(page: str) -> Iterator[str]:
    """The sentences of a page's prose and table cells, with one word for each piece of code."""
    for part in _PART.split(_NO_PROSE.sub("\n\n", page)):
        yield from _END.split(" ".join(_LINK.sub(lambda match: match[1] or "x", part).split()))


@pytest.mark.parametrize("folders", [*PARTS, ("tests",)], ids="+".join)
def test_a_docstring_names_its_thing_first(folders: tuple[str, ...]) -> None:
    """None begins with a free relative, whose noun a reader learns last."""
    found = [place for place, text in docstrings(folders) if _FIRST.match(text)]

    assert found == []


@pytest.mark.parametrize("folders", [*PARTS, ("tests",)], ids="+".join)
def test_sentences_have_nouns(folders: tuple[str, ...]) -> None:
    """At most one "what" in 1,000 words of docstrings, quoted text left out."""
    texts = [(place, _QUOTED.sub("", text)) for place, text in docstrings(folders)]
    words = sum(len(_WORD.findall(text)) for _, text in texts)
    what = [place for place, text in texts for _ in _FREE_WHAT.findall(text)]

    assert len(what) <= words / 1000, what


@pytest.mark.parametrize("folders", [*PARTS, ("tests",)], ids="+".join)
def test_docstrings_name_who_acts(folders: tuple[str, ...]) -> None:
    """At most half a "nobody", "somebody" or "whoever" in 1,000 words."""
    texts = [(place, _QUOTED.sub("", text)) for place, text in docstrings(folders)]
    words = sum(len(_WORD.findall(text)) for _, text in texts)
    found = [place for place, text in texts for _ in _NO_SUBJECT.findall(text)]

    assert len(found) <= words / 2000, found


@pytest.mark.parametrize("folders", [*PARTS, ("tests",)], ids="+".join)
def test_docstrings_use_the_terms_of_the_field(folders: tuple[str, ...]) -> None:
    """Phrases for which docs/writing.md has another word are not in them."""
    found = [place for place, text in docstrings(folders) if _DIALECT.search(_QUOTED.sub("", text))]

    assert found == [], "docs/writing.md has the words to use instead"


def test_sentences_of_pages_are_short() -> None:
    """At most 3 in 1,000 have more than 25 words: lists of code, and words quoted from released manifests."""
    every = [(page.name, sentence) for page in _PAGES for sentence in sentences(page.read_text(encoding="utf-8"))]
    long = [(name, sentence) for name, sentence in every if len(_WORD.findall(sentence)) > _MOST_WORDS]

    assert len(long) <= 3 * len(every) / 1000, long


def test_glossary_has_each_word_once_in_order() -> None:
    """A word that is looked up is found, once."""
    page = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    words = [word for word in re.findall(r"^\| (\w[\w -]*) \| \S", page, re.MULTILINE) if word != "word"]

    assert sorted(set(words), key=str.casefold) == words
    assert set(GLOSSARY) <= set(words)
