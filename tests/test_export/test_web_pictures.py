"""Icons and images for the Web: SVG files as they came, components that compile, and indexes that don't lie."""

import json
from pathlib import Path

import pytest

from exfig_rx.config.picture_entries import SVG, PictureEntry, picture_entries
from exfig_rx.config.schema import Config
from exfig_rx.errors import DesignError
from exfig_rx.export.pictures import Exists, PictureSet
from exfig_rx.export.templates import Templates
from exfig_rx.export.web_pictures import render_web_pictures
from exfig_rx.model import Platform, Problem, Rendered
from exfig_rx.pictures import Blob, Picture
from tests.test_export.android_sets import ANCHOR, BROKEN, FRAME, MOON, Shelf, nothing_there
from tests.test_export.grammars import assert_parses
from tests.test_export.palettes import body, text_of
from tests.test_export.rehearsing import refused_early

USES = "".join(f'<g id="a{n}">' + f'<use href="#a{n - 1}"/>' * 10 + "</g>" for n in range(9))
SMALL_BOMB = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{USES}</svg>'
BOMB = '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg">&b;</svg>'


def entries(**section: object) -> tuple[PictureEntry, ...]:
    """The entries of a config whose `web.output` is src."""
    keys = {"figma": {"lightFileId": "FileOfLight"}, "web": {"output": "src", **section}}
    return picture_entries(Config.model_validate(keys))


def icons(**keys: object) -> PictureEntry:
    """An entry of icons, components in src/icons unless `keys` say otherwise."""
    return entries(icons=[{"outputDirectory": "icons", **keys}])[0]


def images(**keys: object) -> PictureEntry:
    """An entry of images, components in src/images unless `keys` say otherwise."""
    return entries(images=[{"outputDirectory": "images", **keys}])[0]


def rendered(
    *sets: tuple[PictureEntry, list[Picture]], exists: Exists = nothing_there, templates: str | None = None
) -> Rendered:
    """What the renderer makes of entries and their pictures; all code parses, and no two files share a path."""
    found = [PictureSet(entry, tuple(pictures)) for entry, pictures in sets]
    result = render_web_pictures(found, Templates(Platform.WEB, templates), exists)
    assert len({file.path.casefold() for file in result.files}) == len(result.files)
    for path, text in code(result).items():
        assert_parses(path, text)
    return result


def code(result: Rendered) -> dict[str, str]:
    """The generated files."""
    return {file.path: text_of(file) for file in result.files if isinstance(file.content, bytes)}


def blobs(result: Rendered) -> dict[str, Blob]:
    """The files that are stored as received."""
    return {file.path: file.content for file in result.files if isinstance(file.content, Blob)}


def component(result: Rendered, path: str) -> str:
    """A generated file without its header."""
    text = code(result)[path]
    header, _, rest = text.partition("\n\n")
    assert all(line.startswith("//") for line in header.split("\n"))
    return rest


def refused(*sets: tuple[PictureEntry, list[Picture]]) -> tuple[Problem, ...]:
    """Why the renderer refuses them, which is known before there is any render."""
    with pytest.raises(DesignError) as caught:
        rendered(*sets)
    found = [PictureSet(entry, tuple(pictures)) for entry, pictures in sets]
    assert refused_early(found) == caught.value.problems
    return caught.value.problems


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """Where renders lie."""
    return Shelf(tmp_path)


# ── icons ──


def test_an_icon_is_its_svg_and_a_component(shelf: Shelf) -> None:
    drawing = FRAME.format(
        '\n<path fill-rule="evenodd" d="M3 4L20 19" fill="#0B3C49"/>\n'
        '<path d="M5 6H9" stroke="#0B3C49" stroke-width="2"/>\n'
    )
    result = rendered((icons(), [shelf.drawn("ic_24_anchor", drawing, MOON)]))
    assert {path: blob.read().decode() for path, blob in blobs(result).items()} == {
        "src/assets/icons/ic_24_anchor.svg": drawing,
        "src/assets/icons/ic_24_anchor_dark.svg": MOON,
    }
    assert component(result, "src/icons/Ic24Anchor.tsx") == (
        "import type { IconProps } from './types';\n\n"
        "export const Ic24Anchor = ({ color = 'currentColor', size = 24, ...props }: IconProps) => (\n"
        "  <svg\n"
        '    xmlns="http://www.w3.org/2000/svg"\n'
        "    width={size}\n"
        "    height={size}\n"
        '    viewBox="0 0 24 24"\n'
        '    fill="none"\n'
        "    color={color}\n"
        "    {...props}\n"
        "  >\n"
        '    <path fillRule="evenodd" d="M3 4L20 19" fill="#0B3C49"/>\n'
        '<path d="M5 6H9" stroke="#0B3C49" strokeWidth="2"/>\n'
        "  </svg>\n"
        ");\n"
    )


