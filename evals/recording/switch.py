"""On/off options of commands from environment variables."""

from evals.unusable_input import UnusableInput

_ON, _OFF = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")


def read_switch(name: str, text: str) -> bool:
    """Whether it is on; raises UnusableInput."""
    if text.lower() not in (*_ON, *_OFF):
        raise UnusableInput(f"{name} is 1 or empty.")
    return text.lower() in _ON
