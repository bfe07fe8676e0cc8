"""From the published color styles of Figma files to named, paired, validated colors.

In: a `ColorEntry` and what its files hold. Out: `LoadedColors`, or one `DesignError` with every problem of the entry.
Rule: what the design can't give is said once, with file, node and name; only what the config can't do without fails it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from exfig_rx.config.entries import ColorEntry, ColorSource, SingleStyleFile, needed_files
from exfig_rx.config.schema import IosColors
from exfig_rx.errors import DesignError
from exfig_rx.load.filters import is_left_out, named_platforms
from exfig_rx.load.final_names import nameless, paired_and_named
from exfig_rx.load.left_out import description_reason, filter_without_match, left_out_note, nothing_left, unpublished
from exfig_rx.load.paints import Unusable, solid_color
from exfig_rx.load.pairing import Asset, Mode, Pair, Sets, Subject
from exfig_rx.load.styles import ColorStyle, color_styles, files_by_mode, filtered
from exfig_rx.load.wording import counted, listed, node_link, quoted
from exfig_rx.model import FileStyles, Location, Problem, Rgba, ThemedColor

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class LoadedColors:
    """The colors of one entry, in the order of their key names, and what people should know about them."""

    colors: tuple[ThemedColor, ...]
    warnings: tuple[Problem, ...] = ()


def style_colors(entry: ColorEntry, files: Mapping[str, FileStyles], name_filter: str | None = None) -> LoadedColors:
    """The colors of `entry` from `files`, which hold every key of `needed_files(entry.source)`.

    `name_filter` picks colors by raw name, each with all its modes. Raises DesignError with all problems.
    """
    subject = Subject(entry.key, "color")
    published = color_styles(entry.source, files)
    _fail_if(_unpublished(entry, files, subject))
    wanted = published if name_filter is None else filtered(published, name_filter)
    if not wanted:
        names = [item.style.name for item in published]
        raise DesignError(filter_without_match(name_filter or "", names, "color style", subject))
    values = color_values(wanted, subject)
    _fail_if(_without_values(entry.source, wanted, values, subject))

    names_files = isinstance(entry.settings, IosColors) and entry.settings.use_color_assets
    named = paired_and_named(
        values.sets(entry.source), entry.platform, entry.names, subject, names_files=names_files, known=values.errors
    )
    note = _left_out_note(wanted, entry, subject)
    if not named.pairs:
        raise DesignError(nothing_left(entry.platform, note, subject))
    colors = tuple(themed(name, item) for name, item in named.pairs)
    return LoadedColors(colors, (*values.warnings, *named.warnings, *note))


@dataclass(slots=True)
class ColorValues:
    """What became of the styles: assets and reasons for absent ones (by key name) per mode, and what to tell."""

    assets: dict[Mode, list[Asset[Rgba]]] = field(default_factory=lambda: {mode: [] for mode in Mode})
    left_out: dict[Mode, dict[str, str]] = field(default_factory=lambda: {mode: {} for mode in Mode})
    errors: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()

    def sets(self, source: ColorSource) -> Sets[Rgba]:
        """The sets to pair: a single file always has a dark mode, though it may be empty."""
        has_dark = isinstance(source, SingleStyleFile) or Mode.DARK in files_by_mode(source)
        return Sets(
            light=self.assets[Mode.LIGHT],
            dark=self.assets[Mode.DARK] if has_dark else None,
            light_hc=self.assets[Mode.LIGHT_HC],
            dark_hc=self.assets[Mode.DARK_HC],
            left_out=self.left_out,
        )


def _fail_if(problems: Sequence[Problem]) -> None:
    if problems:
        raise DesignError(*problems)


def _unpublished(entry: ColorEntry, files: Mapping[str, FileStyles], subject: Subject) -> tuple[Problem, ...]:
    """An error for each file that publishes no color style at all."""
    problems = []
    for key in needed_files(entry.source):
        styles = files[key].styles
        if all(style.type != "FILL" for style in styles):
            others = f"it publishes {counted(len(styles), 'style')}, none of them a color" if styles else ""
            problems.append(unpublished("styles", key, subject, others))
    return tuple(problems)


def color_values(styles: Sequence[ColorStyle], subject: Subject) -> ColorValues:
    """Each style as an asset with its color, or the reason why it has none."""
    values = ColorValues()
    errors, warnings = [], []
    for item in styles:
        solid = solid_color(item.node)
        if is_left_out(item.style.description):
            values.left_out[item.mode][item.key] = "is described as none"
        elif not item.key:
            errors.append(nameless(_asset(item, None), "its suffix", subject))
        elif isinstance(solid, Unusable):
            values.left_out[item.mode][item.key] = solid.reason
            warnings.append(_warning(f"design.{solid.code}", item, f"{solid.reason} and is left out", subject))
        else:
            if solid.ignored:
                ignored = f"has {counted(solid.ignored + 1, 'visible paint')}; only the first is exported"
                warnings.append(_warning("design.several-paints", item, ignored, subject))
            values.assets[item.mode].append(_asset(item, solid.color))
    # One file can stand for two modes; it is told once.
    values.errors, values.warnings = tuple(dict.fromkeys(errors)), tuple(dict.fromkeys(warnings))
    return values


def _asset(item: ColorStyle, value: T) -> Asset[T]:
    style = item.style
    platforms = named_platforms(style.description)
    return Asset(item.key, item.name, style.name, item.file_key, style.node_id, value, platforms)


def _warning(code: str, item: ColorStyle, what: str, subject: Subject) -> Problem:
    style, file = item.style, item.file_key
    where = Location(key=subject.entry_key, figma_file=file, node_id=style.node_id, node_name=style.name)
    link = f"open it in Figma: {node_link(file, style.node_id)}"
    return Problem(code, f"{quoted(style.name)} {what}", link, where)


def _without_values(
    source: ColorSource, wanted: Sequence[ColorStyle], values: ColorValues, subject: Subject
) -> tuple[Problem, ...]:
    """An error for each file that has color styles but gives not one color."""
    giving = {asset.file_key for assets in values.assets.values() for asset in assets}
    problems = []
    for key in needed_files(source):
        reasons = [
            f"{quoted(item.style.name)} {values.left_out[item.mode][item.key]}"
            for item in wanted
            if item.file_key == key and item.key in values.left_out[item.mode]
        ]
        if reasons and key not in giving:
            problems.append(
                Problem(
                    "design.no-colors",
                    f"file {key} gives no color: {listed(list(dict.fromkeys(reasons)))}",
                    "only published styles with a visible solid paint become colors",
                    Location(key=subject.entry_key, figma_file=key),
                )
            )
    return tuple(problems)


def themed(name: str, item: Pair[Rgba]) -> ThemedColor:
    """A pair under its final name."""
    dark, light_hc, dark_hc = (
        partner.value if partner is not None else None for partner in (item.dark, item.light_hc, item.dark_hc)
    )
    light = item.light
    return ThemedColor(name, light.original, light.value, dark, light_hc, dark_hc, light.file_key, light.node_id)


def _left_out_note(wanted: Sequence[ColorStyle], entry: ColorEntry, subject: Subject) -> tuple[Problem, ...]:
    """What descriptions keep from the platform. Partners of a light color for other platforms go without saying."""
    reasons = {
        item.style.name: reason
        for item in wanted
        if item.mode == Mode.LIGHT or is_left_out(item.style.description)
        if (reason := description_reason(item.style.description, entry.platform))
    }
    return left_out_note(reasons, entry.platform, wanted[0].file_key, subject)
