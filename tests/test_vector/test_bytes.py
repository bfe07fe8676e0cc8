"""The text of the formats, character by character, as users of the older ExFig have it in their repositories."""

import pytest

from exfig_rx.vector.compose import Place, image_vector
from exfig_rx.vector.drawable import longest_path, vector_drawable
from exfig_rx.vector.lowering import lowered
from exfig_rx.vector.svg import parse_svg
from tests.test_vector.kotlin_reader import image_vector_to_svg

FRAME = 'width="24" height="24" viewBox="0 0 24 24" fill="none"'
HEAD = """\
<?xml version="1.0" encoding="utf-8"?>
<vector
    xmlns:android="http://schemas.android.com/apk/res/android"{aapt}
    android:width="24dp"
    android:height="24dp"
    android:viewportWidth="24"
    android:viewportHeight="24">
"""
AAPT = '\n    xmlns:aapt="http://schemas.android.com/aapt"'


def svg(body: str, frame: str = FRAME) -> bytes:
    return f'<svg {frame} xmlns="http://www.w3.org/2000/svg">\n{body}\n</svg>\n'.encode()


def xml(body: str, frame: str = FRAME) -> str:
    return vector_drawable(lowered(parse_svg(svg(body, frame))))


def inside(body: str, frame: str = FRAME) -> str:
    """The lines of a drawable between its frame."""
    text = xml(body, frame)
    head = HEAD.format(aapt=AAPT if "aapt:" in text else "")
    assert text.startswith(head)
    assert text.endswith("\n</vector>")
    return text.removeprefix(head).removesuffix("\n</vector>")


def test_a_drawable_has_one_attribute_a_line_and_no_line_at_its_end() -> None:
    body = '<path d="M3 4L20 19" stroke="#0B3C49" stroke-width="1.5" stroke-linecap="round"/>'
    assert xml(body) == (
        HEAD.format(aapt="")
        + """\
    <path
        android:pathData="M3 4L20 19"
        android:strokeColor="#0B3C49"
        android:strokeWidth="1.5"
        android:strokeLineCap="round"/>
</vector>"""
    )


@pytest.mark.parametrize(
    ("frame", "sizes"),
    [
        ('width="24" height="24" viewBox="0 0 24 24"', ("24", "24", "24", "24")),
        ('width="20.5" height="18" viewBox="0 0 41 36"', ("20.5", "18", "41", "36")),
        ('width="24px" height="24px"', ("24", "24", "24", "24")),
        ('viewBox="0 0 48 32"', ("48", "32", "48", "32")),
        ('width="100%" height="100%" viewBox="0 0 24 24"', ("24", "24", "24", "24")),
        ('width="23.99996" height="24.12346" viewBox="0 0 23.99996 24.12346"', ("24", "24.1235", "24", "24.1235")),
        ("", ("24", "24", "24", "24")),
    ],
)
def test_sizes_are_those_of_the_root_else_of_its_view_box(frame: str, sizes: tuple[str, str, str, str]) -> None:
    width, height, across, down = sizes
    assert xml('<path d="M0 0H9"/>', frame).splitlines()[3:7] == [
        f'    android:width="{width}dp"',
        f'    android:height="{height}dp"',
        f'    android:viewportWidth="{across}"',
        f'    android:viewportHeight="{down}">',
    ]


def test_a_mirrored_drawable_says_so_last() -> None:
    text = vector_drawable(lowered(parse_svg(svg('<path d="M0 0H9" fill="red"/>'))), mirrored=True)
    assert text.splitlines()[6:8] == ['    android:viewportHeight="24"', '    android:autoMirrored="true">']