def test_an_index_and_the_types_of_props_stand_beside_the_components(shelf: Shelf) -> None:
    result = rendered((icons(), [shelf.drawn("ic_24_bell", node="1:2"), shelf.drawn("ic_24_anchor")]))
    assert component(result, "src/icons/index.ts") == (
        "export { Ic24Anchor } from './Ic24Anchor';\n"
        "export { Ic24Bell } from './Ic24Bell';\n\n"
        "export type { IconProps } from './types';\n"
    )
    assert component(result, "src/icons/types.ts") == (
        "import type { ImgHTMLAttributes, SVGAttributes } from 'react';\n\n"
        "export interface IconProps extends SVGAttributes<SVGElement> {\n"
        "  color?: string;\n"
        "  size?: number | string;\n"
        "}\n\n"
        "export interface ImageProps extends ImgHTMLAttributes<HTMLImageElement> {\n"
        "  alt?: string;\n"
        "}\n"
    )


@pytest.mark.parametrize(
    ("style", "name"),
    [
        ("snake_case", "ic_24_anchor"),
        ("camelCase", "ic24Anchor"),
        ("PascalCase", "Ic24Anchor"),
        ("kebab-case", "ic-24-anchor"),
        ("SCREAMING_SNAKE_CASE", "IC_24_ANCHOR"),
    ],
)
def test_files_are_snake_case_and_components_pascal_case_whatever_the_name_style(
    shelf: Shelf, style: str, name: str
) -> None:
    result = rendered((icons(nameStyle=style), [shelf.drawn(name)]))
    assert list(blobs(result)) == ["src/assets/icons/ic_24_anchor.svg"]
    assert "src/icons/Ic24Anchor.tsx" in code(result)


def test_the_size_of_the_config_is_that_of_components_without_one(shelf: Shelf) -> None:
    assert "size = 32, " in component(rendered((icons(iconSize=32), [shelf.drawn("a")])), "src/icons/A.tsx")


@pytest.mark.parametrize(
    ("mode", "first", "second"),
    [("off", "#0B3C49", "red"), ("auto", "currentColor", "red"), ("all", "currentColor", "currentColor")],
)
def test_icons_take_the_color_of_text_where_the_config_says_so(
    shelf: Shelf, mode: str, first: str, second: str
) -> None:
    one = shelf.drawn("one", FRAME.format('<path d="M3 4L20 19" fill="#0B3C49"/>'))
    two = FRAME.format('<path d="M3 4L20 19" fill="red"/><path d="M3 4L20 19" fill="#0B3C49"/>')
    result = rendered((icons(currentColor=mode), [one, shelf.drawn("two", two, node="1:2")]))
    assert f'<path d="M3 4L20 19" fill="{first}"/>' in component(result, "src/icons/One.tsx")
    assert f'<path d="M3 4L20 19" fill="{second}"/>' in component(result, "src/icons/Two.tsx")
    assert blobs(result)["src/assets/icons/one.svg"].read() == one.light[0].renders[SVG].read()


def test_gradients_of_two_icons_on_one_page_keep_apart(shelf: Shelf) -> None:
    drawing = FRAME.format('<path d="M0 0H9V9Z" fill="url(#g)"/><defs><linearGradient id="g"/></defs>')
    result = rendered((icons(), [shelf.drawn("a", drawing), shelf.drawn("b", drawing, node="1:2")]))
    assert 'fill="url(#A-g)"' in component(result, "src/icons/A.tsx")
    assert '<linearGradient id="B-g"/>' in component(result, "src/icons/B.tsx")


def test_an_icon_without_any_shape_is_an_empty_component(shelf: Shelf) -> None:
    text = component(rendered((icons(), [shelf.drawn("a", FRAME.format("\n"))])), "src/icons/A.tsx")
    assert "    {...props}\n  >\n  </svg>\n" in text


