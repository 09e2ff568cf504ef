"""Q14: the tip's kind is allowed now."""

from evals.answered import Answered, ServedTip
from evals.cases.case import Case
from evals.scorers.verdict import Verdict, exempt, held
from oo.contract.kinds import Kind

_QUIET_KINDS = (Kind.REST, Kind.PLAN)


def respects_delivery(case: Case, answered: Answered, tip: ServedTip) -> Verdict:
    """It is one of Delivery's kinds and, if `about["quiet"]` marks quiet hours, a rest or a plan."""
    if case.about.get("quiet") and tip.kind not in _QUIET_KINDS:
        return held(f"{tip.kind} in quiet hours")
    delivery = answered.prompt.delivery
    if delivery is None:
        return exempt("the prompt contains no delivery")
    return held("" if tip.kind in delivery.kinds else f"{tip.kind} is not one of the allowed kinds")
