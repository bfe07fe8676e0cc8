"""Icons and images for the tests of Android's renderer: entries out of configs, pictures with small files."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

from exfig_rx.config.picture_entries import SVG, PictureEntry, picture_entries
from exfig_rx.config.schema import Config
from exfig_rx.export.android_pictures import render_android_pictures
from exfig_rx.export.pictures import Exists, PictureSet
from exfig_rx.export.templates import Templates
from exfig_rx.model import OutputFile, Platform, Rendered
from exfig_rx.pictures import Blob, Picture, RenderSpec, Variant

Keys: TypeAlias = Mapping[str, object]

FILE = "Lb9HarborLibrary00000001"
RES = "app/res"
KOTLIN: Keys = {"mainSrc": "app/src", "resourcePackage": "app.reef"}
FRAME = '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24" fill="none">{}</svg>'
ANCHOR = FRAME.format('<path d="M3 4L20 19" stroke="#0B3C49" stroke-width="1.5" stroke-linecap="round"/>')
MOON = FRAME.format('<path d="M4 4H20V20Z" fill="#F4D35E"/>')
BLURRED = FRAME.format('<g filter="url(#f)"><path d="M4 4H20V20Z" fill="#F4D35E"/></g>')
BROKEN = "<svg"


def entries(section: Keys, common: Keys | None = None) -> tuple[PictureEntry, ...]:
    """The entries of a config whose `android` has `mainRes` app/res and the keys of `section`."""
    keys = {"figma": {"lightFileId": FILE}, "common": common or {}, "android": {"mainRes": RES, **section}}
    return picture_entries(Config.model_validate(keys))


def icons(*blocks: Keys, **section: object) -> tuple[PictureEntry, ...]:
    """Entries of icons, `output` figma unless a block has another."""
    return entries({**section, "icons": [{"output": "figma", **block} for block in blocks or ({},)]})


def images(*blocks: Keys, **section: object) -> tuple[PictureEntry, ...]:
    """Entries of images, `output` art and `format` png unless a block has others."""
    return entries({**section, "images": [{"output": "art", "format": "png", **block} for block in blocks or ({},)]})


class Shelf:
    """Renders on disk: equal bytes once, as a download pool keeps them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def blob(self, content: str | bytes) -> Blob:
        """`content` on disk."""
        data = content.encode() if isinstance(content, str) else content
        digest = sha256(data).hexdigest()
        path = self._folder / digest
        path.write_bytes(data)
        return Blob(str(path), len(data), digest)

    def drawn(
        self, name: str, light: str = ANCHOR, dark: str | None = None, *, node: str = "1:1", **more: object
    ) -> Picture:
        """A picture of SVGs; `more` are fields of `Picture`, the original name is the final one unless among them."""
        return self.picture(name, {SVG: light}, None if dark is None else {SVG: dark}, node=node, **more)

    def picture(
        self,
        name: str,
        light: Mapping[RenderSpec, str | bytes],
        dark: Mapping[RenderSpec, str | bytes] | None = None,
        *,
        node: str = "1:1",
        **more: object,
    ) -> Picture:
        """A picture of any renders."""
        fields: dict[str, object] = {"original_name": name, **more}
        drawings = [self._variant(name, node, light)]
        night = () if dark is None else (self._variant(f"{name}_dark", f"{node}9", dark),)
        return Picture(name, light=tuple(drawings), dark=night, **fields)  # type: ignore[arg-type]

    def _variant(self, name: str, node: str, renders: Mapping[RenderSpec, str | bytes]) -> Variant:
        return Variant(FILE, node, name, renders={spec: self.blob(content) for spec, content in renders.items()})


def nothing_there(_: str) -> bool:
    """No earlier run left a file."""
    return False


def rendered(
    *sets: tuple[PictureEntry, list[Picture]], exists: Exists = nothing_there, templates: str | None = None
) -> Rendered:
    """What the renderer makes of entries and their pictures."""
    return render_android_pictures(
        [PictureSet(entry, tuple(pictures)) for entry, pictures in sets], Templates(Platform.ANDROID, templates), exists
    )


def text_of(file: OutputFile) -> str:
    """The text of a generated file."""
    assert isinstance(file.content, bytes)
    return file.content.decode("utf-8")


def texts(result: Rendered) -> dict[str, str]:
    """Generated files by path."""
    found = {file.path: text_of(file) for file in result.files}
    assert len(found) == len(result.files)
    return found
