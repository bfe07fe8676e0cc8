"""Light, dark and high-contrast assets of the same key name become one.

In: the assets of each mode. Out: pairs in the order of their key names (code points), the errors that forbid them, and
warnings about gaps. Rule: the order of what comes in changes nothing, every fault is found in one pass, and a mode that
nobody configured is never missed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar
from unicodedata import normalize

from exfig_rx.load.wording import counted, listed, node_link, node_words, one, platform_words, quoted
from exfig_rx.model import Location, Platform, Problem

T = TypeVar("T")


class Mode(StrEnum):
    """The four sets of assets, in words for people."""

    LIGHT = "light"
    DARK = "dark"
    LIGHT_HC = "light high contrast"
    DARK_HC = "dark high contrast"


@dataclass(frozen=True, slots=True)
class Subject:
    """What the problems are about: the config entry, the noun for one asset of it ("color"), and for what it holds."""

    entry_key: str
    noun: str
    content: str = "value"


@dataclass(frozen=True, slots=True)
class Asset(Generic[T]):
    """One asset of one mode.

    `key` is the key name that pairs it; `name` is the raw name without the suffix of its mode, `original` with it.
    `platforms` are those that its description names (empty: all). `place` says where in its file people find it.
    """

    key: str
    name: str
    original: str
    file_key: str
    node_id: str
    value: T
    platforms: frozenset[Platform] = frozenset()
    place: str = ""

    @property
    def link(self) -> str:
        """The address that opens it in Figma."""
        return node_link(self.file_key, self.node_id)

    def located(self, subject: Subject) -> Location:
        """Where it is, for a problem of the subject."""
        return Location(key=subject.entry_key, figma_file=self.file_key, node_id=self.node_id, node_name=self.original)


@dataclass(frozen=True, slots=True)
class Sets(Generic[T]):
    """The assets of each mode, in any order.

    `dark` is None if the config has no dark mode; dark high contrast then counts for nothing. `left_out` tells per mode
    why an asset (by key name) that Figma does have is not in its set.
    """

    light: Sequence[Asset[T]]
    dark: Sequence[Asset[T]] | None = None
    light_hc: Sequence[Asset[T]] = ()
    dark_hc: Sequence[Asset[T]] = ()
    left_out: Mapping[Mode, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pair(Generic[T]):
    """A light asset with its partners of the same key name."""

    light: Asset[T]
    dark: Asset[T] | None = None
    light_hc: Asset[T] | None = None
    dark_hc: Asset[T] | None = None


@dataclass(frozen=True, slots=True)
class Paired(Generic[T]):
    """The pairs for one platform, which are worth nothing while there are errors."""

    pairs: tuple[Pair[T], ...]
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def pair(sets: Sets[T], platform: Platform, subject: Subject) -> Paired[T]:
    """Pair by key name the light assets that `platform` may have.

    Errors: a name twice in one mode, a name that the base mode lacks, a partner for other platforms than its light
    asset. Warnings: assets without a partner, only for modes that hold any.
    """
    light, light_hc = _by_key(sets.light), _by_key(sets.light_hc)
    dark = _by_key(sets.dark or ())
    dark_hc = _by_key(sets.dark_hc if sets.dark is not None else ())
    by_mode = {Mode.LIGHT: light, Mode.DARK: dark, Mode.LIGHT_HC: light_hc, Mode.DARK_HC: dark_hc}

    errors = [problem for mode, assets in by_mode.items() for problem in _duplicates(assets, mode, subject)]
    for mode, base in ((Mode.DARK, Mode.LIGHT), (Mode.LIGHT_HC, Mode.LIGHT), (Mode.DARK_HC, Mode.DARK)):
        errors += _missing(by_mode[mode], mode, by_mode[base], base, sets.left_out.get(base, {}), subject)
    errors += _mismatches(light, light_hc if sets.dark is None else dark, subject)

    pairs = tuple(
        Pair(assets[0], _first(dark, key), _first(light_hc, key), _first(dark_hc, key))
        for key, assets in light.items()
        if not assets[0].platforms or platform in assets[0].platforms
    )
    unused = sets.dark_hc if sets.dark is None else ()
    return Paired(pairs, tuple(errors), tuple(_gaps(pairs, by_mode, unused, subject)))


def collisions(named: Sequence[tuple[str, Asset[T]]], how: str, hint: str, subject: Subject) -> tuple[Problem, ...]:
    """One error for each final name that assets of different key names share.

    `how` says what made the final names ("in camelCase"), `hint` what else than renaming could be done.
    """
    return tuple(
        _clash([asset for _, asset in group], f"become {quoted(group[0][0])} {how}", "duplicate-name", hint, subject)
        for group in _grouped(named, lambda item: item[0])
        if len(group) > 1
    )


def case_collisions(
    named: Sequence[tuple[str, Asset[T]]], how: str, hint: str, subject: Subject
) -> tuple[Problem, ...]:
    """One problem for each set of final names that differ only in letter case: one file on macOS and Windows."""
    distinct = [group[0] for group in _grouped(named, lambda item: item[0])]
    return tuple(
        _clash(
            [asset for _, asset in group],
            f"become {listed([quoted(name) for name, _ in group])} {how}, which differ only in letter case",
            "name-case",
            hint,
            subject,
        )
        for group in _grouped(distinct, lambda item: item[0].casefold())
        if len(group) > 1
    )


_ByKey = Mapping[str, Sequence[Asset[T]]]


def _by_key(assets: Sequence[Asset[T]]) -> dict[str, list[Asset[T]]]:
    """Assets under their key names, in the order of these; those of one key name in a fixed order, too."""
    found: dict[str, list[Asset[T]]] = {}
    for asset in sorted(assets, key=lambda asset: (asset.key, _rank(asset))):
        found.setdefault(asset.key, []).append(asset)
    return found


def _rank(asset: Asset[T]) -> tuple[str, str, str]:
    return (normalize("NFC", asset.name), asset.file_key, asset.node_id)


def _first(assets: _ByKey[T], key: str) -> Asset[T] | None:
    return assets[key][0] if key in assets else None


def _grouped(
    named: Iterable[tuple[str, Asset[T]]], by: Callable[[tuple[str, Asset[T]]], str]
) -> list[list[tuple[str, Asset[T]]]]:
    groups: dict[str, list[tuple[str, Asset[T]]]] = {}
    for item in sorted(named, key=lambda item: (by(item), item[0], _rank(item[1]))):
        groups.setdefault(by(item), []).append(item)
    return list(groups.values())


def _duplicates(assets: _ByKey[T], mode: Mode, subject: Subject) -> list[Problem]:
    """One error for each key name that a mode has more than once."""
    problems = []
    for key, same in assets.items():
        if len(same) > 1:
            alike = len({normalize("NFC", asset.name) for asset in same}) == 1
            verb = f"become {quoted(key)} in {mode}, where / turns into _"
            problems.append(
                same_name(same, mode, subject) if alike else _clash(same, verb, "duplicate-name", "", subject)
            )
    return problems


def same_name(assets: Sequence[Asset[T]], mode: Mode, subject: Subject, hint: str = "") -> Problem:
    """The error about assets of one name in one mode; `hint` is what else than renaming could be done."""
    cut = len({normalize("NFC", asset.original) for asset in assets}) > 1
    verb = f"have the same name in {mode}" + (" without their suffixes" if cut else "")
    return _clash(assets, verb, "duplicate-name", hint, subject)


def _clash(assets: Sequence[Asset[T]], verb: str, code: str, hint: str, subject: Subject) -> Problem:
    """Assets that can't all be exported, each with its place in Figma; the problem is located at the second."""
    places = [
        f"{quoted(asset.original)} ({asset.place and asset.place + ', '}file {asset.file_key}, "
        f"{node_words(asset.node_id)})"
        for asset in assets
    ]
    links = listed([asset.link for asset in assets])
    advice = f"rename all but one in Figma: {links}" + (f"; {hint}" if hint else "")
    return Problem(
        f"design.{code}",
        f"{counted(len(assets), subject.noun)} {verb}: {listed(places)}",
        advice,
        assets[1].located(subject),
    )


