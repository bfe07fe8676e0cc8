"""Icons and images as plain values: what Figma lists, what is asked of its renderer, and the bytes that came back.

Nothing flows in; loaders, exporters, downloads and the rasteriser hand these to one another. All values are
frozen. Rule: bytes of pictures stay on disk, and travel as `Blob`s that say where.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias


class RenderFormat(StrEnum):
    """What Figma's renderer makes (https://developers.figma.com/docs/rest-api/file-endpoints/#get-images-endpoint)."""

    SVG = "svg"
    PDF = "pdf"
    PNG = "png"
    JPG = "jpg"


@dataclass(frozen=True, slots=True)
class RenderSpec:
    """How a node is rendered: `scale` is pixels per point, 0.01 to 4; it is 1 for vector formats."""

    format: RenderFormat
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Component:
    """A published component, as `/components` lists it; a variant is one, with the component set that it is in.

    `frame` and `page` are names, `frame_id` is the node of the frame; all are as in Figma, empty where it gives none.
    """

    node_id: str
    name: str
    description: str = ""
    frame: str = ""
    page: str = ""
    set_id: str = ""
    set_name: str = ""
    frame_id: str = ""


@dataclass(frozen=True, slots=True)
class FileComponents:
    """The published components of one file, in the order in which Figma lists them."""

    file_key: str
    components: tuple[Component, ...]


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes on disk that nobody changes while the run lasts: where, how many, and their SHA-256 in hex.

    They are a file of their own where `offset` is 0; else they begin there, in a file that small ones share.
    """

    path: str
    size: int
    digest: str
    offset: int = 0

    def read(self) -> bytes:
        """The bytes."""
        with open(self.path, "rb") as file:
            if not self.offset:
                return file.read()
            file.seek(self.offset)
            return file.read(self.size)


class Encoding(StrEnum):
    """What a rasteriser writes."""

    PNG = "png"
    JPG = "jpg"
    WEBP = "webp"
    HEIC = "heic"


@dataclass(frozen=True, slots=True)
class Raster:
    """A picture still to be made on this machine: `source` drawn (SVG) or decoded (PNG), and encoded.

    `scale` is pixels per point of an SVG; width and height are cut to whole pixels, at least one. A PNG keeps its
    size, and its scale is 1. `quality` (0 to 100) counts unless `is_lossless`, and only for JPG, WebP and HEIC.
    """

    source: Blob
    source_format: RenderFormat
    encoding: Encoding
    scale: float = 1.0
    quality: int = 90
    is_lossless: bool = False


Content: TypeAlias = bytes | Blob
"""What is in a file to write: text that was generated, or bytes that are on disk already."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One drawing of a picture, of one mode and one idiom (iOS, else empty); `name` is its untouched name in Figma.

    `renders` holds what Figma made of it, one for each spec of the entry, and nothing before that or where it failed.
    """

    file_key: str
    node_id: str
    name: str
    idiom: str = ""
    renders: Mapping[RenderSpec, Blob] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Picture:
    """An icon or image under its final name in the entry's name style.

    `light` and `dark` hold one variant for each idiom: that without idiom first, then by idiom; `dark` is empty where
    there is none. `original_name` is the raw name of the light one, without idiom and suffixes. `link_id` is the node
    to link to: the component set of a variant, else the component. `render_mode` is `default`, `original` or
    `template` (iOS icons and images), empty where the config says nothing. `is_rtl`: mirrored in right-to-left
    languages. `is_kept`: what an earlier run wrote of it stays, as a render could not be had, or nobody asked for it.
    """

    name: str
    original_name: str
    light: tuple[Variant, ...]
    dark: tuple[Variant, ...] = ()
    link_id: str = ""
    render_mode: str = ""
    is_rtl: bool = False
    is_kept: bool = False

    @property
    def variants(self) -> tuple[Variant, ...]:
        """All of them, light ones first."""
        return (*self.light, *self.dark)

    @property
    def file_key(self) -> str:
        """The file of its first light variant."""
        return self.light[0].file_key

    @property
    def node_id(self) -> str:
        """The node of its first light variant."""
        return self.light[0].node_id
