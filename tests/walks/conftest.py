from pathlib import Path

import pytest

from tests.walks.repository_copy import copied


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return copied(tmp_path / "copy")
