"""A comparison of the prompts of cases with those that were sent when they were served."""

from collections.abc import Iterable

from evals.cases.case import Case
from evals.recording.served_case import digest_of
from evals.version import find_version


def print_sent(cases: Iterable[Case]) -> None:
    """Print how many cases give the prompt that was sent; nothing if no case has its digest."""
    same = [
        digest_of(find_version(case.request["prompt_version"]).prompt(case).messages) == case.about["sent"]
        for case in cases
        if case.about.get("sent")
    ]
    if same:
        print(f"{sum(same):,} of {len(same):,} prompts are those that were sent, byte for byte.")
