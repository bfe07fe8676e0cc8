"""Hashes of components: equal as long as nothing in a component's node can change its picture.

In: a tree of nodes as Figma's JSON has it, with `geometry=paths`. Out: a hash for each component, by node id. Rules:
all that is drawn counts, in stacking order, keys that nobody knows yet, too; what a picture can't show does not: ids,
names, where the component stands. A component whose picture its tree does not tell has no hash: it is rendered again.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from hashlib import blake2b
from itertools import repeat
from operator import add, itemgetter
from struct import pack
from typing import Any, Final, NamedTuple, TypeAlias

Json: TypeAlias = dict[str, Any]

UNSEEN: Final = frozenset(
    {
        # What a node is called; renders are asked for without ids.
        *("id", "name"),
        # Where its look comes from: Figma gives the result as well, in paints, effects and children.
        *("styles", "componentId", "componentProperties", "overrides", "isExposedInstance", "exposedInstances"),
        *("componentPropertyReferences", "componentPropertyDefinitions"),
        # Where it stands on the page: that moves with the component, and the rest follows from `relativeTransform`.
        *("absoluteBoundingBox", "absoluteRenderBounds"),
        # Prototypes, exports by hand, development and plugins.
        *("interactions", "transitionNodeID", "transitionDuration", "transitionEasing"),
        *("scrollBehavior", "overflowDirection", "isFixed", "flowStartingPoints", "prototypeStartNodeID"),
        *("exportSettings", "devStatus", "annotations", "measurements", "locked", "pluginData", "sharedPluginData"),
    }
)
"""Keys of a node that no render shows."""

BOUND: Final = "boundVariables"
"""Which variables a node, paint, effect or text style takes its values from; the values themselves stand beside it."""

ELSEWHERE: Final = "sourceNodeId"
"""In a pattern paint: the node that it repeats, which need not be in the tree."""

_CONTAINERS: Final = frozenset({"FRAME", "GROUP", "SECTION", "COMPONENT", "COMPONENT_SET", "INSTANCE", "SLICE"})
"""Nodes that may have no outline; any other without one was asked for without `geometry=paths`."""

_OUTLINES: Final = frozenset({"fillGeometry", "strokeGeometry"})

_GRID: Final = 1.5 * 2.0**32
"""Added to a number, it rounds it to a multiple of 2**-20, a bit less than a millionth, while below 2**31.

Figma computes in 32 bits: what is smaller is noise. 1 and 1.0 become one number by it, 0 and -0.0 as well.
"""

_FORM: Final = b"exfig node 1"
"""What a hash is of; moves whenever equal trees give other hashes."""

_HASH_BYTES: Final = 16

_KINDS: Final[Mapping[type, str]] = {
    bool: "B",
    int: "N",
    float: "N",
    str: "T",
    dict: "D",
    list: "L",
    type(None): "0",
}
"""Types of JSON's values; truth values count as numbers, under a letter of their own."""


def node_hashes(document: Mapping[str, Any], wanted: Collection[str] | None = None) -> dict[str, str]:
    """Hashes, in hex, of the nodes in a tree whose id is `wanted`; of all components, if that is None.

    Those are left out whose tree does not tell their picture, and those inside of another one that is hashed, which
    Figma does not have. `document` is as `json.loads` gave it, whatever is in it.
    """
    shapes = _Shapes()
    found: dict[str, str] = {}
    nodes: list[Any] = [document]
    while nodes:
        node = nodes.pop()
        if not isinstance(node, dict):
            continue
        id_ = node.get("id")
        is_wanted = node.get("type") == "COMPONENT" if wanted is None else isinstance(id_, str) and id_ in wanted
        if not is_wanted:
            children = node.get("children")
            nodes += children if isinstance(children, list) else ()
        elif isinstance(id_, str) and (hash_ := _hash(node, shapes)) is not None:
            found[id_] = hash_
    return found


def _hash(root: Json, shapes: "_Shapes") -> str | None:
    """The hash of a node with all that is below it; None where its picture depends on more than that."""
    streams = _Streams(shapes)
    nodes = [_in_place(root)]
    while nodes:
        drawn = streams.take_node(nodes.pop())
        if drawn is None:
            return None
        nodes += drawn
    try:
        return streams.digest()
    except OverflowError:  # an integer beyond all floats, which is in no drawing
        return None


def _in_place(root: Json) -> Json:
    """`root` without its own position; its rotation and scale stay."""
    node = {key: value for key, value in root.items() if key not in ("x", "y", "relativeTransform")}
    rows = root.get("relativeTransform")
    if isinstance(rows, list):
        node["relativeTransform"] = [row[:2] if isinstance(row, list) else row for row in rows]
    return node


