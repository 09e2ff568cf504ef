"""A planted model that breaks the same rules in every case."""

from dataclasses import dataclass

from evals.planted_model import PlantedModel


@dataclass(frozen=True)
class Faulty(PlantedModel):
    """Breaks `faults` with any prompt."""

    faults: frozenset[str] = frozenset()

    def broken(self, system: str, case: str, repeat: int) -> frozenset[str]:
        return self.faults
