"""What Figma answers about a file: meta, styles, components, variables, in the shapes of its OpenAPI description.

In: a `DesignFile`. Out: JSON objects (https://github.com/figma/rest-api-spec). Rules: the traits that bite are kept:
numbers are float32 or integers, versions are strings, style nodes are outside of the document tree, lists come in no
useful order, `containing_frame` is camelCase while its neighbours are not.
"""

import struct
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha1
from typing import Any
from urllib.parse import quote

from exfig_rx.sandbox.design import DesignFile, Json

USER = {"id": "1187344211", "handle": "Maren Holm", "img_url": "https://www.gravatar.com/avatar/0?d=identicon"}
_STYLE_NODES = {"FILL": "RECTANGLE", "EFFECT": "RECTANGLE", "TEXT": "TEXT", "GRID": "FRAME"}
_BLACK = {"blendMode": "NORMAL", "type": "SOLID", "color": {"r": 0, "g": 0, "b": 0, "a": 1}}


def channel(value: float) -> float:
    """A number as Figma's JSON has it: float32 widened to double, whole numbers as integers."""
    narrow: float = struct.unpack("f", struct.pack("f", value))[0]
    return int(narrow) if narrow == int(narrow) else narrow


def rgba(text: str) -> dict[str, float]:
    """`#RRGGBB` or `#RRGGBBAA` as a color with channels from 0 to 1."""
    values = bytes.fromhex(text.removeprefix("#"))
    return {name: channel(value / 255) for name, value in zip("rgba", (*values, 255)[:4], strict=True)}


def paints(item: Json) -> list[Json]:
    """The `fills` of a color style: as written, or one SOLID whose transparency is the paint's opacity."""
    if "fills" in item:
        return [_paint(paint) for paint in item["fills"]]
    return [_paint({"type": "SOLID", "color": item["fill"]})]


def _paint(paint: Json) -> Json:
    paint = {"blendMode": "NORMAL", **paint}
    if isinstance(paint.get("color"), str):
        color = rgba(paint["color"])
        if color["a"] != 1:
            paint = {"opacity": color["a"], **paint}
        paint["color"] = {**color, "a": 1}
    if "gradientStops" in paint:
        stops = paint["gradientStops"]
        paint["gradientStops"] = [
            {**stop, "color": rgba(stop["color"]) if isinstance(stop["color"], str) else stop["color"]}
            for stop in stops
        ]
    return paint


def styles(file: DesignFile) -> Json:
    """`meta` of GET styles."""
    items = [
        {
            "key": key_of(file, item["id"]),
            "file_key": file.key,
            "node_id": item["id"],
            "style_type": kind,
            "name": item["name"],
            "description": item.get("description", ""),
            "created_at": "2026-03-02T09:30:00.000Z",
            "updated_at": file.last_modified,
            "sort_position": chr(33 + index % 90),
            "user": USER,
        }
        for index, (kind, item) in enumerate(_styles(file))
    ]
    return {"styles": sorted(items, key=lambda item: str(item["key"]))}


def components(file: DesignFile, links: str) -> Json:
    """`meta` of GET components; `links` is where pictures are served."""
    items = []
    for page, frame, component_set, component in file.components():
        set_info = component_set and {"nodeId": component_set["id"], "name": component_set["name"]}
        frame_info = _frame_info(page, frame) | (
            {"containingComponentSet": set_info, "containingStateGroup": set_info} if set_info else {}
        )
        items.append(_library_item(file, component, frame_info, links))
    return {"components": sorted(items, key=lambda item: str(item["key"]))}


def component_sets(file: DesignFile, links: str) -> Json:
    """`meta` of GET component_sets."""
    found = [
        _library_item(file, component_set, _frame_info(page, frame), links)
        for page in file.entries("pages")
        for frame in page.get("frames", ())
        for component_set in frame.get("sets", ())
    ]
    return {"component_sets": found}


def _frame_info(page: Json, frame: Json) -> Json:
    where = {"pageId": page["id"], "pageName": page["name"]}
    return {"nodeId": frame["id"], "name": frame["name"], "backgroundColor": "#FFFFFF", **where}


