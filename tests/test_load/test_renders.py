"""Which nodes are rendered, and what becomes of pictures that Figma could not render."""

from dataclasses import replace

from exfig_rx.load.pictures import load_pictures
from exfig_rx.load.renders import needed_renders, with_renders
from exfig_rx.model import Location, Problem
from exfig_rx.pictures import Blob, Picture, RenderFormat, RenderSpec, Variant
from tests.test_load.library import SINGLE, SOURCE, SVG, ios_icons, ios_images, library

ONE, TWO, THREE = (RenderSpec(RenderFormat.PNG, scale) for scale in (1.0, 2.0, 3.0))


def blob(name: str) -> Blob:
    return Blob(f"/renders/{name}", len(name), name)


def picture(name: str, *nodes: str, dark: tuple[str, ...] = (), original: str | None = None) -> Picture:
    def variants(ids: tuple[str, ...], file_key: str) -> tuple[Variant, ...]:
        return tuple(Variant(file_key, node, f"layer {node}") for node in ids)

    return Picture(name, original or "layer", variants(nodes, "L"), variants(dark, "D"))


def test_each_node_is_asked_for_once_per_file_and_spec_and_in_order() -> None:
    pictures = [picture("b", "3:0", "1:0", dark=("9:0",)), picture("a", "2:0", "1:0", dark=("4:0",))]
    needed = needed_renders(pictures, (TWO, ONE, TWO))
    assert list(needed.items()) == [
        (("D", ONE), ("4:0", "9:0")),
        (("D", TWO), ("4:0", "9:0")),
        (("L", ONE), ("1:0", "2:0", "3:0")),
        (("L", TWO), ("1:0", "2:0", "3:0")),
    ]
    assert needed_renders([], (SVG,)) == {}


def test_pictures_get_the_renders_of_their_own_entry() -> None:
    pictures = [picture("a", "1:0", dark=("2:0",))]
    renders = {("L", "1:0", SVG): blob("light"), ("D", "2:0", SVG): blob("dark"), ("L", "1:0", ONE): blob("other")}
    [done], problems = with_renders(ios_icons(), pictures, renders)
    assert [dict(variant.renders) for variant in done.variants] == [{SVG: blob("light")}, {SVG: blob("dark")}]
    assert (done.is_kept, problems) == (False, ())


def test_a_picture_that_lacks_one_render_is_kept_and_the_others_have_not() -> None:
    pictures = [picture("a", "1:0", dark=("2:0",)), picture("b", "3:0")]
    renders = {("L", "1:0", SVG): blob("light"), ("L", "3:0", SVG): blob("b")}
    done, problems = with_renders(ios_icons(), pictures, renders)
    assert [item.is_kept for item in done] == [True, False]
    assert problems == (
        Problem(
            "figma.not-rendered",
            "Figma could not render the dark drawing of icon 'layer 2:0'",
            "if an earlier run wrote it, that stays; it may be hidden, empty, 0 % opaque or deleted: "
            "https://www.figma.com/design/D?node-id=2-0 "
            "(asked again when the file changes, after a day, or with --force)",
            Location(key="ios.icons", figma_file="D", node_id="2:0", node_name="layer 2:0"),
        ),
    )


def test_of_several_scales_those_that_failed_are_named_in_one_problem() -> None:
    renders = {("L", "1:0", TWO): blob("a")}
    [done], [problem] = with_renders(ios_images(), [picture("a", "1:0")], renders)
    assert done.is_kept
    assert problem.message == "Figma could not render image 'layer 1:0' at 1x, 3x"


def test_a_layer_that_is_called_otherwise_is_told_with_the_name_of_the_picture() -> None:
    [_], [problem] = with_renders(ios_icons(), [picture("a", "1:0", original="ic/bell")], {})
    assert problem.message == "Figma could not render icon 'layer 1:0' of 'ic/bell'"


def test_a_node_that_is_drawn_in_both_modes_is_told_once() -> None:
    entry = ios_icons(replace(SOURCE, dark_file="L"))
    loaded = load_pictures(entry, {"L": library("L", "a")})
    [done], problems = with_renders(entry, loaded.pictures, {})
    assert (done.is_kept, len(problems)) == (True, 1)


def test_problems_come_in_the_order_of_the_pictures() -> None:
    entry = ios_icons(SINGLE)
    loaded = load_pictures(entry, {"L": library("L", "b", "a_dark", "a", "a~ipad")})
    _, problems = with_renders(entry, loaded.pictures, {})
    assert [problem.location.node_name for problem in problems if problem.location] == ["a", "a~ipad", "a_dark", "b"]
