"""`MODEL=local`: the small model of `make model`, with long timeouts and few cases."""

import sys
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import httpx

from evals.bench import Bench
from evals.cases.case import Case
from evals.replies import Endpoint, Replies
from evals.unusable_input import UnusableInput
from local.small_model.running import RunningModel

LOCAL = "local"
MOST_CASES = 40
"""A reply takes 4 to 16 s on two cores."""

LOWER_BOUND = "a lower bound of a prompt's score: it does not judge the prompt"
_PATIENCE_S = 600


class PatientTransport(httpx.BaseTransport):
    """Replaces the service's time limits by ten minutes per reply, for the proxy and for the socket."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One call."""
        request.headers["x-litellm-timeout"] = str(_PATIENCE_S)
        request.extensions["timeout"] = httpx.Timeout(_PATIENCE_S).as_dict()
        return self._inner.handle_request(request)


def local_bench(running: RunningModel | None, cache: Path, transport: httpx.BaseTransport) -> Bench:
    """A bench that sends one request at a time, without a deadline. Raises UnusableInput if no model is running."""
    if running is None:
        raise UnusableInput("The small model is not running: start it with `make model` in another terminal.")
    endpoint = Endpoint(f"{running.model}, {LOWER_BOUND}", PatientTransport(transport), url=running.url)
    return Bench(Replies(endpoint, cache), running.key, at_once=1, clock=_standing_still, tell=_tell)


def few_of(cases: Sequence[Case], most: int = MOST_CASES) -> list[Case]:
    """Select at most `most` cases, in their order: equally many of each persona, from as many users as possible.

    Digests of the ids decide within a persona, because hours and sliders recur in the order of a set.
    """
    users, personas = Counter[str](), Counter[tuple[int, str]]()
    ranked = list[tuple[int, int, int]]()
    for place, case in sorted(enumerate(cases), key=lambda each: sha256(each[1].id.encode()).digest()):
        rank = users[case.user], personas[users[case.user], case.persona]
        ranked.append((*rank, place))
        users[case.user] += 1
        personas[rank[0], case.persona] += 1
    return [cases[place] for place in sorted(place for *_, place in sorted(ranked)[:most])]


def _standing_still() -> float:
    return 0.0


def _tell(done: int, of: int) -> None:
    print(f"{done} of {of} cases", file=sys.stderr, flush=True)
