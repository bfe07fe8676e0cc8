"""How values print in templates, in both dialects: as Swift prints them, because templates of other tools expect that.

In: a value of a context. Out: its text. Rule: nothing for None, `true`, `16.0`, `["A", "B"]`; counted while it grows.
"""

import json
from collections.abc import Mapping
from unicodedata import category

from exfig_rx.export.files import is_strange
from exfig_rx.export.names import escaped
from exfig_rx.export.template_faults import TemplateFault
from exfig_rx.export.template_limits import DEEPEST_LIST, Budget


def printed(value: object, budget: Budget) -> str:
    """What `{{ value }}` prints."""
    match value:
        case str():
            return value
        case None:
            return ""
        case _:
            return _listed(value, budget, 0)


def commented(text: str) -> str:
    """`text` with `//` before each line that has none yet, without blank lines at its ends."""
    lines = text.strip().split("\n")
    return "\n".join(line if line.startswith("//") else f"// {line}".rstrip() for line in lines)


def json_text(value: object, budget: Budget) -> str:
    """`value` as JSON."""
    budget.weigh(value)
    return json.dumps(value, ensure_ascii=False)


def swift_literal(text: str) -> str:
    """`text` as a Swift string literal, quotes included."""
    return f'"{escaped(text, chr(34))}"'


def swift_text(text: str) -> str:
    """`text` for between double quotes in Swift, and as harmless in a comment of either kind."""
    shown = "".join(_shown(char) for char in escaped(text, '"'))
    return shown.replace("*/", "*\\u{2F}").replace("/*", "/\\u{2A}")


def _shown(char: str) -> str:
    if not is_strange(char):
        return char
    return "\ufffd" if category(char) == "Cs" else f"\\u{{{ord(char):X}}}"


def _listed(value: object, budget: Budget, depth: int) -> str:
    """`value` as it stands in a printed list, where texts have quotes."""
    match value:
        case str():
            return swift_literal(value)
        case None:
            return "nil"
        case bool():
            return str(value).lower()
        case list() | tuple() | range():
            return _bracketed([_inner(item, budget, depth) for item in value], budget)
        case Mapping():
            pairs = [f"{_inner(key, budget, depth)}: {_inner(value[key], budget, depth)}" for key in value]
            return _bracketed(pairs, budget) if pairs else "[:]"
        case _:
            return str(value)


def _inner(value: object, budget: Budget, depth: int) -> str:
    if depth >= DEEPEST_LIST:
        raise TemplateFault("template.too-large", f"prints lists within lists, over {DEEPEST_LIST} deep")
    budget.step()
    return budget.taken(_listed(value, budget, depth + 1))


def _bracketed(parts: list[str], budget: Budget) -> str:
    budget.take(sum(map(len, parts)) + 2 * len(parts))
    return f"[{', '.join(parts)}]"
