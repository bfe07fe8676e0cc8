"""What the renderers of text styles promise, whatever styles and fonts are called: sound files in their own place."""

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from exfig_rx.config.typography_entries import TypographyEntry
from exfig_rx.errors import DesignError
from exfig_rx.load.naming import final_name
from exfig_rx.load.typography import DYNAMIC_TYPES
from exfig_rx.model import Rendered
from exfig_rx.text_styles import TextCase, TextStyle, TypeStyle
from tests.test_export.grammars import assert_parses
from tests.test_export.palettes import text_of
from tests.test_export.type_sets import COMPOSE, KOTLIN, LABELS, SEPARATE, android, ios, rendered

ENTRIES = {
    "ios": ios(LABELS),
    "ios-separate": ios({**SEPARATE, "nameStyle": "PascalCase"}, addObjcAttribute=True),
    "android": android(COMPOSE, **KOTLIN),
    "android-pascal": android({**COMPOSE, "nameStyle": "PascalCase"}, **KOTLIN),
}
FIXED = {
    "ios": {"App/UIFont.swift", "App/Font.swift", "App/Labels/Label.swift", "App/Labels/LabelStyle.swift"},
    "android": {"app/res/values/typography.xml", "app/src/app/reef/ui/Typography.kt"},
}
FIXED |= {"ios-separate": {*FIXED["ios"], "App/LabelStyles.swift"}, "android-pascal": FIXED["android"]}

hostile = st.sampled_from(
    [
        "*/",
        "-->",
        "]]>",
        "'",
        '"',
        "\\",
        "\\(1)",
        "${x}",
        "`",
        "{{ 1 }}",
        "{% raw %}",
        "class",
        "none",
        "..",
        "{",
        "/",
        "&",
    ]
) | st.sampled_from(
    ["\ufeff", "\u202e", "\u0301", "·", "२", "見", "\uffff", "½", "🎨 Format=F-02 X", "Font", "UI", "x" * 150]
)
refused = st.sampled_from(["\x00", "\ud800", "\u2028", "\n", "\r", "\x85"])
any_text = st.lists(hostile | refused | st.text(st.characters(), max_size=6), max_size=3).map("".join)
printable = st.lists(
    hostile | st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=6), max_size=2
).map("".join)
fonts = st.lists(
    hostile.filter(lambda text: text not in {"見", "२"})
    | st.text(st.characters(max_codepoint=0x7E, min_codepoint=0x20)),
    min_size=1,
    max_size=3,
).map(lambda parts: "F" + "".join(parts))

sizes = st.floats(1, 512, width=32)
dynamic = st.sampled_from(["", *DYNAMIC_TYPES])


def typed(
    name: str,
    original: str,
    font: str,
    size: float,
    height: float | None,
    spacing: float,
    case: TextCase,
    dynamic_type: str,
) -> TextStyle:
    """A text style of file F."""
    return TextStyle(name, original, TypeStyle("", font, 400.0, size, height, spacing, case), dynamic_type, "F", "1:1")


def styles(names: st.SearchStrategy[str], fonts_: st.SearchStrategy[str]) -> st.SearchStrategy[TextStyle]:
    """Text styles with such names and fonts."""
    numbers = (sizes, st.none() | sizes, st.floats(-50, 50, width=32))
    return st.builds(typed, names, names, fonts_, *numbers, st.sampled_from(TextCase), dynamic)


def numbered(drawn: list[TextStyle]) -> list[TextStyle]:
    """Styles whose names differ by what stands in front of each."""
    return [
        TextStyle(
            "pqrs"[index] + one.name, "pqrs"[index] + one.original_name, one.type, one.dynamic_type, "F", f"1:{index}"
        )
        for index, one in enumerate(drawn)
    ]


exportable = st.lists(styles(printable, fonts), min_size=1, max_size=4).map(numbered)
anything = st.lists(styles(any_text, any_text), max_size=3)


def result_of(entry: TypographyEntry, given_styles: list[TextStyle]) -> Rendered | None:
    """What the renderer makes of them; None if it refuses a name, and says why."""
    try:
        return rendered(entry, *given_styles)
    except DesignError as error:
        assert all(problem.message.isprintable() and problem.hint for problem in error.problems)
        return None


def assert_sound(shape: str, result: Rendered) -> None:
    """The files that the config names, and each parses and names every style once."""
    assert {file.path for file in result.files} == FIXED[shape]
    for file in result.files:
        assert_parses(file.path, text_of(file))


@pytest.mark.parametrize("shape", list(ENTRIES))
@settings(deadline=None, max_examples=40)
@given(drawn=exportable)
def test_hostile_names_and_fonts_give_files_that_parse(shape: str, drawn: list[TextStyle]) -> None:
    result = result_of(ENTRIES[shape], drawn)
    assume(result)  # a strategy that is refused too often fails the health check, so this is never vacuous
    assert result is not None
    assert_sound(shape, result)
    members = sum(
        len(re.findall(r"^    (?:@objc )?(?:static func|val) |<style ", text_of(file), re.M)) for file in result.files
    )
    expected = {"ios": 2, "ios-separate": 3, "android": 2, "android-pascal": 2}[shape]
    assert members == expected * len(drawn)


@pytest.mark.parametrize("shape", list(ENTRIES))
@settings(deadline=None, max_examples=40)
@given(drawn=anything)
def test_any_text_is_exported_soundly_or_refused_with_reasons(shape: str, drawn: list[TextStyle]) -> None:
    result = result_of(ENTRIES[shape], drawn)
    if result is not None:
        assert_sound(shape, result)


@pytest.mark.parametrize("shape", list(ENTRIES))
@settings(deadline=None, max_examples=25)
@given(drawn=exportable)
def test_what_the_naming_rules_make_of_a_hostile_name_can_be_exported(shape: str, drawn: list[TextStyle]) -> None:
    entry = ENTRIES[shape]
    named = [
        TextStyle(
            final_name(one.original_name, entry.names), one.original_name, one.type, one.dynamic_type, "F", one.node_id
        )
        for one in drawn
    ]
    result = result_of(entry, named)
    assume(result)
    assert result is not None
    assert_sound(shape, result)


@pytest.mark.parametrize("shape", list(ENTRIES))
@settings(deadline=None, max_examples=15)
@given(data=st.data())
def test_neither_order_nor_a_second_run_changes_a_byte(shape: str, data: st.DataObject) -> None:
    drawn = data.draw(exportable)
    first = result_of(ENTRIES[shape], drawn)
    assume(first)
    assert result_of(ENTRIES[shape], data.draw(st.permutations(drawn))) == first
    assert result_of(ENTRIES[shape], drawn) == first
