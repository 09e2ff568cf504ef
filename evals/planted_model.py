"""A model with a known obedience: it follows a rule more often if the system message contains it.

Its replies are those of the stand-in, with one fault for each rule that it breaks. With it the bench's own error rates
can be measured, because the true difference between two prompts is known.
"""

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import Any

from evals.scorers import GATES
from local.model import read_data, write_reply
from oo.contract.kinds import Kind
from oo.prompts.delivery import DEFAULT_DELIVERY, Delivery, read_delivery
from oo.snippets.grammar import QUOTED
from oo.untrusted_text.cleaning import shows_instructions

Message = Mapping[str, str]

STATED: Mapping[str, re.Pattern[str]] = {
    "Q1": re.compile(r"one JSON object|JSON only", re.IGNORECASE),
    "Q2": re.compile(r"letter for letter", re.IGNORECASE),
    "Q4": re.compile(r"figures from DATA only|its facts only", re.IGNORECASE),
    "Q5": re.compile(r"with a cue", re.IGNORECASE),
    "Q6": re.compile(r"keep to Delivery|\d to \d+ words", re.IGNORECASE),
    "Q7": re.compile(r"keep to Delivery|figures in it:", re.IGNORECASE),
    "Q8": re.compile(r"repeat neither its words", re.IGNORECASE),
    "Q9": re.compile(r"no \"?must\b", re.IGNORECASE),
    "Q10": re.compile(r"never (?:an )?instructions?", re.IGNORECASE),
    "Q11": re.compile(r"still to come", re.IGNORECASE),
    "Q12": re.compile(r"true (?:signal|reason)", re.IGNORECASE),
    "Q13": re.compile(r"in the (?:language of|title's language)|keep to Delivery", re.IGNORECASE),
    "Q14": re.compile(r"that Delivery allows|how to deliver the tip", re.IGNORECASE),
}
"""The key phrases of the rules behind the scorers, as the released prompts state them.

Q3 has none: a prompt holds no title of a task that is closed, so a model that names one does not follow from a rule.
"""

_WORDS_ASKED_FOR = re.compile(r"\b(\d+) to (\d+) words")
_NO_FIGURES = re.compile(r"Figures in it: none")
_HOUR = re.compile(r"^Now: .*?(\d\d)(?:h|:\d\d)", re.MULTILINE)
_FIGURE = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf)\b"
)
_DAYS = re.compile(r"\b\d+ days\b")
_NOON = 12
_PLAIN_TONES = ("analytic", "factual")


@dataclass(frozen=True)
class PlantedModel:
    """Follows a rule with probability `stated` if the prompt contains it, else with `unstated`.

    A stated rule behind a gate is always followed, except for the share of `gate_failures`. `seed` gives other draws.
    """

    stated: float = 0.99
    unstated: float = 0.5
    gate_failures: Mapping[str, float] = field(default_factory=dict)
    seed: int = 0

    def reply(self, messages: Sequence[Message], case: str, repeat: int) -> str:
        """The text of a reply; the same in every process."""
        return reply_with_faults(messages, self.broken(messages[0]["content"], case, repeat))

    def broken(self, system: str, case: str, repeat: int) -> frozenset[str]:
        """The rules that the reply breaks: drawn by case, rule and repeat, never by the prompt's words."""
        return frozenset(
            rule
            for rule in STATED
            if self._draw(case, rule, repeat) >= self._kept(rule, is_stated=rule in stated_rules(system))
        )

    def _kept(self, rule: str, *, is_stated: bool) -> float:
        if not is_stated:
            return self.unstated
        return 1 - self.gate_failures.get(rule, 0.0) if rule in GATES else self.stated

    def _draw(self, case: str, rule: str, repeat: int) -> float:
        digest = sha256(f"{self.seed}|{case}|{rule}|{repeat}".encode()).digest()
        return int.from_bytes(digest[:8], "big") / 2**64


@lru_cache(maxsize=64)
def stated_rules(system: str) -> frozenset[str]:
    """The rules in a system message."""
    return frozenset(rule for rule, phrase in STATED.items() if phrase.search(system))


@dataclass(frozen=True)
class _Prompt:
    """The parts of a prompt from which a fault is built."""

    delivery: Delivery
    hour: int
    notes: Sequence[str]
    recent: Sequence[str]


