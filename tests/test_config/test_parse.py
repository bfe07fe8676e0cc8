"""A whole config, from bytes to models."""

from pathlib import Path

import pytest

from exfig_rx.config.parse import misplaced_paths, parse_config
from exfig_rx.config.schema import Config, NameStyle
from tests.test_config.reading import ANDROID, IOS, SOURCE, accepted, read

GOOD = sorted((Path(__file__).parent / "good").glob("*.yaml"))


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_good_config_passes_without_a_word(path: Path) -> None:
    assert parse_config(path.read_bytes(), path.name).warnings == ()


def test_a_small_config_becomes_its_model_with_all_defaults() -> None:
    config = parse_config(GOOD[-1].read_bytes(), "small.yaml").config
    assert config.common is not None and config.common.variables_colors is not None
    assert config.common.variables_colors.dark_mode_name == "Dusk"
    assert config.android is not None
    (colors,) = config.android.colors
    assert (colors.xml_output_file_name, colors.xml_disabled, colors.variables_source()) == ("colors.xml", False, None)
    assert (config.figma, config.ios, config.flutter, config.web, config.priority) == (None, None, None, None, 1)


def test_a_medium_config_keeps_list_order_anchors_and_overrides() -> None:
    ios = parse_config(GOOD[1].read_bytes(), "medium.yaml").config.ios
    assert ios is not None
    assert [(icons.figma_frame_name, icons.format) for icons in ios.icons] == [
        ("Actions", "svg"),
        ("Tabs", "svg"),
        ("Flags", "pdf"),
    ]
    assert all(icons.preserves_vector_representation == ("*",) for icons in ios.icons)
    assert ios.xcassets_in_swift_package is True and ios.xcassets_in_main_bundle is False
    assert ios.icons[0].name_style is NameStyle.CAMEL


def test_one_block_and_a_list_of_one_are_the_same() -> None:
    alone = accepted(ANDROID + "  icons: { output: x }\n").config
    listed = accepted(ANDROID + "  icons:\n  - output: x\n").config
    assert alone == listed


@pytest.mark.parametrize("null", ["", "~", "null", "Null"])
def test_an_optional_key_without_a_value_is_absent(null: str) -> None:
    config = accepted(
        f"common: {null}\n" + ANDROID + f"  mainSrc: {null}\n  colors: {{ xmlDisabled: {null} }}\n"
    ).config
    assert config == accepted(ANDROID + "  colors: {}\n").config


def test_keys_for_anchors_hold_whatever_they_like() -> None:
    text = "x-a: { nope: [1, 2] }\n.b: &b { output: x }\n" + ANDROID + "  icons: *b\n"
    android = accepted(text).config.android
    assert android is not None and android.icons[0].output == "x"


def test_models_made_in_python_take_attribute_names() -> None:
    config = Config.model_validate({"android": {"main_res": "res", "colors": ({"xml_disabled": True},)}})
    assert config.android is not None and config.android.colors[0].xml_disabled


def test_equal_bytes_give_equal_configs() -> None:
    data = GOOD[0].read_bytes()
    assert parse_config(data, "a.yaml").config == parse_config(data, "b.yaml").config


def test_the_models_are_frozen_and_hashable() -> None:
    config = parse_config(GOOD[0].read_bytes(), "a.yaml").config
    assert hash(config) == hash(parse_config(GOOD[0].read_bytes(), "a.yaml").config)


def test_colors_need_no_figma_block_when_they_come_from_variables() -> None:
    assert accepted(f"android: {{ mainRes: res, colors: [{SOURCE}] }}\n").warnings == ()


def misplaced(text: str, *existing: str) -> list[str]:
    return [read(problem) for problem in misplaced_paths(accepted(text), "apps/shop", set(existing).__contains__)]


def test_a_path_that_exists_beside_the_config_only_is_told() -> None:
    text = (
        IOS + "  colors: { useColorAssets: true, assetsFolder: C, nameStyle: camelCase, colorSwift: App/Gen/C.swift }\n"
    )
    assert misplaced(text, "apps/shop/App", "apps/shop/App/Gen") == [
        "3:17 ios.xcassetsPath: App/Assets.xcassets is looked for in the working directory, where App does not exist | "
        "It exists beside the config: write apps/shop/App/Assets.xcassets, or run from apps/shop.",
        "5:86 ios.colors.colorSwift: App/Gen/C.swift is looked for in the working directory, where App/Gen "
        "does not exist | "
        "It exists beside the config: write apps/shop/App/Gen/C.swift, or run from apps/shop.",
    ]


def test_a_path_that_exists_here_or_nowhere_or_is_absolute_is_fine() -> None:
    assert misplaced(ANDROID + "  colors: {}\n", "app/src/main", "apps/shop/app/src/main") == []
    assert misplaced(ANDROID + "  colors: {}\n") == []
    assert misplaced(ANDROID.replace("app/src", "/app/src") + "  colors: {}\n", "apps/shop//app/src/main", "/app") == []
    assert misplaced(ANDROID + "  icons: { output: sub/x }\n", "app/src/main", "apps/shop/sub") == []
