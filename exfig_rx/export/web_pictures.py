"""Icons and images for the Web: SVG files, React components, and the files that name them together.

In: the pictures of all entries of one config. Out: `Rendered`. Rules: SVG files stay as Figma sent them, the dark ones
beside the light ones; one `index.ts` and one `types.ts` a folder, whichever entries write components there; an index
exports only components that are there.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from exfig_rx.config.picture_entries import SVG, PictureEntry
from exfig_rx.config.schema import NameStyle, Web, WebIcons, WebImages
from exfig_rx.export.files import component_fault, joined, text_file
from exfig_rx.export.names import faults, in_order, name_fault, refuse, renamed
from exfig_rx.export.picture_paths import Owner, plain, shared_path_problems, shared_paths
from exfig_rx.export.pictures import Exists, Made, PictureSet, joined_up, loss, make_each, writes_code
from exfig_rx.export.svg_files import refuse_bombs
from exfig_rx.export.templates import Templates
from exfig_rx.export.web_components import component_name, icon_component, image_component, is_renamed
from exfig_rx.load.naming import styled
from exfig_rx.model import Kind, OutputFile, Problem, Rendered
from exfig_rx.pictures import Picture
from exfig_rx.vector.jsx import jsx

_DARK_SUFFIX = "_dark"


def render_web_pictures(sets: Sequence[PictureSet], templates: Templates, exists: Exists) -> Rendered:
    """The files of all `web.icons` and `web.images` entries of one config.

    Raises DesignError if names can't be exported, TemplateError if a user's template fails.
    """
    outputs = [_output(one) for one in sets]
    refuse(tuple(_problems(outputs)))
    parts = [
        make_each(output.entry, output.pictures, partial(_make, output, templates), output.main_path, exists)
        for output in outputs
    ]
    whole = joined_up(parts)
    there = [(output, made) for output, made in zip(outputs, parts, strict=True) if writes_code(made)]
    code = _folder_files(there, templates)
    return Rendered((*whole.files, *code), tuple(_warnings(outputs)), whole.losses, whole.failures)


@dataclass(frozen=True, slots=True)
class _Output:
    """One entry and where its pictures go: files into `assets`, components into `components` (None: there are none).

    `names` are those of file and component by the name of the picture.
    """

    entry: PictureEntry
    settings: WebIcons | WebImages
    pictures: tuple[Picture, ...]
    names: Mapping[str, tuple[str, str]]
    assets: str
    components: str | None

    def component(self, picture: Picture) -> str:
        """The name of the component, empty if nothing is left of that of the picture."""
        return self.names[picture.name][1]

    def path(self, picture: Picture, *, is_dark: bool = False) -> str:
        """The SVG file of one drawing."""
        return joined(self.assets, f"{self.names[picture.name][0]}{_DARK_SUFFIX if is_dark else ''}.svg")

    def component_path(self, picture: Picture) -> str | None:
        """The file of the component."""
        if self.components is None:
            return None
        return joined(self.components, f"{self.component(picture)}.tsx")

    def main_path(self, picture: Picture) -> str:
        """The file that must be there for code to name a picture."""
        return self.component_path(picture) or self.path(picture)

    def paths(self, picture: Picture) -> tuple[str, ...]:
        """All files of a picture."""
        found = (self.path(picture), self.path(picture, is_dark=True) if picture.dark else None)
        return tuple(path for path in (*found, self.component_path(picture)) if path is not None)


def _output(one: PictureSet) -> _Output:
    section, settings = one.entry.section, one.entry.settings
    assert isinstance(section, Web)
    assert isinstance(settings, WebIcons | WebImages)
    assets = settings.svg_directory if isinstance(settings, WebIcons) else settings.assets_directory
    components = joined(section.output, settings.output_directory) if settings.generate_react_components else None
    return _Output(
        one.entry,
        settings,
        in_order(one.pictures),
        {
            # files are in snake_case, whatever the name style
            picture.name: (styled(picture.name, NameStyle.SNAKE), component_name(one.entry.kind, picture.name))
            for picture in one.pictures
        },
        plain(joined(section.output, assets)),
        None if components is None else plain(components),
    )


# ── names ──


def _problems(outputs: Sequence[_Output]) -> Iterator[Problem]:
    for output in outputs:
        yield from faults(output.entry, output.pictures, partial(_fault, output))
    yield from shared_path_problems(
        shared_paths(
            Owner(output.entry, picture, output.paths(picture))
            for output in outputs
            for picture in output.pictures
            if not _fault(output, picture)
        )
    )


def _fault(output: _Output, picture: Picture) -> str:
    file, component = output.names[picture.name]
    return (
        name_fault(picture)
        or ("" if component else "no letter or digit is left of it")
        or component_fault(file, f"{_DARK_SUFFIX}.svg")
        or ("" if output.components is None else component_fault(component, ".tsx"))
    )


def _warnings(outputs: Sequence[_Output]) -> Iterator[Problem]:
    for output in outputs:
        named = [(picture, output.component(picture)) for picture in output.pictures]
        changed = [(picture, component) for picture, component in named if is_renamed(component, picture.name)]
        if output.components is not None:
            yield from renamed(output.entry, changed, "React component")


# ── files ──


def _make(output: _Output, templates: Templates, picture: Picture) -> Made:
    """The files of one picture. Raises DesignError for an SVG that React can't have, or that is not safe to pass on."""
    settings = output.settings
    light, *_ = picture.light
    content = light.renders[SVG].read()
    path, component_path = output.path(picture), output.component_path(picture)
    component = output.component(picture)
    refuse_bombs(content)
    files = [OutputFile(path, light.renders[SVG])]
    losses: tuple[Problem, ...] = ()
    for dark in picture.dark[:1]:
        refuse_bombs(dark.renders[SVG].read())
        files.append(OutputFile(output.path(picture, is_dark=True), dark.renders[SVG]))
    if component_path is not None and isinstance(settings, WebIcons):
        drawing = jsx(content, component, settings.current_color)
        losses = loss(output.entry, picture, "React", drawing.losses)
        files.append(text_file(component_path, icon_component(component, drawing, settings, templates)))
    elif component_path is not None and isinstance(settings, WebImages):
        text = image_component(component, picture, path, output.components or "", settings, templates)
        files.append(text_file(component_path, text))
    return Made(tuple(files), losses=losses)


def _folder_files(parts: Sequence[tuple[_Output, Made]], templates: Templates) -> Iterator[OutputFile]:
    """`index.ts` and `types.ts` of each folder of components."""
    folders: dict[str, list[tuple[_Output, Made]]] = defaultdict(list)
    for output, made in parts:
        if output.components is not None:
            folders[output.components].append((output, made))
    for folder, inside in folders.items():
        yield text_file(joined(folder, "index.ts"), _index(inside, templates))
        yield text_file(joined(folder, "types.ts"), templates.render("types.ts", {}))


def _index(inside: Sequence[tuple[_Output, Made]], templates: Templates) -> str:
    """One template for icons, one for images, each if the folder has an entry of that kind."""
    texts: list[str] = []
    for kind, template in ((Kind.ICONS, "IconIndex.ts"), (Kind.IMAGES, "ImageIndex.ts")):
        parts = [(output, made) for output, made in inside if output.entry.kind is kind]
        names = {picture: output.component(picture) for output, made in parts for picture in made.members}
        members = [{"componentName": names[picture], "fileName": names[picture]} for picture in in_order(names)]
        if parts:
            texts.append(templates.render(template, {kind: members, "isContinued": bool(texts)}))
    return "\n".join(texts)
