"""Other spellings of keys, rewritten to the ones that count: those of old versions and of documents that were wrong.

In: the top mapping as written. Out: the mapping in our spelling. Rule: each rewriting is told once, with the spelling
to use; a key that stands there in both spellings is an error; what was never a feature is dropped with a warning.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from exfig_rx.config.excerpt import Mark
from exfig_rx.config.findings import Findings
from exfig_rx.config.nodes import MappingNode, Node, Scalar, SequenceNode, child_key


@dataclass(frozen=True, slots=True)
class Renamed:
    """`new` is the key; `convert` makes its value, None for a value that means "leave the key out"."""

    new: str
    convert: Callable[[Node], Node | None] = lambda node: node


@dataclass(frozen=True, slots=True)
class Dropped:
    """A key that never did anything; `why` follows "has no effect: "."""

    why: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A key that must not be there; told once for all keys of a block that have the same message."""

    code: str
    message: str
    hint: str


CREDENTIAL_IN_FILE = "an access token does not belong in a config"
CREDENTIAL_ADVICE = (
    "Set the environment variable FIGMA_PERSONAL_TOKEN instead, remove this key, and revoke the token in Figma's "
    "settings: whoever can read this file can use it."
)

Rule: TypeAlias = Renamed | Dropped | Refused


def _all_vectors(node: Node) -> Node | None:
    if isinstance(node, Scalar) and node.flag is False:
        return None
    if isinstance(node, Scalar) and node.flag is True:
        return SequenceNode([Scalar("*", '"', node.mark)], node.mark)
    return node


def _font_file(node: Node) -> Node:
    if isinstance(node, Scalar):
        return Scalar(node.text.rstrip("/") + "/UIFont+extension.swift", '"', node.mark)
    return node


_NO_FEATURE = Dropped("there is no such feature")
_FRAMELESS = Dropped("styles have no frame")
_VARIABLES = Refused(
    "config.variables-block",
    "colors from variables are described in common.variablesColors, not here",
    "Write common: { variablesColors: { tokensFileId: <id of the file>, tokensCollectionName: <collection>, "
    "lightModeName: <mode>, darkModeName: <mode> } } instead of common.colors.",
)
_SECRET = Refused("config.secret", CREDENTIAL_IN_FILE, CREDENTIAL_ADVICE)

RULES: dict[str, dict[str, Rule]] = {
    "figma": {
        "personalAccessToken": _SECRET,
        "teamId": Dropped("only files are read"),
        "projectId": Dropped("only files are read"),
    },
    "common.colors": {
        "useVariables": _VARIABLES,
        "variableCollectionName": _VARIABLES,
        "lightModeName": _VARIABLES,
        "darkModeName": _VARIABLES,
        "figmaFrameName": _FRAMELESS,
    },
    "common.icons": {"nameStyle": Dropped("the style belongs to each icons block of a platform")},
    "common.typography": {"figmaFrameName": _FRAMELESS},
    "ios.colors": {"swiftUIColorSwift": Renamed("swiftuiColorSwift"), "groupByPrefix": Renamed("groupUsingNamespace")},
    "ios.icons": {
        "renderingMode": Renamed("renderMode"),
        "preservesVectorData": Renamed("preservesVectorRepresentation", _all_vectors),
    },
    "ios.typography": {
        "fontExtensionDirectory": Renamed("fontSwift", _font_file),
        "swiftUILabelStyleSwift": _NO_FEATURE,
        "fontMapping": _NO_FEATURE,
    },
    "android.colors": {
        "output": Renamed("xmlOutputFileName"),
        "nameStyle": Dropped("color resources are always snake_case"),
        "hexFormat": _NO_FEATURE,
    },
    "android.icons": {"useNativeVectorDrawable": _NO_FEATURE},
    "android.images": {"nameStyle": Dropped("drawables are always snake_case")},
    "android.typography": {
        "output": Dropped("the file is always values/typography.xml"),
        "fontMapping": _NO_FEATURE,
    },
    "flutter": {"assets": Dropped("assets are listed in pubspec.yaml, under flutter")},
    "web.colors": {
        "cssFile": Renamed("cssFileName"),
        "tsFile": Renamed("tsFileName"),
        "jsonFile": Renamed("jsonFileName"),
    },
    "web.icons": {
        "assetsDirectory": Renamed("svgDirectory"),
        "exportTypes": Dropped("types.ts is written whenever generateReactComponents is true"),
    },
}
_ON_THE_WAY = frozenset(part for path in RULES for part in (path, path.partition(".")[0]))


def in_our_spelling(root: MappingNode, findings: Findings) -> MappingNode:
    """`root` with other spellings replaced. Nodes are shared with `root` where nothing changes."""
    return _rewritten(root, "", "", findings)


def _rewritten(node: MappingNode, path: str, shown: str, findings: Findings) -> MappingNode:
    changed: dict[str, Node] = {}
    for key, value in node.items():
        inner = child_key(path, key)
        if inner not in _ON_THE_WAY:
            continue
        new: Node = value
        if isinstance(value, MappingNode):
            new = _rewritten(value, inner, child_key(shown, key), findings)
        elif isinstance(value, SequenceNode):
            new = _rewritten_items(value, inner, child_key(shown, key), findings)
        if new is not value:
            changed[key] = new
    rules = RULES.get(path, {})
    if not changed and not rules.keys() & node.keys():
        return node
    return _Rewriting(node, {**node, **changed}, dict(node.marks), shown, findings).apply(rules)


def _rewritten_items(items: SequenceNode, path: str, shown: str, findings: Findings) -> SequenceNode:
    new = [
        _rewritten(item, path, f"{shown}[{index}]", findings) if isinstance(item, MappingNode) else item
        for index, item in enumerate(items)
    ]
    same = all(after is before for after, before in zip(new, items, strict=True))
    return items if same else SequenceNode(new, items.mark)


@dataclass(slots=True)
class _Rewriting:
    node: MappingNode
    values: dict[str, Node]
    marks: dict[str, Mark]
    shown: str
    findings: Findings

    def apply(self, rules: dict[str, Rule]) -> MappingNode:
        told: set[str] = set()
        for old in [key for key in self.node if key in rules]:
            rule, value, mark = rules[old], self.values.pop(old), self.marks.pop(old)
            key = child_key(self.shown, old)
            match rule:
                case Renamed():
                    self._rename(old, rule, value, mark)
                case Dropped(why):
                    self.findings.warning(
                        "config.no-effect", f"{old} has no effect: {why}", "Remove it.", at=mark, key=key
                    )
                case Refused(code, message, hint):
                    if message not in told:
                        self.findings.error(code, message, hint, at=mark, key=key)
                    told.add(message)
        return MappingNode(self.values.items(), self.node.mark, self.marks)

    def _rename(self, old: str, rule: Renamed, value: Node, mark: Mark) -> None:
        key = child_key(self.shown, old)
        if rule.new in self.values:
            first = self.marks[rule.new].line + 1
            message = f"{old} is another spelling of {rule.new}, which stands in line {first}"
            self.findings.error("config.two-spellings", message, f"Remove {old}.", at=mark, key=key)
            return
        self.findings.warning(
            "config.other-spelling", f"{old} is read as {rule.new}", f"Write {rule.new}.", at=mark, key=key
        )
        if (converted := rule.convert(value)) is not None:
            self.values[rule.new], self.marks[rule.new] = converted, mark
