"""Images for Android: every format from every source, densities, night, nine-patches."""

from pathlib import Path

import pytest

from exfig_rx.config.picture_entries import SVG
from exfig_rx.export.android_drawables import DENSITIES
from exfig_rx.model import Rendered
from exfig_rx.pictures import Blob, Encoding, Picture, Raster, RenderFormat, RenderSpec
from tests.test_export.android_sets import ANCHOR, MOON, Keys, Shelf, images, rendered

ALL = (1.0, 1.5, 2.0, 3.0, 4.0)


def png(scale: float) -> RenderSpec:
    """What Figma is asked for a scale."""
    return RenderSpec(RenderFormat.PNG, scale)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """Where renders lie."""
    return Shelf(tmp_path)


def scaled(
    shelf: Shelf, name: str, *scales: float, has_dark: bool = False, node: str = "1:1", **more: object
) -> Picture:
    """An image with a PNG of each scale, whose bytes say which it is."""
    dark = {png(scale): f"dark {name} {scale:g}" for scale in scales} if has_dark else None
    return shelf.picture(name, {png(scale): f"{name} {scale:g}" for scale in scales}, dark, node=node, **more)


def contents(result: Rendered) -> dict[str, str]:
    """What lies where: the text of a blob, or how it is to be made of one."""
    found: dict[str, str] = {}
    for file in result.files:
        assert isinstance(file.content, Blob)
        found[file.path] = file.content.read().decode()
    for made_here in result.rasters:
        raster = made_here.raster
        made = f"{raster.encoding} of {raster.source_format} {raster.source.read().decode()[:9]!r} x{raster.scale:g}"
        found[made_here.path] = f"{made} {'lossless' if raster.is_lossless else raster.quality}"
    assert len(found) == len(result.files) + len(result.rasters)
    return found


def test_png_of_figma_goes_untouched_into_the_folder_of_its_density(shelf: Shelf) -> None:
    (entry,) = images()
    assert entry.specs == tuple(map(png, ALL))
    assert contents(rendered((entry, [scaled(shelf, "boat", *ALL, has_dark=True)]))) == {
        f"app/res/art/drawable{night}-{density}/boat.png": f"{dark}boat {scale:g}"
        for night, dark in (("", ""), ("-night", "dark "))
        for scale, density in DENSITIES.items()
    }


def test_only_the_scales_of_the_config_are_written(shelf: Shelf) -> None:
    (entry,) = images({"scales": [3, 1.5, 3]})
    assert contents(rendered((entry, [scaled(shelf, "boat", 1.5, 3)]))) == {
        "app/res/art/drawable-xxhdpi/boat.png": "boat 3",
        "app/res/art/drawable-hdpi/boat.png": "boat 1.5",
    }


@pytest.mark.parametrize(
    ("options", "how"),
    [
        ({}, "90"),
        ({"webpOptions": {"encoding": "lossy"}}, "90"),
        ({"webpOptions": {"encoding": "lossy", "quality": 0}}, "0"),
        ({"webpOptions": {"encoding": "lossless", "quality": 40}}, "lossless"),
    ],
)
def test_webp_is_made_of_the_png_of_each_scale(shelf: Shelf, options: Keys, how: str) -> None:
    (entry,) = images({"format": "webp", "scales": [1, 2], **options})
    assert contents(rendered((entry, [scaled(shelf, "boat", 1, 2, has_dark=True)]))) == {
        "app/res/art/drawable-mdpi/boat.webp": f"webp of png 'boat 1' x1 {how}",
        "app/res/art/drawable-xhdpi/boat.webp": f"webp of png 'boat 2' x1 {how}",
        "app/res/art/drawable-night-mdpi/boat.webp": f"webp of png 'dark boat' x1 {how}",
        "app/res/art/drawable-night-xhdpi/boat.webp": f"webp of png 'dark boat' x1 {how}",
    }


@pytest.mark.parametrize("format_", ["webp", "png"])
def test_an_svg_is_drawn_at_each_scale(shelf: Shelf, format_: str) -> None:
    (entry,) = images({"format": format_, "sourceFormat": "svg"})
    assert entry.specs == (SVG,)
    result = rendered((entry, [shelf.drawn("boat", ANCHOR, MOON)]))
    assert result.files == ()
    assert contents(result) == {
        f"app/res/art/drawable{night}-{density}/boat.{format_}": f"{format_} of svg '<svg xmln' x{scale:g} 90"
        for night in ("", "-night")
        for scale, density in DENSITIES.items()
    }
    assert result.rasters[0].raster == Raster(shelf.blob(ANCHOR), RenderFormat.SVG, Encoding(format_), 1.0)