def _library_item(file: DesignFile, item: Json, frame_info: Json, links: str) -> Json:
    return {
        "key": key_of(file, item["id"]),
        "file_key": file.key,
        "node_id": item["id"],
        "thumbnail_url": picture_url(links, file, item["id"], "1", "png"),
        "name": item["name"],
        "description": item.get("description", ""),
        "description_rt": "",
        "created_at": "2026-03-02T09:30:00.000Z",
        "updated_at": file.last_modified,
        "containing_frame": frame_info,
        "user": USER,
    }


def key_of(file: DesignFile, node_id: str) -> str:
    """The 40 hex digits by which libraries know an item."""
    return sha1(f"{file.key}/{node_id}".encode(), usedforsecurity=False).hexdigest()


def picture_url(links: str, file: DesignFile, node_id: str, scale: str, image_format: str) -> str:
    """Where a rendered picture of a node is served."""
    return f"{links}/cdn/{file.key}/{file.version}/{quote(node_id, safe='')}/{scale}.{image_format}"


def head(file: DesignFile, links: str) -> Json:
    """What GET file and GET nodes say about the file itself."""
    return {
        "name": file.name,
        "lastModified": file.last_modified,
        "thumbnailUrl": f"{links}/cdn/{file.key}/{file.version}/thumbnail.png",
        "version": file.version,
        "role": "viewer",
        "editorType": "figma",
        "linkAccess": "view",
    }


def meta(file: DesignFile, links: str) -> Json:
    """GET meta, wrapped as the documentation says."""
    touched = {"last_touched_at": file.last_modified, "last_touched_by": USER, "creator": USER}
    about = {"name": file.name, "folder_name": "Design system", "editorType": "figma", "role": "viewer"}
    link = {
        "link_access": "view",
        "url": f"https://www.figma.com/design/{file.key}",
        "thumbnail_url": head(file, links)["thumbnailUrl"],
    }
    return {"file": {**about, **touched, **link, "version": file.version}}


def versions(history: Iterable[DesignFile]) -> Json:
    """GET versions, newest first; edits are autosaves without a label."""
    items: list[Json] = [
        {
            "id": file.version,
            "created_at": file.last_modified,
            "label": None if index else "Published",
            "description": None if index else "",
            "user": USER,
        }
        for index, file in enumerate(history)
    ]
    return {"versions": items[::-1], "pagination": {}}


def variables(file: DesignFile) -> Json:
    """`meta` of GET variables/local."""
    names = _variable_ids(file)
    collections: Json = {}
    found: Json = {}
    for collection in file.entries("collections"):
        modes = [{"modeId": mode["id"], "name": mode["name"]} for mode in collection["modes"]]
        collections[collection["id"]] = {
            "id": collection["id"],
            "name": collection["name"],
            "key": key_of(file, collection["id"]),
            "modes": modes,
            "defaultModeId": collection.get("defaultModeId", modes[0]["modeId"]),
            "remote": collection.get("remote", False),
            "hiddenFromPublishing": collection.get("hidden", False),
            "variableIds": [variable["id"] for variable in collection["variables"]],
        }
        for variable in collection["variables"]:
            found[variable["id"]] = _variable(file, collection, variable, names)
    # Figma gives both maps in an order that changes from answer to answer; here it is a fixed, useless one.
    return {"variables": _shuffled(file, found), "variableCollections": _shuffled(file, collections)}


def _shuffled(file: DesignFile, items: Json) -> Json:
    return dict(sorted(items.items(), key=lambda item: key_of(file, item[0])))


def _variable(file: DesignFile, collection: Json, variable: Json, names: Mapping[str, str]) -> Json:
    modes = [mode["id"] for mode in collection["modes"]]
    deleted = {"deletedButReferenced": True} if variable.get("deleted") else {}
    return {
        "id": variable["id"],
        "name": variable["name"],
        "key": key_of(file, variable["id"]),
        "variableCollectionId": collection["id"],
        "resolvedType": variable.get("type", "COLOR"),
        "valuesByMode": {mode: _value(value, names) for mode, value in zip(modes, variable["values"], strict=True)},
        "remote": collection.get("remote", False),
        "description": variable.get("description", ""),
        "hiddenFromPublishing": variable.get("hidden", collection.get("hidden", False)),
        "scopes": variable.get("scopes", ["ALL_SCOPES"]),
        "codeSyntax": variable.get("codeSyntax", {}),
        **deleted,
    }


