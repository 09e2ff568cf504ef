"""`make prompt VERSION=orchestrator-1`: the model's messages, to the letter, and the things that were left out."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from oo.prompts.data_block import MOST_CHARACTERS
from tools.prompts.dry_run import DryRun, Unusable, dry_run, estimated_tokens, event_for, read_event


def main() -> None:
    """Print the prompt; an obstacle is one sentence and exit code 1."""
    parser = argparse.ArgumentParser(prog="python -m tools.prompts.prompt_preview", description=__doc__)
    parser.add_argument("event", help="an API Gateway event; empty: the example of the version's endpoint")
    parser.add_argument("--version", default="", help="a prompt version, in place of the one that the event names")
    arguments = parser.parse_args()
    event = Path(arguments.event) if arguments.event else event_for(arguments.version)
    try:
        print(rendered(dry_run(read_event(event), arguments.version)))
    except Unusable as problem:
        sys.exit(str(problem))


def rendered(run: DryRun) -> str:
    """The prompt's size, its messages and the things that were left out."""
    size = f"{run.prompt.version} for {run.path}: {sizes(run)}; {MOST_CHARACTERS:,} characters at most"
    return f"{size}\n\n{sections(run)}"


def sections(run: DryRun) -> str:
    """The messages and the things that were left out, each under its name."""
    left_out = [f"{one.what}: {one.code}, {one.reason}" for one in run.left_out] or ["nothing"]
    messages = (f"--- {message['role']}\n{message['content']}" for message in run.prompt.messages)
    return "\n\n".join([*messages, "--- left out\n" + "\n".join(left_out)])


def sizes(run: DryRun) -> str:
    """Characters and estimated tokens, in all and of each message."""
    whole = "".join(message["content"] for message in run.prompt.messages)
    each = ", ".join(f"{message['role']} {len(message['content']):,}" for message in run.prompt.messages)
    return f"{len(whole):,} characters ({each}), about {estimated_tokens(whole):,} tokens"


if __name__ == "__main__":
    main()
