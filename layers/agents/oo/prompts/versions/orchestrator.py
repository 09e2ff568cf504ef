"""The parts of a prompt version for one tip, and the messages built from them."""

from collections.abc import Sequence
from dataclasses import dataclass

from oo.prompts.candidates import number_tasks
from oo.prompts.chosen import Chosen
from oo.prompts.data_block import MOST_CHARACTERS, Block, BuiltPrompt, Written, fence, within_budget
from oo.prompts.delivery import Delivery
from oo.prompts.language import asked_in
from oo.prompts.slider import BANDS, Band
from oo.snippets.open_tasks import OpenTasks
from oo.snippets.verdict import Verdict, with_verdicts

BandTexts = tuple[str, str, str, str, str]
"""One text for each band of the slider, from the data-driven end to the intuitive one."""


@dataclass(frozen=True, slots=True)
class Orchestrator:
    """One prompt version for one tip; a released version never changes, an improvement is a new version.

    `by_band` gives the values of the placeholders in `system` for each band of the slider. `general` and `closing` end
    the user message, the first one only without notes and tasks. If `tells_delivery`, a line before the block contains
    the bounds of the tip, the tone that the user set replaces `voice`, and the language is always named. Otherwise the
    block contains the note about delivery, and the language is named only if the caller names one.
    """

    version: str
    system: str
    closing: str
    general: str
    by_band: tuple[tuple[str, BandTexts], ...]
    tells_delivery: bool = True

    def build(self, chosen: Chosen, *, most_characters: int = MOST_CHARACTERS) -> BuiltPrompt:
        """The prompt for one tip; the same content gives the same prompt, byte for byte.

        A prompt over `most_characters` loses whole lines, the least important first.
        """
        note = None if self.tells_delivery else chosen.ranked.delivery
        block = Block(number_tasks(chosen.tasks), chosen.ranked.lines, note, chosen.recent)
        system = self.system_message(chosen.slider.band, chosen.delivery)
        opening = [line for line in (chosen.told_clock.line(), self._bounds(chosen.delivery)) if line]
        wish = asked_in(chosen.delivery.language) if self.tells_delivery or chosen.gives_locale else ""
        kept, (user, boundary) = within_budget(
            block,
            most_characters - len(system),
            lambda block: self._user_message(block, chosen.open_tasks, opening, wish),
        )
        removed = {snippet.place for snippet in block.snippets} - {snippet.place for snippet in kept.snippets}
        return BuiltPrompt(
            version=self.version,
            system=system,
            user=user,
            boundary=boundary,
            refs=kept.refs,
            dropped=(*chosen.dropped, *kept.omissions_since(block)),
            snippets=with_verdicts(chosen.snippets, dict.fromkeys(removed, Verdict.OVER_BUDGET)),
            delivery=chosen.delivery,
        )

    def system_message(self, band: Band, delivery: Delivery) -> str:
        """The rules, in one voice; the only part from the request is the tone that its user has set."""
        message, place = self.system, BANDS.index(band)
        if self.tells_delivery and delivery.tone_is_set:
            message = message.replace("{voice}", f"Sound {delivery.tone}.")
        for name, texts in self.by_band:
            message = message.replace(f"{{{name}}}", texts[place])
        return message

    def _bounds(self, delivery: Delivery) -> str:
        return delivery.line() if self.tells_delivery else ""

    def _user_message(self, block: Block, open_tasks: OpenTasks, opening: Sequence[str], wish: str) -> Written:
        fenced, boundary = fence(block.lines(open_tasks))
        general = self.general if not (block.refs or block.evidence) else ""
        return "\n".join([*opening, *fenced, f"{general}{wish}{self.closing}"]), boundary
