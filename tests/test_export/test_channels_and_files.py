"""The small change of all renderers: channels as digits, and paths that stay below their root."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exfig_rx.export.channels import byte, clamped, three_digits
from exfig_rx.export.files import component_fault, joined


@given(st.floats())
def test_every_channel_is_a_byte(channel: float) -> None:
    assert 0 <= byte(channel) <= 255
    assert math.copysign(1.0, clamped(channel)) == 1.0
    assert len(three_digits(channel)) == 5


@given(st.integers(0, 255))
def test_a_byte_survives_the_way_through_a_channel(value: int) -> None:
    assert byte(value / 255) == value


@pytest.mark.parametrize(
    ("parts", "path"),
    [
        (("res", "values", "colors.xml"), "res/values/colors.xml"),
        (("res/", "/a/", "b.xml"), "res/a/b.xml"),
        (("./res", "", ".", "b.xml"), "./res/b.xml"),
        (("/", "a"), "/a"),
        (("", "a"), "a"),
        ((".", "a"), "a"),
        (("../shared", "a"), "../shared/a"),
        (("res", ""), "res"),
    ],
)
def test_parts_join_as_text_and_never_restart_the_path(parts: tuple[str, ...], path: str) -> None:
    assert joined(*parts) == path


@given(st.text(st.characters(), max_size=300))
def test_a_sound_component_is_one_name_on_every_system(name: str) -> None:
    if not component_fault(name, ".colorset"):
        assert name not in {"", ".", ".."} and "/" not in name
        assert ".." not in name.split("\\") and "\0" not in name
        assert len(f"{name}.colorset".encode()) <= 255
