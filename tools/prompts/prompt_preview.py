"""`make prompt VERSION=orchestrator-1`: the model's exact messages, and the items that were left out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

from commands.program import program, together, variable
from oo.prompts.data_block import MOST_CHARACTERS
from tools.prompts.dry_run import DryRun, dry_run, estimated_tokens
from tools.prompts.request_file import Changes, Unusable, event_for, read_request


class ChosenRequest(NamedTuple):
    """The request that the values name, and the changes of it."""

    event: str
    version: str
    slider: str
    locale: str

    @property
    def file(self) -> Path:
        """The file that is named, else the example of the version's endpoint."""
        return Path(self.event) if self.event else event_for(self.version)

    @property
    def changes(self) -> Changes:
        """The values that replace those of the request."""
        return Changes(self.version, self.slider, self.locale)


request_options = together(
    "chosen",
    ChosenRequest,
    variable("EVENT", help="a body or an API Gateway event; absent: the example of the version's endpoint"),
    variable("VERSION", help="a prompt version, in place of the one that the request names"),
    variable("SLIDER", help="0 to 100, in place of the request's science_destiny"),
    variable("LOCALE", help="the language of the tip, such as de"),
)


@program("prompt")
@request_options
def main(chosen: ChosenRequest) -> None:
    """Print the prompt of a request, without a call to a model; on failure one sentence and exit code 1."""
    try:
        print(rendered(dry_run(read_request(chosen.file, chosen.changes))))
    except Unusable as problem:
        sys.exit(str(problem))


def rendered(run: DryRun) -> str:
    """The prompt's size, its messages and the items that were left out."""
    size = f"{run.prompt.version} for {run.path}: {sizes(run)}; {MOST_CHARACTERS:,} characters at most"
    return f"{size}\n\n{sections(run)}"


def sections(run: DryRun) -> str:
    """The messages and the items that were left out, each under its name."""
    left_out = [f"{one.what}: {one.code}, {one.reason}" for one in run.left_out] or ["nothing"]
    messages = (f"--- {message['role']}\n{message['content']}" for message in run.prompt.messages)
    return "\n\n".join([*messages, "--- left out\n" + "\n".join(left_out)])


def sizes(run: DryRun) -> str:
    """Characters and estimated tokens, in total and per message."""
    whole = "".join(message["content"] for message in run.prompt.messages)
    each = ", ".join(f"{message['role']} {len(message['content']):,}" for message in run.prompt.messages)
    return f"{len(whole):,} characters ({each}), about {estimated_tokens(whole):,} tokens"


if __name__ == "__main__":
    main()