def _value(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, str) and value.startswith("#"):
        return rgba(value)
    if isinstance(value, str) and value.startswith("{"):
        target = value.strip("{}")
        return {"type": "VARIABLE_ALIAS", "id": names.get(target, target)}
    return value


def _variable_ids(file: DesignFile) -> dict[str, str]:
    """Ids by `collection/variable`; of equal names the first, so local collections stand before remote ghosts."""
    ids: dict[str, str] = {}
    for collection in file.entries("collections"):
        for variable in collection["variables"]:
            ids.setdefault(f"{collection['name']}/{variable['name']}", variable["id"])
    return ids


def published_variables(file: DesignFile) -> Json:
    """`meta` of GET variables/published: no modes, no values."""
    local = variables(file)
    kept = {
        id_: item for id_, item in local["variables"].items() if not (item["hiddenFromPublishing"] or item["remote"])
    }
    holders = {item["variableCollectionId"] for item in kept.values()}
    collections = {id_: item for id_, item in local["variableCollections"].items() if id_ in holders}
    extra = {
        id_: {"variableCollectionId": item["variableCollectionId"], "resolvedDataType": item["resolvedType"]}
        for id_, item in kept.items()
    }
    return {
        "variables": {id_: _published(file, item) | extra[id_] for id_, item in kept.items()},
        "variableCollections": {id_: _published(file, item) for id_, item in collections.items()},
    }


def _published(file: DesignFile, item: Json) -> Json:
    subscribed = f"{item['id'].split(':', 1)[0]}:{item['key']}/{file.version[-6:]}"
    named = {name: item[name] for name in ("id", "name", "key")}
    return {**named, "subscribed_id": subscribed, "updatedAt": file.last_modified}


def bare_node(id_: str, name: str, type_: str) -> Json:
    """What every node has."""
    return {"id": id_, "name": name, "type": type_, "blendMode": "PASS_THROUGH", "scrollBehavior": "SCROLLS"}


def style_node(kind: str, item: Json) -> Json:
    """The node behind a style, as GET nodes returns it."""
    node = bare_node(item["id"], item["name"], _STYLE_NODES.get(kind, "RECTANGLE"))
    if kind == "FILL":
        node["fills"] = paints(item)
    else:
        # Figma leaves a placeholder fill on every style node, whatever the style is about.
        node["fills"] = [_BLACK]
    if kind == "TEXT":
        node["characters"] = "Rag 123"
        node["style"] = item["font"]
    return {**node, **item.get("node", {})}


def style_nodes(file: DesignFile) -> Json:
    """Nodes of all styles by id; Figma keeps them outside of the document tree."""
    return {item["id"]: style_node(kind, item) for kind, item in _styles(file)}


def library_maps(file: DesignFile) -> Json:
    """The `components`, `componentSets` and `styles` maps that stand beside a tree."""
    found: Json = {"components": {}, "componentSets": {}, "schemaVersion": 0, "styles": {}}
    for _, _, component_set, component in file.components():
        extra = {"componentSetId": component_set["id"]} if component_set else {}
        found["components"][component["id"]] = _map_item(file, component) | {"documentationLinks": [], **extra}
        if component_set:
            found["componentSets"][component_set["id"]] = _map_item(file, component_set) | {"documentationLinks": []}
    for kind, item in _styles(file):
        found["styles"][item["id"]] = _map_item(file, item) | {"styleType": kind}
    return found


def _map_item(file: DesignFile, item: Json) -> Json:
    named = {"key": key_of(file, item["id"]), "name": item["name"], "description": item.get("description", "")}
    return {**named, "remote": False}


def _styles(file: DesignFile) -> Iterator[tuple[str, Json]]:
    yield from (("FILL", item) for item in file.entries("colors"))
    yield from (("TEXT", item) for item in file.entries("texts"))
    yield from ((item["type"], item) for item in file.entries("styles"))