def reply_with_faults(messages: Sequence[Message], faults: Collection[str]) -> str:
    """The stand-in's reply with one fault for each named scorer, if the prompt allows one."""
    system, user = messages[0]["content"], messages[1]["content"]
    delivery = _delivery(system, user)
    told = [messages[0], {"role": "user", "content": f"{delivery.line()}\n{user}"}]
    reply: dict[str, Any] = json.loads(write_reply(told))
    hour = _HOUR.search(user)
    prompt = _Prompt(
        delivery,
        int(hour[1]) if hour else _NOON,
        [str(row["note"]) for row in read_data(user)[1]],
        [str(row["recent_tip"]) for row in map(_row, user.split("\n")) if "recent_tip" in row],
    )
    for tip in reply.get("candidates", [reply]):
        for rule, fault in FAULTS.items():
            if rule in faults:
                tip.update(fault(tip, prompt))
    return json.dumps(reply, ensure_ascii=False)


def _delivery(system: str, user: str) -> Delivery:
    """The bounds on the prompt's own line, else those in its rules."""
    line = next((line for line in user.split("\n") if line.startswith("Delivery: ")), "")
    words = _WORDS_ASKED_FOR.search(system)
    return read_delivery(line) or DEFAULT_DELIVERY._replace(
        words=(int(words[1]), int(words[2])) if words else DEFAULT_DELIVERY.words,
        figures=(0, 0) if _NO_FIGURES.search(system) else DEFAULT_DELIVERY.figures,
    )


def _row(line: str) -> dict[str, Any]:
    try:
        row = json.loads(line) if line.startswith("{") else {}
    except ValueError:
        return {}
    return row if isinstance(row, dict) else {}


def _added(tip: Mapping[str, Any], words: str) -> dict[str, Any]:
    """The tip with words appended to its last sentence."""
    return {"content": f"{tip['content'].rstrip('.!?…')}, {words}."}


def _quoted(tip: Mapping[str, Any]) -> str:
    found = QUOTED.search(tip["content"])
    return found[0] if found else ""


def _no_step(tip: Mapping[str, Any], _: _Prompt) -> dict[str, Any]:
    return {"content": f"{_quoted(tip)} is still among those things that somehow never seem to matter.".strip()}


def _said_before(tip: Mapping[str, Any], prompt: _Prompt) -> dict[str, Any]:
    """A recent tip repeated, about the current task.

    One that names a task and contains neither figures nor instructions, so that no gate fails.
    """
    said = next((text for text in prompt.recent if QUOTED.search(text) and not _risks_a_gate(text)), None)
    if said is None:
        return {}
    title = _quoted(tip) or "it"
    return _added({"content": QUOTED.sub(lambda _: title, said)}, "again")


def _risks_a_gate(text: str) -> bool:
    return _FIGURE.search(QUOTED.sub("", text.casefold())) is not None or shows_instructions(text, text)


def _other_language(tip: Mapping[str, Any], _: _Prompt) -> dict[str, Any]:
    return {"content": f"{_quoted(tip)}: გააკეთე ერთი პატარა ნაბიჯი და მერე დაისვენე ცოტა ხნით აქ.".strip(": ")}


def _no_title(tip: Mapping[str, Any], _: _Prompt) -> dict[str, Any]:
    return {"content": QUOTED.sub("that thing", tip["content"])}


def _too_long(tip: Mapping[str, Any], _: _Prompt) -> dict[str, Any]:
    return {"content": f"{tip['content']} So far. So good."}


def _other_voice(tip: Mapping[str, Any], prompt: _Prompt) -> dict[str, Any]:
    """An image in a plain tone; elsewhere more figures than allowed, from a note."""
    if prompt.delivery.tone in _PLAIN_TONES:
        return _added(tip, "like a lantern")
    days = next((found[0] for found in map(_DAYS.search, prompt.notes) if found), "")
    return _added(tip, ", ".join([days] * (prompt.delivery.figures[1] + 1))) if days else {}


def _past_moment(tip: Mapping[str, Any], prompt: _Prompt) -> dict[str, Any]:
    return _added(tip, "as planned for this morning" if prompt.hour >= _NOON else "good evening")


def _other_kind(_tip: Mapping[str, Any], prompt: _Prompt) -> dict[str, Any]:
    other = next((kind.value for kind in Kind if kind not in prompt.delivery.kinds), None)
    return {"kind": other} if other else {}


FAULTS: Mapping[str, Callable[[dict[str, Any], _Prompt], dict[str, Any]]] = {
    # The first three write another content, the others change it.
    "Q5": _no_step,
    "Q8": _said_before,
    "Q13": _other_language,
    "Q2": _no_title,
    "Q6": _too_long,
    "Q7": _other_voice,
    "Q11": _past_moment,
    "Q12": lambda _tip, _: {"rationale": "It simply feels like a rather pleasant idea all in all."},
    "Q14": _other_kind,
    "Q1": lambda _tip, _: {"kind": "hint"},
    "Q4": lambda tip, _: _added(tip, "4711 in all"),
    "Q9": lambda tip, _: _added(tip, "you must"),
    "Q10": lambda tip, _: _added(tip, "assistant: as you wish"),
}
"""How each rule is broken."""
