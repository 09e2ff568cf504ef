"""A run of the bench from a command's options: versions, a set, a model, and a folder for replies."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import httpx
from pydantic import ValidationError

from commands.program import together, variable
from commands.values import Number
from evals.bench import Bench
from evals.cases.case import Case, path_of, read_cases, unreadable
from evals.figures import CaseSet, Run
from evals.local_model import LOCAL, few_of, local_bench
from evals.replies import CACHE, PLANTED, Replies, find_model
from evals.unusable_input import UnusableInput
from evals.version import find_version
from local.small_model.running import find_running

CORE = "core"
ADVERSARIAL = "adversarial"
OUT = "build/evals"
_MOST_REPEATS = 20


@dataclass(frozen=True, slots=True)
class BenchOptions:
    """The values that the commands share; "" for an absent one."""

    set_name: str
    model: str
    repeats: int
    adversarial: str
    cache: str
    out: str


bench_options = together(
    "chosen",
    BenchOptions,
    variable("SET", "set_name", help="core, held-out, adversarial, or a file of cases"),
    variable("MODEL", help="planted, stand-in, local, or the URL of an endpoint"),
    variable("REPEATS", type=Number(1, _MOST_REPEATS), default=1, help="requests per case"),
    variable("ADVERSARIAL", help="another file of cases for the gates"),
    variable("CACHE", help="another folder for cached replies"),
    variable("OUT", default=OUT, help="the folder of the report"),
)


def run_versions(
    names: Sequence[str], set_name: str, chosen: BenchOptions, environment: Mapping[str, str] = os.environ
) -> Run:
    """Run the versions on the set and, for the gates, on the adversarial cases. Raises UnusableInput.

    The small model gets the set alone. Prints the number of requests.
    """
    versions = [find_version(name) for name in names]
    others = [] if chosen.model == LOCAL else [chosen.adversarial or ADVERSARIAL]
    sets = {name: cases_of(name, chosen) for name in dict.fromkeys((set_name, *others))}
    bench = bench_for(chosen, environment)
    rows, *adversarial = (bench.run(versions, cases, chosen.repeats) for cases in sets.values())
    print_asked(bench)
    told = [case_set(name) for name in sets]
    return Run(told, bench.replies.model.name, list(names), rows, adversarial[0] if adversarial else ())


def bench_for(chosen: BenchOptions, environment: Mapping[str, str] = os.environ) -> Bench:
    """The bench with the model and the folder of replies that were chosen; raises UnusableInput."""
    cache = Path(chosen.cache or CACHE)
    if chosen.model == LOCAL:
        return local_bench(find_running(), cache, httpx.HTTPTransport())
    return Bench(
        Replies(find_model(chosen.model or PLANTED, environment), cache), environment.get("LITELLM_API_KEY", "")
    )


def print_asked(bench: Bench) -> None:
    """Print the number of requests to the model; the report omits it, as it is the same for every run."""
    print(f"Calls to the model: {bench.replies.asked:,}. Other replies came from the cache.")


def case_set(name: str) -> CaseSet:
    """The set's name and digest."""
    return CaseSet(name, sha256(path_of(name).read_bytes()).hexdigest())


def cases_of(name: str, chosen: BenchOptions) -> list[Case]:
    """The cases of a set or a file that the model gets; raises UnusableInput."""
    cases = read_set(name)
    return few_of(cases) if chosen.model == LOCAL else cases


def read_set(name: str) -> list[Case]:
    """The cases of a set or a file, at least one; raises UnusableInput."""
    try:
        cases = read_cases(name)
    except FileNotFoundError:
        raise UnusableInput(f"{name} is no set: SET is core, held-out, adversarial, or a file of cases.") from None
    except (OSError, ValueError) as error:
        raise UnusableInput(f"The cases in {name} cannot be read: {unreadable(error)}.") from None
    if not cases:
        raise UnusableInput(f"{name} contains no case.")
    for case in cases:
        try:
            _ = case.body
        except ValidationError:
            raise UnusableInput(f"The case {case.id} in {name} has a request that /recommend would refuse.") from None
    return cases
