"""Theme attributes in a config: markers that XML can hold, prefixes, and files that are not somebody else's."""

import pytest

from exfig_rx.config.ownership import clashes_within
from tests.test_config.reading import ANDROID, SOURCE, accepted, read, the_error


def themed(keys: str, more: str = "") -> str:
    return ANDROID + f"  colors: {{ themeAttributes: {{ enabled: true, {keys} }}{more} }}\n"


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("themeName: a--b", "themeAttributes.themeName: themeName stands in an XML comment, and can't hold --"),
        ('themeName: "a\\nb"', "themeAttributes.themeName: themeName stands in an XML comment"),
        ('themeName: T, markerStart: "-->"', "themeAttributes.markerStart: markerStart stands in an XML comment"),
        ("themeName: T, markerEnd: a -- b", "themeAttributes.markerEnd: markerEnd stands in an XML comment"),
        ("themeName: T, markerStart: X, markerEnd: X", "themeAttributes.markerEnd: markerStart and markerEnd are the"),
        ("themeName: T, nameTransform: { prefix: my color }", 'nameTransform.prefix: "my color" begins the name of an'),
        ("themeName: T, nameTransform: { prefix: 1x }", 'nameTransform.prefix: "1x" begins the name of an'),
    ],
)
def test_what_no_file_could_hold_is_told_at_its_place(keys: str, message: str) -> None:
    assert message in read(the_error(themed(keys)))


@pytest.mark.parametrize(
    "keys",
    [
        "themeName: Theme.Reef - Dusk, markerStart: A, markerEnd: B",
        "themeName: Größe, nameTransform: { prefix: '' }",
        "themeName: T, nameTransform: { prefix: ns.tint- }",
    ],
)
def test_what_a_file_can_hold_passes(keys: str) -> None:
    assert accepted(themed(keys)).warnings == ()


def test_theme_attributes_that_are_off_are_not_looked_at() -> None:
    accepted(ANDROID + "  colors: { themeAttributes: { themeName: a--b } }\n")


def clash(text: str) -> str:
    (problem,) = clashes_within(accepted(text).config)
    return f"{problem.code} {problem.message}"


def test_a_file_that_is_generated_holds_no_section() -> None:
    assert clash(themed("themeName: T, attrsFile: values/colors.xml")) == (
        "config.same-target android.colors.xmlOutputFileName and android.colors.themeAttributes.attrsFile both write "
        "app/src/main/res/values/colors.xml"
    )


def test_one_section_does_not_both_declare_and_set_attributes() -> None:
    assert clash(themed("themeName: T, stylesFile: values/../values/attrs.xml")) == (
        "config.same-target android.colors.themeAttributes.attrsFile and android.colors.themeAttributes.stylesFile "
        "both write app/src/main/res/values/attrs.xml"
    )


def test_entries_share_files_and_sections() -> None:
    theme = "themeAttributes: { enabled: true, themeName: %s }"
    source = SOURCE[2:-2]
    for other in ("One", "Two"):
        entries = f"[{{ {source}, {theme % 'One'} }}, {{ {source}, {theme % other}, xmlOutputFileName: b.xml }}]"
        assert clashes_within(accepted(ANDROID + f"  colors: {entries}\n").config) == ()