@pytest.mark.parametrize(
    ("attributes", "lines"),
    [
        ('fill="#0b3c49"', ['fillColor="#0B3C49"']),
        ('fill="black"', ['fillColor="#000000"']),
        ('fill="#0B3C4980"', ['fillColor="#800B3C49"']),
        ('fill="rgba(11,60,73,.5)"', ['fillColor="#7F0B3C49"']),
        ('fill="red" fill-opacity="0.4"', ['fillColor="#FF0000"', 'fillAlpha="0.4"']),
        ('fill="red" fill-opacity="1"', ['fillColor="#FF0000"', 'fillAlpha="1"']),
        ('fill="red" opacity="0.12345"', ['fillColor="#FF0000"', 'fillAlpha="0.1235"']),
        ('fill="red" fill-rule="evenodd"', ['fillColor="#FF0000"', 'fillType="evenOdd"']),
        ('fill="red" fill-rule="nonzero" clip-rule="evenodd"', ['fillColor="#FF0000"', 'fillType="nonZero"']),
        ('stroke="red" stroke-width="2"', ['strokeColor="#FF0000"', 'strokeWidth="2"']),
        ('fill-rule="evenodd" stroke="red" stroke-width="2"',
         ['fillType="evenOdd"', 'strokeColor="#FF0000"', 'strokeWidth="2"']),
        (
            'fill="red" fill-rule="evenodd" stroke="#00F" stroke-width=".5" stroke-linejoin="bevel" stroke-linecap="square"',
            ['fillColor="#FF0000"', 'fillType="evenOdd"', 'strokeColor="#0000FF"', 'strokeWidth="0.5"',
             'strokeLineCap="square"', 'strokeLineJoin="bevel"'],
        ),
        ('stroke="red" stroke-width="2" stroke-opacity=".5" stroke-miterlimit="10"',
         ['strokeColor="#FF0000"', 'strokeAlpha="0.5"', 'strokeWidth="2"', 'strokeMiterLimit="10"']),
        ('stroke="red" stroke-miterlimit="4"', ['strokeColor="#FF0000"', 'strokeWidth="1"']),
    ],
)  # fmt: skip
def test_a_path_has_its_attributes_in_order(attributes: str, lines: list[str]) -> None:
    expected = "\n        ".join(
        ["    <path", 'android:pathData="M1 2C3 4 5 6 7 8Z"', *(f"android:{line}" for line in lines)]
    )
    assert inside(f'<path {attributes} d="M1 2C3 4 5 6 7 8Z"/>') == f"{expected}/>"


def test_a_path_without_any_paint_is_black_with_all_its_digits() -> None:
    assert 'android:fillColor="#FF000000"/>' in inside('<path d="M0 0H9V9Z"/>', FRAME.removesuffix(' fill="none"'))


@pytest.mark.parametrize(
    "d", ["M3,4 L 20 19", "m3 4l2.5-.5.5.5z", "M.5.5-8.5 3e-07", "M3 4a2 2 0 0 1 4 0", "M1 2 3 4 5 6", "M3  4 , 5 6"]
)
def test_path_data_stays_as_it_is_written(d: str) -> None:
    assert f'android:pathData="{d}"' in inside(f'<path d="{d}" fill="red"/>')


def group(*lines: str) -> str:
    """A group with a path in it."""
    attributes = "".join(f"\n        android:{line}" for line in lines)
    return f"""\
    <group{attributes}>
        <path
            android:pathData="M0 0H9V9Z"
            android:fillColor="#FF0000"/>
    </group>"""


@pytest.mark.parametrize(
    ("transform", "lines"),
    [
        ("", []),
        ("translate(2 3)", ['translateX="2"', 'translateY="3"']),
        ("translate(2)", ['translateX="2"']),
        ("scale(2)", ['scaleX="2"', 'scaleY="2"']),
        ("scale(-1 1)", ['scaleX="-1"']),
        ("rotate(45)", ['rotation="45"']),
        ("rotate(-90 12 12)", ['rotation="-90"', 'pivotX="12"', 'pivotY="12"']),
        ("translate(2 3) rotate(30) scale(2 .5)",
         ['translateX="2"', 'translateY="3"', 'scaleX="2"', 'scaleY="0.5"', 'rotation="30"']),
        ("matrix(1 0 0 -1 4 10)", ['translateX="4"', 'translateY="10"', 'scaleY="-1"']),
        ("matrix(0 1 -1 0 20 4)", ['translateX="20"', 'translateY="4"', 'rotation="90"']),
        ("matrix(2 0 0 2 1.5 .25)", ['translateX="1.5"', 'translateY="0.25"', 'scaleX="2"', 'scaleY="2"']),
    ],
)  # fmt: skip
def test_a_group_has_its_attributes_in_order(transform: str, lines: list[str]) -> None:
    attribute = f' transform="{transform}"' if transform else ""
    assert inside(f'<g{attribute}><path d="M0 0H9V9Z" fill="red"/></g>') == group(*lines)
    if transform:
        assert inside(f'<path{attribute} d="M0 0H9V9Z" fill="red"/>') == group(*lines)


