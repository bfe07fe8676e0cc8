"""What a config is going to make, as a pure function: a plan that costs no render.

In: entries, and what Figma's files list. Out: a `Plan`. Rule: whatever can be wrong with names, pairs and templates is
found before the first render is asked, and told all at once.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from exfig_rx.batch.entries import Entries, Fetched
from exfig_rx.batch.renders import Needed
from exfig_rx.config.entries import ColorEntry
from exfig_rx.config.picture_entries import PictureEntry
from exfig_rx.config.schema import VariablesSource
from exfig_rx.config.token_entries import TokenEntry
from exfig_rx.config.typography_entries import TypographyEntry
from exfig_rx.errors import DesignError, ExfigError
from exfig_rx.export import name_in_code, rehearse_pictures, render_colors, render_typography
from exfig_rx.export.pictures import PictureSet
from exfig_rx.export.templates import Templates
from exfig_rx.export.tokens import render_tokens
from exfig_rx.load.code_syntax import CodeSyntaxChange, code_syntax_changes, united_changes
from exfig_rx.load.colors import LoadedColors, style_colors
from exfig_rx.load.filters import matches
from exfig_rx.load.left_out import filter_without_match
from exfig_rx.load.pairing import Subject
from exfig_rx.load.pictures import LoadedPictures, load_pictures
from exfig_rx.load.renders import needed_renders
from exfig_rx.load.tokens import load_tokens
from exfig_rx.load.typography import text_styles
from exfig_rx.load.variables import variable_colors
from exfig_rx.load.wording import counted
from exfig_rx.model import AssetCounts, Location, Platform, Problem, Rendered
from exfig_rx.pictures import RenderSpec


@dataclass(frozen=True, slots=True)
class Plan:
    """The colors and text styles of a config as files, and its pictures by name, still without their renders.

    `whole` are the keys of the entries whose files are all among those that are rendered.
    """

    rendered: tuple[Rendered, ...]
    counts: AssetCounts
    sets: tuple[PictureSet, ...]
    warnings: tuple[Problem, ...]
    code_names: tuple[CodeSyntaxChange, ...]
    whole: frozenset[str]

    @property
    def needed(self) -> Needed:
        """The renders of all entries, those that several need once."""
        nodes: dict[tuple[str, RenderSpec], set[str]] = {}
        for one in self.sets:
            for key, ids in needed_renders(one.pictures, one.entry.specs).items():
                nodes.setdefault(key, set()).update(ids)
        return {key: sorted(ids) for key, ids in nodes.items()}


def plan(entries: Entries, fetched: Fetched, name_filter: str | None = None) -> Plan:
    """Load everything, render what needs no picture. Raises ExfigError with the problems of all entries together.

    Icons and images that `name_filter` doesn't pick are kept: what an earlier run wrote of them stays, and code that
    lists all of them goes on to name them. Of colors and text styles, whose files hold them all, it leaves out none.
    """
    made = _Making(fetched, name_filter)
    for colors in entries.colors:
        with made.collecting():
            made.colors(colors)
    for pictures in entries.pictures:
        with made.collecting():
            made.pictures(pictures)
    for typography in entries.typography:
        with made.collecting():
            made.typography(typography)
    for tokens in entries.tokens:
        with made.collecting():
            made.tokens(tokens)
    for platform, own in by_platform(made.sets).items():
        with made.collecting():
            rehearse_pictures(platform, own, Templates(platform, own[0].entry.section.templates_path))
    if made.problems:
        raise ExfigError(*told_once(made.problems))
    return made.plan()


class _Making:
    """A plan in the making: entry by entry, with the problems of those that can't be planned."""

    def __init__(self, fetched: Fetched, name_filter: str | None) -> None:
        self._fetched = fetched
        self._name_filter = name_filter
        self.problems: list[Problem] = []
        self.sets: list[PictureSet] = []
        self._rendered: list[Rendered] = []
        self._warnings: list[Problem] = []
        self._code_names: list[CodeSyntaxChange] = []
        # distinct assets: file, node and, for colors of one file in several modes, name
        self._colors: set[tuple[str, str, str]] = set()
        self._texts: set[tuple[str, str]] = set()
        self._tokens: set[tuple[str, str]] = set()
        self._whole: set[str] = set()

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """What can't be planned is told with all the rest."""
        try:
            yield
        except ExfigError as error:
            self.problems += error.problems

    def colors(self, entry: ColorEntry) -> None:
        """One entry of colors."""
        loaded = _colors(entry, self._fetched, self._name_filter)
        templates = Templates(entry.platform, entry.section.templates_path)
        self._add(entry, render_colors(entry, loaded.colors, templates), loaded.warnings)
        if isinstance(entry.source, VariablesSource):
            file = self._fetched.variables[entry.source.tokens_file_id]
            self._code_names += code_syntax_changes(entry, file, loaded.colors, name_in_code)
        self._colors |= {(color.file_key, color.node_id, color.original_name) for color in loaded.colors}

    def pictures(self, entry: PictureEntry) -> None:
        """One entry of icons or images, still without their renders."""
        loaded = _pictures(entry, self._fetched, self._name_filter)
        self._warnings += loaded.warnings
        drawn = (replace(one, dark=()) for one in loaded.pictures) if entry.light_only else loaded.pictures
        self.sets.append(PictureSet(entry, tuple(drawn)))

    def typography(self, entry: TypographyEntry) -> None:
        """The text styles of one platform."""
        loaded = text_styles(entry, self._fetched.styles)
        if self._name_filter is not None:
            names = [style.original_name for style in loaded.styles]
            picked = sum(matches(self._name_filter, name) for name in names)
            if not picked:
                subject = Subject(entry.key, entry.noun)
                raise DesignError(filter_without_match(self._name_filter, names, entry.noun, subject))
            self._warnings += whole_files(entry, picked, len(names))
        templates = Templates(entry.platform, entry.section.templates_path)
        self._add(entry, render_typography(entry, loaded.styles, templates), loaded.warnings)
        self._texts |= {(style.file_key, style.node_id) for style in loaded.styles}

    def tokens(self, entry: TokenEntry) -> None:
        """One block of design tokens."""
        loaded = load_tokens(entry, self._fetched.styles, self._fetched.variables)
        self._add(entry, render_tokens(entry, loaded), loaded.warnings)
        self._tokens |= {token.id for token in loaded.tokens}

    def plan(self) -> Plan:
        """Everything together."""
        counts = AssetCounts(colors=len(self._colors), typography=len(self._texts), tokens=len(self._tokens))
        changes = united_changes(self._code_names)
        if changes and self._name_filter is not None:
            self._warnings.append(_not_with_a_filter(changes))
            changes = ()
        return Plan(
            tuple(self._rendered), counts, tuple(self.sets), tuple(self._warnings), changes, frozenset(self._whole)
        )

    def _add(
        self, entry: ColorEntry | TypographyEntry | TokenEntry, rendered: Rendered, warnings: Sequence[Problem]
    ) -> None:
        self._whole.add(entry.key)
        self._warnings += (*warnings, *rendered.warnings)
        self._rendered.append(rendered)


