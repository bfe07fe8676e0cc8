"""From the paints of a style's node to one color.

In: a node as Figma gave it, or None. Out: a solid color, or why there is none. Rule: hidden paints don't exist, the
first visible one counts, and a type that this program has never heard of is a reason, not a crash.
(https://developers.figma.com/docs/rest-api/file-property-types/#paint-type)
"""

from dataclasses import dataclass

from exfig_rx.load.wording import quoted
from exfig_rx.model import Rgba, StyleNode

_WORDS = {
    "GRADIENT_LINEAR": "a linear gradient",
    "GRADIENT_RADIAL": "a radial gradient",
    "GRADIENT_ANGULAR": "an angular gradient",
    "GRADIENT_DIAMOND": "a diamond gradient",
    "IMAGE": "an image",
    "VIDEO": "a video",
    "EMOJI": "an emoji",
    "PATTERN": "a pattern",
}


@dataclass(frozen=True, slots=True)
class Solid:
    """A color, and how many visible paints lie beside the one it was taken from."""

    color: Rgba
    ignored: int = 0


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why a style gives no color, as the end of a sentence that begins with its name ("is a linear gradient")."""

    code: str
    reason: str


def solid_color(node: StyleNode | None) -> Solid | Unusable:
    """The color of the first visible paint of `node`; several paints are never mixed."""
    if node is None:
        return Unusable("node-missing", "has no node in Figma's answer")
    if not node.fills:
        return Unusable("no-paint", "has no paint")
    visible = [paint for paint in node.fills if paint.visible]
    if not visible:
        return Unusable("hidden-paint", "has hidden paints only")
    first = visible[0]
    if first.type == "SOLID" and first.color is not None:
        return Solid(first.color, len(visible) - 1)
    if first.type == "SOLID":
        return Unusable("unsupported-paint", "is a solid paint without a color")
    return Unusable("unsupported-paint", f"is {_WORDS.get(first.type) or f'a paint of type {quoted(first.type)}'}")
