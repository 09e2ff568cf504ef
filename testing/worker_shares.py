"""Which tests go to the same worker where `make test` has several, and which of them first."""

from pathlib import Path
from typing import Any

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]  # nor are its modules typed

_OF_THE_SERVICE = ("any_request", "bad_requests", "model_faults", "obedient_model")
_OF_THE_SYSTEM = ("contract_over_http", "deploy_steps", "local_service", "playground")
_TOGETHER = {f"tests/integration/faults/test_{name}.py": "service" for name in _OF_THE_SERVICE} | {
    f"tests/integration/test_{name}.py": "system" for name in _OF_THE_SYSTEM
}
"""Files whose tests ask the same running system, which takes six seconds of processor time to start."""

_LONGEST = (
    *("integration/test_feedback.py", "integration/test_local_run.py", "integration/faults/test_model_faults.py"),
    *("integration/faults/test_sandbox_life.py", "integration/faults/test_circuit.py"),
)


def is_begun_late(file: Path) -> bool:
    """Whether a file may wait: one of the others would keep a worker for the longest time after all files are done."""
    return not file.as_posix().endswith(_LONGEST)


class ByFileOrSystem(LoadScopeScheduling):  # type: ignore[misc]  # as above
    """A file's tests stay together, as their fixtures do, and so do the files that share a system.

    Tests of processes wait for most of their time, so that workers with nothing else leave the processors idle: every
    second worker begins with them, each other one with the tests that compute.
    """

    def _split_scope(self, nodeid: str) -> Any:
        file = nodeid.partition("::")[0]
        return _TOGETHER.get(file, file)

    def _assign_work_unit(self, node: Any) -> None:
        computes = int(node.gateway.id.removeprefix("gw")) % 2 == 1
        for scope in self.workqueue:
            if scope.startswith("tests/unit/") is computes:
                self.workqueue.move_to_end(scope, last=False)
                break
        super()._assign_work_unit(node)