def _not_with_a_filter(changes: Sequence[CodeSyntaxChange]) -> Problem:
    what = f"{counted(len(changes), 'name')} not written to Figma, as there is a filter"
    return Problem("sync.left-out", what, "run without it", Location(key=changes[0].key))


def _colors(entry: ColorEntry, fetched: Fetched, name_filter: str | None) -> LoadedColors:
    everything = _loaded_colors(entry, fetched, None)
    if name_filter is None:
        return everything
    picked = _loaded_colors(entry, fetched, name_filter)
    note = whole_files(entry, len(picked.colors), len(everything.colors))
    return LoadedColors(everything.colors, (*everything.warnings, *note))


def whole_files(entry: ColorEntry | TypographyEntry, picked: int, total: int) -> tuple[Problem, ...]:
    """The note that a filter leaves nothing out of files that hold all assets of an entry."""
    if picked == total:
        return ()
    return (
        Problem(
            "config.whole-files",
            f"the filter picks {picked} of {counted(total, entry.noun)}, and all of them are exported: "
            "their files hold them all, and would lose the others",
            "icons and images can be exported one by one",
            Location(key=entry.key),
        ),
    )


def _loaded_colors(entry: ColorEntry, fetched: Fetched, name_filter: str | None) -> LoadedColors:
    if isinstance(entry.source, VariablesSource):
        return variable_colors(entry, fetched.variables, name_filter)
    return style_colors(entry, fetched.styles, name_filter)


def _pictures(entry: PictureEntry, fetched: Fetched, name_filter: str | None) -> LoadedPictures:
    everything = load_pictures(entry, fetched.components)
    if name_filter is None:
        return everything
    picked = load_pictures(entry, fetched.components, name_filter)
    names = {picture.name for picture in picked.pictures}
    pictures = tuple(replace(picture, is_kept=picture.name not in names) for picture in everything.pictures)
    return LoadedPictures(pictures, picked.warnings)


def by_platform(sets: Sequence[PictureSet]) -> dict[Platform, list[PictureSet]]:
    found: dict[Platform, list[PictureSet]] = {}
    for one in sets:
        found.setdefault(one.entry.platform, []).append(one)
    return found


def told_once(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Equal problems of several entries as one that names them all."""
    found: dict[Problem, dict[str, None]] = {}
    for warning in problems:
        place = warning.location
        anywhere = warning if place is None else replace(warning, location=replace(place, key=None))
        keys = found.setdefault(anywhere, {})
        if place is not None and place.key is not None:
            keys[place.key] = None
    return tuple(
        warning if not keys else replace(warning, location=replace(warning.location or Location(), key=", ".join(keys)))
        for warning, keys in found.items()
    )
