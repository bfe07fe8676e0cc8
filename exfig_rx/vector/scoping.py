"""Style sheets of one drawing that leave the rest of a page alone, and fetch nothing.

In: a sheet, and new names of ids, classes and keyframes. Out: the sheet for that drawing only, and what was left out.
Rules: where a selector of any sheet holds none of the drawing's own names, all selectors count below the element around
the drawing alone; what can't be read for sure, or would load something, is left out by name.
Source: https://www.w3.org/TR/css-syntax-3/
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from exfig_rx.vector.stylesheet import declarations

_PIECE: Final = re.compile(
    r"""\\.|"(?:[^"\n\\]|\\.)*"|'(?:[^'\n\\]|\\.)*'"""
    r"""|url\(\s*+[^"'()\s\\]*+\s*+\)|(?P<quoted>url\()(?=\s*+["'])|(?P<bad>url\()|[{}()\[\];,]|[^\\"'{}()\[\];,u]+|.""",
    re.DOTALL | re.IGNORECASE,
)
_STRING: Final = re.compile(r""""[^"]*"|'[^']*'""")
_COMMENT: Final = re.compile(r"/\*.*?(?:\*/|$)", re.DOTALL)
_NAMED: Final = re.compile(r"([.#])([\w-]+)")
_PSEUDO: Final = re.compile(r":[\w-]+\([^()]*\)")
_ROOT: Final = re.compile(r"(?:svg|:root)(?![\w-])")
_KEYFRAMES: Final = re.compile(r"@(?:-webkit-)?keyframes\s+([\w-]+)\s*$", re.IGNORECASE)
_STEP: Final = re.compile(r"[\s,\d.%a-z]+", re.IGNORECASE)
_NESTING: Final = re.compile(r"@(?:media|supports|container|layer)\b", re.IGNORECASE)
_FETCHES: Final = re.compile(r"""(?:url|src)\(\s*['"]?\s*(?!\s|['"#]|data:)|image-set\(|\\[^()]*\(""", re.IGNORECASE)
_WORD: Final = re.compile(r"[\w-]+")
_UNREADABLE: Final = "a style sheet that can't be read"
_LONGEST_TOLD: Final = 80

_CLOSING: Final = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class Scope:
    """The new names of ids, classes and keyframes; `around` is the id of the element around the drawing, if needed."""

    ids: Mapping[str, str]
    classes: Mapping[str, str]
    keyframes: Mapping[str, str]
    around: str | None = None


def keyframes(sheets: Iterable[str]) -> set[str]:
    """The names of all keyframes."""
    preludes = (prelude for sheet in sheets for prelude, _ in _blocks(_without_comments(sheet), {}))
    return {match[1] for prelude in preludes if (match := _KEYFRAMES.match(prelude.strip())) is not None}


def is_global(sheet: str, scope: Scope) -> bool:
    """Whether a selector of `sheet` holds none of the drawing's own names."""
    return _reaches_out(_without_comments(sheet), scope)


def scoped(sheet: str, scope: Scope) -> tuple[str, tuple[str, ...]]:
    """`sheet` with its own names renamed and its selectors below the element around, if any; and what is left out."""
    lost: dict[str, None] = {}
    text = _scoped(_without_comments(sheet), scope, lost)
    return text, tuple(lost)


def fetched(value: str) -> str | None:
    """What a value of CSS, or of an attribute that holds one, loads from elsewhere or may load; None if nothing."""
    return _told(value) if _FETCHES.search(value) else None


def with_keyframes(name: str, value: str, scope: Scope) -> str:
    """The value of the property `name`, with keyframes under their new names."""
    if not scope.keyframes or not name.removeprefix("-webkit-").startswith("animation"):
        return value
    return _WORD.sub(lambda word: scope.keyframes.get(word[0], word[0]), value)


def _without_comments(sheet: str) -> str:
    return _COMMENT.sub(" ", sheet).replace("<!--", " ").replace("-->", " ")


def _told(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_TOLD]


# ── reading ──