def test_without_components_there_are_svg_files_alone(shelf: Shelf) -> None:
    pictures = [shelf.drawn("a", ANCHOR, MOON)]
    result = rendered((icons(generateReactComponents=False), pictures))
    assert list(blobs(result)) == ["src/assets/icons/a.svg", "src/assets/icons/a_dark.svg"] and code(result) == {}
    assert code(rendered((images(generateReactComponents=False), pictures))) == {}


def test_folders_are_below_the_output_however_they_are_spelled(shelf: Shelf) -> None:
    entry = icons(outputDirectory="./ui//icons/", svgDirectory="./raw/")
    assert [file.path for file in rendered((entry, [shelf.drawn("a")])).files] == [
        "src/raw/a.svg",
        "src/ui/icons/A.tsx",
        "src/ui/icons/index.ts",
        "src/ui/icons/types.ts",
    ]


# ── images ──


def test_an_image_is_its_svg_and_a_component_with_its_bare_name(shelf: Shelf) -> None:
    result = rendered((images(), [shelf.drawn("reef_hero", ANCHOR, MOON)]))
    assert list(blobs(result)) == ["src/assets/images/reef_hero.svg", "src/assets/images/reef_hero_dark.svg"]
    assert component(result, "src/images/ReefHero.tsx") == (
        "import type { ImageProps } from './types';\n\n"
        "export const ReefHero = ({ alt = 'reef_hero', ...props }: ImageProps) => (\n"
        "  <img\n"
        "    src={'reef_hero.svg'}\n"
        "    alt={alt}\n"
        "    {...props}\n"
        "  />\n"
        ");\n"
    )
    assert component(result, "src/images/index.ts") == (
        "export { ReefHero } from './ReefHero';\n\nexport type { ImageProps } from './types';\n"
    )
    assert "export interface ImageProps" in code(result)["src/images/types.ts"]


@pytest.mark.parametrize(
    ("keys", "imported"),
    [
        ({}, "../assets/images/reef_hero.svg"),
        ({"outputDirectory": "."}, "./assets/images/reef_hero.svg"),
        ({"outputDirectory": "ui/images", "assetsDirectory": "ui/images/svg"}, "./svg/reef_hero.svg"),
        ({"outputDirectory": "a/b", "assetsDirectory": "a/it's"}, "../it\\'s/reef_hero.svg"),
    ],
)
def test_an_image_can_be_imported_from_where_it_lies(shelf: Shelf, keys: dict[str, str], imported: str) -> None:
    result = rendered((images(imageImport="relative", **keys), [shelf.drawn("reef_hero")]))
    (text,) = [text for path, text in code(result).items() if path.endswith("ReefHero.tsx")]
    assert body(text, "import url").startswith(
        f"import url from '{imported}';\nimport type {{ ImageProps }} from './types';\n\n"
    )
    assert "    src={url}\n" in text


def test_an_image_can_be_asked_for_below_an_address(shelf: Shelf) -> None:
    result = rendered((images(imageBase="/it's/"), [shelf.drawn("reef_hero")]))
    assert "    src={'/it\\'s/reef_hero.svg'}\n" in component(result, "src/images/ReefHero.tsx")


# ── what entries write together ──


def test_icons_and_images_in_one_folder_share_index_and_types(shelf: Shelf) -> None:
    section = entries(icons=[{"outputDirectory": "ui"}], images=[{"outputDirectory": "./ui"}])
    result = rendered(*zip(section, ([shelf.drawn("bell")], [shelf.drawn("hero", node="1:2")]), strict=True))
    assert component(result, "src/ui/index.ts") == (
        "export { Bell } from './Bell';\n\n"
        "export type { IconProps } from './types';\n\n"
        "export { Hero } from './Hero';\n\n"
        "export type { ImageProps } from './types';\n"
    )
    assert sorted(path for path in code(result)) == [
        "src/ui/Bell.tsx",
        "src/ui/Hero.tsx",
        "src/ui/index.ts",
        "src/ui/types.ts",
    ]


def test_entries_of_icons_in_one_folder_share_an_index_in_one_order(shelf: Shelf) -> None:
    three = entries(
        icons=[
            {"outputDirectory": "ui"},
            {"outputDirectory": "ui", "svgDirectory": "more"},
            {"outputDirectory": "ui", "generateReactComponents": False, "svgDirectory": "raw"},
        ]
    )
    names = (["b", "d"], ["c", "a"], ["e"])
    sets = [
        (entry, [shelf.drawn(name, node=f"1:{name}") for name in drawn])
        for entry, drawn in zip(three, names, strict=True)
    ]
    text = component(rendered(*sets), "src/ui/index.ts")
    assert [line.split()[2] for line in text.splitlines() if line.startswith("export {")] == ["A", "B", "C", "D"]


