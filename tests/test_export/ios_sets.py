"""Icons and images for the tests of iOS: entries out of configs, pictures with small files of every kind."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

from exfig_rx.config.picture_entries import PictureEntry, picture_entries
from exfig_rx.config.schema import Config
from exfig_rx.export.ios_pictures import render_ios_pictures
from exfig_rx.export.pictures import PictureSet
from exfig_rx.export.templates import Templates
from exfig_rx.model import Platform, Rendered
from exfig_rx.pictures import Blob, Picture, RenderFormat, RenderSpec, Variant
from tests.test_export.palettes import text_of

Keys: TypeAlias = Mapping[str, object]
Renders: TypeAlias = Mapping[RenderSpec, Blob]

FILE = "Lb9HarborLibrary00000001"
CATALOG = "App/Assets.xcassets"
ICONS = f"{CATALOG}/Icons"
ART = f"{CATALOG}/Art"
PDF = RenderSpec(RenderFormat.PDF)
SWIFT: Keys = {"imageSwift": "UIImage.swift", "swiftUIImageSwift": "Image.swift"}


def entries(section: Keys) -> tuple[PictureEntry, ...]:
    """The entries of a config whose `ios` has the catalog App/Assets.xcassets, in the main bundle."""
    keys = {"xcassetsPath": CATALOG, "xcassetsInMainBundle": True, **section}
    return picture_entries(Config.model_validate({"figma": {"lightFileId": FILE}, "ios": keys}))


def icons(*blocks: Keys, **section: object) -> tuple[PictureEntry, ...]:
    """Entries of icons: pdf, camelCase, in the folder Icons, unless a block says otherwise."""
    base = {"format": "pdf", "assetsFolder": "Icons", "nameStyle": "camelCase"}
    return entries({**section, "icons": [{**base, **block} for block in blocks or ({},)]})


def images(*blocks: Keys, **section: object) -> tuple[PictureEntry, ...]:
    """Entries of images: camelCase, in the folder Art, unless a block says otherwise."""
    base = {"assetsFolder": "Art", "nameStyle": "camelCase"}
    return entries({**section, "images": [{**base, **block} for block in blocks or ({},)]})


class Shelf:
    """Renders on disk, each of another content."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def blob(self, content: str) -> Blob:
        """`content` on disk."""
        data = content.encode()
        digest = sha256(data).hexdigest()
        (self._folder / digest).write_bytes(data)
        return Blob(str(self._folder / digest), len(data), digest)

    def renders(self, what: str, specs: Sequence[RenderSpec]) -> Renders:
        """A render of `what` in each of `specs`; its bytes say what it is: `bell pdf 1`."""
        return {spec: self.blob(f"{what} {spec.format} {spec.scale:g}") for spec in specs}

    def picture(
        self,
        entry: PictureEntry,
        name: str,
        idioms: Sequence[str] = ("",),
        dark: Sequence[str] = (),
        *,
        node: str = "1:1",
        **more: Any,
    ) -> Picture:
        """A picture with a drawing for each of `idioms` by day and of `dark` by night, rendered as `entry` needs it."""
        fields: dict[str, Any] = {"original_name": name, "render_mode": default_mode(entry), **more}
        light = tuple(
            self._variant(entry, f"{name}{tilde(idiom)}", idiom, f"{node}{n or ''}") for n, idiom in enumerate(idioms)
        )
        night = tuple(
            self._variant(entry, f"{name}_dark{tilde(idiom)}", idiom, f"{node}9{n}") for n, idiom in enumerate(dark)
        )
        return Picture(name, light=light, dark=night, **fields)

    def _variant(self, entry: PictureEntry, name: str, idiom: str, node: str) -> Variant:
        return Variant(FILE, node, name, idiom, self.renders(name, entry.specs))


def default_mode(entry: PictureEntry) -> str:
    """The render mode that the config of an entry gives its pictures."""
    return getattr(entry.settings, "render_mode", None) or ""


def tilde(idiom: str) -> str:
    """The end of a name in Figma that says `idiom`."""
    return f"~{idiom}" if idiom else ""


def pngs(*scales: float) -> tuple[RenderSpec, ...]:
    """Renders as PNG at `scales`."""
    return tuple(RenderSpec(RenderFormat.PNG, scale) for scale in scales)


def rendered(
    *sets: tuple[PictureEntry, Sequence[Picture]],
    there: Sequence[str] = (),
    can_heic: bool = True,
    templates: str | None = None,
) -> Rendered:
    """What the renderer makes of entries and their pictures; `there` are files of an earlier run."""
    given = [PictureSet(entry, tuple(pictures)) for entry, pictures in sets]
    return render_ios_pictures(given, Templates(Platform.IOS, templates), there.__contains__, can_heic=can_heic)


def written(result: Rendered) -> dict[str, str]:
    """What every file holds: generated text, the text of a render, or what is made of one (`a svg 1 -> png 2`)."""
    found: dict[str, str] = {}
    for file in result.files:
        assert file.path not in found
        found[file.path] = file.content.read().decode() if isinstance(file.content, Blob) else text_of(file)
    for made in result.rasters:
        assert made.path not in found
        order = made.raster
        heic = f" {'lossless' if order.is_lossless else order.quality}" if order.encoding == "heic" else ""
        found[made.path] = f"{order.source.read().decode()} -> {order.encoding} {order.scale:g}{heic}"
    return found


def below(result: Rendered, folder: str) -> dict[str, str]:
    """The files of a folder without its `Contents.json`, by name."""
    return {
        path.removeprefix(f"{folder}/"): text
        for path, text in written(result).items()
        if path.startswith(f"{folder}/") and path != f"{folder}/Contents.json"
    }


def listing(result: Rendered, folder: str) -> list[dict[str, Any]]:
    """The `images` of a set."""
    images_: list[dict[str, Any]] = json.loads(written(result)[f"{folder}/Contents.json"])["images"]
    return images_


def codes(result: Rendered) -> list[str]:
    """The codes of the warnings."""
    return [problem.code for problem in result.warnings]