def _missing(
    present: _ByKey[T], mode: Mode, base: _ByKey[T], base_mode: Mode, left_out: Mapping[str, str], subject: Subject
) -> list[Problem]:
    """At most one error, about all assets of `mode` that the mode it builds upon lacks."""
    lacking = [assets[0] for key, assets in present.items() if key not in base]
    if not lacking:
        return []
    names = listed([quoted(asset.name) for asset in lacking])
    reasons = listed([f"{quoted(asset.name)} {left_out[asset.key]}" for asset in lacking if asset.key in left_out])
    because = f"; left out of {base_mode}: {reasons}" if reasons else ""
    number = counted(len(lacking), subject.noun)
    return [
        Problem(
            f"design.missing-in-{base_mode.replace(' ', '-')}",
            f"{number} of {mode} missing in {base_mode}: {names}{because}",
            f"publish {one(subject.noun)} of the same name for {base_mode}, or rename or delete the one of {mode}: "
            f"{lacking[0].link}",
            lacking[0].located(subject),
        )
    ]


def _mismatches(light: _ByKey[T], partners: _ByKey[T], subject: Subject) -> list[Problem]:
    """An error for each light asset that is limited to platforms while its partner is not, or to others."""
    return [
        Problem(
            "design.platform-mismatch",
            f"{quoted(asset.original)} is for {platform_words(asset.platforms)}, "
            f"but its partner {quoted(partner.original)} is for {platform_words(partner.platforms) or 'all platforms'}",
            f"give both the same description in Figma: {listed([asset.link, partner.link])}",
            partner.located(subject),
        )
        for key, (asset, *_) in light.items()
        for partner in [_first(partners, key)]
        if partner is not None and asset.platforms and asset.platforms != partner.platforms
    ]


def _gaps(
    pairs: Sequence[Pair[T]], by_mode: Mapping[Mode, _ByKey[T]], unused: Sequence[Asset[T]], subject: Subject
) -> Iterator[Problem]:
    """Warnings about assets that will look the same in a mode that others have a value of their own for."""
    without = {
        Mode.DARK: [pair.light for pair in pairs if pair.dark is None],
        Mode.LIGHT_HC: [pair.light for pair in pairs if pair.light_hc is None],
        Mode.DARK_HC: [pair.dark for pair in pairs if pair.dark is not None and pair.dark_hc is None],
    }
    for mode, assets in without.items():
        if assets and by_mode[mode]:
            names = listed([quoted(asset.name) for asset in assets])
            yield Problem(
                f"design.no-{mode.replace(' ', '-')}",
                f"{counted(len(assets), subject.noun)} without {one(subject.content)} for {mode}: {names}",
                "",
                assets[0].located(subject),
            )
    if unused:
        yield Problem(
            "design.unused-dark-high-contrast",
            f"{counted(len(unused), subject.noun)} of dark high contrast not exported, as there is no dark mode",
            "configure dark as well, or remove dark high contrast",
            Location(key=subject.entry_key, figma_file=unused[0].file_key),
        )
