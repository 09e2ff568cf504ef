"""The codes of errors, beside the tree that raises them."""

import re

from oo.contract.routes import ROUTES
from oo.errors import LLMError
from oo.runtime.http_gateway import STATUS
from tools.documents import error_codes
from tools.documents.error_codes import http_codes, model_codes, record_codes
from tools.documents.error_texts import GATEWAY_TEXTS, RECORD_TEXTS, TEXTS
from tools.documents.errors_page import DOCUMENT, render


def test_the_page_in_the_repository_is_current() -> None:
    """`make docs` would change nothing."""
    assert render() == DOCUMENT.read_text(encoding="utf-8"), "run `make docs`"


def test_every_code_of_the_tree_has_its_texts() -> None:
    """Those of answers and those of queue records, and no text is left of a code that is gone."""
    assert set(TEXTS) == set(http_codes())
    assert set(RECORD_TEXTS) == record_codes()


def test_every_error_with_a_status_has_a_code_of_an_answer() -> None:
    """The gateway's table of statuses lists branches; each of them is answered with somewhere."""
    codes = {kind.code for kind in STATUS if "code" in vars(kind)}

    assert codes - set(http_codes()) == set()


def test_every_route_says_what_it_raises() -> None:
    assert set(error_codes.RAISED) == set(ROUTES)


def test_every_text_answers_whether_a_retry_helps() -> None:
    """It begins with yes or no; a record is delivered again, or not."""
    texts = [*TEXTS.values(), *GATEWAY_TEXTS.values()]

    assert [text.retry for text in texts if not re.match(r"(Yes|No)\b", text.retry)] == []
    assert {text.retry.partition(",")[0].rstrip(".") for text in RECORD_TEXTS.values()} == {"", "Delivered again"}


def test_the_page_has_a_row_for_each_code() -> None:
    page = render()
    statuses = {code: f"| `{code}` | {status.value} | " for code, status in http_codes().items()}

    assert [code for code, row in statuses.items() if row not in page] == []
    assert [code for code in RECORD_TEXTS if f"| `{code}` | " not in page] == []
    assert [status for status in GATEWAY_TEXTS if f"| {status.value} | " not in page] == []


def test_the_codes_of_a_failing_model_are_those_of_a_degraded_tip() -> None:
    """A template tip names one of them."""
    assert set(model_codes()) == {kind.code for kind in below(LLMError)} - {"internal_error"}


def below(branch: type[LLMError]) -> list[type[LLMError]]:
    return [branch, *(kind for each in branch.__subclasses__() for kind in below(each))]
