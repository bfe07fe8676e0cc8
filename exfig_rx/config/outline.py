"""The shape of a config, valid or not: which platforms export which kinds, and where each entry stands.

In: the top mapping. Out: sections, entries and `common` blocks as nodes. Rule: what has the wrong type is left out;
the models report it.
"""

from dataclasses import dataclass
from functools import cached_property

from exfig_rx.config.excerpt import START, Mark
from exfig_rx.config.nodes import MappingNode, Scalar, SequenceNode
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


@dataclass(frozen=True, slots=True, eq=False)
class TokensNode:
    """One block of design tokens; `key` is its path, with an index when it is an item of a list."""

    key: str
    node: MappingNode

    def wants(self, kind: str) -> bool:
        """Whether `kinds` names the kind, or is not there."""
        return self.names(kind) or not self.node.has("kinds")

    def names(self, kind: str) -> bool:
        """Whether `kinds` names the kind."""
        kinds = self.node.get("kinds")
        words = kinds if isinstance(kinds, SequenceNode) else ()
        return any(isinstance(word, Scalar) and word.text == kind for word in words)


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
    def tokens(self) -> tuple[TokensNode, ...]:
        """The blocks of design tokens."""
        value = self.root.get("tokens")
        if isinstance(value, MappingNode):
            return (TokensNode("tokens", value),)
        items = enumerate(value) if isinstance(value, SequenceNode) else ()
        return tuple(TokensNode(f"tokens[{index}]", item) for index, item in items if isinstance(item, MappingNode))

    @property
    def common_tokens(self) -> tuple[TokensNode, ...]:
        """The blocks of design tokens that take colors from where `common` and `figma` say."""
        return tuple(block for block in self.tokens if not block.node.has("tokensFileId") and block.wants("colors"))

    @property
    def style_tokens(self) -> tuple[TokensNode, ...]:
        """The blocks of design tokens whose colors are published styles."""
        return () if self.common.has("variablesColors") else self.common_tokens

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
        from_common = any(not block.node.has("tokensFileId") for block in self.tokens)
        paths = [
            *("common.colors",) * (not self.object_colors and not self.common_tokens),
            *("common.variablesColors",) * (not self.object_colors and not from_common),
            *("common.icons",) * (Kind.ICONS not in used),
            *("common.images",) * (Kind.IMAGES not in used),
            *("common.typography",) * (not self.typography),
        ]
        return tuple(path for path in paths if self.common.has(path.removeprefix("common.")))

    def figma_place(self) -> Mark | None:
        """Where `figma` stands, None without it."""
        return self.root.marks.get("figma")
