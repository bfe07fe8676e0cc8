"""Icons and images for Flutter: asset files, and a Dart class with the path of each.

In: the pictures of all entries of one config. Out: `Rendered`. Rules: the path in every constant is that of a file that
was written now or earlier; a picture with a dark drawing has two constants, `Light` and `Dark`; rasters of other scales
lie in folders that Flutter finds by itself (https://docs.flutter.dev/ui/assets/assets-and-images#resolution-aware).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from exfig_rx.config.picture_entries import SVG, PictureEntry
from exfig_rx.config.schema import Flutter, FlutterIcons, FlutterImages, NameStyle, WebpOptions
from exfig_rx.export.files import component_fault, joined, text_file
from exfig_rx.export.flutter import constant_name, script_fault, taken_names
from exfig_rx.export.names import clash, escaped, faults, in_order, name_fault, refuse, renamed
from exfig_rx.export.picture_paths import Owner, SharedPath, plain, shared_path_problems, shared_paths
from exfig_rx.export.pictures import Exists, Made, PictureSet, joined_up, make_each, writes_code
from exfig_rx.export.svg_files import refuse_bombs
from exfig_rx.export.templates import Templates
from exfig_rx.load.naming import styled
from exfig_rx.load.wording import listed, quoted
from exfig_rx.model import Location, OutputFile, Problem, RasterFile, Rendered
from exfig_rx.pictures import Blob, Encoding, Picture, Raster, RenderFormat, RenderSpec, Variant

_DARK_SUFFIXES: Mapping[NameStyle, str] = {
    NameStyle.SNAKE: "_dark",
    NameStyle.CAMEL: "Dark",
    NameStyle.PASCAL: "Dark",
    NameStyle.KEBAB: "-dark",
    NameStyle.SCREAMING: "_DARK",
}


def render_flutter_pictures(sets: Sequence[PictureSet], templates: Templates, exists: Exists) -> Rendered:
    """The files of all `flutter.icons` and `flutter.images` entries of one config.

    Raises DesignError if names can't be exported, TemplateError if a user's template fails.
    """
    outputs = [_output(one) for one in sets]
    refuse(tuple(_problems(outputs)))
    parts = [_made(output, exists) for output in outputs]
    whole = joined_up(parts)
    code = [
        _dart_file(output, made, templates, exists)
        for output, made in zip(outputs, parts, strict=True)
        if writes_code(made)
    ]
    warnings = tuple(warning for output in outputs for warning in _warnings(output))
    return Rendered((*whole.files, *code), warnings, whole.losses, whole.failures, whole.rasters)


@dataclass(frozen=True, slots=True)
class _Output:
    """One entry and where its pictures go.

    `extension` with its dot; `scales` in pixels per point, ascending, empty for vectors.
    """

    entry: PictureEntry
    section: Flutter
    settings: FlutterIcons | FlutterImages
    pictures: tuple[Picture, ...]
    folder: str
    extension: str
    scales: tuple[float, ...] = ()

    def path(self, picture: Picture, scale: float = 1, *, is_dark: bool = False) -> str:
        """The file of one drawing; that of scale 1 is what code names."""
        suffix = _DARK_SUFFIXES[self.settings.name_style] if is_dark else ""
        name = f"{picture.name}{suffix}{self.extension}"
        return joined(self.folder, name) if scale == 1 else joined(self.folder, f"{float(scale)!r}x", name)

    def main_path(self, picture: Picture, *, is_dark: bool = False) -> str:
        """The file that stands for all scales of a drawing."""
        return self.path(picture, self.scales[0] if self.scales else 1, is_dark=is_dark)

    def paths(self, picture: Picture) -> tuple[str, ...]:
        """All files of a picture."""
        return tuple(path for path, _, _ in self.places(picture))

    def places(self, picture: Picture) -> Iterator[tuple[str, Variant, float]]:
        """Each file of a picture with the drawing in it and its scale: light ones first, then by scale."""
        for is_dark, variants in ((False, picture.light), (True, picture.dark)):
            for variant in variants[:1]:
                for scale in self.scales or (1,):
                    yield self.path(picture, scale, is_dark=is_dark), variant, scale

    def constants(self, picture: Picture, *, has_dark: bool) -> tuple[str, ...]:
        """The names of a picture in code, light first; none if Dart can't have them."""
        base = styled(picture.name, NameStyle.CAMEL)
        ends = ("Light", "Dark") if has_dark else ("",)
        taken = taken_names(self.settings.class_name)
        names = (constant_name(base + end, taken) if base else None for end in ends)
        return tuple(name for name in names if name is not None)


def _output(one: PictureSet) -> _Output:
    section, settings = one.entry.section, one.entry.settings
    assert isinstance(section, Flutter)
    assert isinstance(settings, FlutterIcons | FlutterImages)
    known = (one.entry, section, settings, in_order(one.pictures), plain(settings.output))
    if isinstance(settings, FlutterIcons) or settings.format == "svg":
        return _Output(*known, ".svg")
    return _Output(*known, f".{settings.format}", tuple(sorted(set(settings.scales))))


# ── names ──


