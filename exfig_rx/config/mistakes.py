"""What the models refuse, in words: where it stands, what was expected, what was found, what to write instead.

In: pydantic's errors and the tree. Out: findings. Rule: no error reaches people in pydantic's own words, and every
unknown key names the nearest known one or the block where it belongs (see `nearest`).
"""

import re
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from exfig_rx.config.dialect import CREDENTIAL_ADVICE, CREDENTIAL_IN_FILE
from exfig_rx.config.excerpt import Mark, Place, SourceText, is_secret_key, quoted
from exfig_rx.config.findings import MOST_PROBLEMS, Findings
from exfig_rx.config.keys import key_doc
from exfig_rx.config.nearest import advice_for_key, nearest_word
from exfig_rx.config.nodes import MappingNode, Node, Scalar, SequenceNode, child_key
from exfig_rx.config.schema import blocks, keys_of


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """A key of the tree: `key` is its path as shown, `path` the same without indices, `node` None if it is missing.

    `block` is the path of the mapping `holder` that has or lacks the key, `opening` the place where that one begins.
    """

    name: str
    key: str
    path: str
    block: str
    holder: MappingNode
    opening: Mark
    node: Node | None

    @property
    def place(self) -> Mark:
        """Where the value stands."""
        return self.opening if self.node is None else self.node.mark


def find(root: MappingNode, loc: tuple[int | str, ...]) -> Spot:
    """The spot that pydantic means by `loc`."""
    spot = Spot("", "", "", "", root, root.mark, root)
    opening = root.mark
    for part in loc:
        node = spot.node
        if isinstance(part, str):
            holder = node if isinstance(node, MappingNode) else spot.holder
            key, path = child_key(spot.key, part), child_key(spot.path, part)
            spot = Spot(part, key, path, spot.path, holder, opening, holder.get(part))
            opening = holder.marks.get(part, opening)
        elif isinstance(node, SequenceNode):  # otherwise the block stands on its own, and pydantic saw a list of one
            spot = Spot(spot.name, f"{spot.key}[{part}]", spot.path, spot.block, spot.holder, opening, node[part])
            opening = node[part].mark
    return spot


def explain(error: ValidationError, root: MappingNode, findings: Findings) -> None:
    """Tell each of pydantic's errors about `root`, at most `MOST_PROBLEMS` of them."""
    faults = error.errors(include_url=False, include_input=False)
    for fault in faults[:MOST_PROBLEMS]:
        _tell(fault["type"], find(root, fault["loc"]), fault.get("ctx", {}), fault["msg"], findings)
    findings.untold += len(faults[MOST_PROBLEMS:])


def _tell(kind: str, spot: Spot, ctx: dict[str, Any], said: str, findings: Findings) -> None:
    match kind:
        case "extra_forbidden":
            _unknown_key(spot, findings)
        case "missing":
            missing_key(spot, findings)
        case "expected":
            _expected(spot, ctx["expected"], ctx["hint"] or _usual(spot), findings)
        case "wrong":
            at = _character(findings.source, spot.node, ctx["offset"]) or spot.place
            findings.error(ctx["code"], ctx["message"], ctx["hint"], at=at, key=spot.key)
        case "enum" | "literal_error":
            _word(spot, re.findall(r"'([^']*)'", ctx["expected"]), findings)
        case "greater_than_equal":
            _expected(spot, f"at least {ctx['ge']:g}", _usual(spot), findings)
        case "less_than_equal":
            _expected(spot, f"at most {ctx['le']:g}", _usual(spot), findings)
        case "greater_than":
            _expected(spot, f"more than {ctx['gt']:g}", _usual(spot), findings)
        case "model_type":
            _expected(spot, "a block of keys", _usual(spot), findings)
        case _:
            findings.error("config.value", said, at=spot.place, key=spot.key)


def missing_key(spot: Spot, findings: Findings) -> None:
    """A key that its block needs; told at the line where the block begins, or at the key if it is there and empty."""
    doc = key_doc(blocks()[spot.block], spot.name)
    mark = spot.holder.marks.get(spot.name)
    state = "missing" if mark is None else "empty"
    message = f"{spot.name} is {state}. {doc.meaning}"
    at = spot.opening if mark is None else mark
    findings.error("config.missing-key", message, f"Write {spot.name}: {doc.usual}", at=at, key=spot.key)


def _expected(spot: Spot, what: str, hint: str, findings: Findings) -> None:
    findings.error("config.value", f"expected {what}, found {_found(spot.node)}", hint, at=spot.place, key=spot.key)


def _usual(spot: Spot) -> str:
    block = blocks().get(spot.block)
    known = block is not None and spot.name in keys_of(block)
    return f"A usual value is {spot.name}: {key_doc(block, spot.name).usual}" if block and known else ""


def _word(spot: Spot, words: list[str], findings: Findings) -> None:
    near = nearest_word(_text(spot), words)
    ordered = sorted(words, key=lambda word: word != near)
    if near is None:
        hint = "Write one of these words exactly."
    else:
        hint = f"Write {near}: letter case counts." if near.lower() == _text(spot).lower() else f"Did you mean {near}?"
    _expected(spot, " or ".join(filter(None, (", ".join(ordered[:-1]), ordered[-1]))), hint, findings)


def _text(spot: Spot) -> str:
    return spot.node.text if isinstance(spot.node, Scalar) else ""


def _unknown_key(spot: Spot, findings: Findings) -> None:
    at = spot.holder.key_place(spot.name)
    if is_secret_key(spot.name):
        findings.error("config.secret", CREDENTIAL_IN_FILE, CREDENTIAL_ADVICE, at=at, key=spot.key)
        return
    advice = advice_for_key(spot.name, spot.block, spot.node)
    findings.error("config.unknown-key", f"unknown key {quoted(spot.name)}", advice, at=at, key=spot.key)


def _found(node: Node | None) -> str:
    if isinstance(node, Scalar):
        if node.is_null:
            return "nothing"
        return quoted(node.text) + (" in quotes" if node.style in ("'", '"') else "")
    return "a list" if isinstance(node, SequenceNode) else "a block of keys"


def _character(source: SourceText, node: Node | None, offset: int) -> Mark | None:
    """The place of one character of a scalar; None where the source text is not simply the value."""
    if not isinstance(node, Scalar) or node.style not in ("", "'") or not offset:
        return None
    written = node.text.replace("'", "''") if node.style else node.text
    start = node.mark.column + len(node.style)
    line = source.lines[node.mark.line]
    if not line.startswith(node.style + written, node.mark.column):
        return None
    before = node.text[:offset]
    return Place(node.mark.line, start + len(before.replace("'", "''") if node.style else before))