def test_folders_without_components_of_an_entry_are_not_its_business(shelf: Shelf) -> None:
    section = entries(
        icons=[{"outputDirectory": "ui", "generateReactComponents": False}], images=[{"outputDirectory": "ui"}]
    )
    result = rendered(*zip(section, ([shelf.drawn("bell")], [shelf.drawn("hero")]), strict=True))
    assert component(result, "src/ui/index.ts") == (
        "export { Hero } from './Hero';\n\nexport type { ImageProps } from './types';\n"
    )


# ── names ──


@pytest.mark.parametrize(
    ("name", "icon", "image", "warns"),
    [
        ("24_home", "Icon24Home", "Image24Home", False),
        ("types", "IconTypes", "ImageTypes", True),
        ("ty_pes", "IconTyPes", "ImageTyPes", True),
        ("index", "IconIndex", "ImageIndex", True),
        ("icon_props", "IconIconProps", "ImageIconProps", True),
        ("image_props", "IconImageProps", "ImageImageProps", True),
        ("½_cup", "Icon_Cup", "Image_Cup", True),
        ("größe", "Größe", "Größe", False),
        ("图标", "图标", "图标", False),
        ("class", "Class", "Class", False),
    ],
)
def test_a_component_is_called_by_its_pascal_case_name_wherever_that_is_one(
    shelf: Shelf, name: str, icon: str, image: str, *, warns: bool
) -> None:
    for entry, expected in ((icons(), icon), (images(), image)):
        result = rendered((entry, [shelf.drawn(name)]))
        (text,) = [text for path, text in code(result).items() if path.endswith(f"/{expected}.tsx")]
        assert f"export const {expected} = (" in text
        assert [warning.code for warning in result.warnings] == (["design.renamed"] if warns else [])
    assert rendered((icons(generateReactComponents=False), [shelf.drawn(name)])).warnings == ()


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", "no letter or digit is left of it"),
        ("__", "no letter or digit is left of it"),
        ("a\nb", "unprintable"),
        ("a" * 250, "a file system holds 255"),
    ],
)
def test_a_name_that_files_can_not_have_is_refused(shelf: Shelf, name: str, says: str) -> None:
    (problem,) = refused((icons(), [shelf.drawn(name), shelf.drawn("fine", node="1:2")]))
    assert says in problem.message and problem.code == "design.unusable-name"


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (("icA", "ic_a"), "2 icons become the file 'src/assets/icons/ic_a.svg'"),
        (("24_home", "icon_24_home"), "2 icons become the file 'src/icons/Icon24Home.tsx'"),
        (("ab_c", "a_bc"), "differ only in letter case: 'src/icons/ABc.tsx', 'src/icons/AbC.tsx'"),
    ],
)
def test_names_that_become_one_file_are_one_error_with_both(shelf: Shelf, names: tuple[str, str], says: str) -> None:
    (problem,) = refused((icons(), [shelf.drawn(name, node=f"1:{index}") for index, name in enumerate(names)]))
    assert says in problem.message
    assert "node 1:0" in problem.message and "node 1:1" in problem.message


def test_an_icon_called_as_the_dark_drawing_of_another_is_an_error(shelf: Shelf) -> None:
    (problem,) = refused((icons(), [shelf.drawn("foo", ANCHOR, MOON), shelf.drawn("foo_dark", node="1:2")]))
    assert "2 icons become the file 'src/assets/icons/foo_dark.svg'" in problem.message


def test_an_icon_and_an_image_can_not_be_one_component(shelf: Shelf) -> None:
    section = entries(icons=[{"outputDirectory": "ui"}], images=[{"outputDirectory": "ui"}])
    (problem,) = refused(*zip(section, ([shelf.drawn("hero")], [shelf.drawn("hero", node="1:2")]), strict=True))
    assert "become the file 'src/ui/Hero.tsx'" in problem.message
    assert problem.location is not None and problem.location.key == "web.images"


def test_two_entries_that_export_the_same_to_one_folder_are_one_error(shelf: Shelf) -> None:
    first, second = entries(icons=[{}, {}])
    same = [shelf.drawn("bell"), shelf.drawn("moon", node="1:2")]
    (problem,) = refused((first, same), (second, same))
    assert problem.code == "config.same-target" and "web.icons[0] and web.icons[1] both write" in problem.message


