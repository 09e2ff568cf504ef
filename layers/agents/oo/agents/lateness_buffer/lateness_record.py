"""How a user's dated tasks went: as the preferences say, else counted from what was finished lately."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from oo.agent_kit.manifest import InferredParam
from oo.agent_kit.preferences import is_supported, shrink
from oo.agent_kit.user_view import UserView
from oo.snapshot.completions import in_order
from oo.statistics.lateness import Lateness, read_lateness

LATE_P = "late_p"
P50_D = "lateness_p50_d"
P80_D = "lateness_p80_d"

_WINDOW_D = 90
_OFTEN_LATE_P = 0.35
_RARELY_LATE_P = 0.15
_LATE_MEDIAN_D = 0.5
_FIRM_N_EFF = 12


@dataclass(frozen=True, slots=True)
class LatenessRecord:
    """The values by preference key; those that `measured` names were counted from `counted_n` dated completions."""

    values: Mapping[str, float | None]
    measured: frozenset[str]
    counted_n: int | None
    is_firm: bool

    @property
    def median_is_late(self) -> bool:
        """Whether the usual dated task is late by half a day or more."""
        median_d = self.values[P50_D]
        return median_d is not None and median_d >= _LATE_MEDIAN_D

    @property
    def often_late(self) -> bool:
        """Whether a margin is called for."""
        late_p = self.values[LATE_P]
        return self.median_is_late or (late_p is not None and late_p >= _OFTEN_LATE_P)

    @property
    def rarely_late(self) -> bool:
        """Whether dates can be trusted as they are."""
        late_p = self.values[LATE_P]
        return late_p is not None and late_p <= _RARELY_LATE_P


def read_lateness_record(view: UserView, params: Sequence[InferredParam]) -> LatenessRecord:
    """What the preferences leave open is counted from the completions of 90 days, as inference would learn it."""
    given = {param.key: view.preferences.optional_number(param.key) for param in params}
    if None not in given.values():
        return LatenessRecord(given, frozenset(), counted_n=None, is_firm=True)
    recent = in_order(each for each in view.completions if view.clock.days_since(each.completed) < _WINDOW_D)
    lateness = read_lateness(recent, view.clock.zone, params[0].half_life_d)
    found = {param.key: value for param in params if (value := _counted(param, lateness)) is not None}
    measured = frozenset(key for key in found if given[key] is None)
    return LatenessRecord(
        values={key: found[key] if key in measured else value for key, value in given.items()},
        measured=measured,
        counted_n=len(lateness.days) if measured else None,
        is_firm=not measured or lateness.effective_n >= _FIRM_N_EFF,
    )


def _counted(param: InferredParam, lateness: Lateness) -> float | None:
    if not lateness.days:
        return None
    if param.key == LATE_P:
        raw, evidence = lateness.late_share(), lateness.total_weight
    else:
        raw, evidence = lateness.quantile(cast("float", param.args["p"])), lateness.effective_n
    return shrink(param, raw, evidence) if is_supported(param, len(lateness.days), evidence) else None
