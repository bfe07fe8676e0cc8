"""What keeps assets out, in words."""

import pytest

from exfig_rx.load.left_out import description_reason, nothing_left
from exfig_rx.load.pairing import Subject
from exfig_rx.model import Platform, Problem

ICON = Subject("ios.icons", "icon")


@pytest.mark.parametrize(
    ("description", "reason"),
    [
        ("", ""),
        ("iOS only", ""),
        ("android, web", "android and web"),
        ("none", "none"),
        ("ios none", "none"),
        ("nonetheless a kiosk", ""),
    ],
)
def test_a_description_keeps_an_asset_out_of_ios(description: str, reason: str) -> None:
    assert description_reason(description, Platform.IOS) == reason


def test_an_entry_of_which_nothing_is_left_says_what_to_do_about_the_reason() -> None:
    described = Problem("design.left-out", "1 icon left out", "change words")
    blank = Problem("design.blank-name", "an icon without a name", "name it")
    assert nothing_left(Platform.IOS, [described, blank], ICON) == Problem(
        "design.no-icons",
        "no icon is left for ios; 1 icon left out; an icon without a name",
        "change the descriptions in Figma, or remove this entry",
        nothing_left(Platform.IOS, [], ICON).location,
    )
    assert nothing_left(Platform.IOS, [blank], ICON).hint == "name it"
    assert nothing_left(Platform.IOS, [blank] * 100, ICON).message.count("without a name") == 10
