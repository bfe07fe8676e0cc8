"""Token files for tests: written from small tables of variables, checked by the schemas of the format, and read."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator
from referencing import Registry, Resource

from exfig_rx.config.schema import Tokens
from exfig_rx.config.token_entries import KINDS, TokenEntry, TokenVariables
from exfig_rx.export.tokens import render_tokens
from exfig_rx.load.tokens import load_tokens
from exfig_rx.model import Rendered
from exfig_rx.variables import FileVariables
from tests.test_load.tables import Table, tokens

SCHEMAS = Path(__file__).parent / "dtcg/2025.10"
BASE = "https://www.designtokens.org/schemas/2025.10"


@cache
def _validator(name: str) -> Draft7Validator:
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(SCHEMAS.rglob("*.json"))]
    registry: Registry[Any] = Registry().with_resources((one["$id"], Resource.from_contents(one)) for one in found)
    return Draft7Validator({"$ref": f"{BASE}/{name}.json"}, registry=registry)


def faults(document: Any, name: str = "format") -> list[str]:
    """What the schema of the format has against a document."""
    return [f"{list(error.absolute_path)}: {error.message[:200]}" for error in _validator(name).iter_errors(document)]


def entry(variables: TokenVariables | None = None, **settings: Any) -> TokenEntry:
    """An entry that reads all variables of the file K."""
    made = Tokens.model_validate({"output": "tokens.json", **settings})
    kinds = frozenset(made.kinds or KINDS)
    return TokenEntry("tokens", kinds, variables or TokenVariables("K"), None, None, made.kinds is not None, made)


def rendered(of: TokenEntry, *tables: Table, library: FileVariables | None = None) -> Rendered:
    """The files of an entry over a file with these collections; `library` is another file that was read."""
    files = {"K": tokens(*tables), **({library.file_key: library} if library is not None else {})}
    return render_tokens(of, load_tokens(of, {}, files))


def documents(made: Rendered) -> dict[str, Any]:
    """Each file as JSON, by its path; every one of them is valid."""
    found: dict[str, Any] = {}
    for file in made.files:
        assert isinstance(file.content, bytes)
        found[file.path] = json.loads(file.content)
        assert faults(found[file.path], "resolver" if file.path.endswith("resolver.json") else "format") == []
    return found


def the_file(*tables: Table, **settings: Any) -> Any:
    """The one file of all variables of these collections."""
    (document,) = documents(rendered(entry(**settings), *tables)).values()
    return document


def leaves(group: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    """All tokens of a document by their paths."""
    for name, item in group.items():
        if isinstance(item, dict) and (not name.startswith("$") or name == "$root"):
            if "$value" in item:
                yield (*path, name), item
            else:
                yield from leaves(item, (*path, name))


def followed(document: Mapping[str, Any], value: Any, mode: str = "") -> Any:
    """The value that an alias leads to within a document, in a mode where tokens tell one."""
    seen = []
    while isinstance(value, str) and value.startswith("{"):
        assert value not in seen, f"{value} goes round in a circle"
        seen.append(value)
        token: Any = document
        for part in value[1:-1].split("."):
            token = token[part]
        value = token["$extensions"]["com.exfig"].get("modes", {}).get(mode, token["$value"])
    return value
