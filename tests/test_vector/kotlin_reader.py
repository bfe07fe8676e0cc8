"""A reader of ImageVectors: Kotlin to SVG. It knows Compose's functions, their parameters, and what has to be imported.

What it does not know, or what was not imported, fails.
"""

import re
from dataclasses import dataclass, field

from tests.test_vector.android_reader import path_data
from tests.test_vector.pictures import Svg

TOKEN = re.compile(r'\s*(?:(-?\d+(?:\.\d+)?f?\b|0x[0-9A-F]{8})|([A-Za-z_][\w.]*)|("[^"$\\]*")|(.))')

UI = "androidx.compose.ui."
IMPORTS = {
    "Brush": f"{UI}graphics.Brush",
    "Color": f"{UI}graphics.Color",
    "ImageVector": f"{UI}graphics.vector.ImageVector",
    "Offset": f"{UI}geometry.Offset",
    "PathFillType": f"{UI}graphics.PathFillType",
    "SolidColor": f"{UI}graphics.SolidColor",
    "StrokeCap": f"{UI}graphics.StrokeCap",
    "StrokeJoin": f"{UI}graphics.StrokeJoin",
    "TileMode": f"{UI}graphics.TileMode",
    "addPathNodes": f"{UI}graphics.vector.addPathNodes",
    "group": f"{UI}graphics.vector.group",
    "path": f"{UI}graphics.vector.path",
}
LETTERS = {
    "moveTo": ("M", 2),
    "lineTo": ("L", 2),
    "horizontalLineTo": ("H", 1),
    "verticalLineTo": ("V", 1),
    "curveTo": ("C", 6),
    "reflectiveCurveTo": ("S", 4),
    "quadTo": ("Q", 4),
    "reflectiveQuadTo": ("T", 2),
    "arcTo": ("A", 7),
    "close": ("Z", 0),
}
PLACES = {
    "translationX": "x",
    "translationY": "y",
    "scaleX": "scaleX",
    "scaleY": "scaleY",
    "rotate": "rotation",
    "pivotX": "pivotX",
    "pivotY": "pivotY",
}


@dataclass
class Call:
    """A call: its name, arguments by position and by name, and the calls in the block behind it."""

    name: str
    arguments: list["Value"] = field(default_factory=list)
    named: dict[str, "Value"] = field(default_factory=dict)
    block: list["Call"] = field(default_factory=list)


Value = Call | str | tuple["Call | str | float", "Call | str | float"] | float


def image_vector_to_svg(kotlin: str) -> str:
    """An ImageVector as SVG."""
    imports = set(re.findall(r"^import (\S+)$", kotlin, re.MULTILINE))
    builder = kotlin.index("ImageVector.Builder(")
    end = kotlin.index(".build()", builder)
    reader = _Reader(kotlin[builder:end], imports)
    call = reader.call(reader.take())
    sizes = {name: str(value) for name, value in call.named.items() if name != "name"}
    out = Svg()
    body = "".join(_node(one, out) for one in call.block)
    width, height = (sizes[name] for name in ("defaultWidth", "defaultHeight"))
    return out.whole(width, height, (sizes["viewportWidth"], sizes["viewportHeight"]), body)


class _Reader:
    def __init__(self, text: str, imports: set[str]) -> None:
        self._tokens = [match.group(match.lastindex or 0) for match in TOKEN.finditer(text.strip())][::-1]
        self._imports = imports

    def take(self, expected: str | None = None) -> str:
        token = self._tokens.pop()
        assert expected in (None, token), f"{token!r} where {expected!r} should be"
        return token

    def next(self) -> str:
        return self._tokens[-1] if self._tokens else ""

    def call(self, name: str) -> Call:
        """A call from its opening parenthesis on; `.apply` in front of a block is nothing."""
        call = Call(name)
        self.known(name)
        self.take("(")
        while self.next() != ")":
            value = self.value()
            if self.next() == "=":
                self.take("=")
                assert isinstance(value, str)
                assert value not in call.named
                call.named[value] = self.value()
            else:
                call.arguments.append(value)
            if self.next() != ")":
                self.take(",")
        self.take(")")
        if self.next() == ".":
            self.take(".")
            self.take("apply")
        if self.next() == "{":
            self.take("{")
            while self.next() != "}":
                call.block.append(self.call(self.take()))
            self.take("}")
        return call

    def value(self) -> Value:
        first = self.single()
        if self.next() == "to":
            self.take("to")
            return first, self.single()
        return first

    def single(self) -> "Call | str | float":
        token = self.take()
        if re.fullmatch(r"-?\d+(\.\d+)?f?", token):
            if self.next() == ".":  # 24.dp
                self.take(".")
                self.take("dp")
            else:
                assert token.endswith("f"), f"{token} is no Float"
            return float(token.removesuffix("f"))
        if token[0] == "0" or token[0] == '"':
            return token.strip('"')
        if self.next() == "(":
            return self.call(token)
        self.known(token)
        return token

    def known(self, name: str) -> None:
        """Fails for what would have to be imported and is not."""
        first = name.partition(".")[0]
        assert IMPORTS.get(first) is None or IMPORTS[first] in self._imports, f"{first} is not imported"


