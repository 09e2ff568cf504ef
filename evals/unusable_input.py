"""The end of a command that cannot do its work."""

import argparse
import sys
from typing import NoReturn

EXIT_CODE = 3


class UnusableInput(Exception):
    """One sentence for the person at the terminal: the fault and the remedy."""


class OneSentenceParser(argparse.ArgumentParser):
    """Ends a program whose arguments are unusable with one sentence and EXIT_CODE."""

    def error(self, message: str) -> NoReturn:
        """Print the sentence and end the program."""
        end_with(UnusableInput(f"{self.prog}: {message}."))


def end_with(problem: UnusableInput) -> NoReturn:
    """Print the sentence and end the program."""
    print(problem, file=sys.stderr)
    sys.exit(EXIT_CODE)
