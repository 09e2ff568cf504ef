"""The tip that the service gives while no model answers: the baseline of every comparison."""

import io
from contextlib import redirect_stdout

from evals.answered import Answered
from evals.bench import context_of_request
from evals.cases.case import Case
from evals.version import NO_MODEL, find_version
from oo.tips.recommend import TEMPLATE_MODEL


class WithoutModel:
    """Answers cases through the service's own code."""

    def __init__(self) -> None:
        self._version = find_version(TEMPLATE_MODEL)

    def __call__(self, case: Case) -> Answered:
        """The template tip, with the prompt that a model would have got."""
        with redirect_stdout(io.StringIO()):  # single metrics are printed
            tip = self._version.serve(case, NO_MODEL, context_of_request())
        return Answered(self._version.prompt(case), None, tip, case.recent)