def test_a_clip_is_the_first_in_its_group() -> None:
    body = (
        '<g clip-path="url(#a)"><path d="M0 0H9V9Z" fill="red"/></g>'
        '<defs><clipPath id="a"><rect x="2" y="2" width="8" height="8"/></clipPath></defs>'
    )
    assert (
        inside(body)
        == """\
    <group>
        <clip-path
            android:pathData="M2,2L10,2L10,10L2,10Z"/>
        <path
            android:pathData="M0 0H9V9Z"
            android:fillColor="#FF0000"/>
    </group>"""
    )


def test_a_clip_around_everything_leaves_a_bare_group() -> None:
    body = (
        '<g clip-path="url(#clip0_1_2)"><path d="M0 0H9V9Z" fill="red"/></g>'
        '<defs><clipPath id="clip0_1_2"><rect width="24" height="24" fill="white"/></clipPath></defs>'
    )
    assert inside(body) == group()


STOPS = '<stop stop-color="#0B3C49"/><stop offset="1" stop-color="#F4D35E" stop-opacity="0.5"/>'


def test_a_linear_gradient_stands_inside_its_path() -> None:
    gradient = (
        f'<linearGradient id="a" x1="2" y1="2" x2="22" y2="22" gradientUnits="userSpaceOnUse">{STOPS}</linearGradient>'
    )
    assert (
        inside(f'<path d="M2 2H22V22H2Z" fill="url(#a)"/><defs>{gradient}</defs>')
        == """\
    <path
        android:pathData="M2 2H22V22H2Z"
        >
        <aapt:attr name="android:fillColor">
            <gradient
                android:type="linear"
                android:startX="2"
                android:startY="2"
                android:endX="22"
                android:endY="22">
                <item android:offset="0" android:color="#FF0B3C49"/>
                <item android:offset="1" android:color="#80F4D35E"/>
            </gradient>
        </aapt:attr>
    </path>"""
    )


def test_a_radial_gradient_has_a_centre_and_a_radius() -> None:
    gradient = (
        '<radialGradient id="a" cx="0" cy="0" r="1" gradientUnits="userSpaceOnUse" '
        f'gradientTransform="translate(12 10) rotate(90) scale(8)">{STOPS}</radialGradient>'
    )
    assert inside(f'<path d="M2 2H22V22H2Z" fill="url(#a)" fill-opacity="0.9"/><defs>{gradient}</defs>').splitlines()[
        :9
    ] == [
        "    <path",
        '        android:pathData="M2 2H22V22H2Z"',
        '        android:fillAlpha="0.9"',
        "        >",
        '        <aapt:attr name="android:fillColor">',
        "            <gradient",
        '                android:type="radial"',
        '                android:centerX="12"',
        '                android:centerY="10"',
    ]


def test_a_gradient_along_a_line_stands_behind_that_of_the_fill() -> None:
    gradient = f'<linearGradient id="a" spreadMethod="reflect" x2=".5">{STOPS}</linearGradient>'
    text = inside(f'<path d="M0 0H24V24H0Z" fill="url(#a)" stroke="url(#a)" stroke-width="2"/><defs>{gradient}</defs>')
    assert text.count('android:tileMode="mirror">') == 2
    assert text.index("android:strokeWidth") < text.index("android:fillColor") < text.index("android:strokeColor")


