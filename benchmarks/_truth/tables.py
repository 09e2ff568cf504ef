"""The tables of a run, as text."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from benchmarks._truth.figures import Figure, leads, reach
from benchmarks._truth.forms import form_of
from benchmarks._truth.weeks import NEUTRAL, OTHER_BANDS, Moment, Told

_REASONS = 4


def print_figures(figures: Sequence[Figure]) -> None:
    """Print one line per figure, worst first."""
    ordered = sorted(figures, key=lambda figure: -figure.badness)
    width = max(len(figure.name) for figure in ordered)
    print(f"{'':<{width}}{'measured':>11}{'required':>12}")
    for figure in ordered:
        sign = ">=" if figure.is_least else "<="
        value, asked = _shown(figure, figure.value), _shown(figure, figure.asked)
        print(f"{figure.name:<{width}}{value:>11}{sign:>5} {asked:>6}{'' if figure.holds else '  does not hold'}")
    print(f"{sum(figure.holds for figure in ordered)} of {len(ordered)} figures hold")


def print_agents(moments: Sequence[Moment]) -> None:
    """Print by agent: sentences, and by setting of the slider the shares in which it is in the prompt and leads it."""
    settings = sorted((NEUTRAL, *OTHER_BANDS))
    found = {setting: (reach(moments, setting), leads(moments, setting)) for setting in settings}
    sentences = Counter(told.agent_id for moment in moments for told in moment.told)
    print("\nsentences; reaches the prompt, % of its mornings / leads it, % of all mornings, by setting of the slider")
    print(f"{'':<20}{'':>10}" + "".join(f"{setting:>12}" for setting in settings))
    for agent_id, number in sentences.most_common():
        cells = (
            f"{100 * reached[agent_id]:.0f} / {100 * leading.get(agent_id, 0):.0f}" if agent_id in reached else "-"
            for reached, leading in found.values()
        )
        print(f"{agent_id:<20}{number:>10,}" + "".join(f"{cell:>12}" for cell in cells))


def print_examples(moments: Sequence[Moment]) -> None:
    """Print the most frequent reasons by agent, each with a sentence."""
    reasons = defaultdict[str, Counter[tuple[str, str]]](Counter)
    examples: dict[tuple[str, str], tuple[Moment, Told]] = {}
    for moment in moments:
        for told in moment.told:
            for reason in told.verdict.reasons:
                reasons[told.agent_id][told.verdict.level.name.lower(), reason] += 1
                examples.setdefault((told.agent_id, reason), (moment, told))
    sentences = Counter(told.agent_id for moment in moments for told in moment.told)
    print()
    for agent_id, counted in reasons.items():
        print(f"{agent_id}, {sentences[agent_id]:,} sentences")
        for (level, reason), number in counted.most_common(_REASONS):
            moment, told = examples[agent_id, reason]
            print(f"  {number:>5} {level}: {reason}\n        {told.text}")
            print(f"        {moment.kind}, {moment.user}, {moment.at}")


def print_tips(moments: Sequence[Moment]) -> None:
    """Print the most frequent forms of template tips, and contradictions between agents and within prompts."""
    forms = Counter(form_of(moment.tip) for moment in moments)
    print(f"\n{len(forms)} forms of tips, the most frequent:")
    for form, number in forms.most_common(2 * _REASONS):
        print(f"  {100 * number / len(moments):>5.1f}%  {form}")
    spoken = Counter(name for moment in moments for name in moment.contradictions)
    prompted = Counter(name for moment in moments for prompt in moment.prompts for name in prompt.contradictions)
    print("\nmoments in which agents contradict each other, and prompts in which they still do")
    for name, number in spoken.most_common():
        print(f"  {100 * number / len(moments):>5.1f}% {prompted[name]:>6}  {name}")


def _shown(figure: Figure, value: float | None) -> str:
    if value is None:
        return "-"
    return f"{100 * value:.1f}%" if figure.is_share else f"{value:g}"
