"""Write the sets of cases.

`core` and `held_out` are planted users at four times each, with the notes of the real agents.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

from benchmarks._truth.service import DELIVERY_AGENT, Said, TipService, agents_say
from benchmarks._truth.world.habits import Habits
from benchmarks._truth.world.life import live
from benchmarks._truth.world.scene import Reaction, Scene
from commands.program import program
from evals.cases.adversarial import build_adversarial
from evals.cases.case import FOLDER, Case, case_line
from evals.cases.personas import PERSONAS, Persona, users_of
from oo.prompts.slider import NEUTRAL

SEEDS = {"core": 11, "held_out": 47}
USERS_A_PERSONA = 13
_WEEKS = 7
_LAST_DAY = 40
_DAYS_BETWEEN = 3
_MOST_DONE = 6
"""Rows of done tasks that a caller still sends."""

_MOST_TOLD = 20
_MOST_RECENT = 10
_MS_A_WORD = 252
_FIELDS = ("agent_id", "prompt_text", "computed_at", "expires_at", "agent_version")


def build(name: str) -> list[Case]:
    """The cases of a set, persona by persona."""
    seed = SEEDS[name]
    return [
        case
        for persona in PERSONAS
        for place, habits in enumerate(users_of(persona, USERS_A_PERSONA, seed))
        for case in _cases(persona, habits, place, seed)
    ]


def _cases(persona: Persona, habits: Habits, place: int, seed: int) -> Iterator[Case]:
    """The times of one user, who receives and answers a tip on each day before them."""
    user = f"{persona.name.replace(' ', '-').lower()}-{seed}-{place:02}"
    random = Random(f"{user} asks")  # noqa: S311  # plans cases, keeps no secrets
    life, service, reactions = live(user, habits, _WEEKS, seed), TipService(), list[Reaction]()
    last = _LAST_DAY + place % 7
    asked = {last - _DAYS_BETWEEN * (3 - number): number for number in range(4)}
    for day in range(max(habits.first_day, min(asked) - 6), last + 1):
        first, last_hour = persona.hours[asked.get(day, day % 4)]
        scene = Scene(life, life.moment(day, random.uniform(first, last_hour)), tuple(reactions))
        earlier = replace(scene, now=scene.now - timedelta(minutes=random.randint(5, 60)))
        # A user who sets quiet hours has new notes when they begin.
        said = agents_say(scene if _is_quiet(scene) else earlier)
        if day in asked:
            yield _case(persona, scene, said, place, asked[day])
        tip = service.tip(scene, said)
        outcome = random.choices(("done", "shown", "dismissed"), (habits.accepts, habits.ignores, 0.3))[0]
        dwell_ms = len(tip.content.split()) * _MS_A_WORD * random.uniform(0.8, 1.2)
        reactions.append(Reaction(scene.now, tip.content, tip.kind, tip.task_id, outcome, dwell_ms))


def _case(persona: Persona, scene: Scene, said: Mapping[str, Said], place: int, number: int) -> Case:
    life, local = scene.life, scene.local
    rows = scene.task_rows()
    done = [row for row in rows if row["status"] == "done"]
    sent = [*(row for row in rows if row["status"] != "done"), *done[-_MOST_DONE:]]
    request = {
        "user_id": life.name,
        "tasks": sent,
        "agent_outputs": [_snippet(each) for each in said.values() if each.output.prompt_text],
        "recent_tips": scene.recent_tips()[-_MOST_RECENT:],
        "now_iso": local.isoformat(timespec="seconds"),
        "timezone": life.habits.zone,
        "science_destiny": NEUTRAL if number == 0 else (37 * place + 29 * number + len(persona.name)) % 101,
        "locale": _locale(life.habits.writes, place),
    }
    return Case(
        id=f"{life.name}-{number}",
        user=life.name,
        persona=persona.name,
        request={key: value for key, value in request.items() if value is not None},
        about={"quiet": _is_quiet(scene), "done": [row["title"] for row in done[-_MOST_TOLD:-_MOST_DONE]]},
    )


def _snippet(said: Said) -> dict[str, object]:
    output = said.output.model_dump(mode="json")
    return {field: output[field] for field in _FIELDS}


def _locale(writes: str, place: int) -> str | None:
    """The locale: set for half of the users who do not write English, and another one for a few who do."""
    if writes != "en":
        return writes if place % 2 else None
    return {5: "de", 9: "en-GB"}.get(place)


def _is_quiet(scene: Scene) -> bool:
    begin, end = (scene.setting(DELIVERY_AGENT, key) for key in ("quiet_start_h", "quiet_end_h"))
    return begin is not None and end is not None and (scene.hour - begin) % 24 < (end - begin) % 24


@program("cases-core")
def main() -> None:
    """Write all files of cases."""
    _write("adversarial", build_adversarial())
    for name in SEEDS:
        _write(name, build(name))


def _write(name: str, cases: Sequence[Case]) -> None:
    path = FOLDER / f"{name}.jsonl"
    path.write_text("".join(f"{case_line(case)}\n" for case in cases), encoding="utf-8")
    print(f"{path.name}: {len(cases)} cases")


if __name__ == "__main__":
    main()