def _node(call: Call, out: Svg) -> str:
    assert not call.arguments
    if call.name == "group":
        assert set(call.named) <= {*PLACES, "clipPathData"}, call.named
        clip = call.named.get("clipPathData")
        data = None
        if clip is not None:
            assert isinstance(clip, Call)
            assert clip.name == "addPathNodes"
            data = path_data(str(clip.arguments[0]))
        numbers = {PLACES[name]: _number(value) for name, value in call.named.items() if name != "clipPathData"}
        return out.group("".join(_node(one, out) for one in call.block), data, numbers)
    assert call.name in ("path", "addPath"), call.name
    named = dict(call.named)
    if call.name == "addPath":
        nodes = named.pop("pathData")
        assert isinstance(nodes, Call)
        assert nodes.name == "addPathNodes"
        assert not call.block
        d = path_data(str(nodes.arguments[0]))
    else:
        d = " ".join(_command(one) for one in call.block)
    fill, fill_alpha = _paint(named.pop("fill", None), out)
    stroke, stroke_alpha = _paint(named.pop("stroke", None), out)
    fill_alpha *= _number(named.pop("fillAlpha", 1.0))
    stroke_alpha *= _number(named.pop("strokeAlpha", 1.0))
    words = {
        "stroke-linecap": _word(named.pop("strokeLineCap", "StrokeCap.Butt"), "StrokeCap"),
        "stroke-linejoin": _word(named.pop("strokeLineJoin", "StrokeJoin.Miter"), "StrokeJoin"),
        "fill-rule": _word(named.pop("pathFillType", "PathFillType.NonZero"), "PathFillType"),
    }
    width, miter = _number(named.pop("strokeLineWidth", 0.0)), _number(named.pop("strokeLineMiter", 4.0))
    assert not named, named
    attributes = " ".join(f'{name}="{value}"' for name, value in words.items())
    return (
        f'<path d="{d}" fill="{fill}" fill-opacity="{fill_alpha}" '
        f'stroke="{stroke}" stroke-opacity="{stroke_alpha}" stroke-width="{width}" stroke-miterlimit="{miter}" '
        f"{attributes}/>"
    )


def _command(call: Call) -> str:
    letter, count = LETTERS[call.name.removesuffix("Relative")]
    assert len(call.arguments) == count
    assert not call.named
    if letter == "A":
        assert all(flag in ("true", "false") for flag in call.arguments[3:5])
    numbers = [{"true": 1.0, "false": 0.0}[one] if isinstance(one, str) else _number(one) for one in call.arguments]
    letter = letter.lower() if call.name.endswith("Relative") else letter
    return letter + " ".join(f"{number:.9g}" for number in numbers)


def _number(value: Value) -> float:
    assert isinstance(value, float), value
    return value


def _word(value: Value, kind: str) -> str:
    assert isinstance(value, str)
    assert value.startswith(f"{kind}.")
    return value.removeprefix(f"{kind}.").lower()


def _argb(value: Value) -> str:
    assert isinstance(value, Call)
    assert value.name == "Color"
    return str(value.arguments[0])[2:]


def _paint(value: Value | None, out: Svg) -> tuple[str, float]:
    if value is None:
        return "none", 1.0
    assert isinstance(value, Call)
    if value.name == "SolidColor":
        argb = _argb(value.arguments[0])
        return f"#{argb[2:]}", int(argb[:2], 16) / 255
    kind = {"Brush.linearGradient": "linear", "Brush.radialGradient": "radial"}[value.name]
    named = dict(value.named)
    stops = named.pop("colorStops")
    assert isinstance(stops, Call)
    assert stops.name == "arrayOf"
    assert len(stops.arguments) >= 2
    pairs = [(str(one[0]), _argb(one[1])) for one in stops.arguments if isinstance(one, tuple)]
    mode = _word(named.pop("tileMode", "TileMode.Clamp"), "TileMode")
    spread = {"clamp": "pad", "mirror": "reflect", "repeated": "repeat"}[mode]
    if kind == "linear":
        (x1, y1), (x2, y2) = _point(named.pop("start")), _point(named.pop("end"))
        places = {"x1": x1, "y1": y1, "x2": x2, "y2": y2}
    else:
        (cx, cy), radius = _point(named.pop("center")), _number(named.pop("radius"))
        assert radius > 0
        places = {"cx": cx, "cy": cy, "r": radius}
    assert not named, named
    return out.gradient(kind, {name: str(number) for name, number in places.items()}, pairs, spread), 1.0


def _point(value: Value) -> tuple[float, float]:
    assert isinstance(value, Call)
    assert value.name == "Offset"
    x, y = value.arguments
    return _number(x), _number(y)
