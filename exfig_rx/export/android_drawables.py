"""Drawables of Android: vectors as XML, rasters in one folder for each density, day and night.

In: the pictures of one entry under their resource names. Out: files below `mainRes`/`output`, and rasters still to be
made. Rules: bytes of Figma's renders stay as they came; a nine-patch keeps its `.9` and is never WebP, which can't hold
its marks; one scale alone goes to the plain folders, as ExFig 1.3.2 has it.
https://developer.android.com/guide/topics/resources/providing-resources#AlternativeResources
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from exfig_rx.config.picture_entries import SVG, PictureEntry
from exfig_rx.config.schema import Android, AndroidIcons, AndroidImages, WebpOptions
from exfig_rx.export.android_names import is_nine_patch
from exfig_rx.export.android_vectors import vector_picture
from exfig_rx.export.files import joined, text_file
from exfig_rx.export.pictures import Exists, Made, make_each
from exfig_rx.load.wording import counted, listed, quoted
from exfig_rx.model import Location, OutputFile, Problem, RasterFile
from exfig_rx.pictures import Encoding, Picture, Raster, RenderFormat, RenderSpec, Variant
from exfig_rx.vector.drawable import vector_drawable

DENSITIES: Final[Mapping[float, str]] = {1.0: "mdpi", 1.5: "hdpi", 2.0: "xhdpi", 3.0: "xxhdpi", 4.0: "xxxhdpi"}
"""The folder of each scale (https://developer.android.com/training/multiscreen/screendensities)."""

Names = Mapping[Picture, str]
"""The pictures of an entry in their order, each with its legal name."""


def drawable_folder(section: Android, settings: AndroidIcons | AndroidImages) -> str:
    """The folder of an entry, which holds `drawable`, `drawable-night` and so on."""
    return joined(section.main_res, settings.output)


def vector_drawables(entry: PictureEntry, folder: str, names: Names, exists: Exists) -> Made:
    """The pictures of an entry as XML; icons are mirrored from right to left where the design says so."""
    may_mirror = isinstance(entry.settings, AndroidIcons)

    def made(picture: Picture) -> Made:
        vectors = vector_picture(entry, picture, "VectorDrawable")
        files: list[OutputFile] = []
        for drawing, is_dark in ((vectors.light, False), (vectors.dark, True)):
            if drawing is not None:
                text = vector_drawable(drawing, mirrored=may_mirror and picture.is_rtl)
                files.append(text_file(path(picture, is_dark=is_dark), text))
        return Made(files=tuple(files), losses=vectors.losses)

    def path(picture: Picture, *, is_dark: bool = False) -> str:
        return joined(folder, "drawable-night" if is_dark else "drawable", f"{names[picture]}.xml")

    return make_each(entry, names, made, path, exists)


def raster_drawables(entry: PictureEntry, settings: AndroidImages, folder: str, names: Names, exists: Exists) -> Made:
    """The pictures of an entry as PNG or WebP, in the folders of their densities."""
    scales = tuple(dict.fromkeys(map(float, settings.scales)))

    def path(picture: Picture, scale: float = scales[0], *, is_dark: bool = False) -> str:
        density = "" if len(scales) == 1 else f"-{DENSITIES[scale]}"
        suffix = ".9.png" if is_nine_patch(picture) else f".{settings.format}"
        night = "-night" if is_dark else ""
        return joined(folder, f"drawable{night}{density}", f"{names[picture]}{suffix}")

    def made(picture: Picture) -> Made:
        files: list[OutputFile] = []
        rasters: list[RasterFile] = []
        encoding = Encoding.PNG if is_nine_patch(picture) else Encoding(settings.format)
        for variant, is_dark in _modes(picture):
            for scale in scales:
                target = path(picture, scale, is_dark=is_dark)
                spec = SVG if settings.source_format == "svg" else RenderSpec(RenderFormat.PNG, scale)
                if spec.format is RenderFormat.PNG and encoding is Encoding.PNG:
                    files.append(OutputFile(target, variant.renders[spec]))
                else:
                    own_scale = scale if spec == SVG else 1.0
                    raster = Raster(variant.renders[spec], spec.format, encoding, own_scale)
                    rasters.append(RasterFile(target, _compressed(raster, settings.webp_options)))
        return Made(files=tuple(files), rasters=tuple(rasters))

    return make_each(entry, names, made, path, exists)


def raster_warnings(entry: PictureEntry, settings: AndroidImages, names: Names) -> Iterator[Problem]:
    """What people should know about the rasters of an entry, at most once each."""
    scale, *others = dict.fromkeys(map(float, settings.scales))
    if not others and scale != 1:
        yield Problem(
            "config.single-scale",
            f"{entry.key}: images of one scale go to the plain drawable folders, which Android reads as scale 1: "
            f"they show {scale:g} times as large as in the design",
            "list the scales that your app needs, or write scales: [1]",
            Location(key=f"{entry.key}.scales"),
        )
    patches = [picture for picture in names if is_nine_patch(picture)]
    if patches and settings.format == "webp":
        shown = listed([quoted(picture.original_name) for picture in patches])
        yield Problem(
            "android.nine-patch",
            f"{entry.key}: {counted(len(patches), 'nine-patch image')} written as PNG, not as WebP, which Android "
            f"does not stretch: {shown}",
            "give nine-patch images an entry of their own with format: png, or rename those that are none",
            Location(key=f"{entry.key}.format"),
        )


def _modes(picture: Picture) -> Iterator[tuple[Variant, bool]]:
    """The light drawing, then the dark one where there is one; Android has no idioms."""
    yield picture.light[0], False
    if picture.dark:
        yield picture.dark[0], True


def _compressed(raster: Raster, options: WebpOptions | None) -> Raster:
    """`raster` with the config's compression, if it becomes WebP."""
    if raster.encoding is not Encoding.WEBP or options is None:
        return raster
    return replace(raster, quality=options.quality, is_lossless=options.encoding == "lossless")
