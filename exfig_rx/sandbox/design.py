"""The design that the sandbox holds: files as short, hand-writable JSON, with every version an edit left behind.

In: `design.json` or a mapping of the same form, and edits. Out: `DesignFile` values that `payloads` turns into what
Figma answers. Rule: a design never changes; an edit gives a new design in which the old version can still be asked for.
The form of a file is told at the top of `design.json`.
"""

import copy
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any, TypeAlias
from xml.etree import ElementTree

Json: TypeAlias = dict[str, Any]

FIRST_VERSION = "2187346511034821930"
FIRST_MODIFIED = "2026-10-02T08:15:00Z"
_VERSION_STEP = 7_340_033
_EDIT_STEP = timedelta(minutes=1)


class DesignFault(ValueError):
    """A design or an edit that makes no sense; the message is for people."""


@dataclass(frozen=True, eq=False)
class DesignFile:
    """One version of one Figma file. Compared by identity, so it can key caches of what was made from it."""

    key: str
    source: Json
    version: str
    last_modified: str

    @property
    def name(self) -> str:
        """The file's name, as the file browser shows it."""
        return str(self.source.get("name", self.key))

    @property
    def plan(self) -> str:
        """The plan that owns the file, in the words of `X-Figma-Plan-Tier`."""
        return str(self.source.get("plan", "pro"))

    def entries(self, *lists: str) -> list[Json]:
        """The items of several lists of the file (`colors`, `texts`, ...), one after the other."""
        return [item for name in lists for item in self.source.get(name, ())]

    def components(self) -> Iterator[tuple[Json, Json, Json | None, Json]]:
        """Every component with its page, frame and component set (None outside of one)."""
        for page in self.source.get("pages", ()):
            for frame in page.get("frames", ()):
                for component in frame.get("components", ()):
                    yield page, frame, None, component
                for component_set in frame.get("sets", ()):
                    for component in component_set["components"]:
                        yield page, frame, component_set, component


@dataclass(frozen=True, slots=True)
class Edit:
    """A change that somebody makes in Figma, as data.

    `node` is the id or the name of a style, component or variable of `file`; `set` is what becomes of it: `name`,
    `description`, `fill` (`#RRGGBB[AA]`), `fills`, `svg`, `font`, `visible`, `opacity`, `x` and `y` in its frame; of a
    variable also `codeSyntax`, and `values` as a map from mode name to value. Without `node` only the file's version
    moves.
    """

    file: str
    node: str = ""
    set: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Design:
    """Files by key, each with its versions, oldest first."""

    files: Mapping[str, tuple[DesignFile, ...]]

    @classmethod
    def of(cls, source: Mapping[str, Any]) -> "Design":
        """A design from its JSON form (`{"files": {key: file}}`); raises `DesignFault`."""
        files = source.get("files")
        if not isinstance(files, Mapping) or not all(isinstance(file, dict) for file in files.values()):
            raise DesignFault('a design is {"files": {"<file key>": {…}}}')
        return cls({key: (_first_version(key, file),) for key, file in files.items()})

    @classmethod
    def load(cls, path: str | Path) -> "Design":
        """The design in a JSON file; raises OSError or `DesignFault`."""
        return cls._parse(Path(path).read_bytes(), str(path))

    @classmethod
    def bundled(cls) -> "Design":
        """The two brands that come with the package, Harbor and Lumen."""
        data = resources.files("exfig_rx.sandbox").joinpath("design.json").read_bytes()
        return cls._parse(data, "design.json")

    @classmethod
    def _parse(cls, data: bytes, label: str) -> "Design":
        try:
            return cls.of(json.loads(data))
        except (ValueError, AttributeError) as error:
            raise DesignFault(f"{label}: {error}") from error

    def file(self, key: str, version: str = "") -> DesignFile | None:
        """A file in its newest or a named version; None if there is no such thing."""
        versions = self.files.get(key, ())
        if not version:
            return versions[-1] if versions else None
        return next((file for file in versions if file.version == version), None)

    def edited(self, edit: Edit, *more: Edit) -> "Design":
        """This design after edits of one file, which gets one new version; raises `DesignFault`."""
        before = self.file(edit.file)
        if before is None:
            raise DesignFault(f"no file {edit.file!r}; there are {', '.join(sorted(self.files))}")
        source = copy.deepcopy(before.source)
        targets = list(_editable(source))
        for one in (edit, *more):
            if one.node:
                _apply(targets, one)
        version = str(int(before.version) + _VERSION_STEP)
        after = DesignFile(before.key, source, version, _later(before.last_modified, _EDIT_STEP))
        return Design({**self.files, edit.file: (*self.files[edit.file], after)})


