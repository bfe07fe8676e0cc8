"""Which renders pictures need, and the pictures with those that Figma could make.

In: pictures of one entry; renders by file, node and spec. Out: what to ask for; pictures with their renders, and a
problem for each node that lacks any. Rule: a node that Figma can't render takes nothing along but its own picture.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from unicodedata import normalize

from exfig_rx.config.picture_entries import PictureEntry
from exfig_rx.load.wording import node_link, quoted
from exfig_rx.model import Location, Problem
from exfig_rx.pictures import Blob, Picture, RenderSpec, Variant


def needed_renders(
    pictures: Iterable[Picture], specs: Iterable[RenderSpec]
) -> dict[tuple[str, RenderSpec], tuple[str, ...]]:
    """The ids of the nodes to render, by file and spec, each once and in order; pictures that are kept need none."""
    nodes: dict[str, set[str]] = {}
    for picture in pictures:
        for variant in () if picture.is_kept else picture.variants:
            nodes.setdefault(variant.file_key, set()).add(variant.node_id)
    ordered = sorted(set(specs), key=lambda spec: (spec.format, spec.scale))
    return {(file_key, spec): tuple(sorted(nodes[file_key])) for file_key in sorted(nodes) for spec in ordered}


def with_renders(
    entry: PictureEntry, pictures: Sequence[Picture], renders: Mapping[tuple[str, str, RenderSpec], Blob]
) -> tuple[tuple[Picture, ...], tuple[Problem, ...]]:
    """The pictures with their renders, and one problem for each node that Figma could not render in every spec.

    A picture that misses a render is kept as it is; those that are kept already miss none.
    """
    problems: dict[tuple[str, str], Problem] = {}
    done: list[Picture] = []
    for picture in pictures:
        if picture.is_kept:
            done.append(picture)
            continue
        light = tuple(_filled(variant, entry.specs, renders) for variant in picture.light)
        dark = tuple(_filled(variant, entry.specs, renders) for variant in picture.dark)
        is_kept = False
        for variant in (*light, *dark):
            if missing := [spec for spec in entry.specs if spec not in variant.renders]:
                is_kept = True
                # A node can be drawn in both modes; it is told once.
                node = (variant.file_key, variant.node_id)
                problems.setdefault(node, _not_rendered(entry, picture, variant, missing, is_dark=variant in dark))
        done.append(replace(picture, light=light, dark=dark, is_kept=is_kept))
    return tuple(done), tuple(problems.values())


def _filled(
    variant: Variant, specs: Sequence[RenderSpec], renders: Mapping[tuple[str, str, RenderSpec], Blob]
) -> Variant:
    keys = {spec: (variant.file_key, variant.node_id, spec) for spec in specs}
    return replace(variant, renders={spec: renders[key] for spec, key in keys.items() if key in renders})


def _not_rendered(
    entry: PictureEntry, picture: Picture, variant: Variant, missing: Sequence[RenderSpec], *, is_dark: bool
) -> Problem:
    layer = quoted(variant.name)
    if not normalize("NFC", variant.name).startswith(picture.original_name):
        layer += f" of {quoted(picture.original_name)}"
    scales = f" at {', '.join(f'{spec.scale:g}x' for spec in missing)}" if len(entry.specs) > 1 else ""
    drawing = "the dark drawing of " if is_dark else ""
    return Problem(
        "figma.not-rendered",
        f"Figma could not render {drawing}{entry.noun} {layer}{scales}",
        "if an earlier run wrote it, that stays; it may be hidden, empty, 0 % opaque or deleted: "
        f"{node_link(variant.file_key, variant.node_id)} "
        "(asked again when the file changes, after a day, or with --force)",
        Location(key=entry.key, figma_file=variant.file_key, node_id=variant.node_id, node_name=variant.name),
    )
