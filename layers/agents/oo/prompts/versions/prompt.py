"""The parts of a prompt version for candidates, and the messages built from them."""

from collections.abc import Mapping
from dataclasses import dataclass

from oo.contract.kinds import Kind
from oo.prompts.candidates import MOST_TASKS, choose_tasks, number_tasks
from oo.prompts.clock_line import ToldClock, now_line
from oo.prompts.data_block import MOST_CHARACTERS, Block, BuiltPrompt, Written, fence, within_budget
from oo.prompts.facts import extra_lines, profile_lines
from oo.prompts.language import asked_in, language_of
from oo.snapshot.clock import Clock
from oo.snippets.open_tasks import OpenTasks, read_open_tasks

_GENERAL = f'There is no task: give general tips of kind "{Kind.ADVICE}" about writing down one next step. '


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt version for candidates; a released version never changes, an improvement is a new version.

    `closing` ends the user message, with the number of candidates in place of `{n}`. A prompt that is not `fenced`
    lists the titles as plain lines.
    """

    version: str
    system: str
    closing: str
    most_tasks: int = MOST_TASKS
    fenced: bool = True
    tells_extra: bool = True
    tells_profile: bool = False

    def build(
        self,
        ctx: object,
        n: int,
        *,
        clock: Clock | None = None,
        smaller_is_higher: bool = False,
        profile: Mapping[str, float | None] | None = None,
        told_clock: ToldClock | None = None,
        locale: str | None = None,
        most_characters: int = MOST_CHARACTERS,
    ) -> BuiltPrompt:
        """The prompt for `n` candidates; the same arguments give the same prompt, byte for byte.

        `ctx` is a GenerateContext, or an object or mapping with its fields, each of which may be missing; an absent
        hour or weekday is left out. Without the user's `clock`, due dates and ages are left out. `profile` and
        `told_clock` take precedence over the context's own. A `locale` sets the language. Over `most_characters`, tasks
        are left out, last choice first.
        """
        open_tasks = read_open_tasks(_tasks(ctx), clock, smaller_is_higher=smaller_is_higher)
        candidates = choose_tasks(open_tasks, self.most_tasks)
        block = Block(number_tasks(candidates.tasks), facts=self._facts(ctx, profile))
        own_clock = now_line(_field(ctx, "hour_of_day"), _field(ctx, "day_of_week"))
        opening = told_clock.line() if told_clock else own_clock
        wish = asked_in(language_of(locale, ())) if locale else ""
        kept, (user, boundary) = within_budget(
            block,
            most_characters - len(self.system),
            lambda block: self._write(block, open_tasks, opening, f"{wish}{self._closing(block, n)}"),
        )
        return BuiltPrompt(
            version=self.version,
            system=self.system,
            user=user,
            boundary=boundary,
            refs=kept.refs,
            dropped=(*candidates.dropped, *kept.omissions_since(block)),
        )

    def _facts(self, ctx: object, profile: Mapping[str, float | None] | None) -> tuple[str, ...]:
        about_user: tuple[str, ...] = ()
        if self.tells_profile:
            own = _field(ctx, "profile_features")
            about_user = profile_lines({**(own if isinstance(own, Mapping) else {}), **(profile or {})})
        return (*about_user, *(extra_lines(_field(ctx, "extra")) if self.tells_extra else ()))

    def _closing(self, block: Block, n: int) -> str:
        return ("" if block.refs else _GENERAL) + self.closing.replace("{n}", str(n))

    def _write(self, block: Block, open_tasks: OpenTasks, opening: str | None, closing: str) -> Written:
        if self.fenced:
            middle, boundary = fence(block.lines(open_tasks))
        else:
            middle, boundary = ["Open tasks:", *([f"- {ref.shown}" for ref in block.refs] or ["none"])], ""
        return "\n".join([*([opening] if opening else []), *middle, closing]), boundary


def _field(ctx: object, name: str) -> object:
    return ctx.get(name) if isinstance(ctx, Mapping) else getattr(ctx, name, None)


def _tasks(ctx: object) -> list[object]:
    tasks = _field(ctx, "tasks")
    return list(tasks) if isinstance(tasks, list | tuple) else []
