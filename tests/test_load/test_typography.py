"""Text styles: which ones count, their names, what their descriptions mean, and what is wrong with them."""

from dataclasses import replace

import pytest

from exfig_rx.config.entries import NameRules
from exfig_rx.config.schema import Android, AndroidTypography, Ios, IosTypography, NameStyle
from exfig_rx.config.typography_entries import TypographyEntry
from exfig_rx.errors import DesignError
from exfig_rx.load.typography import DYNAMIC_TYPES, text_styles
from exfig_rx.model import FileStyles, Location, Paint, Platform, Problem, Rgba, Style, StyleNode
from exfig_rx.text_styles import TextStyle, TypeStyle

BODY = TypeStyle("Inter", "Inter-Regular", 400.0, 16.0, 24.0, 0.0)


def entry(platform: Platform = Platform.IOS, rules: NameRules | None = None) -> TypographyEntry:
    """An entry that reads file L in camelCase."""
    names = rules or NameRules(NameStyle.CAMEL)
    if platform is Platform.IOS:
        apple = IosTypography(name_style=names.style, generate_labels=False)
        section = Ios(xcassets_path="A.xcassets", xcassets_in_main_bundle=True, typography=apple)
        return TypographyEntry(platform, "ios.typography", "L", names, section, apple)
    google = AndroidTypography(name_style=names.style)
    return TypographyEntry(
        platform, "android.typography", "L", names, Android(main_res="res", typography=google), google
    )


def design(*names: str, **described: str) -> FileStyles:
    """A file of text styles with nodes 1:0, 2:0, …, all of type BODY; `described` are names with descriptions."""
    texts = {**dict.fromkeys(names, ""), **described}
    styles = [Style(f"{number}:0", name, "TEXT", text) for number, (name, text) in enumerate(texts.items(), 1)]
    return FileStyles("L", tuple(styles), {one.node_id: StyleNode(one.node_id, one.name, (), BODY) for one in styles})


def with_type(file: FileStyles, name: str, type_: TypeStyle | None) -> FileStyles:
    """`file`, but the style `name` has another type."""
    node_id = next(style.node_id for style in file.styles if style.name == name)
    return replace(file, nodes={**file.nodes, node_id: StyleNode(node_id, name, (), type_)})


def loaded(file: FileStyles, platform: Platform = Platform.IOS, rules: NameRules | None = None) -> list[TextStyle]:
    """The text styles, which nobody has to be warned about."""
    found = text_styles(entry(platform, rules), {"L": file})
    assert found.warnings == ()
    return list(found.styles)


def problems(file: FileStyles, rules: NameRules | None = None) -> tuple[Problem, ...]:
    """What makes the entry fail."""
    with pytest.raises(DesignError) as caught:
        text_styles(entry(rules=rules), {"L": file})
    return caught.value.problems


def test_a_text_style_has_its_final_name_its_type_and_its_place() -> None:
    assert loaded(design("text/Body Large")) == [
        TextStyle("textBodyLarge", "text/Body Large", BODY, "", file_key="L", node_id="1:0")
    ]


def test_styles_come_in_the_order_of_their_key_names_whatever_figma_lists_first() -> None:
    file = design("tag", "body/b", "body/a")
    shuffled = replace(file, styles=(file.styles[1], file.styles[0], file.styles[2]))
    assert [style.name for style in loaded(file)] == ["bodyA", "bodyB", "tag"]
    assert loaded(shuffled) == loaded(file)


def test_patterns_and_slashes_work_as_for_other_assets() -> None:
    rules = NameRules(NameStyle.SNAKE, r"^(\w+)$", "font_$1")
    assert [style.name for style in loaded(design("body/body", "Head/One"), rules=rules)] == [
        "font_head_one",
        "font_body",
    ]


def test_styles_of_colors_effects_and_grids_are_no_text_styles() -> None:
    file = design("body")
    others = tuple(Style(f"9:{kind}", kind, kind, "Body") for kind in ("FILL", "EFFECT", "GRID"))
    # Figma leaves a placeholder on every node, so that the node of a grid may well have a type.
    nodes = {
        style.node_id: StyleNode(style.node_id, style.name, (Paint("SOLID", Rgba(0, 0, 0)),), BODY) for style in others
    }
    mixed = FileStyles("L", (*others, *file.styles), {**file.nodes, **nodes})
    assert [style.original_name for style in loaded(mixed)] == ["body"]


@pytest.mark.parametrize("description", ["ios", "none", "android only", "web flutter"])
def test_a_description_keeps_no_text_style_from_a_platform(description: str) -> None:
    for platform in (Platform.IOS, Platform.ANDROID):
        assert [style.dynamic_type for style in loaded(design(body=description), platform)] == [""]