@pytest.mark.parametrize(
    ("shape", "d"),
    [
        ('rect x="2" y="2" width="20" height="20"', "M2,2L22,2L22,22L2,22Z"),
        ('rect x=".5" y=".25" width="9.1234" height="20"', "M0.5,0.25L9.623,0.25L9.623,20.25L0.5,20.25Z"),
        ('rect width="8" height="6" rx="2"',
         "M2,0L6,0C7.105,0 8,0.895 8,2L8,4C8,5.105 7.105,6 6,6L2,6C0.895,6 0,5.105 0,4L0,2C0,0.895 0.895,0 2,0Z"),
        ('rect width="8" height="6" rx="9" ry="1"',
         "M4,0L4,0C6.209,0 8,0.448 8,1L8,5C8,5.552 6.209,6 4,6L4,6C1.791,6 0,5.552 0,5L0,1C0,0.448 1.791,0 4,0Z"),
        ('circle cx="12" cy="12" r="10"',
         "M2,12C2,17.523 6.477,22 12,22C17.523,22 22,17.523 22,12C22,6.477 17.523,2 12,2C6.477,2 2,6.477 2,12Z"),
        ('ellipse cx="12" cy="10" rx="8" ry="4"',
         "M4,10C4,12.209 7.582,14 12,14C16.418,14 20,12.209 20,10C20,7.791 16.418,6 12,6C7.582,6 4,7.791 4,10Z"),
        ('line x1="4" y1="6" x2="12" y2="6.25"', "M4.0,6.0L12.0,6.25"),
        ('polygon points="4,6 12,6 8,12.5"', "M4.0,6.0L12.0,6.0L8.0,12.5Z"),
        ('polyline points="4 6 12 6 8 12.5"', "M4.0,6.0L12.0,6.0L8.0,12.5"),
    ],
)  # fmt: skip
def test_shapes_become_paths(shape: str, d: str) -> None:
    assert f'android:pathData="{d}"' in inside(f'<{shape} stroke="red"/>')


def test_a_kotlin_file_is_complete() -> None:
    body = '<path fill-rule="evenodd" d="M3 4l2.5 0H9v-1.00004c1 2 3 4 5 6S1 2 3 4q1 2 3 4t5 6a2 2 0 0 1 4 0Z" fill="#0B3C49"/>'
    body += (
        '<g transform="rotate(45 12 12)"><path d="M3 4H9" stroke="#F4D35E80" stroke-linecap="round" opacity=".5"/></g>'
    )
    text = image_vector(lowered(parse_svg(svg(body))), "Anchor", Place("app.reef.icons", "app.reef.ReefIcons"))
    assert (
        text
        == """\
// This file is auto-generated by exfig. Do not edit manually.
package app.reef.icons
import androidx.compose.material3.Icon
import androidx.compose.runtime.Composable
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.PathFillType
import androidx.compose.ui.graphics.SolidColor
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.StrokeJoin
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.graphics.vector.group
import androidx.compose.ui.graphics.vector.path
import androidx.compose.ui.tooling.preview.Preview
import androidx.compose.ui.unit.dp
import app.reef.ReefIcons

public val ReefIcons.Anchor: ImageVector
    get() {
        if (_anchor != null) {
            return _anchor!!
        }
        _anchor = ImageVector.Builder(
            name = "Anchor",
            defaultWidth = 24.dp,
            defaultHeight = 24.dp,
            viewportWidth = 24f,
            viewportHeight = 24f,
        ).apply {
            path(
                fill = SolidColor(Color(0xFF0B3C49)),
                pathFillType = PathFillType.EvenOdd,
            ) {
                moveTo(3f, 4f)
                lineToRelative(2.5f, 0f)
                horizontalLineTo(9f)
                verticalLineToRelative(-1f)
                curveToRelative(1f, 2f, 3f, 4f, 5f, 6f)
                reflectiveCurveTo(1f, 2f, 3f, 4f)
                quadToRelative(1f, 2f, 3f, 4f)
                reflectiveQuadToRelative(5f, 6f)
                arcToRelative(2f, 2f, 0f, false, true, 4f, 0f)
                close()
            }
            group(
                rotate = 45f,
                pivotX = 12f,
                pivotY = 12f,
            ) {
                path(
                    stroke = SolidColor(Color(0x80F4D35E)),
                    strokeAlpha = 0.5f,
                    strokeLineWidth = 1f,
                    strokeLineCap = StrokeCap.Round,
                ) {
                    moveTo(3f, 4f)
                    horizontalLineTo(9f)
                }
            }
        }.build()
        return _anchor!!
    }

private var _anchor: ImageVector? = null

@Preview(showBackground = true)
@Composable
private fun AnchorPreview() {
    Icon(
        imageVector = ReefIcons.Anchor,
        contentDescription = null,
    )
}
"""
    )


