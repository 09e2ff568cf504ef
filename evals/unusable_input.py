"""The end of a command that cannot do its work."""

import sys
from typing import NoReturn

EXIT_CODE = 3


class UnusableInput(Exception):
    """One sentence for the user of the command: the fault and the remedy."""


def end_with(problem: UnusableInput) -> NoReturn:
    """Print the sentence and end the program."""
    print(problem, file=sys.stderr)
    sys.exit(EXIT_CODE)
