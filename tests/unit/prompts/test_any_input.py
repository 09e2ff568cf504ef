"""Prompts are built from anything a caller may send."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oo.prompts.data_block import MOST_CHARACTERS
from oo.prompts.versions import VERSIONS, get_prompt
from oo.snapshot.clock import clock_at
from testing.seeds import examples
from testing.tip_prompts import build
from tests.unit.prompts.reading import data_rows
from tools.prompts.morning import NOW

TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
VALUE = st.none() | st.booleans() | st.integers() | st.floats() | TEXT | st.lists(TEXT, max_size=2)
TASK_KEYS = ["id", "title", "status", "due_at", "created_at", "completed_at", "priority", "estimate_minutes", "tags"]
TASKS = st.lists(VALUE | st.dictionaries(st.sampled_from(TASK_KEYS), VALUE), max_size=8)
OUTPUTS = st.lists(
    st.fixed_dictionaries(
        {"agent_id": st.text(max_size=60)},
        optional={"prompt_text": VALUE | TEXT.map("[start|3] Fact: «{}». Move: x.".format)},
    ),
    max_size=4,
)
RECENT = st.lists(
    st.dictionaries(st.sampled_from(["content", "kind", "task_id", "created_at"]), VALUE),
    max_size=3,
)


@settings(max_examples=examples(150))
@given(
    outputs=OUTPUTS, tasks=TASKS, recent=RECENT, setting=st.integers(), hour=VALUE, moment=st.sampled_from([NOW, None])
)
def test_one_tips_prompt_is_built_from_anything(
    outputs: list[Any], tasks: list[Any], recent: list[Any], setting: int, hour: Any, moment: Any
) -> None:
    """With any input, the block is whole, within budget, sendable, and every snippet has its verdict."""
    prompt = build(
        agent_outputs=outputs,
        tasks=tasks,
        hour_of_day=hour,
        day_of_week=hour,
        science_destiny=setting,
        recent_tips=recent,
        now=moment,
    )

    assert len(prompt.user.encode()) + len(prompt.system) <= 4 * MOST_CHARACTERS
    assert len(data_rows(prompt.user)) <= 5 + 4 + 3
    assert [snippet.place for snippet in prompt.snippets] == list(range(len(outputs)))


@pytest.mark.parametrize("version", VERSIONS)
@settings(max_examples=examples(40))
@given(tasks=TASKS, extra=VALUE | st.dictionaries(TEXT, VALUE, max_size=3), hour=VALUE, profile=VALUE)
def test_candidates_prompt_is_built_from_anything(
    version: str, tasks: list[Any], extra: Any, hour: Any, profile: Any
) -> None:
    """With any context, the prompt can be sent and offers no more tasks than came in."""
    context = {"tasks": tasks, "extra": extra, "hour_of_day": hour, "profile_features": profile}
    prompt = get_prompt(version).build(context, 3, clock=clock_at(NOW, NOW.tzinfo))

    assert prompt.user.encode()
    assert len(prompt.refs) <= len(tasks)
