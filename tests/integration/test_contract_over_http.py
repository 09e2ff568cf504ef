"""The contract's answers from the whole service, over HTTP."""

import pytest

from local.system import LocalSystem
from testing.contract_cases import CASES, Case


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bad_input_is_answered_by_the_contract(system: LocalSystem, case: Case) -> None:
    given = system.http.request(case.method, case.path, content=case.body or None, headers=case.headers, timeout=60)
    body = given.json()

    assert (given.status_code, body["code"]) == (case.status, case.code)
    if case.place:
        assert case.place in [problem["loc"] for problem in body["detail"]]
    assert len(given.headers["x-trace-id"]) == 32
