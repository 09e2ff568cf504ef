"""`make prompt VERSION=orchestrator-1`: the model's exact messages, and the items that were left out."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from oo.prompts.data_block import MOST_CHARACTERS
from tools.prompts.dry_run import DryRun, dry_run, estimated_tokens
from tools.prompts.request_file import Changes, Unusable, event_for, read_request


def main() -> None:
    """Print the prompt; on failure one sentence and exit code 1."""
    parser = argparse.ArgumentParser(prog="python -m tools.prompts.prompt_preview", description=__doc__)
    add_options(parser)
    try:
        file, changes = chosen(parser.parse_args())
        print(rendered(dry_run(read_request(file, changes))))
    except Unusable as problem:
        sys.exit(str(problem))


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that name a request and the values in it that are replaced."""
    parser.add_argument("event", help="a body or an API Gateway event; empty: the example of the version's endpoint")
    parser.add_argument("--version", default="", help="a prompt version, in place of the one that the request names")
    parser.add_argument("--slider", default="", help="0 to 100, in place of the request's science_destiny")
    parser.add_argument("--locale", default="", help="the language of the tip, such as de")


def chosen(arguments: argparse.Namespace) -> tuple[Path, Changes]:
    """The file and the changes that those options name."""
    file = Path(arguments.event) if arguments.event else event_for(arguments.version)
    return file, Changes(arguments.version, arguments.slider, arguments.locale)


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