# ── failures and losses ──


def test_an_icon_that_failed_is_exported_only_if_its_component_is_there(shelf: Shelf) -> None:
    lost = [shelf.drawn(name, node=f"1:{name}", is_kept=True) for name in ("a", "b")]
    broken = shelf.drawn("c", BROKEN, node="1:c")
    there = {"src/icons/A.tsx", "src/assets/icons/b.svg"}
    result = rendered((icons(), [*lost, broken, shelf.drawn("d")]), exists=there.__contains__)
    assert component(result, "src/icons/index.ts") == (
        "export { A } from './A';\nexport { D } from './D';\n\nexport type { IconProps } from './types';\n"
    )
    assert list(blobs(result)) == ["src/assets/icons/d.svg"]
    (failure,) = result.failures
    assert failure.message.startswith("icon 'c': not a usable SVG")


def test_an_index_without_any_component_is_still_one() -> None:
    result = rendered((icons(), []))
    assert code(result)["src/icons/index.ts"].endswith("\n\n\nexport type { IconProps } from './types';\n")


@pytest.mark.parametrize(
    ("bomb", "why"),
    [
        (BOMB.encode(), "not a usable SVG: it declares the entity 'a'"),
        (BOMB.encode("utf-16"), "not a usable SVG: it declares the entity 'a'"),
        (SMALL_BOMB.encode(), "this SVG is too large: more than 50000 elements"),
    ],
)
@pytest.mark.parametrize("with_components", [False, True])
@pytest.mark.parametrize("is_dark", [False, True])
def test_an_svg_that_would_blow_up_is_not_passed_on(
    shelf: Shelf, bomb: bytes, why: str, *, with_components: bool, is_dark: bool
) -> None:
    bad = shelf.picture("bad", {SVG: ANCHOR if is_dark else bomb}, {SVG: bomb if is_dark else ANCHOR})
    for entry in (icons(generateReactComponents=with_components), images(generateReactComponents=with_components)):
        result = rendered((entry, [bad, shelf.drawn("good", node="1:2")]))
        assert [path.rpartition("/")[2] for path in blobs(result)] == ["good.svg"]
        assert "bad" not in json.dumps(code(result)).casefold()
        (failure,) = result.failures
        assert failure.message.startswith(f"{entry.noun} 'bad': {why}")


def test_an_svg_that_is_none_of_react_s_business_is_stored_as_received(shelf: Shelf) -> None:
    result = rendered((images(), [shelf.drawn("odd", BROKEN)]))
    assert blobs(result)["src/assets/images/odd.svg"].read().decode() == BROKEN


def test_what_react_has_no_place_for_is_told(shelf: Shelf) -> None:
    result = rendered((icons(), [shelf.drawn("a", FRAME.format("<script>alert(1)</script><path d='M0 0'/>"))]))
    (lost,) = result.losses
    assert lost.code == "vector.loss" and "icon 'a': React can't hold <script>" in lost.message
    assert "alert" not in component(result, "src/icons/A.tsx")


# ── templates ──


def test_single_templates_can_be_replaced(shelf: Shelf, tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "Icon.tsx.stencil").write_text(
        'export const {{ componentName }} = () => (<svg viewBox="{{ viewBox }}">{{ svgContent }}</svg>);\n'
    )
    (folder / "IconIndex.ts.jinja").write_text(
        "{% for icon in icons %}export * from './{{ icon.fileName }}';\n{% endfor %}"
    )
    (folder / "Image.tsx.jinja").write_text("export const {{ componentName }} = [{{ assetPath }}, '{{ name }}'];\n")
    section = entries(icons=[{"outputDirectory": "ui"}], images=[{"outputDirectory": "ui"}])
    pictures = ([shelf.drawn("bell")], [shelf.drawn("hero", node="1:2")])
    result = code(rendered(*zip(section, pictures, strict=True), templates=str(folder)))
    assert result["src/ui/Bell.tsx"].startswith('export const Bell = () => (<svg viewBox="0 0 24 24"><path d=')
    assert result["src/ui/Hero.tsx"] == "export const Hero = ['hero.svg', 'hero'];\n"
    assert result["src/ui/index.ts"] == (
        "export * from './Bell';\n\nexport { Hero } from './Hero';\n\nexport type { ImageProps } from './types';\n"
    )
