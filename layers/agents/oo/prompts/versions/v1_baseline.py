"""The baseline of comparisons, close to a first attempt: one sentence, no rules, titles as plain lines, no fence."""

from oo.prompts.versions.prompt import Prompt

PROMPT = Prompt(
    version="v1-baseline",
    system="You write short, friendly tips that help a person get on with the tasks on their list.",
    closing=(
        "Write {n} tips that fit this moment. "
        'Answer with JSON only: {"candidates":[{"id":"…","content":"…","rationale":"…"}]}'
    ),
    fenced=False,
    tells_extra=False,
)
