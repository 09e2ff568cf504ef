"""A recorded request without the user's own words and ids."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from evals.recording.row_values import (
    ID_KEYS,
    PROJECT_KEYS,
    TAG_KEYS,
    TITLE_KEYS,
    is_telling,
    parts_of,
    read_part,
    waiting_tags,
)
from evals.recording.said_words import WORD, said_words
from evals.recording.titles import OtherTitles
from oo.contract.agent_versions import VERSIONS
from oo.contract.kinds import Kind
from oo.contract.shown_ids import shown_version
from oo.contract.zones import read_zone
from oo.snapshot.task_fields import read_id
from oo.snapshot.titles import given_title, read_title
from oo.snippets.grammar import QUOTED
from oo.snippets.open_tasks import OpenTasks

Row = dict[str, Any]
_KINDS = frozenset(Kind)
_LETTER_OR_DIGIT = r"[^\W_]"
_LONGEST_FORM = 300
_UNREADABLE_ZONE = "(unreadable)"


class Disguise:
    """Replaces the titles, ids and words of one request; `opened` are its tasks as the service parses them.

    Titles are replaced everywhere. Of recent tips and of notes by a caller's own agents, only words of the service's
    own sentences are kept. Keys of rows that the service does not read are left out.
    """

    def __init__(self, titles: OtherTitles, opened: OpenTasks) -> None:
        self._titles = titles
        self._opened = opened
        self._numbers: dict[tuple[str, str], int] = {}
        self._known: dict[str, str] = {}
        self._known_or_word = WORD

    def request(self, request: Mapping[str, Any]) -> Row:
        """The request with replaced words."""
        rows = request["tasks"]
        self._learn([value for row in rows for value in _titles_of(row)])
        locale, zone = request["locale"], request["timezone"]
        return {
            **request,
            "tasks": [self._task(row) for row in rows],
            "agent_outputs": [self._snippet(row) for row in request["agent_outputs"]],
            "recent_tips": [self._tip(row) for row in request["recent_tips"]],
            "locale": locale and re.split("[-_]", locale.strip())[0],
            "timezone": zone if zone is None or read_zone(zone) else _UNREADABLE_ZONE,
        }

    def _learn(self, titles: list[str]) -> None:
        """The forms in which sentences name the tasks, each with its replacement."""
        for title in titles:
            other = self._titles.instead_of(title)
            for form in (str.strip, given_title, read_title):
                if 1 < len(form(title)) <= _LONGEST_FORM:
                    self._known.setdefault(form(title).casefold(), form(other))
        forms = sorted(self._known, key=len, reverse=True)
        named = "|".join(f"(?<!{_LETTER_OR_DIGIT}){re.escape(form)}(?!{_LETTER_OR_DIGIT})" for form in forms)
        self._known_or_word = re.compile(f"{named}|{WORD.pattern}" if named else WORD.pattern, re.IGNORECASE)

    def _task(self, row: Row) -> Row:
        return {key: self._value(key, value) for key, value in read_part(row).items()}

    def _value(self, key: str, value: Any) -> Any:  # noqa: ANN401  # any JSON
        if key in TITLE_KEYS:
            return self._titles.instead_of(value) if isinstance(value, str) else self._plain(value)
        if key in ID_KEYS:
            return self._id(value)
        if key in PROJECT_KEYS:
            return value and self._numbered("p", json.dumps(value))
        return waiting_tags(value) if key in TAG_KEYS else self._plain(value)

    def _plain(self, value: Any) -> Any:  # noqa: ANN401  # any JSON
        if isinstance(value, str):
            return self._titles.instead_of(value) if is_telling(value) else value
        if isinstance(value, list):
            return [self._plain(each) for each in value]
        return {key: self._plain(part) for key, part in parts_of(value).items()} if isinstance(value, dict) else value

    def _id(self, value: object) -> str | None:
        found = read_id(value)
        return None if found is None else self._numbered("t", found)

    def _numbered(self, letter: str, name: str) -> str:
        """A replacement for a name, equal for equal names."""
        return f"{letter}{self._numbers.setdefault((letter, name), len(self._numbers) + 1)}"

    def _snippet(self, row: Row) -> Row:
        agent_id, text = row["agent_id"], row["prompt_text"]
        is_ours = agent_id in VERSIONS
        return {
            "agent_id": agent_id if is_ours else self._numbered("agent-", agent_id),
            "prompt_text": self._text(text, keeps_words=is_ours) if isinstance(text, str) else None,
            "computed_at": row["computed_at"],
            "expires_at": row["expires_at"],
            "agent_version": shown_version(agent_id, row["agent_version"]),
        }

    def _tip(self, row: Row) -> Row:
        content, kind = row["content"], row["kind"]
        return {
            "content": content and self._text(content, keeps_words=False),
            "kind": kind if kind in _KINDS else None,
            "task_id": self._id(row["task_id"]),
            "created_at": row["created_at"],
        }

    def _text(self, text: str, *, keeps_words: bool) -> str:
        """A sentence with replaced titles, quoted or not."""
        return "".join(
            f"«{self._quoted(part)}»" if is_title else self._unquoted(part, keeps_words=keeps_words)
            for is_title, part in _parts(text)
        )

    def _unquoted(self, text: str, *, keeps_words: bool) -> str:
        def other(found: re.Match[str]) -> str:
            word = found[0].casefold()
            if word in self._known:
                return self._known[word]
            return found[0] if keeps_words or word in said_words() else self._titles.instead_of(found[0])

        return self._known_or_word.sub(other, text)

    def _quoted(self, title: str) -> str:
        """The replacement in the form of the sentence: complete or truncated."""
        if title.casefold() in self._known:
            return self._known[title.casefold()]
        task = self._opened.named(title)
        if task is None:
            return self._titles.instead_of(title)
        other = read_title(self._titles.instead_of(task.whole_title))
        return f"{other[: len(title) - 1]}…" if title.endswith("…") else other


def _titles_of(row: Row) -> Iterator[str]:
    yield from (value for key, value in row.items() if key in TITLE_KEYS and isinstance(value, str))


def _parts(text: str) -> Iterator[tuple[bool, str]]:
    """The parts of the sentence, each with whether it is a quoted title."""
    end = 0
    for quoted in QUOTED.finditer(text):
        yield False, text[end : quoted.start()]
        yield True, quoted[1]
        end = quoted.end()
    yield False, text[end:]
