"""The design that comes with the package: what the docs promise is in it, and it keeps the shape of real files."""

import json
from collections import Counter
from importlib import resources
from typing import Any
from xml.etree import ElementTree

import pytest

from exfig_rx.sandbox import Design
from exfig_rx.sandbox.design import DesignFile
from exfig_rx.sandbox.payloads import variables

DESIGN = Design.bundled()
FILES = {key: versions[0] for key, versions in DESIGN.files.items()}
HARBOR = ("HarborLight00000000001", "HarborDark000000000002", "HarborLightHC000000003", "HarborDarkHC0000000004")


def solid_names(file: DesignFile) -> set[str]:
    return {
        item["name"]
        for item in file.entries("colors")
        if "fill" in item or any(paint["type"] == "SOLID" for paint in item["fills"])
    }


def frame(key: str, name: str) -> list[dict[str, Any]]:
    return [component for _, one, _, component in FILES[key].components() if one["name"] == name]


def test_file_keys_are_22_letters_and_digits_and_versions_are_strings_of_digits() -> None:
    for key, file in FILES.items():
        assert (len(key), key.isascii(), key.isalnum()) == (22, True, True)
        assert isinstance(file.source["version"], str)
        assert file.version.isdigit()


def test_the_file_is_small_enough_to_read() -> None:
    data = resources.files("exfig_rx.sandbox").joinpath("design.json").read_bytes()
    assert len(data) < 400_000
    assert "Harbor" in json.loads(data)["about"][0]


@pytest.mark.parametrize("key", FILES)
def test_ids_are_unique_within_a_file(key: str) -> None:
    file = FILES[key]
    ids = [item["id"] for item in file.entries("colors", "texts", "styles")]
    ids += [component["id"] for *_, component in file.components()]
    ids += [variable["id"] for one in file.entries("collections") for variable in one["variables"]]
    assert [id_ for id_, times in Counter(ids).items() if times > 1] == []


def test_every_appearance_of_harbor_has_the_same_colors_and_so_has_the_single_file() -> None:
    light, dark, light_hc, dark_hc = (solid_names(FILES[key]) for key in HARBOR)
    shared = light_hc
    assert len(shared) == 25
    assert dark_hc == shared
    assert light - shared == dark - shared == {"Internal/Grid (do not ship)"}
    suffixed = {name + suffix for name in shared for suffix in ("", "_dark", "_lightHC", "_darkHC")}
    assert solid_names(FILES["HarborOneFile000000005"]) == suffixed
    assert solid_names(FILES["LumenLight000000000011"]) == solid_names(FILES["LumenDark0000000000012"])


def test_the_oddities_that_real_files_have_are_there() -> None:
    colors = {item["name"]: item for item in FILES[HARBOR[0]].entries("colors")}
    assert [paint.get("visible", True) for paint in colors["Accent/Coral"]["fills"]] == [False, True]
    assert [paint["type"] for paint in colors["Gradient/Sunrise"]["fills"]] == ["GRADIENT_LINEAR"]
    assert [paint["type"] for paint in colors["Texture/Sailcloth"]["fills"]] == ["IMAGE"]
    assert colors["Internal/Grid (do not ship)"]["description"] == "none"
    assert colors["Overlay/Scrim"]["fill"] == "#0B141B99"
    assert "*/" in colors["Accent/Buoy Orange"]["description"]


def test_there_are_sixty_icons_eight_illustrations_and_dark_variants_of_some() -> None:
    icons = frame(HARBOR[0], "Icons")
    assert len(icons) == 60
    assert len(frame(HARBOR[0], "Illustrations")) == 8
    for name in ("Icons", "Illustrations"):
        dark = {component["name"] for component in frame(HARBOR[1], name)}
        assert dark
        assert dark < {component["name"] for component in frame(HARBOR[0], name)}
    drawn = "".join(component["svg"] for component in icons)
    assert all(word in drawn for word in ('fill-rule="evenodd"', "stroke=", "<g ", "clip-path", "rotate("))
    described = [component.get("description", "") for component in icons]
    assert {"ios", "android", "rtl"} <= set(described)
    assert len(frame(HARBOR[0], "Chevrons")) == 8


def test_every_drawing_is_well_formed_and_its_references_lead_somewhere() -> None:
    for file in FILES.values():
        for *_, component in file.components():
            root = ElementTree.fromstring(f"<svg>{component['svg']}</svg>")
            ids = [one.get("id") for one in root.iter() if one.get("id")]
            assert len(ids) == len(set(ids)), component["name"]
            used = {v[5:-1] for one in root.iter() for v in one.attrib.values() if v.startswith("url(#")}
            assert used <= set(ids), component["name"]


def test_the_variables_of_harbor_lead_to_the_colors_of_its_styles() -> None:
    meta = variables(FILES["HarborTokens0000000006"])
    theme = next(c for c in meta["variableCollections"].values() if c["name"] == "Harbor Theme" and not c["remote"])
    for mode, key in zip(theme["modes"], HARBOR, strict=True):
        fills = {item["name"]: item.get("fill") for item in FILES[key].entries("colors")}
        for id_ in theme["variableIds"]:
            variable = meta["variables"][id_]
            value = variable["valuesByMode"][mode["modeId"]]
            if variable["resolvedType"] != "COLOR" or variable.get("deletedButReferenced"):
                continue
            target = meta["variables"][value["id"]]
            [color] = target["valuesByMode"].values()
            channels = "".join(f"{round(color[name] * 255):02X}" for name in ("rgb" if color["a"] == 1 else "rgba"))
            assert fills[variable["name"]] in (f"#{channels}", None), (variable["name"], mode["name"])


def test_text_styles_name_the_dynamic_types_of_ios() -> None:
    texts = FILES[HARBOR[0]].entries("texts")
    described = {item.get("description", "") for item in texts}
    assert {"Large Title", "Title 1", "Headline", "Body", "Caption 1"} <= described
    assert any(item["font"]["fontPostScriptName"] is None for item in texts)
    assert {item["font"]["lineHeightUnit"] for item in texts} == {"PIXELS", "INTRINSIC_%"}