def _blocks(text: str, lost: dict[str, None]) -> Iterator[tuple[str, str | None]]:
    """What stands before a block and what is in it; None for a statement that has none. Ends where nothing is sure."""
    parts: list[list[str]] = [[], []]
    open_: list[str] = []
    for match in _PIECE.finditer(text):
        piece = match[0]
        if piece in _CLOSING or match["quoted"]:
            if piece == "{" and open_[-1:] in (["("], ["["]):
                break
            open_.append(piece[-1])
            if open_ == ["{"]:
                continue
        elif piece in (")", "]", "}"):
            if not open_ or _CLOSING[open_.pop()] != piece:
                break
            if not open_ and piece == "}":
                yield "".join(parts[0]), "".join(parts[1])
                parts = [[], []]
                continue
        elif piece == ";" and not open_:
            yield "".join(parts[0]), None
            parts = [[], []]
            continue
        elif piece in ('"', "'", "\\") or match["bad"]:
            break  # a text without an end
        parts[open_[:1] == ["{"]].append(piece)
    else:
        if not open_ and not "".join(parts[0]).strip():
            return
    lost[_UNREADABLE] = None


def _listed(prelude: str) -> list[str]:
    """Selectors between the commas that are in no brackets."""
    found, depth = [""], 0
    for match in _PIECE.finditer(prelude):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(match[0], 0)
        if match[0] == "," and depth == 0:
            found.append("")
        else:
            found[-1] += match[0]
    return [selector.strip() for selector in found]


def _reaches_out(text: str, scope: Scope) -> bool:
    for prelude, body in _blocks(text, {}):
        bare = prelude.strip()
        if body is None or _KEYFRAMES.match(bare):
            continue
        if _NESTING.match(bare):
            if _reaches_out(body, scope):
                return True
        elif not bare.startswith("@") and not all(_is_own(selector, scope) for selector in _listed(bare)):
            return True
    return False


def _is_own(selector: str, scope: Scope) -> bool:
    # what a selector must not have says nothing of what it has
    names = _NAMED.findall(_PSEUDO.sub("", selector))
    return any(name in (scope.ids if kind == "#" else scope.classes) for kind, name in names)


# ── writing ──


def _scoped(text: str, scope: Scope, lost: dict[str, None]) -> str:
    rules: list[str] = []
    for prelude, body in _blocks(text, lost):
        bare = prelude.strip()
        gap = " " if prelude[-1:].isspace() else ""
        inner = None
        if body is None:
            if bare and not bare.lower().startswith("@charset"):
                lost[f"a style sheet from elsewhere ({_told(bare)})"] = None
            continue
        if match := _KEYFRAMES.match(bare):
            bare = f"{bare[: match.start(1)]}{scope.keyframes.get(match[1], match[1])}"
            inner = _steps(body, scope, lost)
        elif _NESTING.match(bare) and "\\" not in bare:
            inner = _scoped(body, scope, lost)
        elif not bare.startswith("@") and "{" not in _STRING.sub("", body) and "\\" not in bare:
            inner = _declared(body, scope, lost)
            bare = ", ".join(one for selector in _listed(bare) for one in _selectors(selector, scope))
        if inner is None:
            lost[f"the style of {_told(bare)!r}"] = None
        else:
            rules.append(f"{bare}{gap}{{{inner}}}")
    return " ".join(rules)


def _selectors(selector: str, scope: Scope) -> Iterator[str]:
    """A selector with the drawing's own names renamed; below the element around, or that element itself."""

    def named(match: re.Match[str]) -> str:
        names = scope.ids if match[1] == "#" else scope.classes
        return match[1] + names.get(match[2], match[2])

    bare, around = _NAMED.sub(named, selector), scope.around
    if around is None:
        yield bare
    elif (root := _ROOT.match(bare)) is not None:
        yield f"#{around}{bare[root.end() :]}"
    else:
        yield f"#{around} {bare}"
        if bare.startswith((".", "#")):
            yield f"#{around}{bare}"


def _steps(body: str, scope: Scope, lost: dict[str, None]) -> str:
    steps = ((step, inner) for step, inner in _blocks(body, lost) if inner is not None and _STEP.fullmatch(step))
    return "".join(f"{step.strip()}{{{_declared(inner, scope, lost)}}}" for step, inner in steps)


def _declared(body: str, scope: Scope, lost: dict[str, None]) -> str:
    """The inside of a rule; as it stands, unless something of it is left out or renamed."""
    kept: list[str] = []
    is_changed = fetched(body) is not None
    for name, value, is_important in declarations(body):
        new = with_keyframes(name, value, scope)
        if (what := fetched(value)) is not None:
            lost[f"a reference to {what}"] = None
        else:
            kept.append(f"{name}:{new}{' !important' if is_important else ''}")
        is_changed |= new != value
    return ";".join(kept) if is_changed else body