def _problems(outputs: Sequence[_Output]) -> Iterator[Problem]:
    sound = [
        (output, tuple(picture for picture in output.pictures if not _fault(output, picture))) for output in outputs
    ]
    shared = shared_paths(
        Owner(output.entry, picture, output.paths(picture)) for output, pictures in sound for picture in pictures
    )
    for output, pictures in sound:
        yield from faults(output.entry, output.pictures, partial(_fault, output))
        yield from _same_constants(output, pictures, shared)
    yield from shared_path_problems(shared)


def _fault(output: _Output, picture: Picture) -> str:
    base = styled(picture.name, NameStyle.CAMEL)
    suffix = _DARK_SUFFIXES[output.settings.name_style] + output.extension
    return (
        name_fault(picture)
        or component_fault(picture.name, suffix)
        or ("" if base else "no letter or digit is left of it")
        or script_fault(base)
    )


def _same_constants(output: _Output, pictures: Sequence[Picture], shared: Sequence[SharedPath]) -> Iterator[Problem]:
    """Errors about pictures with one constant, but for those that have one file as well."""
    by_name: dict[str, list[Picture]] = {}
    for picture in pictures:
        for name in output.constants(picture, has_dark=bool(picture.dark)):
            by_name.setdefault(name, []).append(picture)
    for name, same in by_name.items():
        if len(same) > 1 and not any(set(same) <= one.pictures for one in shared):
            yield clash(output.entry, same, f"become the constant {quoted(name)}")


def _warnings(output: _Output) -> Iterator[Problem]:
    changed = []
    for picture in output.pictures:
        base = styled(picture.name, NameStyle.CAMEL)
        (name,) = output.constants(picture, has_dark=False)
        if name.rstrip("_") != base:
            changed.append((picture, name))
    yield from renamed(output.entry, changed, "Dart constant")
    if output.folder.startswith("/") or ".." in output.folder.split("/"):
        yield Problem(
            "flutter.asset-path",
            f"Flutter finds no asset under {quoted(output.folder)}: its assets lie below the package",
            "run exfig in the folder of pubspec.yaml, and write output as it stands there, such as assets/icons",
            Location(key=f"{output.entry.key}.output"),
        )
    if output.scales and 1 not in output.scales:
        scales = listed([f"{scale:g}" for scale in output.scales])
        yield Problem(
            "flutter.no-main-asset",
            f"without scale 1 (scales are {scales}) there is no file at the paths in {output.settings.class_name}, and "
            "Flutter finds the others only if pubspec.yaml lists each file",
            "add 1 to scales",
            Location(key=f"{output.entry.key}.scales"),
        )


# ── files ──


def _made(output: _Output, exists: Exists) -> Made:
    return make_each(output.entry, output.pictures, partial(_assets, output), output.main_path, exists)


def _assets(output: _Output, picture: Picture) -> Made:
    """The files of one picture. Raises DesignError for an SVG that is not safe to pass on."""
    places = tuple(output.places(picture))
    match output.settings:
        case FlutterImages(format="png" | "webp", source_format="svg") as settings:
            return Made(
                rasters=tuple(
                    RasterFile(path, _raster(settings, variant.renders[SVG], RenderFormat.SVG, scale))
                    for path, variant, scale in places
                )
            )
        case FlutterImages(format="webp") as settings:
            return Made(
                rasters=tuple(
                    RasterFile(path, _raster(settings, variant.renders[_png(scale)], RenderFormat.PNG))
                    for path, variant, scale in places
                )
            )
        case FlutterImages(format="png"):
            return Made(tuple(OutputFile(path, variant.renders[_png(scale)]) for path, variant, scale in places))
        case _:
            for _, variant, _ in places:
                refuse_bombs(variant.renders[SVG].read())
            return Made(tuple(OutputFile(path, variant.renders[SVG]) for path, variant, _ in places))


def _png(scale: float) -> RenderSpec:
    return RenderSpec(RenderFormat.PNG, float(scale))


def _raster(settings: FlutterImages, source: Blob, source_format: RenderFormat, scale: float = 1.0) -> Raster:
    options = settings.webp_options or WebpOptions(encoding="lossy")
    is_lossless = settings.format == "webp" and options.encoding == "lossless"
    return Raster(source, source_format, Encoding(settings.format), float(scale), options.quality, is_lossless)


def _dart_file(output: _Output, made: Made, templates: Templates, exists: Exists) -> OutputFile:
    written = {file.path for file in made.files} | {file.path for file in made.rasters}
    members = []
    for picture in made.members:
        # The drawing of an earlier run stands in for one that failed, but only a light one need be there.
        dark_path = output.main_path(picture, is_dark=True)
        has_dark = bool(picture.dark) and (dark_path in written or exists(dark_path))
        members.append(_member(output, picture, has_dark=has_dark))
    kind = f"{output.entry.noun}s"
    text = templates.render(f"{kind}.dart", {"className": output.settings.class_name, kind: members})
    return text_file(joined(output.section.output, output.settings.dart_file), text)


def _member(output: _Output, picture: Picture, *, has_dark: bool) -> dict[str, object]:
    names = output.constants(picture, has_dark=has_dark)
    return {
        "name": names[0].removesuffix("_").removesuffix("Light") if has_dark else names[0],
        "hasDark": has_dark,
        "lightName": names[0],
        "darkName": names[-1] if has_dark else "",
        "lightPath": escaped(output.path(picture), "'$"),
        "darkPath": escaped(output.path(picture, is_dark=True), "'$") if has_dark else "",
    }
