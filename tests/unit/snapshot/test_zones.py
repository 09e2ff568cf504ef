"""Whose zone counts."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from oo.snapshot.zones import UserZone, user_zone
from testing.for_each import for_each

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 12, 9, tzinfo=UTC)


@pytest.mark.parametrize("default", [None, ZoneInfo("Asia/Tokyo")])
def test_the_zone_that_is_named_beats_offset_and_default(default: ZoneInfo | None) -> None:
    ahead = NOW.astimezone(timezone(timedelta(hours=5)))

    assert user_zone("Europe/Berlin", NOW, default) == UserZone(BERLIN)
    assert user_zone("europe/berlin ", ahead, default).zone == BERLIN
    assert user_zone("UTC", ahead, default) == UserZone(UTC)
    assert user_zone(None, ahead, default) == UserZone(ahead.tzinfo)
    assert user_zone(" ", ahead, default) == UserZone(ahead.tzinfo)


@for_each("nothing", [None, "", " ", [], {}])
def test_z_is_a_notation_and_the_default_stands_in(nothing: object) -> None:
    """Without a zone in the request, the service's default is used, and the report names it."""
    assert user_zone(nothing, NOW) == UserZone(None)
    assert user_zone(nothing, NOW.astimezone(timezone(timedelta(0)))) == UserZone(None)
    assert user_zone(nothing, NOW, ZoneInfo("Asia/Tokyo")) == UserZone(ZoneInfo("Asia/Tokyo"), assumed="Asia/Tokyo")


@for_each("name", ["Mars/Olympus", 5, True, ["UTC"], "Pacific Standard Time", "x" * 65])
def test_an_unreadable_zone_is_unknown_and_no_default(name: object) -> None:
    ahead = NOW.astimezone(timezone(timedelta(hours=5)))

    assert user_zone(name, NOW, ZoneInfo("Asia/Tokyo")) == UserZone(None, is_unreadable=True)
    assert user_zone(name, ahead, None) == UserZone(ahead.tzinfo, is_unreadable=True)
