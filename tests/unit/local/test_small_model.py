"""The small model behind the LiteLLM proxy: its settings, and the way in which other programs find it."""

import os
from pathlib import Path

import pytest

from local.settings import BadSetting
from local.small_model.run import SmallModelSettings, told
from local.small_model.running import RunningModel, find_running, forget, read_told
from testing.free_port import free_port


def running(pid: int = 1) -> RunningModel:
    return RunningModel(f"http://127.0.0.1:{free_port()}", "sk-of-the-small-model", "a-model", pid)


def test_what_is_told_is_read_by_this_user_alone(tmp_path: Path) -> None:
    """The file holds the proxy's key."""
    model, file = running(), tmp_path / "new" / "running.json"
    model.tell(file)

    assert model == read_told(file)
    assert file.stat().st_mode & 0o077 == 0


def test_a_model_that_has_ended_is_not_found(tmp_path: Path) -> None:
    """A program that was killed leaves its file behind."""
    running().tell(tmp_path / "running.json")

    assert find_running(tmp_path / "running.json") is None
    assert find_running(tmp_path / "none.json") is None


def test_only_the_own_file_is_removed(tmp_path: Path) -> None:
    """A second start takes the file over; the end of the first leaves it alone."""
    own, other = tmp_path / "own.json", tmp_path / "other.json"
    running(os.getpid()).tell(own)
    running(os.getpid() + 1).tell(other)
    forget(own)
    forget(other)

    assert [path.name for path in tmp_path.iterdir()] == ["other.json"]


def test_the_commands_that_use_it_are_printed() -> None:
    """One for the service and one for the bench."""
    model = running()

    assert f"LITELLM_URL={model.url} LITELLM_API_KEY={model.key} TIP_FALLBACK=template make run" in told(model)
    assert "MODEL=local" in told(model)


def test_its_port_is_neither_the_stand_ins_nor_that_of_make_proxy() -> None:
    """`make run`, `make proxy` and `make model` can run side by side."""
    assert SmallModelSettings.read({"MODEL_PORT": "5000", "PROXY_PORT": "4000"}).port == 4001
    assert SmallModelSettings.read({"SMALL_MODEL_PORT": "0", "SMALL_MODEL_THREADS": "1"}).port == 0


@pytest.mark.parametrize("threads", ["0", "two", "-1"])
def test_a_number_of_threads_that_is_none_is_refused_by_name(threads: str) -> None:
    with pytest.raises(BadSetting, match="SMALL_MODEL_THREADS"):
        SmallModelSettings.read({"SMALL_MODEL_THREADS": threads})