@pytest.mark.parametrize("word", DYNAMIC_TYPES)
def test_a_description_can_name_a_dynamic_type(word: str) -> None:
    assert [style.dynamic_type for style in loaded(design(body=word))] == [word]


@pytest.mark.parametrize(
    ("description", "meant"),
    [
        ("body", "Body"),
        ("Body ", "Body"),
        ("LARGE  TITLE\n", "Large Title"),
        ("Subheadline", "Subhead"),
        ("title", "Title 1"),
        ("caption", "Caption 1"),
    ],
)
def test_a_description_that_nearly_names_a_dynamic_type_names_none_and_a_warning_says_so(
    description: str, meant: str
) -> None:
    found = text_styles(entry(), {"L": design(lead=description)})
    assert [style.dynamic_type for style in found.styles] == [""]
    (warning,) = found.warnings
    assert (warning.code, warning.location) == (
        "design.dynamic-type",
        Location(None, None, None, "ios.typography", "L", "1:0", "lead"),
    )
    assert warning.message.startswith("text style 'lead' does not scale with the system: its description ")
    assert warning.message.endswith(f" is not exactly '{meant}'")
    assert warning.hint == f"write {meant} as its description in Figma: https://www.figma.com/design/L?node-id=1-0"


def test_other_descriptions_and_other_platforms_are_no_cause_for_a_warning() -> None:
    loaded(design(lead="for the body of an article", b=':) !"£$%&/()=?^*/'))
    loaded(design(lead="body"), Platform.ANDROID)


def test_a_style_whose_layer_is_gone_or_has_no_size_is_left_out_with_a_warning() -> None:
    file = with_type(design("body", "gone", "flat"), "flat", None)
    file = replace(file, nodes={key: node for key, node in file.nodes.items() if key != "2:0"})
    found = text_styles(entry(), {"L": file})
    assert [style.name for style in found.styles] == ["body"]
    assert [(warning.code, warning.message) for warning in found.warnings] == [
        ("design.no-type", "'gone' has no layer in Figma's answer and is left out"),
        ("design.no-type", "'flat' has no font size above zero and is left out"),
    ]
    assert all("https://www.figma.com/design/L?node-id=" in warning.hint for warning in found.warnings)
    assert [warning.location.node_id for warning in found.warnings if warning.location] == ["2:0", "3:0"]


def test_where_every_style_would_be_left_out_the_entry_fails() -> None:
    found = problems(with_type(design("body"), "body", None))
    assert [problem.code for problem in found] == ["design.no-type"]


def test_a_file_without_text_styles_is_told_what_it_publishes() -> None:
    colors = FileStyles("L", (Style("1:0", "ink", "FILL"), Style("2:0", "sea", "FILL")), {})
    (problem,) = problems(colors)
    assert (problem.code, problem.message) == (
        "design.no-styles",
        "published styles not found in file L: it publishes 2 styles, none of them a text style",
    )
    (problem,) = problems(FileStyles("L", (), {}))
    assert problem.message == "published styles not found in file L"


@pytest.mark.parametrize("blank", ["", " ", "\t\n"])
def test_a_style_without_any_font_is_an_error(blank: str) -> None:
    file = with_type(design("body", "tag"), "tag", replace(BODY, family=blank, post_script_name=""))
    (problem,) = problems(file)
    assert (problem.code, problem.message) == (
        "design.no-font",
        "text style 'tag' has neither a PostScript name nor a font family",
    )
    assert problem.hint == "give it a font in Figma: https://www.figma.com/design/L?node-id=2-0"
    assert problem.location == Location(key="ios.typography", figma_file="L", node_id="2:0", node_name="tag")


def test_all_faults_come_together() -> None:
    file = with_type(design("body", "Body M", "Body m", "😀"), "body", replace(BODY, family="", post_script_name=""))
    doubled = replace(
        file, styles=(*file.styles, Style("9:0", "body", "TEXT")), nodes={**file.nodes, "9:0": file.nodes["2:0"]}
    )
    found = problems(doubled)
    assert sorted(problem.code for problem in found) == [
        "design.duplicate-name",
        "design.duplicate-name",
        "design.invalid-name",
        "design.no-font",
    ]
    assert all(problem.location and problem.location.key == "ios.typography" for problem in found)


def test_names_that_differ_in_letter_case_only_are_two_styles_with_a_warning() -> None:
    found = text_styles(entry(), {"L": design("bodyM", "bodym")})
    assert [style.name for style in found.styles] == ["bodyM", "bodym"]
    assert [warning.code for warning in found.warnings] == ["design.name-case"]
