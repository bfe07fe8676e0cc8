"""What a raw name says of a drawing: its mode, its idiom, how it is rendered, and the name that is left.

In: the components of an entry, by file. Out: one `Drawing` for each, and warnings about those that give none. Rule:
what is no part of the name is cut from its end, first the idiom (iOS), then the suffix of the dark mode, then that of
the render mode (iOS icons); all of it case-sensitive, before any slash, pattern or style.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from unicodedata import normalize

from exfig_rx.config.picture_entries import PictureEntry
from exfig_rx.config.schema import IosIcons, IosImages
from exfig_rx.load.filters import matches
from exfig_rx.load.naming import key_name
from exfig_rx.load.pairing import Mode, Subject
from exfig_rx.load.variants import NamedComponent, named_components
from exfig_rx.load.wording import node_link, one, quoted
from exfig_rx.model import Location, Platform, Problem
from exfig_rx.pictures import Component


@dataclass(frozen=True, slots=True)
class Drawing:
    """One drawing of a picture. `name` is its raw name without idiom and suffixes, `key` the key name of that.

    `render_mode` is that of its suffix, else that of the config; empty where neither says anything.
    """

    mode: Mode
    file_key: str
    component: Component
    raw_name: str
    name: str
    key: str
    idiom: str = ""
    render_mode: str = ""
    is_rtl: bool = False


@dataclass(frozen=True, slots=True)
class Drawings:
    """All drawings of an entry, by mode and file, and warnings about components that give none."""

    drawings: tuple[Drawing, ...]
    warnings: tuple[Problem, ...] = ()


def files_by_mode(entry: PictureEntry) -> dict[Mode, str]:
    """The files of an entry; a single file stands under light, though its names hold both modes."""
    source = entry.source
    return {Mode.LIGHT: source.light_file} | ({Mode.DARK: source.dark_file} if source.dark_file is not None else {})


def drawings(entry: PictureEntry, components: Mapping[str, tuple[Component, ...]], subject: Subject) -> Drawings:
    """The drawings that `components`, by file, hold for `entry`."""
    found: list[Drawing] = []
    warnings: dict[Problem, None] = {}
    for mode, file_key in files_by_mode(entry).items():
        read = named_components(components[file_key], entry.source)
        for item in read.named:
            if item.raw_name.strip():
                found.append(_drawing(item, mode, file_key, entry))
            else:
                warnings[_blank(item.component, file_key, subject)] = None
        # One file can stand for two modes; it is told once.
        warnings |= dict.fromkeys(_unpaired(component, file_key, subject) for component in read.unpaired)
    return Drawings(tuple(found), tuple(warnings))


def filtered(found: tuple[Drawing, ...], filter_text: str) -> tuple[Drawing, ...]:
    """The drawings that a name filter picks, each with all modes and idioms of the same picture."""
    picked = {
        item.key
        for item in found
        if any(matches(filter_text, name) for name in (item.raw_name, item.name, item.component.name))
    }
    return tuple(item for item in found if item.key in picked)


def _drawing(item: NamedComponent, file_mode: Mode, file_key: str, entry: PictureEntry) -> Drawing:
    name, idiom, mode = item.raw_name, "", file_mode
    if entry.platform is Platform.IOS and "~" in name:
        name, _, idiom = name.rpartition("~")
    suffix = normalize("NFC", entry.source.dark_suffix or "")
    if suffix and name.endswith(suffix):
        name, mode = name.removesuffix(suffix), Mode.DARK
    render_mode = ""
    match entry.settings:
        case IosIcons() as settings:
            name, render_mode = _rendered(name, settings)
        case IosImages(render_mode=str(render_mode)):
            pass
    return Drawing(mode, file_key, item.component, item.raw_name, name, key_name(name), idiom, render_mode, item.is_rtl)


def _rendered(name: str, settings: IosIcons) -> tuple[str, str]:
    """The name without the suffix of its render mode, and that mode."""
    for mode, suffix in _render_suffixes(settings):
        if suffix and name.endswith(suffix):
            return name.removesuffix(suffix), mode
    return name, settings.render_mode


def _render_suffixes(settings: IosIcons) -> Iterator[tuple[str, str]]:
    """The modes that a name can ask for, in the order in which they are tried: only those that differ from the base."""
    if settings.render_mode == "template":
        yield "default", normalize("NFC", settings.render_mode_default_suffix or "")
        yield "original", normalize("NFC", settings.render_mode_original_suffix or "")
    else:
        yield "template", normalize("NFC", settings.render_mode_template_suffix or "")


def _blank(component: Component, file_key: str, subject: Subject) -> Problem:
    described = f", described as {quoted(component.description)}," if component.description else ""
    return Problem(
        "design.blank-name",
        f"{one(subject.noun)} without a name on page {quoted(component.page)} in frame {quoted(component.frame)}"
        f"{described} is left out",
        f"name it in Figma: {node_link(file_key, component.node_id)}",
        _located(component, file_key, subject),
    )


def _unpaired(component: Component, file_key: str, subject: Subject) -> Problem:
    return Problem(
        "design.rtl-alone",
        f"{quoted(component.name)} of set {quoted(component.set_name)} is drawn right to left and left out, "
        "and there is no left-to-right variant that platforms could mirror",
        f"draw the other variant in Figma: {node_link(file_key, component.node_id)}",
        _located(component, file_key, subject),
    )


def _located(component: Component, file_key: str, subject: Subject) -> Location:
    return Location(key=subject.entry_key, figma_file=file_key, node_id=component.node_id, node_name=component.name)
