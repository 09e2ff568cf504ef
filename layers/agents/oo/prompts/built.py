"""A finished prompt and what it was made of."""

from typing import NamedTuple

from oo.prompts.candidates import TaskRef
from oo.prompts.dropped import Dropped


class BuiltPrompt(NamedTuple):
    """The first two messages of a conversation.

    `boundary` fences the data block and is not to appear in a reply, nor is the system message; a prompt without a
    block has an empty one. `refs` are the tasks on offer, `used` the places, in the caller's list, of the snippets
    that the prompt holds.
    """

    version: str
    system: str
    user: str
    boundary: str
    refs: tuple[TaskRef, ...]
    used: tuple[int, ...]
    dropped: tuple[Dropped, ...]

    @property
    def messages(self) -> list[dict[str, str]]:
        """One system message, one user message."""
        return [{"role": "system", "content": self.system}, {"role": "user", "content": self.user}]

    @property
    def titles(self) -> tuple[str, ...]:
        """The offered titles as stored and as shown: their text is the user's own, wherever a reply repeats it."""
        return tuple(dict.fromkeys(title for ref in self.refs for title in (ref.title, ref.shown)))
