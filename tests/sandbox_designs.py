"""Small designs for the sandbox, written as tests think of them: names and values."""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from exfig_rx.sandbox import Design

Paints = Sequence[Mapping[str, Any]]


def design_with_colors(
    files: Mapping[str, Mapping[str, str | Paints]], descriptions: Mapping[str, str] | None = None
) -> Design:
    """A design of published color styles: `{file key: {style name: "#RRGGBB[AA]" or paints in Figma's form}}`.

    `descriptions` are by style name and hold in every file. Node ids are 1:1, 1:2, … in the order of writing.
    """
    texts = descriptions or {}
    return Design.of({"files": {key: {"name": key, "colors": _styles(colors, texts)} for key, colors in files.items()}})


def design_with_variables(
    key: str, collection: str, modes: Sequence[str], variables: Mapping[str, Sequence[Any]], **more: Any
) -> Design:
    """A file with one collection: `{name: one value per mode}`; `{collection/name}` as a value is an alias.

    `more` are further lists of the file in the sandbox's own form, such as `colors` or `collections`.
    """
    mine = {
        "id": "VariableCollectionId:1:0",
        "name": collection,
        "modes": [{"id": f"1:{index}", "name": mode} for index, mode in enumerate(modes)],
        "variables": [
            {"id": f"VariableID:1:{index}", "name": name, "values": list(values)}
            for index, (name, values) in enumerate(variables.items(), 1)
        ],
    }
    others = list(more.pop("collections", ()))
    return Design.of({"files": {key: {"name": key, "collections": [mine, *others], **more}}})


def design_with_components(key: str, frames: Mapping[str, Mapping[str, str]]) -> Design:
    """A file with one page: `{frame name: {component name: SVG markup}}`; all components are 24 x 24."""
    ids = count(1)
    made = [
        {
            "id": f"2:{next(ids)}",
            "name": frame,
            "components": [{"id": f"2:{next(ids)}", "name": name, "svg": svg} for name, svg in components.items()],
        }
        for frame, components in frames.items()
    ]
    return Design.of({"files": {key: {"name": key, "pages": [{"id": "0:1", "name": "Page 1", "frames": made}]}}})


def _styles(colors: Mapping[str, str | Paints], descriptions: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "id": f"1:{index}",
            "name": name,
            **({"fill": value} if isinstance(value, str) else {"fills": [dict(paint) for paint in value]}),
            "description": descriptions.get(name, ""),
        }
        for index, (name, value) in enumerate(colors.items(), 1)
    ]
