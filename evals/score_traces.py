"""`make score-traces SINCE=1h`: the scorers that need no model, on served tips; the scores go to their traces."""

import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from math import fsum

import click

from commands.program import program, variable
from evals.scorers import SCORERS
from evals.served.facts import OF_PROMPT
from evals.served.scored import Scored, ServedScores
from oo.agent_kit.wording import counted
from operations.aws_lookup import NotPossible
from operations.mlflow_api import mlflow_settings
from operations.since import moment_before

LOOKS_BACK = "1h"


@program("score-traces")
@variable("SINCE", default=LOOKS_BACK, help="how far back, such as 30m, 1h or 7d")
@click.pass_obj
def main(environment: Mapping[str, str], since: str, now: datetime | None = None) -> None:
    """Judge served tips by their traces; a failing server is one sentence and exit code 1."""
    try:
        begin = moment_before(now or datetime.now(UTC), since)
        settings = mlflow_settings(environment)
        scored = ServedScores(settings).keep(begin)
    except NotPossible as problem:
        sys.exit(str(problem))
    print("\n".join(_told(scored, f"{settings.mlflow_experiment_name} since {begin:%Y-%m-%d %H:%M} UTC")))


def _told(scored: Scored, where: str) -> Iterator[str]:
    kept, tips = scored.kept, scored.tips
    yield (
        f"{counted(tips.total(), 'tip')} in {where}: {counted(kept['written'], 'score')} written,"
        f" {kept['changed']} changed, {kept['unchanged']} as they were."
    )
    if tips["prompt"]:
        missing = ", ".join(name for name in SCORERS if name not in OF_PROMPT)
        yield (
            f"Judged by the prompt alone: {counted(tips['prompt'], 'tip')}, without {missing} and whatever else it does"
            " not tell. TRACE_REQUEST=on records the request, which tells the rest."
        )
    if tips["sizes"]:
        yield (
            f"Without texts (TRACE_CONTENT=redacted): {counted(tips['sizes'], 'tip')}, of which the limit of characters"
            " in Q6 was judged, and nothing else."
        )
    if tips["nothing"]:
        yield f"Not judged: {counted(tips['nothing'], 'tip')}, because their traces have no data for any scorer."
    for name in SCORERS:
        values = scored.values.get(name)
        if values:
            yield f"{name:4}  {counted(len(values), 'tip'):>12}  mean {fsum(values) / len(values):.3f}"


if __name__ == "__main__":
    main()
