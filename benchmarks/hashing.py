"""Hashes of nodes, beside reading their JSON.

In: a file of icons made here, as Figma answers with `geometry=paths`. Out: a row. Rule: both sides have the same text;
ours gets it decoded, as the program does.
"""

import gc
import json
import random
import struct
import sys
from typing import Any

from benchmarks.measuring import Row, ratio
from exfig_rx.load.node_hashes import node_hashes

NODES = 10_000
LAYERS = 4
"""In each icon, which is a node itself."""

RUNS = 7
MOST = 2.0


def document(count: int) -> dict[str, Any]:
    """A page with `count` nodes: icons of a few layers, each with a path of ten to fifty segments."""
    chance = random.Random(count)
    icons = []
    for number in range(count // (1 + LAYERS)):
        icon = _layer(chance, f"{number}:1", "COMPONENT")
        icon["children"] = [_layer(chance, f"{number}:{layer}", "VECTOR") for layer in range(2, 2 + LAYERS)]
        icons.append(icon)
    frame = {"id": "9:9", "name": "Icons", "type": "FRAME", "children": icons}
    return {"id": "0:1", "name": "Page", "type": "CANVAS", "children": [frame]}


def _layer(chance: random.Random, id_: str, type_: str) -> dict[str, Any]:
    """A node with all that Figma says of one."""
    channels = [_number(chance, 1) for _ in range(3)]
    bound = {"color": {"type": "VARIABLE_ALIAS", "id": "VariableID:12:3"}}
    color = dict(zip("rgba", (*channels, 1), strict=True))
    box = {name: _number(chance, 4000) for name in ("x", "y", "width", "height")}
    path = "".join(
        f"{chance.choice('LC')}{chance.random() * 24:.6g} {chance.random() * 24:.6g}"
        for _ in range(chance.randrange(10, 50))
    )
    return {
        "id": id_,
        "name": "Vector",
        "type": type_,
        "scrollBehavior": "SCROLLS",
        "boundVariables": {"fills": [bound["color"]]},
        "blendMode": "PASS_THROUGH",
        "fills": [{"blendMode": "NORMAL", "type": "SOLID", "color": color, "boundVariables": bound}],
        "strokes": [],
        "strokeWeight": 1,
        "strokeAlign": "INSIDE",
        "styles": {"fill": "1:22"},
        "absoluteBoundingBox": box,
        "absoluteRenderBounds": box,
        "constraints": {"vertical": "SCALE", "horizontal": "SCALE"},
        "relativeTransform": [[1, 0, _number(chance, 24)], [0, 1, _number(chance, 24)]],
        "size": {"x": _number(chance, 24), "y": _number(chance, 24)},
        "fillGeometry": [{"path": f"M0 0{path}Z", "windingRule": "NONZERO"}],
        "strokeGeometry": [],
        "effects": [],
        "interactions": [],
    }


def _number(chance: random.Random, most: int) -> float:
    """A number of 32 bits, written with all digits of 64, as Figma does."""
    narrow: float = struct.unpack("f", struct.pack("f", chance.random() * most))[0]
    return narrow


def rows() -> list[Row]:
    """What it costs to see which icons of a file changed, beyond reading the answer."""
    text = json.dumps(document(NODES), separators=(",", ":"))
    decoded = json.loads(text)
    if len(node_hashes(decoded)) != NODES // (1 + LAYERS):
        raise SystemExit("the bench design has icons without a hash")
    # As the program does: what is there before the run is not looked through for garbage.
    gc.collect()
    gc.freeze()
    beside = ratio(lambda: node_hashes(decoded), lambda: json.loads(text), RUNS)
    gc.unfreeze()
    return [Row(f"hashes of {NODES:,} nodes / json.loads of them", beside, MOST)]


if __name__ == "__main__":
    for row in rows():
        sys.stdout.write(f"{row.name:<75} {row.value:9.{row.digits}f}{row.unit}\n")
