"""A design in which a stranger chose every name, and configs that export all of it: one for each kind of output."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from exfig_rx.batch.entries import Fetched, entries_of
from exfig_rx.batch.export import Export, finish
from exfig_rx.batch.planning import plan
from exfig_rx.batch.renders import Gathered
from exfig_rx.config.parse import parse_config
from exfig_rx.config.schema import Config
from exfig_rx.figma.answers import text as as_read
from exfig_rx.model import FileStyles, Paint, Rgba, Style, StyleNode
from exfig_rx.pictures import Blob, Component, FileComponents, RenderFormat
from exfig_rx.text_styles import TypeStyle
from exfig_rx.variables import Alias, FileVariables, Variable, VariableCollection, VariableMode, VariableValue

FILE: Final = "Strangers0000000000001"
INK: Final = Rgba(0.1, 0.2, 0.3)
SNOW: Final = Rgba(0.9, 0.8, 0.7, 0.5)
DRAWING: Final = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24" fill="none">'
    b'<path d="M4 4H20V20Z" fill="#0B3C49"/></svg>'
)

_IOS: Final = {"xcassetsPath": "App/Assets.xcassets", "xcassetsInMainBundle": True}
_SWIFT: Final = {"imageSwift": "code/UIImage.swift", "swiftUIImageSwift": "code/Image.swift"}
_CATALOG: Final = {"assetsFolder": "Ours", "nameStyle": "camelCase"}
_COLORS: Final = {"colorSwift": "code/UIColor.swift", "swiftuiColorSwift": "code/Color.swift", **_CATALOG}
_FONTS: Final = {"fontSwift": "code/UIFont.swift", "swiftUIFontSwift": "code/Font.swift", "nameStyle": "camelCase"}
_ANDROID: Final = {"mainRes": "res", "mainSrc": "src", "resourcePackage": "app.reef"}
_COMPOSE: Final = {"composePackageName": "app.reef.ui"}
_THEME: Final = {"enabled": True, "themeName": "Reef", "nameTransform": {"prefix": "color", "style": "PascalCase"}}
_VARIABLES: Final = {
    "tokensFileId": FILE,
    "tokensCollectionName": "Theme",
    "lightModeName": "Day",
    "darkModeName": "Night",
    "lightHCModeName": "Loud",
}

BLOCKS: Final[Mapping[str, Mapping[str, Any]]] = {
    "ios-colors": {"ios": {**_IOS, "colors": {"useColorAssets": True, **_COLORS}}},
    "ios-namespaces": {"ios": {**_IOS, "colors": {"useColorAssets": True, "groupUsingNamespace": True, **_COLORS}}},
    "ios-code": {"ios": {**_IOS, "addObjcAttribute": True, "colors": {"useColorAssets": False, **_COLORS}}},
    "ios-icons": {
        "ios": {**_IOS, "icons": {"format": "svg", **_CATALOG, **_SWIFT, "codeConnectSwift": "code/Connect.swift"}}
    },
    "ios-images": {"ios": {**_IOS, "images": {**_CATALOG, **_SWIFT, "sourceFormat": "svg"}}},
    "ios-typography": {
        "ios": {**_IOS, "typography": {**_FONTS, "generateLabels": True, "labelsDirectory": "code/Labels"}}
    },
    "android-colors": {"android": {**_ANDROID, "colors": {**_COMPOSE, "themeAttributes": _THEME}}},
    "android-variables": {"android": {**_ANDROID, "colors": [{**_VARIABLES, **_COMPOSE}]}},
    "android-icons": {"android": {**_ANDROID, "icons": {"output": "figma", **_COMPOSE}}},
    "android-vectors": {
        "android": {
            **_ANDROID,
            "icons": {
                "output": "figma",
                **_COMPOSE,
                "composeFormat": "imageVector",
                "composeExtensionTarget": "app.reef.Reef",
            },
        }
    },
    "android-images": {"android": {**_ANDROID, "images": {"output": "art", "format": "webp"}}},
    "android-typography": {"android": {**_ANDROID, "typography": {"nameStyle": "snake_case", **_COMPOSE}}},
    "flutter-colors": {"flutter": {"output": "lib", "colors": {}}},
    "flutter-contrast": {"flutter": {"output": "lib", "colors": [_VARIABLES]}},
    "flutter-icons": {"flutter": {"output": "lib", "icons": {"output": "art"}}},
    "flutter-images": {"flutter": {"output": "lib", "images": {"output": "art", "nameStyle": "kebab-case"}}},
    "web-colors": {"web": {"output": "web", "colors": {"jsonFileName": "theme.json"}}},
    "web-icons": {"web": {"output": "web", "icons": {"outputDirectory": "icons", "currentColor": "auto"}}},
    "web-images": {"web": {"output": "web", "images": {"outputDirectory": "images", "imageImport": "relative"}}},
    "tokens": {"tokens": {"output": "tokens.json", "tokensFileId": FILE, "kinds": ["colors", "strings"]}},
    "tokens-by-mode": {
        "tokens": {
            "output": "tokens",
            "split": "mode",
            "tokensFileId": FILE,
            "kinds": ["colors", "strings"],
            "nameStyle": "camelCase",
        }
    },
    "tokens-of-colors": {"tokens": {"output": "tokens.json", "kinds": ["colors"]}},
    "tokens-of-text-styles": {"tokens": {"output": "tokens.json", "kinds": ["typography"]}},
}
"""What is exported, by the kind of output; all of it from one file."""


def config_text(shape: str, **more: Mapping[str, Any]) -> bytes:
    """A config with nothing but the blocks of `shape`, and `more` keys in blocks such as `ios` or `common`."""
    single = {"useSingleFile": True}
    common = {"colors": single, "icons": single, "images": single}
    whole: dict[str, Any] = {"figma": {"lightFileId": FILE}, "common": common, **BLOCKS[shape]}
    return json.dumps({key: {**block, **more.get(key, {})} for key, block in whole.items()}).encode()


@cache
def config_of(shape: str) -> Config:
    """`config_text` as it is read."""
    return parse_config(config_text(shape), f"{shape}.yaml").config


@dataclass(frozen=True, slots=True)
class Thing:
    """What a stranger made: its name, and the text of everything else that is written about it."""

    name: str
    text: str = "plain words"


def design(things: Sequence[Thing], mode: str = "Night") -> Fetched:
    """A file with a style, an icon, a variable and so on for each of `things`; the nodes of the nth are `x:n`.

    `mode` is the name of a mode that configs need not name. Half a surrogate pair, which JSON can hold, is replaced
    where Figma's answers are read, and so it is here.
    """
    read = [Thing(as_read(thing.name), as_read(thing.text)) for thing in things]
    return Fetched({FILE: _styles(read)}, {FILE: _components(read)}, {FILE: _variables(read, as_read(mode))})


def number_of(node_id: str) -> int:
    """Which of the things of a design a node belongs to."""
    return int(node_id.rpartition(":")[2])


def exported(
    shape: str, fetched: Fetched, shelf: Path, config: Config | None = None, drawing: bytes = DRAWING
) -> Export:
    """What a run would write of `fetched`, whose icons all are `drawing`. Raises ExfigError; renders go to `shelf`."""
    planned = plan(entries_of(config or config_of(shape)), fetched)
    renders = {
        (file_key, node_id, spec): _render(shelf, drawing if spec.format is RenderFormat.SVG else b"not looked at")
        for (file_key, spec), ids in planned.needed.items()
        for node_id in ids
    }
    return finish(planned, Gathered(renders, {}), {}, lambda _: False, can_heic=True, is_strict=False)


def _render(shelf: Path, content: bytes) -> Blob:
    digest = sha256(content).hexdigest()
    path = shelf / digest
    if not path.exists():
        path.write_bytes(content)
    return Blob(str(path), len(content), digest)


def _styles(things: Sequence[Thing]) -> FileStyles:
    styles: list[Style] = []
    nodes: dict[str, StyleNode] = {}
    for index, thing in enumerate(things):
        for page, name, color in ((1, thing.name, INK), (2, f"{thing.name}_dark", SNOW)):
            styles.append(Style(f"{page}:{index}", name, "FILL", thing.text))
            nodes[f"{page}:{index}"] = StyleNode(f"{page}:{index}", thing.text, (Paint("SOLID", color),))
        font = f"Inter {thing.text}"
        type_ = TypeStyle(font, font, 400.0, 16.0, 20.0, 0.5, figma_case=thing.text, decoration=thing.text)
        styles.append(Style(f"3:{index}", thing.name, "TEXT", thing.text))
        nodes[f"3:{index}"] = StyleNode(f"3:{index}", thing.text, type=type_)
    return FileStyles(FILE, tuple(styles), nodes)


def _components(things: Sequence[Thing]) -> FileComponents:
    frames = ((4, "Icons", ""), (5, "Icons", "_dark"), (6, "Illustrations", ""), (7, "Illustrations", "_dark"))
    made = [
        Component(f"{page}:{index}", thing.name + end, thing.text, frame, thing.text, "", thing.text, "9:0")
        for index, thing in enumerate(things)
        for page, frame, end in (*frames, (8, f"Other {thing.text}", ""))
    ]
    return FileComponents(FILE, tuple(made))


def _variables(things: Sequence[Thing], mode: str) -> FileVariables:
    modes = tuple(VariableMode(f"1:{index}", called) for index, called in enumerate(("Day", mode, "Loud")))
    variables: dict[str, Variable] = {}
    for index, thing in enumerate(things):
        colors: dict[str, VariableValue] = {"1:0": INK, "1:1": SNOW, "1:2": Alias(f"VariableID:2:{index}")}
        texts: dict[str, VariableValue] = {one.id: thing.text for one in modes}
        for page, collection, name, type_, values in (
            (1, 1, thing.name, "COLOR", colors),
            (2, 2, f"{thing.name}/aside", "COLOR", {"2:0": INK}),
            (3, 1, f"fonts/{thing.name}", "STRING", texts),
        ):
            id_ = f"VariableID:{page}:{index}"
            variables[id_] = Variable(
                id_,
                name,
                id_,
                f"VariableCollectionId:{collection}",
                type_,
                values,
                thing.text,
                scopes=("FONT_FAMILY",) if type_ == "STRING" else (thing.text,),
                code_syntax={"iOS": thing.text, "ANDROID": thing.text, "WEB": thing.text},
            )
    text = things[0].text
    collections = (
        VariableCollection("VariableCollectionId:1", "Theme", "c1", modes, "1:0", tuple(variables)),
        VariableCollection("VariableCollectionId:2", text, "c2", (VariableMode("2:0", text),), "2:0", ()),
    )
    return FileVariables(FILE, {one.id: one for one in collections}, variables)
