"""The REST subset: which path is which endpoint, in which tier, and what it answers.

In: a design and a request. Out: JSON, or `Refused` with Figma's words for it. Rules: tiers and error dialects as
documented (https://developers.figma.com/docs/rest-api/rate-limits/, https://github.com/figma/rest-api-spec); nothing
here knows sockets, limits or faults.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any

from exfig_rx.model import Tier
from exfig_rx.sandbox import payloads, tree
from exfig_rx.sandbox.design import Design, DesignFault, DesignFile, Edit, Json

FORMATS = ("png", "svg", "pdf", "jpg")
_BOOLEANS = ("true", "false")


class Dialect(Enum):
    """How an endpoint words its errors."""

    ERR = "err"
    MESSAGE = "message"
    LIBRARY = "err, but message for 404"
    STORAGE = "XML, as the storage of pictures has it"


class Refused(Exception):
    """A request that Figma answers with an error: HTTP `status` and its `text`."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(status, text)
        self.status = status
        self.text = text


@dataclass(frozen=True, slots=True)
class Call:
    """A GET as an endpoint sees it: the file with all its versions, the query, and where CDN links lead."""

    history: tuple[DesignFile, ...]
    file: DesignFile
    query: Mapping[str, str]
    links: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint: tier, error dialect, and the function that answers a GET."""

    tier: Tier
    dialect: Dialect
    answer: Callable[[Call], Json]
    takes_version: bool = False


def error_body(dialect: Dialect, status: int, text: str) -> Json:
    """An error in the words of the endpoint."""
    if dialect is Dialect.MESSAGE or (dialect is Dialect.LIBRARY and status == 404):
        return {"error": True, "status": status, "message": text}
    return {"status": status, "err": text}


def _ids(query: Mapping[str, str]) -> tuple[str, ...]:
    ids = tuple(dict.fromkeys(one for one in query.get("ids", "").split(",") if one))
    if not ids:
        raise Refused(400, "Missing required parameter: ids")
    return ids


def _depth(query: Mapping[str, str]) -> int | None:
    text = query.get("depth", "")
    if text and not (text.isascii() and text.isdigit() and int(text) > 0):
        raise Refused(400, f"Invalid value for depth: {text}")
    return int(text) if text else None


def _geometry(query: Mapping[str, str]) -> bool:
    if query.get("geometry", "paths") != "paths":
        raise Refused(400, f"Invalid value for geometry: {query['geometry']}")
    return "geometry" in query


def _get_file(call: Call) -> Json:
    root = tree.document(call.file, geometry=_geometry(call.query))
    if call.query.get("ids"):
        root = tree.only(root, frozenset(_ids(call.query)))
    library = payloads.library_maps(call.file)
    return {**payloads.head(call.file, call.links), "document": tree.cut(root, _depth(call.query)), **library}


def _get_nodes(call: Call) -> Json:
    ids, depth = _ids(call.query), _depth(call.query)
    known = _nodes_of(call.file, geometry=_geometry(call.query))
    library = _library_maps(call.file)
    found: Json = {}
    for id_ in ids:
        node = known.get(id_)
        near = {name: _mentioned(items, node) for name, items in library.items() if isinstance(items, dict)}
        found[id_] = node and {"document": tree.cut(node, depth), **near, "schemaVersion": 0}
    return {**payloads.head(call.file, call.links), "nodes": found}


@lru_cache(maxsize=64)
def _nodes_of(file: DesignFile, *, geometry: bool) -> Json:
    root = tree.document(file, geometry=geometry)
    in_tree = {id_: node for id_, node in tree.by_id(root).items() if id_ != root["id"]}
    return {**in_tree, **payloads.style_nodes(file)}


@lru_cache(maxsize=64)
def _library_maps(file: DesignFile) -> Json:
    return payloads.library_maps(file)


def _mentioned(items: Json, node: Json | None) -> Json:
    """The entries of a library map that belong to the nodes of a subtree (styles of the sandbox are never used)."""
    return {one["id"]: items[one["id"]] for one in tree.walk(node) if one["id"] in items} if node else {}


def _get_images(call: Call) -> Json:
    ids = _ids(call.query)
    image_format, scale = call.query.get("format", "png"), call.query.get("scale", "1")
    if image_format not in FORMATS:
        raise Refused(400, f"Invalid value for format: {image_format}")
    try:
        in_range = 0.01 <= float(scale) <= 4
    except ValueError:
        in_range = False
    if not in_range:
        raise Refused(400, f"Invalid value for scale: {scale}")
    for name, value in call.query.items():
        if name.startswith("svg_") or name in ("contents_only", "use_absolute_bounds"):
            _check_boolean(name, value)
    known = _nodes_of(call.file, geometry=False)
    drawn = {id_ for id_ in ids if id_ in known and _draws(known[id_])}
    factor = f"{float(scale):g}"
    return {
        "err": None,
        "images": {
            id_: payloads.picture_url(call.links, call.file, id_, factor, image_format) if id_ in drawn else None
            for id_ in ids
        },
    }


def _check_boolean(name: str, value: str) -> None:
    if value not in _BOOLEANS:
        raise Refused(400, f"Invalid value for {name}: {value}")


def _draws(node: Json) -> bool:
    """Only components have pictures here; hidden and fully transparent ones fail to render, as with Figma."""
    return (
        node["type"] == "COMPONENT"
        and node.get("visible", True)
        and node.get("opacity", 1) != 0
        and bool(node.get("children"))
    )


def _get_fills(call: Call) -> Json:
    refs = call.file.source.get("images", {})
    links = {ref: f"{call.links}/cdn/{call.file.key}/{call.file.version}/fills/{ref}.png" for ref in refs}
    return {"error": False, "status": 200, "meta": {"images": links}}


def _get_versions(call: Call) -> Json:
    return payloads.versions(call.history)


def _library(make: Callable[[Call], Json]) -> Callable[[Call], Json]:
    return lambda call: {"status": 200, "error": False, "meta": make(call)}


ENDPOINTS: Mapping[str, Endpoint] = {
    "files": Endpoint(Tier.ONE, Dialect.ERR, _get_file, takes_version=True),
    "files/nodes": Endpoint(Tier.ONE, Dialect.ERR, _get_nodes, takes_version=True),
    "images": Endpoint(Tier.ONE, Dialect.ERR, _get_images, takes_version=True),
    "files/images": Endpoint(Tier.TWO, Dialect.ERR, _get_fills),
    "files/variables/local": Endpoint(Tier.TWO, Dialect.MESSAGE, _library(lambda call: payloads.variables(call.file))),
    "files/variables/published": Endpoint(
        Tier.TWO, Dialect.MESSAGE, _library(lambda call: payloads.published_variables(call.file))
    ),
    "files/versions": Endpoint(Tier.TWO, Dialect.ERR, _get_versions),
    "files/meta": Endpoint(Tier.THREE, Dialect.ERR, lambda call: payloads.meta(call.file, call.links)),
    "files/components": Endpoint(
        Tier.THREE, Dialect.LIBRARY, _library(lambda call: payloads.components(call.file, call.links))
    ),
    "files/component_sets": Endpoint(
        Tier.THREE, Dialect.LIBRARY, _library(lambda call: payloads.component_sets(call.file, call.links))
    ),
    "files/styles": Endpoint(Tier.THREE, Dialect.LIBRARY, _library(lambda call: payloads.styles(call.file))),
    "me": Endpoint(Tier.THREE, Dialect.ERR, lambda _: {**payloads.USER, "email": "maren@harbor.example"}),
    "files/variables": Endpoint(Tier.THREE, Dialect.MESSAGE, lambda _: {}),
    "webhooks": Endpoint(Tier.TWO, Dialect.MESSAGE, lambda _: {}),
}


@dataclass(frozen=True, slots=True)
class Route:
    """Where a path leads: endpoint name and file key (empty for what is of no file)."""

    name: str
    file_key: str

    @property
    def endpoint(self) -> Endpoint:
        """The row of `ENDPOINTS`."""
        return ENDPOINTS[self.name]


def route(method: str, path: str) -> Route | None:
    """The endpoint of a path such as `/v1/files/<key>/styles`; None if there is none for this method."""
    allowed: tuple[str, ...] = ("GET", "HEAD")
    match path.split("/"):
        case ["", "v1", "me"]:
            found = Route("me", "")
        case ["", "v2", "webhooks", *id_] if len(id_) < 2:
            found, allowed = Route("webhooks", ""), ("GET", "DELETE" if id_ else "POST")
        case ["", "v1", "files" | "images" as area, key, *rest] if key:
            found = Route("/".join([area, *rest]), key)
        case _:
            return None
    if found.name == "files/variables":
        allowed = ("POST",)
    return found if found.name in ENDPOINTS and method in allowed else None


def get(design: Design, to: Route, query: tuple[tuple[str, str], ...], links: str) -> bytes:
    """The JSON text of a successful GET; raises `Refused`."""
    if to.name == "me":
        return json.dumps(ENDPOINTS["me"].answer(Call((), _NOBODY, {}, links))).encode()
    version = dict(query).get("version", "") if to.endpoint.takes_version else ""
    file = design.file(to.file_key, version)
    if file is None:
        raise Refused(404, "Not found")
    return _answer(to.name, design.files[to.file_key], file, query, links)


_NOBODY = DesignFile("", {}, "", "")


@lru_cache(maxsize=128)
def _answer(
    name: str, history: tuple[DesignFile, ...], file: DesignFile, query: tuple[tuple[str, str], ...], links: str
) -> bytes:
    body = ENDPOINTS[name].answer(Call(history, file, dict(query), links))
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def post_variables(design: Design, key: str, body: bytes) -> tuple[Design, Json]:
    """The design after a POST of code names, and the answer; all or nothing; raises `Refused`."""
    file = design.file(key)
    if file is None:
        raise Refused(404, "Not found")
    remote = {id_: item["remote"] for id_, item in payloads.variables(file)["variables"].items()}
    for change in _changes(body):
        id_ = str(change.get("id"))
        if change.get("action") != "UPDATE" or not isinstance(change.get("codeSyntax"), dict):
            raise Refused(400, "The sandbox can only UPDATE the codeSyntax of variables")
        if id_ not in remote:
            raise Refused(400, f"Variable with id {id_} not found")
        if remote[id_]:
            raise Refused(400, f"Variable with id {id_} is remote and can't be changed")
    edits = [Edit(key, str(change["id"]), {"codeSyntax": change["codeSyntax"]}) for change in _changes(body)]
    after = design.edited(*edits) if edits else design
    return after, {"status": 200, "error": False, "meta": {"tempIdToRealId": {}}}


def _changes(body: bytes) -> list[Json]:
    try:
        changes: Any = json.loads(body)["variables"]
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(400, "The body must be a JSON object with `variables`") from error
    if not isinstance(changes, list) or not all(isinstance(change, dict) for change in changes):
        raise Refused(400, "`variables` must be a list of objects")
    return changes


def edit(design: Design, body: bytes) -> tuple[Design, Json]:
    """The design after POST /sandbox/edit, and the answer; raises `Refused`."""
    try:
        source = json.loads(body)
        wanted = Edit(str(source["file"]), str(source.get("node", "")), dict(source.get("set", {})))
        after = design.edited(wanted)
    except DesignFault as error:
        raise Refused(400, str(error)) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused(400, 'An edit is {"file": key, "node": id or name, "set": {…}}') from error
    file = after.files[wanted.file][-1]
    return after, {"file": wanted.file, "version": file.version, "lastModified": file.last_modified}
