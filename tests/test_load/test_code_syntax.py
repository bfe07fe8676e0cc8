"""Names that go back to Figma: which variables, under which names, and what is left alone."""

from dataclasses import replace
from typing import Any

import pytest

from exfig_rx.config.entries import ColorEntry, NameRules
from exfig_rx.config.schema import IosColors, NameStyle, VariablesSource
from exfig_rx.errors import DesignError
from exfig_rx.export import name_in_code
from exfig_rx.load.code_syntax import CodeSyntaxChange, code_syntax_changes, united_changes
from exfig_rx.load.variables import variable_colors
from exfig_rx.variables import FileVariables
from tests.test_load.design import BLACK, WHITE, android_entry, ios_entry
from tests.test_load.tables import Table, tokens

SOURCE = VariablesSource(tokens_file_id="K", tokens_collection_name="Theme", light_mode_name="Light")
SYNC: dict[str, Any] = {"sync_code_syntax": True, "code_syntax_template": "Color.{name}"}


def entry(names: NameRules | None = None, **keys: Any) -> ColorEntry:
    """An entry that reads the collection Theme of file K, writes Swift and syncs its names."""
    made = ios_entry(SOURCE, names)
    assert isinstance(made.settings, IosColors)
    return replace(made, settings=made.settings.model_copy(update={"color_swift": "Colors.swift", **SYNC, **keys}))


def file(*names: str, **more: Any) -> FileVariables:
    return tokens(Table("Theme", ("Light",), {name: [BLACK] for name in names}, more))


def changes(own: ColorEntry, held: FileVariables) -> tuple[CodeSyntaxChange, ...]:
    return code_syntax_changes(own, held, variable_colors(own, {"K": held}).colors, name_in_code)


def written(own: ColorEntry, held: FileVariables) -> dict[str, str]:
    """What each variable would be called, by its name in Figma."""
    return {change.name: change.text for change in changes(own, held)}


def test_each_exported_color_gets_the_name_that_the_code_has() -> None:
    held = file("text/ink soft", "sea/Deep")
    assert changes(entry(), held) == (
        CodeSyntaxChange("K", "VariableID:1:1", "sea/Deep", "Color.seaDeep", {"iOS": "Color.seaDeep"}, "ios.colors"),
        CodeSyntaxChange(
            "K", "VariableID:1:0", "text/ink soft", "Color.textInkSoft", {"iOS": "Color.textInkSoft"}, "ios.colors"
        ),
    )


def test_names_follow_patterns_and_styles_of_the_entry() -> None:
    rules = NameRules(NameStyle.SNAKE, "^sea_", "ocean_")
    assert written(entry(rules), file("sea/Deep Sea")) == {"sea/Deep Sea": "Color.ocean_deep_sea"}


def test_a_name_that_swift_changes_is_written_as_swift_has_it() -> None:
    held = file("2xl", "color", "default")
    pascal = NameRules(NameStyle.PASCAL)
    assert written(entry(), held) == {"2xl": "Color._2xl", "color": "Color.color", "default": "Color.default"}
    assert written(entry(pascal), file("color")) == {"color": "Color.Color_"}
    assert written(entry(pascal, color_swift=None), file("color")) == {"color": "Color.Color"}
    assert written(entry(pascal, color_swift=None, swiftui_color_swift="C.swift"), file("color")) == {
        "color": "Color.Color_"
    }


def test_the_name_goes_wherever_the_template_has_it() -> None:
    own = entry(code_syntax_template='{name} = Color("{name}") {other}')
    assert written(own, file("ink")) == {"ink": 'ink = Color("ink") {other}'}


def test_a_name_that_figma_has_already_is_not_written_again() -> None:
    held = file("a", "b", a={"code_syntax": {"iOS": "Color.a"}}, b={"code_syntax": {"iOS": "Color.B"}})
    assert written(entry(), held) == {"b": "Color.b"}


def test_what_other_platforms_call_a_variable_goes_along() -> None:
    held = file("a", a={"code_syntax": {"WEB": "var(--a)", "iOS": "old", "ANDROID": "a"}})
    (change,) = changes(entry(), held)
    assert change.code_syntax == {"WEB": "var(--a)", "iOS": "Color.a", "ANDROID": "a"}


def test_only_colors_that_were_exported_are_written() -> None:
    held = file("a", "gone", "web", gone={"is_deleted": True}, web={"description": "web"})
    sizes = Table("Sizes", ("Light",), {"gap": [4.0]}, type="FLOAT")
    both = tokens(Table("Theme", ("Light",), {"a": [BLACK]}), sizes)
    assert list(written(entry(), held)) == ["a"]
    assert list(written(entry(), both)) == ["a"]


def test_variables_of_a_library_are_not_ours_to_change() -> None:
    library = tokens(Table("Theme", ("Light",), {"a": [WHITE]}, is_remote=True))
    assert changes(entry(), library) == ()
    colors = variable_colors(entry(), {"K": file("a")}).colors
    assert code_syntax_changes(entry(), replace(file("a"), file_key="Other"), colors, name_in_code) == ()


def test_a_variable_that_is_gone_meanwhile_is_left_alone() -> None:
    colors = variable_colors(entry(), {"K": file("a")}).colors
    assert code_syntax_changes(entry(), file("a", a={"is_deleted": True}), colors, name_in_code) == ()


def test_two_variables_of_one_name_each_have_their_own() -> None:
    (change,) = changes(entry(), file("a"))
    twin = replace(change, variable_id="VariableID:9:9", text="Color.b")
    elsewhere = replace(change, file_key="Other", text="Color.c")
    assert united_changes([change, twin, elsewhere]) == (change, twin, elsewhere)


@pytest.mark.parametrize("keys", [{"sync_code_syntax": False}, {"code_syntax_template": None}])
def test_nothing_is_written_unless_it_is_asked_for(keys: dict[str, Any]) -> None:
    assert changes(entry(**keys), file("a")) == ()


def test_other_platforms_write_no_names() -> None:
    own = android_entry(SOURCE)
    assert changes(own, file("a")) == ()
    (color,) = variable_colors(own, {"K": file("a")}).colors
    assert name_in_code(own, color) == "a"


def test_entries_that_agree_write_a_variable_once() -> None:
    one, other = changes(entry(), file("a", "b")), changes(replace(entry(), key="ios.colors[1]"), file("b"))
    renumbered = [replace(change, variable_id="VariableID:1:1") for change in other]
    assert united_changes([*one, *renumbered]) == one


def test_entries_that_call_one_variable_differently_are_refused() -> None:
    own = replace(entry(code_syntax_template="UIColor.{name}"), key="ios.colors[1]")
    with pytest.raises(DesignError) as caught:
        united_changes([*changes(entry(), file("a")), *changes(own, file("a"))])
    (problem,) = caught.value.problems
    assert (problem.code, problem.message, problem.hint) == (
        "config.two-code-names",
        "ios.colors calls the variable 'a' 'Color.a' in Figma, and ios.colors[1] 'UIColor.a'",
        "a variable has one name for iOS: remove syncCodeSyntax from ios.colors or ios.colors[1]",
    )
