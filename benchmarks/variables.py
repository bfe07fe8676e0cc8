"""Colors from variables: from Figma's answer to the files of all four platforms, beside reading the JSON and rendering.

In: a collection made here, four modes, every value an alias, in chains of up to seven variables. Out: rows. Rules: both
sides decode the same bytes and render the same colors; the other one gets its colors ready-made, as if styles had given
them without any work.
"""

import gc
import json
import random
import sys
from collections.abc import Mapping

from benchmarks.measuring import Row, ratio
from exfig_rx.config.entries import ColorEntry, color_entries
from exfig_rx.config.parse import parse_config
from exfig_rx.export import render_colors
from exfig_rx.export.templates import Templates
from exfig_rx.figma.variables import parse_variables
from exfig_rx.load.variables import variable_colors
from exfig_rx.model import OutputFile, ThemedColor

FEW, MANY = 1000, 5000
RUNS = 5
MOST = 3.0
MOST_GROWTH = 1.1
MODES = ("Light", "Dark", "Light HC", "Dark HC")
LONGEST_CHAIN = 6
KEY = "BenchTokens000000000001"

CONFIG = f"""\
common:
  variablesColors:
    tokensFileId: {KEY}
    tokensCollectionName: Theme
    lightModeName: Light
    darkModeName: Dark
    lightHCModeName: Light HC
    darkHCModeName: Dark HC
ios:
  xcassetsPath: App/Assets.xcassets
  xcassetsInMainBundle: true
  colors: {{useColorAssets: true, assetsFolder: Colors, nameStyle: camelCase, colorSwift: App/UIColor.swift}}
android:
  mainRes: app/res
  colors: {{}}
flutter:
  output: lib
  colors: {{}}
web:
  output: site
  colors: {{}}
"""


def answer(count: int) -> bytes:
    """Figma's answer about a file with `count` variables in four modes, and a tenth as many primitives behind them."""
    chance = random.Random(count)
    primitives = {f"VariableID:1:{number}": number for number in range(count // 10)}
    variables = {
        id_: _variable(id_, f"tone/{number:04}", "VariableCollectionId:1:0", {"1:0": _color(chance)})
        for id_, number in primitives.items()
    }
    depths: dict[str, int] = {}
    for number in range(count):
        id_, earlier = f"VariableID:2:{number}", f"VariableID:2:{chance.randrange(max(number, 1))}"
        depths[id_] = depths.get(earlier, LONGEST_CHAIN) % LONGEST_CHAIN + 1
        targets = [earlier if depths[id_] > 1 else chance.choice(list(primitives)) for _ in MODES]
        values = {f"2:{mode}": {"type": "VARIABLE_ALIAS", "id": target} for mode, target in enumerate(targets)}
        variables[id_] = _variable(id_, f"surface/card {number:04}", "VariableCollectionId:2:0", values)
    collections = {
        "VariableCollectionId:1:0": _collection("Primitives", "1", ("Value",), tuple(primitives)),
        "VariableCollectionId:2:0": _collection("Theme", "2", MODES, tuple(depths)),
    }
    return json.dumps({"meta": {"variableCollections": collections, "variables": variables}}).encode()


def _color(chance: random.Random) -> dict[str, float]:
    return {"r": chance.random(), "g": chance.random(), "b": chance.random(), "a": 1}


def _variable(id_: str, name: str, collection: str, values: Mapping[str, object]) -> dict[str, object]:
    return {
        "id": id_,
        "name": name,
        "key": f"{random.Random(id_).getrandbits(160):040x}",
        "variableCollectionId": collection,
        "resolvedType": "COLOR",
        "valuesByMode": values,
        "remote": False,
        "description": "",
        "hiddenFromPublishing": False,
        "scopes": ["ALL_SCOPES"],
        "codeSyntax": {},
    }


def _collection(name: str, number: str, modes: tuple[str, ...], ids: tuple[str, ...]) -> dict[str, object]:
    return {
        "id": f"VariableCollectionId:{number}:0",
        "name": name,
        "key": f"{int(number):040x}",
        "modes": [{"modeId": f"{number}:{mode}", "name": mode_name} for mode, mode_name in enumerate(modes)],
        "defaultModeId": f"{number}:0",
        "remote": False,
        "hiddenFromPublishing": False,
        "variableIds": list(ids),
    }


class Run:
    """The same colors twice: from variables, and as if from styles."""

    def __init__(self, count: int) -> None:
        self._body = answer(count)
        self._entries = color_entries(parse_config(CONFIG.encode(), "bench.yaml").config)
        self._templates = {entry.platform: Templates(entry.platform, None) for entry in self._entries}
        files = {KEY: parse_variables(json.loads(self._body), KEY)}
        self._ready = [variable_colors(entry, files).colors for entry in self._entries]
        if any(len(colors) != count for colors in self._ready):
            raise SystemExit("the bench design does not give the colors that it should")
        # As the program does: what is there before the run is not looked through for garbage.
        gc.collect()
        gc.freeze()

    def from_variables(self) -> list[OutputFile]:
        """Decoded, resolved for each platform, named, paired and rendered."""
        files = {KEY: parse_variables(json.loads(self._body), KEY)}
        return [file for entry in self._entries for file in self._rendered(entry, variable_colors(entry, files).colors)]

    def from_ready_colors(self) -> list[OutputFile]:
        """The JSON decoded for nothing, and colors rendered that were there before."""
        json.loads(self._body)
        pairs = zip(self._entries, self._ready, strict=True)
        return [file for entry, colors in pairs for file in self._rendered(entry, colors)]

    def _rendered(self, entry: ColorEntry, colors: tuple[ThemedColor, ...]) -> tuple[OutputFile, ...]:
        return render_colors(entry, colors, self._templates[entry.platform]).files


def rows() -> list[Row]:
    """What variables cost beyond styles, and whether many cost more each than few."""
    few, many = Run(FEW), Run(MANY)
    beside = ratio(many.from_variables, many.from_ready_colors, RUNS)
    growth = ratio(many.from_variables, few.from_variables, RUNS) * FEW / MANY
    gc.unfreeze()
    return [
        Row(f"{MANY:,} variables to files of 4 platforms / json.loads and rendering", beside, MOST),
        Row(f"each of {MANY:,} variables / each of {FEW:,}", growth, MOST_GROWTH),
    ]


if __name__ == "__main__":
    for row in rows():
        sys.stdout.write(f"{row.name:<75} {row.value:9.{row.digits}f}{row.unit}\n")
