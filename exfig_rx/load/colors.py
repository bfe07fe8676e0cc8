"""From the published color styles of Figma files to named, paired, validated colors.

In: a `ColorEntry` and what its files hold. Out: `LoadedColors`, or one `DesignError` with every problem of the entry.
Rule: what the design can't give is said once, with file, node and name; only what the config can't do without fails it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from exfig_rx.config.entries import ColorEntry, ColorSource, NameRules, SingleStyleFile
from exfig_rx.config.schema import IosColors
from exfig_rx.errors import DesignError
from exfig_rx.load.filters import is_left_out, named_platforms, nearest
from exfig_rx.load.naming import final_name, is_valid, name_fault
from exfig_rx.load.paints import Unusable, solid_color
from exfig_rx.load.pairing import Asset, Mode, Pair, Sets, Subject, case_collisions, collisions, pair
from exfig_rx.load.styles import ColorStyle, color_styles, files_by_mode, filtered
from exfig_rx.load.wording import counted, listed, node_link, quoted
from exfig_rx.model import FileStyles, Location, Platform, Problem, Rgba, ThemedColor


@dataclass(frozen=True, slots=True)
class LoadedColors:
    """The colors of one entry, in the order of their key names, and what people should know about them."""

    colors: tuple[ThemedColor, ...]
    warnings: tuple[Problem, ...] = ()


def needed_files(source: ColorSource) -> tuple[str, ...]:
    """The keys of the files whose published styles `source` reads, each once, the light one first."""
    return tuple(dict.fromkeys(files_by_mode(source).values()))


def style_colors(entry: ColorEntry, files: Mapping[str, FileStyles], name_filter: str | None = None) -> LoadedColors:
    """The colors of `entry` from `files`, which hold every key of `needed_files(entry.source)`.

    `name_filter` picks colors by raw name, each with all its modes. Raises DesignError with all problems.
    """
    subject = Subject(entry.key, "color")
    published = color_styles(entry.source, files)
    _fail_if(_unpublished(entry, files))
    wanted = published if name_filter is None else filtered(published, name_filter)
    if not wanted:
        raise DesignError(_filter_without_match(name_filter or "", published, subject))
    values = _values(wanted, subject)
    _fail_if(_without_values(entry.source, wanted, values, subject))

    paired = pair(values.sets(entry.source), entry.platform, subject)
    errors = (*values.errors, *paired.errors)
    try:
        colors, name_errors, name_warnings = _named(paired.pairs, values.assets[Mode.LIGHT], entry, subject)
    except DesignError as fault:
        # A pattern that can't be used says nothing about single names, but the other problems stand.
        raise DesignError(*(replace(p, location=Location(key=entry.key)) for p in fault.problems), *errors) from fault
    _fail_if((*name_errors, *errors))
    note = _left_out_note(wanted, entry)
    if not colors:
        raise DesignError(_nothing_for_platform(entry, note))
    return LoadedColors(colors, (*values.warnings, *paired.warnings, *name_warnings, *note))


@dataclass(slots=True)
class _Values:
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


def _unpublished(entry: ColorEntry, files: Mapping[str, FileStyles]) -> tuple[Problem, ...]:
    """An error for each file that publishes no color style at all."""
    return tuple(
        Problem(
            "design.no-styles",
            f"published styles not found in file {key}"
            + (
                f": it publishes {counted(len(files[key].styles), 'style')}, none of them a color"
                if files[key].styles
                else ""
            ),
            f"publish the library in Figma (Assets, Libraries, Publish), or check the file id in the config: "
            f"https://www.figma.com/design/{key}",
            Location(key=entry.key, figma_file=key),
        )
        for key in needed_files(entry.source)
        if all(style.type != "FILL" for style in files[key].styles)
    )


def _filter_without_match(name_filter: str, published: Sequence[ColorStyle], subject: Subject) -> Problem:
    near = nearest(name_filter, (item.style.name for item in published))
    return Problem(
        "design.filter-without-match",
        f"the name filter {quoted(name_filter)} matches none of {counted(len(published), 'color style')}",
        f"did you mean {listed([quoted(name) for name in near])}?" if near else "use * for any characters, / included",
        Location(key=subject.entry_key),
    )


def _values(styles: Sequence[ColorStyle], subject: Subject) -> _Values:
    """Each style as an asset with its color, or the reason why it has none."""
    values = _Values()
    errors, warnings = [], []
    for item in styles:
        where = _where(item, subject)
        link = f"open it in Figma: {node_link(item.file_key, item.style.node_id)}"
        name = quoted(item.style.name)
        solid = solid_color(item.node)
        if is_left_out(item.style.description):
            values.left_out[item.mode][item.key] = "is described as none"
        elif not item.key:
            errors.append(
                Problem("design.invalid-name", f"{name}: nothing is left of it without its suffix", link, where)
            )
        elif isinstance(solid, Unusable):
            values.left_out[item.mode][item.key] = solid.reason
            warnings.append(Problem(f"design.{solid.code}", f"{name} {solid.reason} and is left out", link, where))
        else:
            if solid.ignored:
                ignored = f"{name} has {counted(solid.ignored + 1, 'visible paint')}; only the first is exported"
                warnings.append(Problem("design.several-paints", ignored, link, where))
            values.assets[item.mode].append(_asset(item, solid.color))
    # One file can stand for two modes; it is told once.
    values.errors, values.warnings = tuple(dict.fromkeys(errors)), tuple(dict.fromkeys(warnings))
    return values


def _asset(item: ColorStyle, color: Rgba) -> Asset[Rgba]:
    style = item.style
    platforms = named_platforms(style.description)
    return Asset(item.key, item.name, style.name, item.file_key, style.node_id, color, platforms)


def _where(item: ColorStyle, subject: Subject) -> Location:
    return Location(
        key=subject.entry_key, figma_file=item.file_key, node_id=item.style.node_id, node_name=item.style.name
    )


def _without_values(
    source: ColorSource, wanted: Sequence[ColorStyle], values: _Values, subject: Subject
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


def _named(
    pairs: Sequence[Pair[Rgba]], light: Sequence[Asset[Rgba]], entry: ColorEntry, subject: Subject
) -> tuple[tuple[ThemedColor, ...], tuple[Problem, ...], tuple[Problem, ...]]:
    """The colors under their final names, with errors and warnings about the names.

    Every light name is validated, also of colors for other platforms; final names matter only where they are used.
    """
    rules = entry.names
    errors = [_invalid(asset, rules, subject) for asset in light if not is_valid(asset.key, rules)]
    named = [(final_name(item.light.name, rules), item) for item in pairs]
    for name, item in named:
        if fault := name_fault(name):
            errors.append(_unusable(item.light, name, fault, rules, subject))
    assets = [(name, item.light) for name, item in named if not name_fault(name)]
    how, hint = _how_named(rules), "or change nameReplaceRegexp, which makes them alike" if rules.replace else ""
    errors += collisions(assets, how, hint, subject)
    alike = case_collisions(assets, how, hint, subject)
    names_files = isinstance(entry.settings, IosColors) and entry.settings.use_color_assets
    return (
        tuple(_themed(name, item) for name, item in named),
        (*errors, *(alike if names_files else ())),
        () if names_files else alike,
    )


def _themed(name: str, item: Pair[Rgba]) -> ThemedColor:
    dark, light_hc, dark_hc = (
        partner.value if partner is not None else None for partner in (item.dark, item.light_hc, item.dark_hc)
    )
    light = item.light
    return ThemedColor(name, light.original, light.value, dark, light_hc, dark_hc, light.file_key, light.node_id)


def _how_named(rules: NameRules) -> str:
    replaced = f" after nameReplaceRegexp {quoted(rules.replace)}" if rules.validate and rules.replace else ""
    return f"in {rules.style}{replaced}"


def _invalid(asset: Asset[Rgba], rules: NameRules, subject: Subject) -> Problem:
    checked = f" (checked as {quoted(asset.key)})" if asset.key != asset.original else ""
    return Problem(
        "design.invalid-name",
        f"{quoted(asset.original)}{checked} does not match nameValidateRegexp {quoted(rules.validate or '')}",
        f"rename it in Figma: {asset.link}, or change nameValidateRegexp",
        asset.located(subject),
    )


def _unusable(asset: Asset[Rgba], name: str, fault: str, rules: NameRules, subject: Subject) -> Problem:
    return Problem(
        "design.invalid-name",
        f"{quoted(asset.original)} becomes {quoted(name)} {_how_named(rules)}: {fault}",
        f"rename it in Figma: {asset.link}",
        asset.located(subject),
    )


def _left_out_note(wanted: Sequence[ColorStyle], entry: ColorEntry) -> tuple[Problem, ...]:
    """At most one note, about the colors that their descriptions keep from this platform."""
    reasons: dict[str, str] = {}
    for item in wanted:
        platforms = named_platforms(item.style.description)
        if is_left_out(item.style.description):
            reasons[item.style.name] = "none"
        elif item.mode == Mode.LIGHT and platforms and entry.platform not in platforms:
            reasons[item.style.name] = " and ".join(platform for platform in Platform if platform in platforms)
    if not reasons:
        return ()
    names = listed([f"{quoted(name)} ({reason})" for name, reason in reasons.items()])
    return (
        Problem(
            "design.left-out",
            f"{counted(len(reasons), 'color')} left out of {entry.platform} because of descriptions in Figma: {names}",
            "a description with the word none, or with names of other platforms, keeps a color out",
            Location(key=entry.key, figma_file=wanted[0].file_key),
        ),
    )


def _nothing_for_platform(entry: ColorEntry, note: Sequence[Problem]) -> Problem:
    return Problem(
        "design.no-colors",
        "; ".join([f"no color is left for {entry.platform}", *(problem.message for problem in note)]),
        "change the descriptions in Figma, or remove this entry",
        Location(key=entry.key),
    )
