from tools.contract import accepted_changes
from tools.documents.upgrading_page import DOCUMENT, ROOT, render


def test_the_page_in_the_repository_is_current() -> None:
    """`make docs` would change nothing."""
    assert render() == DOCUMENT.read_text(encoding="utf-8"), "run `make docs`"


def test_every_accepted_change_has_its_reason_and_the_work_that_it_gives() -> None:
    """With the sentences of `make contract`, where documents show it."""
    page = " ".join(render().split())
    for changes in accepted_changes.read(ROOT).values():
        for change in changes:
            for part in (change.title, change.reason, change.callers, *change.changes):
                assert " ".join(part.split()) in page
