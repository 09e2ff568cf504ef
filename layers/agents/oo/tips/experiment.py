"""A sticky experiment: a user's arm follows from the experiment's name and the user's id alone.

sha256 and not crc32, which draws candidates: crc32 is linear, so that two experiments with names of equal length would
treat the same users (phi 0.80 over 100,000 ids; 0.001 with sha256).
"""

import re
from collections.abc import Collection
from hashlib import sha256
from typing import Any, NamedTuple

from oo.contract.tips import RecommendRequest
from oo.errors import ConfigError
from oo.frozen import frozen

_NAME = re.compile(r"[a-z0-9-]{1,32}", re.ASCII)
_SLIDER = re.compile(r"slider-(0|[1-9][0-9]|[1-9]|100)", re.ASCII)
_WEIGHT = re.compile(r"0|[1-9][0-9]{0,2}", re.ASCII)
_FEWEST_ARMS = 2
_WHOLE = 100


class Arm(NamedTuple):
    """One arm: a version of the prompt, or a setting of the slider. The weight is in percent."""

    name: str
    weight: int
    slider: int | None

    @property
    def propensity(self) -> float:
        """The share of all users who have this arm."""
        return self.weight / _WHOLE


class Assignment(NamedTuple):
    """An experiment and the arm of one request; None if the caller chose for itself. `control` is the reference arm."""

    experiment: str
    arm: Arm | None
    control: str

    @property
    def version(self) -> str | None:
        """The prompt version of the arm."""
        return self.arm.name if self.arm is not None and self.arm.slider is None else None

    def applied_to(self, request: RecommendRequest) -> RecommendRequest:
        """The request with the arm's setting of the slider, if the arm is one."""
        if self.arm is None or self.arm.slider is None:
            return request
        return request.model_copy(update={"science_destiny": self.arm.slider})

    def receipt(self) -> dict[str, str | None]:
        """The part of the receipt."""
        return {"name": self.experiment, "arm": self.arm.name if self.arm else None}

    def logged(self) -> dict[str, Any]:
        """The keys of the log line."""
        arm = self.arm
        return {
            "experiment": self.experiment,
            "arm": arm.name if arm else None,
            "propensity": arm.propensity if arm else None,
            "control": self.control,
        }

    def tags(self) -> dict[str, str]:
        """The tags of the trace."""
        arm = {"arm": self.arm.name, "propensity": f"{self.arm.propensity:g}"} if self.arm else {}
        return {"experiment": self.experiment, "control": self.control, **arm}


@frozen
class TipExperiment:
    """A name and at least two arms, the control first; their weights sum to 100."""

    name: str
    arms: tuple[Arm, ...]

    @classmethod
    def read(cls, text: str, versions: Collection[str]) -> "TipExperiment":
        """Parse `NAME:ARM=WEIGHT,ARM=WEIGHT[,…]`, an arm being a version or `slider-N`. Raises ConfigError."""
        name, colon, listed = text.partition(":")
        if not colon or not _NAME.fullmatch(name):
            raise _unusable("it is NAME:ARM=WEIGHT,ARM=WEIGHT with a NAME of 1 to 32 of a-z, 0-9 and -")
        arms = tuple(_arm(part, versions) for part in listed.split(","))
        if len(arms) < _FEWEST_ARMS:
            raise _unusable("it needs two arms")
        if len({arm.name for arm in arms}) < len(arms):
            raise _unusable("it names an arm twice")
        if len({arm.slider is None for arm in arms}) > 1:
            raise _unusable("its arms are prompt versions or settings of the slider, not both")
        if sum(arm.weight for arm in arms) != _WHOLE:
            raise _unusable(f"its weights do not sum to {_WHOLE}")
        return cls(name, arms)

    @property
    def is_of_slider(self) -> bool:
        """Whether the arms are settings of the slider."""
        return self.arms[0].slider is not None

    def place_of(self, user_id: str) -> float:
        """The user's place in [0, 1): the same in every process and permanently."""
        digest = sha256(f"{self.name}|{user_id}".encode()).digest()
        return int.from_bytes(digest[:8], "big") / 2**64

    def arm_of(self, user_id: str) -> Arm:
        """The first arm, in the order written, whose cumulative weight exceeds the user's place."""
        place, cumulated = self.place_of(user_id), 0
        for arm in self.arms:
            cumulated += arm.weight
            if cumulated / _WHOLE > place:
                return arm
        # The quotient of a place above 1 - 2**-54 rounds to 1.0, which no sum of weights exceeds.
        return next(arm for arm in reversed(self.arms) if arm.weight)

    def assign(self, request: RecommendRequest) -> Assignment:
        """The user's arm; None if the request names a version itself, or the slider that the arms would set."""
        is_own = request.prompt_version is not None or (
            self.is_of_slider and "science_destiny" in request.model_fields_set
        )
        return Assignment(self.name, None if is_own else self.arm_of(request.user_id), self.arms[0].name)


def _arm(text: str, versions: Collection[str]) -> Arm:
    name, _, weight = text.rpartition("=")
    slider = _SLIDER.fullmatch(name)
    if not slider and name not in versions:
        raise _unusable("an arm is no prompt version of /recommend and no slider-N with N from 0 to 100")
    if not _WEIGHT.fullmatch(weight):
        raise _unusable("a weight is no whole number from 0 to 100")
    return Arm(name, int(weight), int(slider[1]) if slider else None)


def _unusable(why: str) -> ConfigError:
    return ConfigError(f"Unusable setting: EXPERIMENT ({why})")