def test_kotlin_without_a_receiver_is_top_level_and_mirrors_where_asked() -> None:
    drawing = lowered(parse_svg(svg('<g><path d="M3 4H9" fill="red"/></g>')))
    lines = image_vector(drawing, "Anchor", Place("app.icons"), mirrored=True).splitlines()
    assert "public val Anchor: ImageVector" in lines
    assert "        imageVector = Anchor," in lines
    assert lines[lines.index("            viewportHeight = 24f,") + 1] == "            autoMirror = true,"
    assert lines[lines.index("            group(") + 1] == "            ) {"


def test_a_kotlin_gradient_and_a_kotlin_clip() -> None:
    body = (
        f'<g clip-path="url(#c)"><path d="M2 2H22V22H2Z" fill="url(#a)"/></g><defs><clipPath id="c"><path d="M3 3H20V20z"/>'
        f'</clipPath><linearGradient id="a" x1="2" y1="2" x2="22" y2="22" gradientUnits="userSpaceOnUse">{STOPS}</linearGradient></defs>'
    )
    text = image_vector(lowered(parse_svg(svg(body))), "Anchor", Place("app.icons"))
    assert "\nimport androidx.compose.ui.graphics.vector.addPathNodes\n" in text
    assert (
        text[text.index("            group(") : text.index("                    moveTo")]
        == """\
            group(
                clipPathData = addPathNodes("M3 3H20V20z"),
            ) {
                path(
                    fill = Brush.linearGradient(
                    colorStops = arrayOf(
                        0f to Color(0xFF0B3C49),
                        1f to Color(0x80F4D35E),
                    ),
                    start = Offset(2f, 2f),
                    end = Offset(22f, 22f),
                ),
                ) {
"""
    )


def test_kotlin_of_very_many_commands_is_text_which_fits_into_a_function() -> None:
    d = "M3 3" + "H9V4" * 1000
    text = image_vector(
        lowered(parse_svg(svg(f'<g><path d="{d}" fill="red" fill-rule="evenodd"/></g>'))), "Anchor", Place("a")
    )
    assert "\nimport androidx.compose.ui.graphics.vector.addPathNodes\n" in text
    assert (
        text[text.index("            group(") : text.index("        }.build()")]
        == f"""\
            group(
            ) {{
                addPath(
                    pathData = addPathNodes("{d}"),
                    fill = SolidColor(Color(0xFFFF0000)),
                    pathFillType = PathFillType.EvenOdd,
                )
            }}
"""
    )
    assert "<path d=" in image_vector_to_svg(text)


def test_the_longest_path_counts_clips_and_bytes() -> None:
    clip = f'<clipPath id="c"><path d="M3 3{"H9" * 50}V20z"/></clipPath><g clip-path="url(#c)"><path d="M0 0H9" fill="red"/></g>'
    assert longest_path(lowered(parse_svg(svg(clip)))) == len(f"M3 3{'H9' * 50}V20z")
    assert longest_path(lowered(parse_svg(svg("")))) == 0
