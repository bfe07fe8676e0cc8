"""The shape of a config, valid or not: which platforms export which kinds, and where each entry stands.

In: the top mapping. Out: sections, entries and `common` blocks as nodes. Rule: what has the wrong type is left out;
the models report it.
"""

from dataclasses import dataclass
from functools import cached_property

from exfig_rx.config.excerpt import START, Mark
from exfig_rx.config.nodes import MappingNode, SequenceNode
from exfig_rx.model import Kind, Platform

EMPTY = MappingNode((), START, {})
LISTED_KINDS = (Kind.COLORS, Kind.ICONS, Kind.IMAGES)
SOURCE_KEYS = (
    "tokensFileId",
    "tokensCollectionName",
    "lightModeName",
    "darkModeName",
    "lightHCModeName",
    "darkHCModeName",
    "primitivesModeName",
)


@dataclass(frozen=True, slots=True, eq=False)
class EntryNode:
    """One block of one kind; `key` is its path, with an index when it is an item of a list (`listed`)."""

    platform: Platform
    kind: Kind
    key: str
    node: MappingNode
    listed: bool


@dataclass(frozen=True)
class Outline:
    """A config as nodes."""

    root: MappingNode

    @cached_property
    def sections(self) -> dict[Platform, MappingNode]:
        """The platforms that have a block."""
        return {platform: block for platform in Platform if (block := self.root.block(platform)) is not None}

    @cached_property
    def entries(self) -> tuple[EntryNode, ...]:
        """All color, icon and image blocks, in the order in which they run."""
        found: list[EntryNode] = []
        for platform, section in self.sections.items():
            for kind in LISTED_KINDS:
                value, key = section.get(kind), f"{platform}.{kind}"
                if isinstance(value, MappingNode):
                    found.append(EntryNode(platform, kind, key, value, False))
                elif isinstance(value, SequenceNode):
                    found += (
                        EntryNode(platform, kind, f"{key}[{index}]", item, True)
                        for index, item in enumerate(value)
                        if isinstance(item, MappingNode)
                    )
        return tuple(found)

    @cached_property
    def typography(self) -> dict[Platform, MappingNode]:
        """The platforms that export text styles."""
        found = {platform: section.block(Kind.TYPOGRAPHY) for platform, section in self.sections.items()}
        return {platform: block for platform, block in found.items() if block is not None}

    @cached_property
    def figma(self) -> MappingNode:
        """`figma`."""
        return self.root.block("figma") or EMPTY

    @cached_property
    def common(self) -> MappingNode:
        """`common`."""
        return self.root.block("common") or EMPTY

    def of(self, kind: Kind, platform: Platform | None = None) -> tuple[EntryNode, ...]:
        """The entries of one kind, of all platforms or one."""
        return tuple(e for e in self.entries if e.kind is kind and platform in (None, e.platform))

    @cached_property
    def object_colors(self) -> tuple[EntryNode, ...]:
        """The color blocks that take their source from `common` or `figma`."""
        return tuple(entry for entry in self.of(Kind.COLORS) if not entry.listed)

    @property
    def style_colors(self) -> tuple[EntryNode, ...]:
        """The color blocks whose colors are published styles."""
        return () if self.common.has("variablesColors") else self.object_colors

    def single_file(self, kind: Kind) -> bool:
        """Whether all modes of `kind` are in one file."""
        return (self.common.block(kind) or EMPTY).flag("useSingleFile")

    def unused(self) -> tuple[str, ...]:
        """The key paths of `common` that no output uses."""
        used = {entry.kind for entry in self.entries}
        paths = [
            *("common.colors", "common.variablesColors") * (not self.object_colors),
            *("common.icons",) * (Kind.ICONS not in used),
            *("common.images",) * (Kind.IMAGES not in used),
            *("common.typography",) * (not self.typography),
        ]
        return tuple(path for path in paths if self.common.has(path.removeprefix("common.")))

    def figma_place(self) -> Mark | None:
        """Where `figma` stands, None without it."""
        return self.root.marks.get("figma")