def _first_version(key: str, file: Json) -> DesignFile:
    return DesignFile(key, file, str(file.get("version", FIRST_VERSION)), str(file.get("lastModified", FIRST_MODIFIED)))


def _later(moment: str, step: timedelta) -> str:
    return (datetime.fromisoformat(moment) + step).isoformat().replace("+00:00", "Z")


def _apply(targets: list[tuple[Json, list[str]]], edit: Edit) -> None:
    by_id = (target for target in targets if target[0]["id"] == edit.node)
    by_name = (target for target in targets if target[0]["name"] == edit.node)
    found = next(by_id, None) or next(by_name, None)
    if found is None:
        raise DesignFault(f"nothing in file {edit.file!r} has the id or name {edit.node!r}")
    if not edit.set:
        raise DesignFault("`set` is empty: nothing would change")
    item, modes = found
    for key, value in edit.set.items():
        _set(item, modes, key, value)


def _editable(source: Json) -> Iterator[tuple[Json, list[str]]]:
    """Everything an edit can name; variables with the names of their modes."""
    file = DesignFile("", source, "", "")
    for item in file.entries("colors", "texts", "styles"):
        yield item, []
    for _, _, _, component in file.components():
        yield component, []
    for collection in file.entries("collections"):
        for variable in collection["variables"]:
            yield variable, [mode["name"] for mode in collection["modes"]]


def _set(item: Json, modes: list[str], key: str, value: Any) -> None:
    if key == "values":
        if not modes or not isinstance(value, Mapping):
            raise DesignFault("`values` maps the mode names of a variable to its values")
        for mode, mode_value in value.items():
            if mode not in modes:
                raise DesignFault(f"no mode {mode!r}; there are {', '.join(modes)}")
            if isinstance(mode_value, str) and mode_value.startswith("#"):
                _check("fill", mode_value)
            item["values"][modes.index(mode)] = mode_value
        return
    allowed = ("name", "description", "codeSyntax") if modes else _DRAWN_KEYS
    if key not in allowed:
        raise DesignFault(f"can't set {key!r}; possible are {', '.join(allowed)}")
    _check(key, value)
    if key == "fill":
        item.pop("fills", None)
    item[key] = value


_DRAWN_KEYS = ("name", "description", "fill", "fills", "svg", "font", "visible", "opacity", "x", "y")
_KINDS: Mapping[str, type | tuple[type, ...]] = {
    "fills": list,
    "font": dict,
    "codeSyntax": dict,
    "visible": bool,
    "opacity": (int, float),
    "x": (int, float),
    "y": (int, float),
}
_HEX = re.compile(r"#[0-9A-Fa-f]{6}([0-9A-Fa-f]{2})?")


def _check(key: str, value: Any) -> None:
    fits = isinstance(value, _KINDS.get(key, str))
    if not fits:
        raise DesignFault(f"`{key}` can't be {value!r}")
    if key == "fill" and not _HEX.fullmatch(value):
        raise DesignFault(f"`fill` must look like #RRGGBB or #RRGGBBAA, not {value!r}")
    if key == "fills" and not all(isinstance(paint, dict) and isinstance(paint.get("type"), str) for paint in value):
        raise DesignFault("`fills` is a list of paints, each with a `type`")
    if key == "svg":
        try:
            ElementTree.fromstring(f"<svg>{value}</svg>")  # noqa: S314 - a toy on the loopback, data of its own user
        except ElementTree.ParseError as error:
            raise DesignFault(f"`svg` is not well-formed: {error}") from error