@pytest.mark.parametrize(("scale", "warns"), [(1, False), (1.5, True), (4, True)])
@pytest.mark.parametrize("source", ["png", "svg"])
def test_one_scale_goes_to_the_plain_folders_and_a_wrong_size_is_told(
    shelf: Shelf, source: str, scale: float, warns: bool
) -> None:
    (entry,) = images({"scales": [scale, scale], "sourceFormat": source})
    picture = scaled(shelf, "boat", scale, has_dark=True) if source == "png" else shelf.drawn("boat", ANCHOR, MOON)
    result = rendered((entry, [picture]))
    assert list(contents(result)) == ["app/res/art/drawable/boat.png", "app/res/art/drawable-night/boat.png"]
    messages = [warning.message for warning in result.warnings]
    assert (
        messages
        == [
            "android.images: images of one scale go to the plain drawable folders, which Android reads as scale 1: "
            f"they show {scale:g} times as large as in the design"
        ]
        * warns
    )


def test_an_image_whose_render_failed_is_left_out(shelf: Shelf) -> None:
    (entry,) = images({"scales": [1, 2]})
    failed = shelf.picture("a", {}, is_kept=True)
    assert list(contents(rendered((entry, [failed, scaled(shelf, "b", 1, 2, node="1:2")])))) == [
        "app/res/art/drawable-mdpi/b.png",
        "app/res/art/drawable-xhdpi/b.png",
    ]


# ── nine-patches ──


def test_a_nine_patch_keeps_its_suffix(shelf: Shelf) -> None:
    (entry,) = images({"scales": [1, 2]})
    result = rendered((entry, [scaled(shelf, "bubble_9", 1, 2, original_name="Chat/bubble.9")]))
    assert contents(result) == {
        "app/res/art/drawable-mdpi/bubble.9.png": "bubble_9 1",
        "app/res/art/drawable-xhdpi/bubble.9.png": "bubble_9 2",
    }
    assert result.warnings == ()


def test_a_nine_patch_never_becomes_webp(shelf: Shelf) -> None:
    (entry,) = images({"format": "webp", "scales": [1, 2]})
    patch = scaled(shelf, "bubble_9", 1, 2, original_name="bubble.9")
    result = rendered((entry, [patch, scaled(shelf, "wave", 1, 2, node="1:2")]))
    assert contents(result) == {
        "app/res/art/drawable-mdpi/bubble.9.png": "bubble_9 1",
        "app/res/art/drawable-xhdpi/bubble.9.png": "bubble_9 2",
        "app/res/art/drawable-mdpi/wave.webp": "webp of png 'wave 1' x1 90",
        "app/res/art/drawable-xhdpi/wave.webp": "webp of png 'wave 2' x1 90",
    }
    (warning,) = result.warnings
    assert warning.message == (
        "android.images: 1 nine-patch image written as PNG, not as WebP, which Android does not stretch: 'bubble.9'"
    )


def test_a_nine_patch_from_svg_is_drawn_as_png(shelf: Shelf) -> None:
    (entry,) = images({"format": "webp", "scales": [1], "sourceFormat": "svg"})
    result = rendered((entry, [shelf.drawn("bubble_9", original_name="bubble.9")]))
    assert contents(result) == {"app/res/art/drawable/bubble.9.png": "png of svg '<svg xmln' x1 90"}


def test_a_nine_patch_and_a_plain_image_are_one_resource(shelf: Shelf) -> None:
    (entry,) = images({"scales": [1]})
    pictures = [scaled(shelf, "bubble_9", 1, original_name="bubble.9"), scaled(shelf, "bubble", 1, node="1:2")]
    with pytest.raises(Exception, match="2 images become the resource 'bubble'"):
        rendered((entry, pictures))


def test_a_vector_named_like_a_nine_patch_is_a_vector(shelf: Shelf) -> None:
    (entry,) = images({"format": "svg"})
    result = rendered((entry, [shelf.drawn("bubble_9", original_name="bubble.9")]))
    assert [file.path for file in result.files] == ["app/res/art/drawable/bubble_9.xml"]
