"""The part of docs/writing.md that can be counted, and the glossary."""

import ast
import re
from collections.abc import Iterator

import pytest

from local.deployment.environment import ROOT

PARTS = (("layers",), ("commands", "local", "tools"), ("operations",), ("evals",), ("testing",), ("benchmarks",))
_FIRST = re.compile(r"(?:What|Whatever|Who|Whoever|Nobody)\b")
_QUOTED = re.compile(r"`[^`]*`|\"[^\"]*\"|«[^»]*»")
_WORD = re.compile(r"[A-Za-z']+")
_FREE_WHAT = re.compile(r"\bwhat\b", re.IGNORECASE)
_NO_SUBJECT = re.compile(r"\b(?:nobody|somebody|whoever)\b", re.IGNORECASE)


def docstrings(folders: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Each docstring with its place."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for folder in folders:
        for file in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, documented) and (text := ast.get_docstring(node)):
                    yield f"{file.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}", text


@pytest.mark.parametrize("folders", [*PARTS, ("tests",)], ids="+".join)
def test_a_docstring_names_its_thing_first(folders: tuple[str, ...]) -> None:
    """None begins with a free relative, of which a reader learns last what it is about."""
    found = [place for place, text in docstrings(folders) if _FIRST.match(text)]

    assert found == []


@pytest.mark.parametrize("folders", PARTS, ids="+".join)
def test_sentences_have_nouns(folders: tuple[str, ...]) -> None:
    """At most one "what" and half a "nobody" in 1,000 words of docstrings, quoted text left out."""
    texts = [(place, _QUOTED.sub("", text)) for place, text in docstrings(folders)]
    words = sum(len(_WORD.findall(text)) for _, text in texts)
    what = [place for place, text in texts for _ in _FREE_WHAT.findall(text)]
    no_subject = [place for place, text in texts for _ in _NO_SUBJECT.findall(text)]

    assert len(what) <= words / 1000, what
    assert len(no_subject) <= words / 2000, no_subject


def test_glossary_has_each_word_once_in_order() -> None:
    """A word that is looked up is found, once."""
    page = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    words = [word for word in re.findall(r"^\| (\w[\w -]*) \| \S", page, re.MULTILINE) if word != "word"]

    assert sorted(set(words), key=str.casefold) == words
    assert {"snippet", "signal", "fact", "move", "care", "kind", "strength", "verdict", "slider", "band"} <= set(words)
