"""Whether a user tends to stay in one list from one finished task to the next."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import sqrt
from operator import attrgetter

from oo.snapshot.clock import DAY, Clock, start_of_day
from oo.snapshot.completions import SITTING, TaskCompletion
from oo.statistics.sittings import quarter_hour

_LEAST_STAYING = 0.6
_LEAST_SURE_STAYING = 0.5
_LEAST_PAIRS_N = 15
# Standard errors from the middle of a 90% interval to its ends.
_Z_90 = 1.645


def staying_share(completions: Sequence[TaskCompletion], clock: Clock) -> float | None:
    """The share of finished tasks that follow one of the same project, up to this Monday.

    None if it is no habit. Completions are in order of time. The share must be large and its 90% interval above one
    half, because one main project is no habit. The answer is constant within a week, so that repeated tests do not end
    in a chance result.
    """
    monday = start_of_day(clock.today - clock.today.weekday() * DAY, clock.zone)
    stayed = list(_stayed(completions[: bisect_left(completions, monday, key=attrgetter("completed.at"))]))
    number = len(stayed)
    if number < _LEAST_PAIRS_N:
        return None
    share = sum(stayed) / number
    # Wilson's interval.
    middle = share + _Z_90**2 / (2 * number)
    spread = _Z_90 * sqrt(share * (1 - share) / number + (_Z_90 / (2 * number)) ** 2)
    surely = (middle - spread) / (1 + _Z_90**2 / number)
    return share if share >= _LEAST_STAYING and surely > _LEAST_SURE_STAYING else None


def _stayed(completions: Iterable[TaskCompletion]) -> Iterator[bool]:
    """For each completion within four hours of another, whether both are of one project.

    Tasks ticked off within a quarter of an hour do not show the order of work, and count once.
    """
    by_quarter = {quarter: each for each in completions if (quarter := quarter_hour(each.completed)) is not None}
    for one, other in pairwise(by_quarter.values()):
        if other.completed.at - one.completed.at <= SITTING:
            yield one.project_id == other.project_id is not None