class _Streams:
    """What was read of one component: shapes, numbers and texts, each in the order of reading.

    The shapes say which container comes next and how many numbers and texts are its own, so that three flat lists tell
    one tree and no other. They are what makes this fast: numbers are rounded and packed all at once.
    """

    def __init__(self, shapes: "_Shapes") -> None:
        self._shapes = shapes
        self._told: list[str] = []
        self._numbers: list[float] = []
        self._texts: list[str] = []

    def take_node(self, node: Json) -> list[Json] | None:
        """Reads a node without its children, of which it gives those that are drawn; None if it tells too little."""
        shape = self._shapes.of_node(node)
        type_ = node.get("type")
        is_container = isinstance(type_, str) and type_ in _CONTAINERS
        if not (shape.has_outline or (shape.has_size and is_container)) or not self._take(shape, node):
            return None
        children = node.get("children", [])
        if not isinstance(children, list) or not all(isinstance(child, dict) for child in children):
            return None
        # A hidden layer is nowhere in the picture: neither it, nor what is below it, nor that it is there.
        drawn = [child for child in children if child.get("visible") is not False]
        self._told.append(f"{len(drawn)} below")
        return drawn

    def _take(self, shape: "_Shape", container: Any) -> bool:
        """Reads a container and all inside of it; whether that tells what it looks like."""
        left = self._note(shape, container)
        while left:
            inner = left.pop()
            shape = self._shapes.of_map(inner) if type(inner) is dict else self._shapes.of_list(inner)
            if shape.is_elsewhere:
                return False
            left += self._note(shape, inner)
        return True

    def _note(self, shape: "_Shape", container: Any) -> list[Any]:
        """Reads the numbers and texts of a container, and gives the containers in it."""
        told, numbers, texts, inner, *_ = shape
        self._told.append(told)
        if numbers is not None:
            self._numbers += numbers(container)
        if texts is not None:
            self._texts += texts(container)
        return [] if inner is None else [*inner(container)]

    def digest(self) -> str:
        """The hash of all that was read. Raises OverflowError for an integer that is no float."""
        digest = blake2b(_FORM, digest_size=_HASH_BYTES)
        for text in ("\n".join(self._told), "".join(self._texts)):
            digest.update(pack("<Q", len(text)))
            digest.update(text.encode("utf-8", "surrogatepass"))
        digest.update(pack(f"<{len(self._texts)}Q", *map(len, self._texts)))
        digest.update(pack(f"<{len(self._numbers)}d", *map(add, self._numbers, repeat(_GRID))))
        return digest.hexdigest()


_Pick: TypeAlias = Callable[[Any], Sequence[Any]] | None
"""Gives some values of a container; None if there are none."""


class _Shape(NamedTuple):
    """What containers with the same keys and types have in common, and how their values are read."""

    told: str
    numbers: _Pick
    texts: _Pick
    inner: _Pick
    has_outline: bool = False
    has_size: bool = False
    is_elsewhere: bool = False


class _Shapes:
    """The shapes met so far. A file has few, as everything in it comes from the same program."""

    def __init__(self) -> None:
        self._nodes: dict[tuple[object, ...], _Shape] = {}
        self._maps: dict[tuple[object, ...], _Shape] = {}
        self._lists: dict[tuple[object, ...], _Shape] = {}

    def of_node(self, node: Json) -> _Shape:
        """The shape of a node, less its children and what no render shows."""
        signature = (*node, *map(type, node.values()))
        shape = self._nodes.get(signature)
        if shape is None:
            shape = self._nodes[signature] = _map_shape(node, UNSEEN | {BOUND, "children"})
        return shape

    def of_map(self, values: Json) -> _Shape:
        """The shape of a map inside of a node."""
        signature = (*values, *map(type, values.values()))
        shape = self._maps.get(signature)
        if shape is None:
            shape = self._maps[signature] = _map_shape(values, {BOUND})
        return shape

    def of_list(self, values: list[Any]) -> _Shape:
        """The shape of a list inside of a node."""
        signature = tuple(map(type, values))
        shape = self._lists.get(signature)
        if shape is None:
            kinds = [_KINDS[type_] for type_ in signature]
            shape = self._lists[signature] = _shape("".join(kinds), list(enumerate(kinds)))
        return shape


def _map_shape(values: Json, unseen: Collection[str]) -> _Shape:
    kinds = sorted((key, _KINDS[type(value)]) for key, value in values.items() if key not in unseen)
    keys = values.keys()
    return _shape(repr(kinds), kinds)._replace(
        has_outline=bool(_OUTLINES & keys), has_size="size" in keys, is_elsewhere=ELSEWHERE in keys
    )


def _shape(told: str, kinds: Sequence[tuple[Any, str]]) -> _Shape:
    """A shape of keys, or of places in a list, with the kind of value at each."""
    numbers, texts, inner = (_pick([key for key, kind in kinds if kind in which]) for which in ("NB", "T", "DL"))
    return _Shape(told, numbers, texts, inner)


def _pick(keys: list[Any]) -> _Pick:
    match keys:
        case []:
            return None
        case [key]:
            return lambda container: (container[key],)
        case _:
            return itemgetter(*keys)
