"""What each key is for and where it may stand, for messages and for the JSON Schema.

In: the models and `keys.yaml`. Out: a description and a usual value of each key, and the blocks that know it. Loaded
only when a message needs it: a valid config never does.
"""

from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

import yaml

from exfig_rx.config.nodes import child_key
from exfig_rx.config.schema import Block, blocks


class KeyDoc(NamedTuple):
    """A usual value, as it is written in YAML, and one sentence."""

    usual: str
    meaning: str


def key_doc(block: type[Block], key: str) -> KeyDoc:
    """What `key` of `block` is for. Raises KeyError if nobody wrote it down."""
    docs = _docs()
    for owner in block.__mro__:
        if key in (found := docs.get(owner.__name__, {})):
            return KeyDoc(*found[key])
    raise KeyError(f"{block.__name__}.{key}")


@cache
def places_of_keys() -> dict[str, tuple[str, ...]]:
    """For each key the key paths, without indices, at which it may stand."""
    found: dict[str, list[str]] = {}
    for path, block in blocks().items():
        for name, field in block.model_fields.items():
            key = field.alias or name
            found.setdefault(key, []).append(child_key(path, key))
    return {key: tuple(paths) for key, paths in found.items()}


@cache
def _docs() -> dict[str, dict[str, tuple[str, str]]]:
    text = files("exfig_rx.config").joinpath("keys.yaml").read_text(encoding="utf-8")
    docs: dict[str, dict[str, tuple[str, str]]] = yaml.safe_load(text)
    return docs


WITHOUT_OUTPUT: Final = {
    "priority": "decides whose turn it is, not what is exported",
    "figma.timeout": "decides how long a request may take",
    "figma.rateLimit": "decides how fast requests go",
    "common.cache.enabled": "decides what is remembered between runs",
    "common.cache.path": "the file of the older tool; what is known of Figma is kept elsewhere",
    "ios.xcodeprojPath": "accepted; Xcode projects are not edited",
    "ios.target": "accepted; Xcode projects are not edited",
    **{
        f"{platform}.colors.{key}": "checked; the platform has no place for colors of high contrast"
        for platform in ("android", "web")
        for key in ("lightHCModeName", "darkHCModeName")
    },
    "ios.images.renderModeDefaultSuffix": "as in ExFig 1: only icons have suffixes of render modes",
    "ios.images.renderModeOriginalSuffix": "as in ExFig 1: only icons have suffixes of render modes",
    "ios.images.renderModeTemplateSuffix": "as in ExFig 1: only icons have suffixes of render modes",
}
"""Keys that change nothing that is exported, by their path without indices, each with its reason."""
