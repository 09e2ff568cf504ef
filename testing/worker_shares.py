"""Which tests go to the same worker where `make test` has several."""

from pathlib import Path
from typing import Any

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]  # nor are its modules typed

_OF_THE_SERVICE = ("any_request", "bad_requests", "model_faults", "obedient_model")
_OF_THE_SYSTEM = ("contract_over_http", "local_service", "playground")
_TOGETHER = {f"tests/integration/faults/test_{name}.py": "service" for name in _OF_THE_SERVICE} | {
    f"tests/integration/test_{name}.py": "system" for name in _OF_THE_SYSTEM
}
"""Files whose tests ask the same running system, which takes six seconds of processor time to start."""

_LONGEST = ("test_init_imports.py",)


def is_begun_late(file: Path) -> bool:
    """Whether a file may wait: one of the others would keep a worker for the longest time after all files are done."""
    return file.name not in _LONGEST


class ByFileOrSystem(LoadScopeScheduling):  # type: ignore[misc]  # as above
    """A file's tests stay together, as their fixtures do, and so do the files that share a system."""

    def _split_scope(self, nodeid: str) -> Any:
        file = nodeid.partition("::")[0]
        return _TOGETHER.get(file, file)
