"""SVGs of our own making: each feature alone, and pairs of them, as Figma and people write them."""

from collections.abc import Iterator
from itertools import permutations, product

from exfig_rx.vector.color_names import COLOR_NAMES

STAR = "M32 6L39.6 24.2L59.2 25.8L44.3 38.6L48.9 57.8L32 47.5L15.1 57.8L19.7 38.6L4.8 25.8L24.4 24.2Z"
RING = "M32 8C18.745 8 8 18.745 8 32C8 45.255 18.745 56 32 56C45.255 56 56 45.255 56 32C56 18.745 45.255 8 32 8Z"
STRIPES = '<path d="M0 0H64V20H0Z" fill="teal"/><path d="M0 30H64V64H0Z" fill="#C8553D"/>'
HOLE = "M32 20C38.627 20 44 25.373 44 32C44 38.627 38.627 44 32 44C25.373 44 20 38.627 20 32C20 25.373 25.373 20 32 20Z"

PATHS = {
    "lines": "M8 8H56V56H8Z",
    "relative": "m8 8h48v48h-48z m12 12v24h24v-24z",
    "curves": "M8 32C8 8 56 8 56 32S8 56 8 32Z",
    "relative curves": "m8 32c0-24 48-24 48 0s-48 24-48 0z",
    "quadratic": "M8 32Q32 0 56 32T8 32Z",
    "arcs": "M8 32A24 24 0 0 1 56 32A24 12 30 1 1 8 32Z",
    "compact arcs": "M14 32a18 18 0 1118 18a6 6 0 0112-12z",
    "implicit repeats": "M8 8 56 8 56 56 8 56z",
    "two contours": f"{RING}{HOLE}",
    "no separators": "M8.5.5.5-8.5l48 16.5-.5 48.5z",
    "exponents": "M8e0 .8e1L5.6e1 8L56 560e-1Z",
    "after a closing": "M8 8h20v20h-20zl40 40h-10z",
}

SHAPES = {
    "rect": '<rect x="8" y="12" width="48" height="36"',
    "round rect": '<rect x="8" y="12" width="48" height="36" rx="9" ry="14"',
    "rect with rx": '<rect x="8" y="12" width="48" height="36" rx="40"',
    "rect with ry": '<rect x="8" y="12" width="48" height="36" ry="7"',
    "circle": '<circle cx="32" cy="30" r="21.5"',
    "ellipse": '<ellipse cx="32" cy="30" rx="25" ry="13"',
    "polygon": '<polygon points="32,6 58,50 6,50"',
    "polyline": '<polyline points="6 50 20 10 40 50 58 10"',
    "path": f'<path d="{STAR}"',
    "percent": '<rect x="12.5%" y="25%" width="50%" height="50%"',
    "units": '<rect x="8px" y="2pt" width="40px" height=".5in"',
}

DEFS = """
<linearGradient id="lin" x1="8" y1="8" x2="56" y2="56" gradientUnits="userSpaceOnUse"><stop stop-color="#0B7A75"/>
<stop offset=".6" stop-color="#F4D35E" stop-opacity=".7"/><stop offset="1" stop-color="#C8553D"/></linearGradient>
<linearGradient id="box"><stop offset="10%" stop-color="teal"/><stop offset="90%" stop-color="rgb(200,80,60)"/></linearGradient>
<linearGradient id="tilt" gradientTransform="rotate(30)" x2=".8"><stop stop-color="#123"/><stop offset="1" stop-color="#fda"/>
</linearGradient>
<linearGradient id="skew" x1="10" x2="40" y2="20" gradientUnits="userSpaceOnUse" gradientTransform="matrix(1 .3 .5 1.2 2 4)">
<stop stop-color="#123456"/><stop offset="1" stop-color="#fedcba"/></linearGradient>
<linearGradient id="heir" href="#lin" x2="30"/>
<linearGradient id="mirror" x1="20" x2="32" y1="0" y2="0" gradientUnits="userSpaceOnUse" spreadMethod="reflect">
<stop stop-color="#0B7A75"/><stop offset="1" stop-color="#F4D35E"/></linearGradient>
<linearGradient id="again" x1="20" x2="32" y1="0" y2="6" gradientUnits="userSpaceOnUse" spreadMethod="repeat">
<stop stop-color="#0B7A75"/><stop offset="1" stop-color="#F4D35E"/></linearGradient>
<linearGradient id="one"><stop stop-color="#C8553D" stop-opacity=".5"/></linearGradient>
<radialGradient id="rad" cx="32" cy="28" r="26" gradientUnits="userSpaceOnUse"><stop stop-color="#fff"/>
<stop offset="1" stop-color="#0B3C49"/></radialGradient>
<radialGradient id="radbox"><stop stop-color="#F4D35E"/><stop offset="1" stop-color="#0B3C49"/></radialGradient>
<radialGradient id="figma" cx="0" cy="0" r="1" gradientUnits="userSpaceOnUse" gradientTransform="translate(32 24) rotate(60) scale(36 18)">
<stop stop-color="#F4D35E"/><stop offset=".5" stop-color="#C8553D"/><stop offset="1" stop-color="#0B3C49"/></radialGradient>
<clipPath id="whole"><rect width="64" height="64" fill="white"/></clipPath>
<clipPath id="half"><rect x="4" width="30" height="64"/></clipPath>
<clipPath id="disc"><circle cx="30" cy="32" r="20"/></clipPath>
<clipPath id="turned"><rect x="16" y="16" width="32" height="32" transform="rotate(20 32 32)"/></clipPath>
<clipPath id="two"><circle cx="22" cy="32" r="14"/><rect x="28" y="24" width="26" height="16"/></clipPath>
<clipPath id="ring"><path clip-rule="evenodd" d="M32 8A24 24 0 1 1 31.9 8ZM32 20A12 12 0 1 1 31.9 20Z"/></clipPath>
<clipPath id="boxed" clipPathUnits="objectBoundingBox"><rect x=".1" y=".2" width=".6" height=".7"/></clipPath>
<clipPath id="both" clip-path="url(#half)"><circle cx="30" cy="32" r="20"/></clipPath>
<clipPath id="used"><use href="#dot" x="6"/></clipPath>
<mask id="alpha" style="mask-type:alpha" maskUnits="userSpaceOnUse" x="8" y="8" width="48" height="48"><path d="M32 8L56 56H8Z" fill="#D9D9D9"/></mask>
<mask id="white" fill="white"><rect x="8" y="8" width="30" height="40"/></mask>
<mask id="outside" maskUnits="userSpaceOnUse" x="0" y="0" width="64" height="64" fill="black"><rect fill="white" width="64" height="64"/>
<path d="M16 16H48V48H16Z"/></mask>
<mask id="region" maskUnits="userSpaceOnUse" x="8" y="8" width="20" height="48"><rect width="64" height="64" fill="white"/></mask>
<circle id="dot" cx="24" cy="24" r="16"/>
<symbol id="sign" viewBox="0 0 10 10"><path d="M1 1H9V9H1Z" fill="#0B7A75"/><circle cx="9" cy="9" r="4" fill="#C8553D"/></symbol>
"""

FILLS = {
    "hex": 'fill="#0B3C49"',
    "short hex": 'fill="#0b7"',
    "hex with alpha": 'fill="#0B7A7580"',
    "name": 'fill="mediumseagreen"',
    "rgb": 'fill="rgb(10, 60, 200)"',
    "rgba": 'fill="rgba(10, 60, 200, .4)"',
    "hsl": 'fill="hsl(200 60% 40%)"',
    "nothing said": "",
    "opacity": 'fill="#0B3C49" fill-opacity=".4"',
    "two opacities": 'fill="#0B3C49" fill-opacity=".5" opacity=".5"',
    "percent opacity": 'fill="#0B3C49" opacity="40%"',
    "evenodd": 'fill="#0B3C49" fill-rule="evenodd"',
    "current color": 'color="#C8553D" fill="currentColor"',
    "style": 'style="fill:#C8553D;fill-opacity:.7"',
    "display p3": 'style="fill:#0B7A75;fill:color(display-p3 0.1 0.5 0.45);fill-opacity:1"',
    "unknown value": 'fill="nonsense(3)"',
    "missing reference": 'fill="url(#nowhere) #C8553D"',
    "linear": 'fill="url(#lin)"',
    "linear in box": 'fill="url(#box)"',
    "tilted in box": 'fill="url(#tilt)"',
    "skewed": 'fill="url(#skew)"',
    "inherited gradient": 'fill="url(#heir)"',
    "reflect": 'fill="url(#mirror)"',
    "repeat": 'fill="url(#again)"',
    "one stop": 'fill="url(#one)"',
    "radial": 'fill="url(#rad)"',
    "radial in box": 'fill="url(#radbox)"',
    "elliptic": 'fill="url(#figma)"',
}

LINES = {
    "line": 'fill="none" stroke="#0B3C49"',
    "wide": 'fill="none" stroke="#0B3C49" stroke-width="5"',
    "round": 'fill="none" stroke="#0B3C49" stroke-width="6" stroke-linecap="round" stroke-linejoin="round"',
    "square bevel": 'fill="none" stroke="#0B3C49" stroke-width="6" stroke-linecap="square" stroke-linejoin="bevel"',
    "miter": 'fill="none" stroke="#0B3C49" stroke-width="5" stroke-miterlimit="10"',
    "see-through": 'fill="none" stroke="#0B3C49" stroke-width="5" stroke-opacity=".4"',
    "faint": 'fill="none" stroke="#0B3C49" stroke-width="5" opacity=".5"',
    "dashes": 'fill="none" stroke="#0B3C49" stroke-width="4" stroke-dasharray="8 5"',
    "dots": 'fill="none" stroke="#0B3C49" stroke-width="4" stroke-linecap="round" stroke-dasharray="1 7" stroke-dashoffset="3"',
    "odd dashes": 'fill="#F4D35E" stroke="#0B3C49" stroke-width="3" stroke-dasharray="9,4,2"',
    "gradient": 'fill="none" stroke="url(#lin)" stroke-width="6"',
    "fill and line": 'fill="#F4D35E" stroke="#C8553D" stroke-width="3"',
    "elliptic fill and line": 'fill="url(#figma)" stroke="#C8553D" stroke-width="3"',
}

TRANSFORMS = {
    "move": "translate(6 -4)",
    "move x": "translate(5)",
    "scale": "scale(.75)",
    "flip": "translate(64 0) scale(-1 1)",
    "turn": "rotate(25)",
    "turn about": "rotate(40 32 32)",
    "turn twice": "rotate(40 32 32) translate(5 5) rotate(-15 10 10)",
    "move after scale": "scale(.6) translate(20 10)",
    "matrix": "matrix(.866 .5 -.5 .866 12 -8)",
    "uneven": "translate(8 4) scale(.8 .4)",
}

SKEWS = {"skew x": "skewX(20)", "skew y": "skewY(-15)", "skew matrix": "matrix(1 .2 .4 .9 -6 0)"}

CLIPS = ("whole", "half", "disc", "turned", "two", "ring", "boxed", "both", "used")
MASKS = ("alpha", "white", "outside", "region")


def svg(body: str, frame: str = 'width="64" height="64" viewBox="0 0 64 64"', root: str = 'fill="none"') -> str:
    """A whole document, as Figma begins it."""
    return f'<svg {frame} {root} xmlns="http://www.w3.org/2000/svg">{body}<defs>{DEFS}</defs></svg>'


def corpus() -> Iterator[tuple[str, str]]:
    """Name and document, all of it within what the formats can express."""
    yield from outlines()
    yield from painted()
    yield from moved()
    yield from lined()
    yield from graded()
    yield from clipped()
    yield from masked()
    yield from see_through()
    yield from styled()
    yield from referred()
    yield from framed()
    yield from odd()


def outlines() -> Iterator[tuple[str, str]]:
    """Path data and basic shapes."""
    for name, d in PATHS.items():
        yield f"path: {name}", svg(f'<path d="{d}" fill="#0B3C49"/>')
        yield (
            f"path: {name}, evenodd with a line",
            svg(f'<path d="{d}" fill="#F4D35E" fill-rule="evenodd" stroke="#0B3C49"/>'),
        )
    for name, start in SHAPES.items():
        yield f"shape: {name}", svg(f'{start} fill="#0B7A75"/>')
        yield f"shape: {name}, line", svg(f'{start} stroke="#C8553D" stroke-width="3"/>')
    for rule, turn in product(("nonzero", "evenodd"), ("", ' transform="rotate(20 32 32)"')):
        yield (
            f"crossing {rule}{turn}",
            svg(f'<path fill-rule="{rule}" d="M32 2L50 60L4 22H60L14 60Z" fill="#0B7A75"{turn}/>'),
        )


def painted() -> Iterator[tuple[str, str]]:
    """Every kind of fill, on a root that says nothing of one."""
    for name, paint in FILLS.items():
        yield f"fill: {name}", svg(f'<path d="{RING}{HOLE}" {paint}/>', root="")
    names = sorted(set(COLOR_NAMES) - {"rebeccapurple"})  # resvg knows only those of CSS 3
    for part in range(4):
        squares = "".join(
            f'<path d="M{at % 6 * 10} {at // 6 * 9}h9v8h-9z" fill="{name}"/>' for at, name in enumerate(names[part::4])
        )
        yield f"named colors, part {part}", svg(squares)


def moved() -> Iterator[tuple[str, str]]:
    """Every kind of transform, in every order, on shapes, groups and clips."""
    for (turn, transform), (fill, paint) in product(TRANSFORMS.items(), list(FILLS.items())[8::3]):
        yield f"{turn}, {fill}", svg(f'<path transform="{transform}" d="{STAR}" {paint}/>')
    for turn, transform in (TRANSFORMS | SKEWS).items():
        yield f"{turn}, round line", svg(f'<path transform="{transform}" d="{STAR}" {LINES["round"]}/>')
        yield (
            f"{turn}, in a group",
            svg(
                f'<g transform="{transform}"><path d="{STAR}" fill="#0B7A75"/><circle cx="50" cy="50" r="6" fill="#C8553D"/></g>'
            ),
        )
        yield (
            f"{turn}, clip",
            svg(f'<g transform="{transform}" clip-path="url(#disc)"><path d="{STAR}" fill="#0B3C49"/></g>'),
        )
    for (turn, transform), (fill, paint) in product(SKEWS.items(), list(FILLS.items())[8::3]):
        yield f"{turn}, {fill}", svg(f'<g transform="{transform}"><path d="{STAR}" {paint}/></g>')
    steps = ("translate(6 4)", "rotate(25)", "scale(.7 .9)", "skewX(15)")
    for order in permutations(steps):
        body = f'<path transform="{" ".join(order)}" d="{STAR}" fill="url(#box)" stroke="#0B3C49" stroke-width="4"/>'
        yield f"order: {' '.join(order)}", svg(body)
    for outer, inner in permutations(("rotate(30 32 32)", "scale(.8 .5)", "skewY(12)"), 2):
        body = f'<g transform="{outer}"><g transform="{inner}"><path d="{STAR}" {LINES["round"]}/></g></g>'
        yield f"nested: {outer}, {inner}", svg(body)


def lined() -> Iterator[tuple[str, str]]:
    """Every kind of line."""
    for name, paint in LINES.items():
        yield f"line: {name}", svg(f'<path d="{STAR}" {paint}/>')
        yield f"line: {name}, curve", svg(f'<path d="{PATHS["curves"]}" {paint}/>')
    for limit in ("1", "1.5", "3", "4", "12"):
        body = (
            f'<path d="M6 56L20 10L30 56L40 30L60 50" stroke="#0B3C49" stroke-width="5" stroke-miterlimit="{limit}"/>'
        )
        yield f"miter limit {limit}", svg(body)
    patterns = {"even": "8 5", "one": "6", "three": "9 4 2", "dots": "0 8", "long": "300 4", "parts": "10%, 4px"}
    shapes = ("open", '<path d="M8 12H50C60 12 60 40 40 50L10 56"'), ("round rect", SHAPES["round rect"])
    caps = ("butt", shapes[0]), ("butt", shapes[1]), ("round", shapes[0]), ("round", shapes[1]), ("square", shapes[0])
    for (name, dashes), (cap, (kind, start)) in product(patterns.items(), caps):
        if name != "dots" or cap == "round":  # resvg does not turn square dots along the line
            line = f'stroke="#0B3C49" stroke-width="4" stroke-linecap="{cap}" stroke-dasharray="{dashes}"'
            yield f"dashes: {name}, {cap}, {kind}", svg(f"{start} {line}/>")
    for offset in ("3", "-3", "100", "12.5%"):
        body = f'<circle cx="32" cy="32" r="22" stroke="#0B3C49" stroke-width="5" stroke-dasharray="9 6" stroke-dashoffset="{offset}"/>'
        yield f"dash offset {offset}", svg(body)
    yield "dashes of nothing", svg(f'<path d="{STAR}" stroke="#0B3C49" stroke-width="3" stroke-dasharray="0 0"/>')
    yield "dashes below nothing", svg(f'<path d="{STAR}" stroke="#0B3C49" stroke-width="3" stroke-dasharray="4 -2"/>')
    yield (
        "line before fill",
        svg(f'<path d="{STAR}" fill="#F4D35E" stroke="#C8553D" stroke-width="8" paint-order="stroke"/>'),
    )
    yield "line in percent", svg(f'<path d="{STAR}" stroke="#C8553D" stroke-width="5%"/>')
    yield "line of no width", svg(f'<path d="{STAR}" fill="#F4D35E" stroke="#C8553D" stroke-width="0"/>')
    yield "dashes with gradients", svg(f'<path d="{RING}" {LINES["elliptic fill and line"]} stroke-dasharray="7 5"/>')


def graded() -> Iterator[tuple[str, str]]:
    """Gradients: units, transforms, spreads, stops, heirs; along fills and lines."""
    stops = '<stop stop-color="#0B7A75"/><stop offset="1" stop-color="#F4D35E"/>'
    units = {
        "box": ("", 'x1=".2" y1=".1" x2=".7" y2=".9"', 'cx=".4" cy=".5" r=".4"'),
        "user": ('gradientUnits="userSpaceOnUse"', 'x1="20" y1="12" x2="44" y2="40"', 'cx="30" cy="34" r="16"'),
        "percent": (
            'gradientUnits="userSpaceOnUse"',
            'x1="20%" y1="10%" x2="70%" y2="60%"',
            'cx="45%" cy="50%" r="30%"',
        ),
    }
    turns = {"": "", "turned": "rotate(20)", "uneven": "scale(1 .6)", "skewed": "skewX(20)"}
    for (unit, (attribute, line, disc)), (turn, transform) in product(units.items(), turns.items()):
        for kind, place in (("linear", line), ("radial", disc)):
            gradient = (
                f'<{kind}Gradient id="g" {attribute} {place} gradientTransform="{transform}">{stops}</{kind}Gradient>'
            )
            yield f"{kind}: {unit} {turn}", svg(f'{gradient}<path d="{STAR}" fill="url(#g)"/>')
            if kind == "linear":
                yield (
                    f"line {kind}: {unit} {turn}",
                    svg(f'{gradient}<path d="{STAR}" stroke="url(#g)" stroke-width="7"/>'),
                )
    yield "line radial", svg(f'<path d="{STAR}" stroke="url(#rad)" stroke-width="7"/>')
    for kind, spread in product(("linear", "radial"), ("pad", "reflect", "repeat")):
        place = 'x1=".4" x2=".6"' if kind == "linear" else 'r=".2"'
        gradient = f'<{kind}Gradient id="g" {place} spreadMethod="{spread}">{stops}</{kind}Gradient>'
        yield f"{kind}: {spread}", svg(f'{gradient}<path d="{STAR}" fill="url(#g)"/>')
    many = {
        "none": "",
        "one": '<stop offset=".5" stop-color="teal"/>',
        "three": '<stop stop-color="#0B7A75"/><stop offset=".3" stop-color="#C8553D"/><stop offset="1" stop-color="#123"/>',
        "backwards": '<stop offset=".8" stop-color="#C8553D"/><stop offset=".2" stop-color="teal"/><stop offset="1"/>',
        "equal": '<stop offset=".5" stop-color="#C8553D"/><stop offset=".5" stop-color="teal"/>',
        "alpha": '<stop stop-color="#0B7A75" stop-opacity="0"/><stop offset="1" stop-color="#0B7A75"/>',
        "alpha twice": '<stop stop-color="rgba(11,122,117,.5)" stop-opacity=".5"/><stop offset="1" stop-color="#F4D35E80"/>',
        "styled": '<stop style="stop-color:#C8553D;stop-opacity:.6"/><stop offset="100%" style="stop-color:hsl(90,60%,40%)"/>',
        "current": '<stop stop-color="currentColor"/><stop offset="1" stop-color="#fff"/>',
        "p3": '<stop style="stop-color:#C8553D;stop-color:color(display-p3 .7 .4 .3);stop-opacity:1"/><stop offset="1" stop-color="#fff"/>',
    }
    for name, inside in many.items():
        gradient = f'<linearGradient id="g">{inside}</linearGradient>'
        yield (
            f"stops: {name}",
            svg(f'{gradient}<path d="{STAR}" color="#0B7A75" fill="url(#g)" stroke="#123"/>', root='color="#0B7A75"'),
        )
    heirs = '<linearGradient id="a" gradientTransform="scale(.5)" href="#b"/><linearGradient id="b" href="#c" spreadMethod="repeat"/>'
    heirs += f'<linearGradient id="c" x2=".5">{stops}</linearGradient>'
    yield "heir of an heir", svg(f'{heirs}<path d="{STAR}" fill="url(#a)"/>')
    circle = f'<radialGradient id="a" href="#b" r=".4"/><linearGradient id="b">{stops}</linearGradient>'
    yield "heir in a circle", svg(f'{circle}<path d="{STAR}" fill="url(#a)"/>')
    loop = f'<linearGradient id="a" href="#b">{stops}</linearGradient><linearGradient id="b" href="#a"/>'
    yield "heir of itself", svg(f'{loop}<path d="{STAR}" fill="url(#a)"/>')
    yield (
        "heir of nothing",
        svg('<linearGradient id="g" href="#nowhere"/>' + f'<path d="{STAR}" fill="url(#g)" stroke="#123"/>'),
    )
    flat = f'<linearGradient id="g" gradientTransform="scale(0)">{stops}</linearGradient>'
    yield (
        "points that meet",
        svg(f'<linearGradient id="g" x2="0">{stops}</linearGradient><path d="{STAR}" fill="url(#g)"/>'),
    )
    yield (
        "radius of nothing",
        svg(f'<radialGradient id="g" r="0">{stops}</radialGradient><path d="{STAR}" fill="url(#g)"/>'),
    )
    yield "flat with a line", svg(f'{flat}<path d="{STAR}" fill="none" stroke="#123"/>')
    yield (
        "gradient over a line without a box",
        svg(f'<path d="M8 32H56" stroke="url(#box)" stroke-width="6"/><path d="{HOLE}" fill="teal"/>'),
    )
    yield (
        "far and small",
        svg(
            f'<radialGradient id="g" cx="0" cy="0" r="1" gradientUnits="userSpaceOnUse" gradientTransform="matrix(1400 300 -200 700 1000 900)">{stops}</radialGradient>'
            '<path d="M200 100H1900V1700H100Z" fill="url(#g)"/>',
            'width="2000" height="2000" viewBox="0 0 2000 2000"',
        ),
    )


def clipped() -> Iterator[tuple[str, str]]:
    """Clip paths of every kind, on groups, shapes, under transforms, and over one another."""
    for clip in CLIPS:
        yield f"clip: {clip}", svg(f'<g clip-path="url(#{clip})"><path d="{RING}" fill="#0B7A75"/></g>')
        yield f"clip on a shape: {clip}", svg(f'<path clip-path="url(#{clip})" d="{RING}" fill="#0B7A75"/>')
        yield (
            f"clip under a skew: {clip}",
            svg(
                f'<g transform="{SKEWS["skew x"]}"><g clip-path="url(#{clip})"><path d="{RING}" fill="url(#lin)"/></g></g>'
            ),
        )
        yield (
            f"clip on a shape that is turned: {clip}",
            svg(f'<path clip-path="url(#{clip})" d="{RING}" {LINES["wide"]} transform="rotate(15 32 32)"/>'),
        )
    for one, other in permutations(("half", "disc", "turned", "ring"), 2):
        body = f'<g clip-path="url(#{one})"><g clip-path="url(#{other})"><path d="{RING}" fill="#C8553D"/></g></g>'
        yield f"clips: {one}, {other}", svg(body)
    inside = {
        "moved": '<clipPath id="k" transform="translate(6 8) scale(.8)"><rect x="8" y="8" width="40" height="40" rx="9"/></clipPath>',
        "inherited rule": f'<clipPath id="k" clip-rule="evenodd"><path d="{RING}{RING[:1]}32 20H44V44H20V20Z"/></clipPath>',
        "hidden child": '<clipPath id="k"><rect width="64" height="20"/><rect width="64" height="64" display="none"/></clipPath>',
        "invisible child": '<clipPath id="k"><rect width="64" height="20"/><rect width="64" height="64" visibility="hidden"/></clipPath>',
        "apart": '<clipPath id="k"><circle cx="16" cy="20" r="10"/><path d="M40 30h20v20h-20z"/><circle cx="46" cy="14" r="8"/></clipPath>',
        "turned apart": '<clipPath id="k"><path d="M6 6V30H30V6Z"/><path d="M34 34H58V58H34Z"/><path d="M34 6h20v20H34z"/></clipPath>',
        "boxed and turned": '<clipPath id="k" clipPathUnits="objectBoundingBox"><rect x=".2" y=".2" width=".5" height=".5" transform="rotate(20 .5 .5)"/></clipPath>',
        "evenodd in two": f'<clipPath id="k"><path clip-rule="evenodd" d="{HOLE}M26 26h12v12h-12z"/><rect x="2" y="2" width="12" height="12"/></clipPath>',
        "fill is nothing": '<clipPath id="k"><rect x="9" y="9" width="40" height="40" fill="none" opacity="0"/></clipPath>',
        "percent": '<clipPath id="k"><rect x="10%" y="20%" width="50%" height="50%"/></clipPath>',
        "used and moved": '<clipPath id="k"><use href="#dot" transform="translate(8 8) scale(.7)"/></clipPath>',
        "compact arcs": f'<clipPath id="k"><path d="{PATHS["compact arcs"]}"/></clipPath>',
    }
    for name, clip in inside.items():
        yield (
            f"clip inside: {name}",
            svg(f'{clip}<g clip-path="url(#k)"><path d="M4 4h56v56h-56z" fill="url(#lin)"/></g>'),
        )
    yield (
        "clip and move",
        svg('<g transform="translate(12 6)" clip-path="url(#disc)"><path d="M0 0h64v64h-64z" fill="teal"/></g>'),
    )
    yield "clip by style", svg(f'<path style="clip-path:url(#half)" d="{RING}" fill="#0B7A75"/>')
    yield "clip and mask", svg(f'<g clip-path="url(#disc)" mask="url(#alpha)"><path d="{RING}" fill="#0B7A75"/></g>')
    yield "clip of the root", svg(f'<path d="{RING}" fill="#0B7A75"/>', root='clip-path="url(#disc)"')
    yield "clip by nothing that is there", svg(f'<g clip-path="url(#nowhere)"><path d="{RING}" fill="#0B7A75"/></g>')


def masked() -> Iterator[tuple[str, str]]:
    """Masks that come to clips, as Figma writes them and as others do."""
    for mask in MASKS:
        yield f"mask: {mask}", svg(f'<g mask="url(#{mask})"><path d="{RING}" fill="#0B7A75"/></g>')
        yield f"mask on a shape: {mask}", svg(f'<path mask="url(#{mask})" d="{RING}" fill="url(#lin)"/>')
        yield (
            f"mask under a skew: {mask}",
            svg(f'<g transform="skewX(10)"><path mask="url(#{mask})" d="{RING}" fill="teal"/></g>'),
        )
        yield (
            f"mask in a group: {mask}",
            svg(
                f'<g clip-path="url(#half)"><g mask="url(#{mask})" opacity=".6"><path d="{RING}" fill="teal"/></g></g>'
            ),
        )
    shapes = {"rect": "M12 12H52V52H12Z", "ring": f"{RING}M32 20A12 12 0 1 0 32.01 20Z", "star": STAR}
    for name, d in shapes.items():
        body = f'<mask id="in" fill="white"><path d="{d}"/></mask><path d="{d}" stroke="#0B3C49" stroke-width="8" mask="url(#in)"/>'
        yield f"line inside: {name}", svg(body)
        outside = (
            f'<mask id="out" maskUnits="userSpaceOnUse" x="0" y="0" width="64" height="64" fill="black"><rect fill="white" width="64" height="64"/>'
            f'<path d="{d}"/></mask><path d="{d}" fill="#F4D35E"/><path d="{d}" stroke="#0B3C49" stroke-width="6" mask="url(#out)"/>'
        )
        yield f"line outside: {name}", svg(outside)
    masks = {
        "white, black, white": f'<rect width="64" height="64" fill="white"/><path d="{RING}" fill="black"/><path d="{HOLE}" fill="white"/>',
        "black first": f'<rect width="64" height="64"/><path d="{RING}" fill="#fff"/>',
        "in groups": f'<g fill="white"><g transform="translate(4 4)"><path d="{HOLE}"/></g><rect x="2" y="2" width="9" height="9"/></g>',
        "used": '<use href="#dot" fill="white" x="4" y="6"/>',
        "gray": '<rect x="8" y="8" width="48" height="30" fill="#808080"/>',
        "faint": f'<path d="{RING}" fill="white" fill-opacity=".5"/>',
        "empty": "",
        "nothing white": f'<path d="{RING}" fill="black"/>',
        "evenodd": f'<path d="{RING}{HOLE}" fill="white" fill-rule="evenodd"/>',
        "hidden": f'<path d="{RING}" fill="white"/><rect width="64" height="64" fill="black" display="none"/>',
        "filled by the root": f'<rect width="64" height="64" fill="white"/><path d="{RING}"/>',
    }
    for name, body in masks.items():
        mask = f'<mask id="m" maskUnits="userSpaceOnUse" x="0" y="0" width="64" height="64">{body}</mask>'
        yield (
            f"mask inside: {name}",
            svg(f'{mask}<path mask="url(#m)" d="M2 2H62V62H2Z" fill="#0B7A75"/><path d="M0 0h2v2z" fill="red"/>'),
        )
    half = '<mask id="h" maskUnits="userSpaceOnUse" x="0" y="0" width="64" height="64"><rect width="36" height="64" fill="{}"/></mask>'
    disc = '<mask id="m" mask="url(#h)" maskUnits="userSpaceOnUse" x="0" y="0" width="64" height="64"><circle cx="32" cy="32" r="20" fill="{}"/></mask>'
    for name, outer, inner in (("cut", "white", "white"), ("faint", "#888", "white"), ("both faint", "#aaa", "#888")):
        yield (
            f"mask of a mask: {name}",
            svg(f'{half.format(outer)}{disc.format(inner)}<g mask="url(#m)"><path d="{RING}" fill="#0B7A75"/></g>'),
        )
    boxed = '<mask id="m" maskContentUnits="objectBoundingBox"><rect x=".1" y=".2" width=".6" height=".5" fill="white"/></mask>'
    yield "mask in a box", svg(f'{boxed}<path mask="url(#m)" d="{RING}" fill="#0B7A75"/>')
    usual = '<mask id="m"><rect x="-90" y="-90" width="200" height="200" fill="white"/></mask>'
    yield (
        "mask with its usual edges",
        svg(f'{usual}<path mask="url(#m)" d="{HOLE}" stroke="#0B7A75" stroke-width="14"/>'),
    )
    yield "mask by nothing that is there", svg(f'<g mask="url(#nowhere)"><path d="{RING}" fill="#0B7A75"/></g>')
    yield (
        "alpha by attribute",
        svg(
            f'<mask id="m" mask-type="alpha"><path d="{RING}" fill="#333"/></mask><rect mask="url(#m)" width="40" height="50" fill="teal"/>'
        ),
    )


def see_through() -> Iterator[tuple[str, str]]:
    """Opacities of every kind, one inside the other."""
    dot = '<circle cx="20" cy="20" r="9" fill="#0B7A75"/>'
    line = '<path d="M6 50H58" stroke="#C8553D" stroke-width="6"/>'
    yield "group opacity", svg(f'<g opacity=".4">{dot}<circle cx="45" cy="45" r="9" fill="#C8553D"/></g>')
    yield "nested opacity", svg(f'<g opacity=".6"><g opacity=".5">{dot}</g></g>')
    yield "opacity of a line", svg(f'<g opacity=".5">{line}</g>')
    yield "opacity of a fill and a line apart", svg(f'<g opacity=".5">{dot}{line}</g>')
    yield (
        "boxes that overlap, shapes that don't",
        svg(
            f'<g opacity=".5"><path d="{RING}{HOLE}" fill-rule="evenodd" fill="teal"/><circle cx="32" cy="32" r="9" fill="#C8553D"/></g>'
        ),
    )
    yield (
        "diagonals side by side",
        svg(
            '<g opacity=".5"><path d="M2 2L50 60H40L2 12Z" fill="teal"/><path d="M12 2L62 58V40L30 2Z" fill="#C8553D"/></g>'
        ),
    )
    for outer, inner, own in product(("1", ".5"), ("1", "50%"), ("1", ".4")):
        body = f'<g opacity="{outer}"><path d="{STAR}" fill="#0B7A75" opacity="{inner}" fill-opacity="{own}"/></g>'
        yield f"opacities {outer} {inner} {own}", svg(body)
        body = f'<g opacity="{outer}"><path d="{STAR}" stroke="#0B7A75" stroke-width="5" opacity="{inner}" stroke-opacity="{own}"/></g>'
        yield f"line opacities {outer} {inner} {own}", svg(body)
    yield "opacity of a gradient", svg(f'<g opacity=".5"><path d="{STAR}" fill="url(#figma)" fill-opacity=".8"/></g>')
    yield (
        "opacity of a fill beside a line",
        svg(
            f'<path d="{STAR}" fill="#0B7A75" fill-opacity=".4" stroke="#C8553D" stroke-opacity=".6" stroke-width="4"/>'
        ),
    )
    yield "opacity of the root", svg(dot, root='fill="none" opacity=".5"')
    yield "opacity of what is used", svg('<use href="#dot" opacity=".5" fill="teal"/>')
    yield (
        "opacity beyond its ends",
        svg(f'<path d="{STAR}" fill="teal" opacity="7"/><path d="{HOLE}" fill="red" opacity="-1"/>'),
    )
    yield "nothing to see", svg(f'{dot}<path d="{STAR}" fill="transparent" stroke="#00000000"/>')


def styled() -> Iterator[tuple[str, str]]:
    """Style sheets and inline styles: which declaration wins."""
    sheets = {
        "class": "path { fill: #C8553D } .a { fill: #0B7A75 }",
        "id over class": "#i { fill: #0B7A75 } .a { fill: #C8553D } path { fill: red }",
        "two classes": ".a.b { fill: #0B7A75 } .a { fill: #C8553D }",
        "later wins": ".a { fill: red } .b { fill: #0B7A75 }",
        "anything": "* { fill: #0B7A75 }",
        "a list": "rect, .a, circle { fill: #0B7A75; stroke: #123; stroke-width: 3px }",
        "important": ".a { fill: #0B7A75 !important } #i { fill: red }",
        "inside": "g path { fill: #0B7A75 }",
        "child": "g > .a { fill: #0B7A75 } svg > path { fill: red }",
        "deep": "svg g .a { fill: #0B7A75 } svg .a { fill: red }",
        "comments": "/* .a { fill: red } */ .a { fill: #0B7A75; /* } */ }",
        "black by style": ".a { fill: inherit }",
        "p3": ".a { fill: #0B7A75; fill: color(display-p3 .1 .5 .45) }",
        "see-through": ".a { opacity: .5; fill: teal }",
        "hidden": ".a { display: none }",
        "clip": ".a { clip-path: url(#half); fill: teal }",
    }
    for name, sheet in sheets.items():
        body = f'<style>{sheet}</style><g fill="#123456"><path id="i" class="a b" fill="#eee" d="{STAR}"/></g><path d="M0 0h9v9z" fill="red"/>'
        yield f"sheet: {name}", svg(body)
        if name != "see-through":  # of a fill and a line
            yield (
                f"sheet: {name}, inline",
                svg(body.replace('class="a b"', 'class="a b" style="fill-opacity:.6;stroke:#C8553D"')),
            )
    data = "<![CDATA[.a { fill: #0B7A75 }]]>"
    yield "sheet as data", svg(f'<defs><style type="text/css">{data}</style></defs><path class="a" d="{STAR}"/>')
    yield "two sheets", svg(f'<style>.a{{fill:red}}</style><path class="a" d="{STAR}"/><style>.a{{fill:teal}}</style>')
    inline = {
        "over an attribute": 'fill="red" style="fill:#0B7A75"',
        "last of two": 'style="fill:red;fill:#0B7A75"',
        "important first": 'style="fill:#0B7A75!important;fill:red"',
        "p3 line": 'style="stroke:#0B7A75;stroke:color(display-p3 .1 .5 .45);stroke-opacity:1;stroke-width:4"',
        "blanks": 'style=" fill : #0B7A75 ; ; stroke : #123 "',
        "other properties": "style=\"fill:#0B7A75;font-family:'a;b';-inkscape-x:url(data:x;y)\"",
    }
    for name, attributes in inline.items():
        yield f"inline: {name}", svg(f'<path {attributes} d="{RING}{HOLE}"/>')
    yield (
        "inherited line",
        svg(
            f'<g stroke="#0B3C49" stroke-width="4" stroke-linejoin="round"><g stroke="#C8553D"><path d="{STAR}"/></g></g>'
        ),
    )
    yield (
        "current color through groups",
        svg(
            f'<g color="#C8553D"><g color="teal" fill="currentColor"><path color="red" d="{STAR}"/><path d="{HOLE}" fill="#fff" stroke="currentColor"/></g></g>'
        ),
    )
    yield "root attributes", svg(f'<path d="{HOLE}"/>', root='fill="#C8553D" stroke="#0B3C49" stroke-width="4"')
    yield (
        "transform of the root",
        svg(f'<path d="{HOLE}" fill="#C8553D"/>', root='transform="translate(8 4) rotate(10)"'),
    )
    origins = ('"46 40"', '"center"', '"25% 75%"', '"right 40px"')
    for origin in origins:
        star = f'<path d="{STAR}" fill="teal" transform="rotate(20) scale(.7)" transform-origin={origin}/>'
        yield f"transform-origin {origin}", svg(star)
        yield (
            f"transform-origin {origin}, nested",
            svg(f'<svg x="8" y="4" width="50" height="40" viewBox="0 0 64 64">{star}</svg>'),
        )
    turned = f'<path d="{STAR}" transform="rotate(20)" style="transform-origin:30px 40px"/>'
    yield "clip about an origin", svg(f'<clipPath id="k">{turned}</clipPath><g clip-path="url(#k)">{STRIPES}</g>')
    yield "root about an origin", svg(STRIPES, root='transform="rotate(20)" transform-origin="20 30"')
    yield "initial fill", svg(f'<g fill="none"><path d="{STAR}" fill="initial" stroke="teal" stroke-width="3"/></g>')
    yield "initial width", svg(f'<g stroke="teal" stroke-width="9"><path d="{STAR}" stroke-width="initial"/></g>')
    yield (
        "lengths of a font",
        svg('<g font-size="10" fill="teal"><rect x="1em" y="2ex" width="4em" height="3em" stroke-width=".4em"/></g>'),
    )
    yield (
        "lengths of fonts inside one another",
        svg(
            '<style>.big{font-size:150%}</style><g font-size="8"><g class="big" fill="none" stroke="teal">'
            '<path d="M8 8H50V50" style="stroke-width:1em"/><circle cx="2em" cy="3em" r="1em"/></g></g>'
        ),
    )
    yield "root style", svg(f'<path d="{HOLE}"/>', root='style="fill:#C8553D;stroke:#0B3C49"')
    hidden = f'<path d="{STAR}" fill="#0B3C49" display="none"/>'
    yield (
        "hidden",
        svg(
            f'{hidden}<g visibility="hidden"><path d="{RING}" fill="#0B3C49"/><path d="{HOLE}" fill="#C8553D" visibility="visible"/></g>'
        ),
    )
    yield (
        "hidden group",
        svg(f'<g style="display:none"><path d="{RING}" fill="red"/></g><path d="{HOLE}" fill="#C8553D"/>'),
    )
    yield "collapsed", svg(f'<path d="{RING}" fill="red" visibility="collapse"/><path d="{HOLE}" fill="#C8553D"/>')


def referred() -> Iterator[tuple[str, str]]:
    """use, symbol, nested svg, switch: and what they refer to."""
    bodies = {
        "use": '<use href="#dot" x="10" y="12" fill="#0B7A75"/>',
        "use, turned": '<use href="#dot" transform="rotate(30)" fill="#C8553D"/>',
        "use of a group": '<defs><g id="two" stroke="#0B3C49"><use href="#dot"/><path d="M40 40h12v12h-12z"/></g></defs><use href="#two" fill="#F4D35E" x="4"/>',
        "use of a use": '<defs><use id="again" href="#dot" x="10"/></defs><use href="#again" y="16" fill="teal"/>',
        "use of what is shown": '<path id="p" d="M4 4h20v20h-20z" fill="teal"/><use href="#p" x="30" y="30" opacity=".5"/>',
        "use of something hidden": '<path id="p" display="none" d="M4 4h20v20h-20z"/><use href="#p"/><use href="#dot" fill="teal"/>',
        "use of nothing": '<use href="#nowhere"/><use/><use href="#dot" fill="teal"/>',
        "use of a gradient": '<use href="#lin"/><use href="#dot" fill="teal"/>',
        "use in percent": '<use href="#dot" x="25%" y="10%" fill="teal"/>',
        "use with a clip": '<use href="#dot" x="8" clip-path="url(#half)" fill="teal"/>',
        "symbol": '<use href="#sign" x="10" y="6" width="44" height="44"/>',
        "symbol, wide": '<use href="#sign" x="2" y="16" width="60" height="20"/>',
        "symbol, no size": '<use href="#sign"/>',
        "symbol, shown over its edges": '<symbol id="s" viewBox="0 0 10 10" overflow="visible"><circle cx="10" cy="5" r="5" fill="teal"/></symbol><use href="#s" width="40" height="40"/>',
        "symbol, no viewBox": '<symbol id="s"><circle cx="30" cy="30" r="16" fill="teal"/></symbol><use href="#s" x="8" width="30" height="40"/>',
        "symbol, sliced": '<symbol id="s" viewBox="0 0 20 10" preserveAspectRatio="xMinYMin slice"><circle cx="5" cy="5" r="5" fill="teal"/></symbol><use href="#s" x="8" y="8" width="40" height="40"/>',
        "nested svg": '<svg x="10" y="10" width="40" height="20" viewBox="0 0 20 20"><circle cx="10" cy="10" r="14" fill="#0B7A75"/></svg>',
        "nested svg, percent": '<svg x="10%" y="25%" width="50%" height="50%"><rect width="50%" height="100%" fill="teal"/><circle cx="50%" cy="50%" r="25%" fill="#C8553D"/></svg>',
        "nested svg, stretched": '<svg width="60" height="20" viewBox="0 0 20 20" preserveAspectRatio="none"><circle cx="10" cy="10" r="9" fill="teal"/></svg>',
        "nested svg, turned": '<g transform="rotate(20 32 32)"><svg x="12" y="12" width="30" height="30"><circle cx="16" cy="16" r="20" fill="teal"/></svg></g>',
        "nested svg, no size": '<svg viewBox="0 0 32 32"><circle cx="16" cy="16" r="12" fill="teal"/></svg>',
        "link": '<a href="https://example.com"><path d="M8 8h40v40z" fill="teal"/></a>',
        "switch": '<switch><g requiredExtensions="urn:x"><path d="M0 0h64v64H0z" fill="red"/></g><g><path d="M8 8h40v40z" fill="teal"/></g><path d="M0 0h9v9z" fill="red"/></switch>',
        "switch by language": '<switch><path systemLanguage="de" d="M0 0h64v64H0z" fill="red"/><path systemLanguage="fr, en-GB" d="M8 8h40v40z" fill="teal"/></switch>',
        "ids twice": '<path id="p" d="M8 8h20v20z" fill="teal"/><path id="p" d="M30 30h20v20z" fill="red"/><use href="#p" y="30"/>',
        "no fill there": f'<path d="{STAR}" fill="url(#nowhere)"/><path d="{HOLE}" fill="teal"/>',
        "no line there": f'<path d="{HOLE}" fill="teal" stroke="url(#nowhere)"/>',
        "no line there, but another": f'<path d="{HOLE}" stroke="url(#nowhere) #C8553D"/>',
    }
    for name, one in bodies.items():
        yield f"reference: {name}", svg(one)
    linked = svg('<use xlink:href="#dot" fill="teal"/>').replace(
        "<svg ", '<svg xmlns:xlink="http://www.w3.org/1999/xlink" '
    )
    yield "reference: of old", linked
    yield "reference: another prefix", linked.replace("xlink", "l")


def framed() -> Iterator[tuple[str, str]]:
    """Sizes, units, viewBoxes, and how one fits into the other."""
    star = f'<path d="{STAR}" fill="#0B7A75"/>'
    frames = {
        "origin": 'width="64" height="64" viewBox="-10 8 64 64"',
        "commas": 'width="64" height="64" viewBox="0,0,64,64"',
        "other scale": 'width="32" height="32" viewBox="0 0 64 64"',
        "other shape": 'width="96" height="64" viewBox="0 0 64 64"',
        "other shape and origin": 'width="64" height="96" viewBox="6 6 50 50"',
        "no viewBox": 'width="64" height="64"',
        "no size": 'viewBox="0 0 64 64"',
        "one side": 'width="32" viewBox="0 0 64 48"',
        "units": 'width="64px" height="48pt" viewBox="0 0 64 64"',
        "millimetres": 'width="20mm" height="2cm" viewBox="0 0 64 64"',
        "percent": 'width="100%" height="100%" viewBox="0 0 64 64"',
        "fractions": 'width="62.5" height="62.5" viewBox="0.25 0.25 62.5 62.5"',
    }
    for name, frame in frames.items():
        yield f"frame: {name}", svg(star, frame)
        yield (
            f"frame: {name}, clip",
            svg(f'<g clip-path="url(#whole)">{star}<path d="M0 0H64" stroke="#123"/></g>', frame),
        )
    aligns = [f"x{x}Y{y}" for x, y in product(("Min", "Mid", "Max"), repeat=2)]
    for align, how, size in product(
        (*aligns, "none"), ("meet", "slice"), ('width="96" height="64"', 'width="40" height="64"')
    ):
        frame = f'{size} viewBox="0 0 64 64" preserveAspectRatio="{align} {how}"'
        if align != "none" or how == "meet":
            yield f"frame: {align} {how} {size[7:9]}", svg(star, frame)
    for unit in ("px", "pt", "pc", "mm", "cm", "in", "em"):
        number = {"pc": 2, "mm": 8, "cm": 0.9, "in": 0.3, "em": 1.5}.get(unit, 24)
        body = f'<rect x="4" y="4" width="{number}{unit}" height="{number}{unit}" fill="teal"/>'
        yield (
            f"unit: {unit}",
            svg(f'{body}<circle cx="32" cy="32" r="8{"pt" if unit == "px" else "px"}" stroke="#123"/>'),
        )
    for name, shape in {
        "circle": '<circle cx="50%" cy="40%" r="20%"',
        "ellipse": '<ellipse cx="50%" cy="50%" rx="40%" ry="10%"',
        "rect": '<rect x="10%" y="5%" width="70%" height="50%" rx="10%"',
        "line": '<line x1="10%" y1="20%" x2="90%" y2="80%"',
    }.items():
        yield (
            f"percent: {name}",
            svg(f'{shape} fill="teal" stroke="#123"/>', 'width="64" height="48" viewBox="0 0 64 48"'),
        )


def odd() -> Iterator[tuple[str, str]]:
    """What no designer means to send, and what arrives all the same."""
    hole = f'<path d="{HOLE}" fill="#0B7A75"/>'
    yield "byte order mark", f"\ufeff{svg(hole)}"
    yield (
        "declared and typed",
        f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n{svg(hole)}',
    )
    yield "comments", f"<!-- a -->{svg(f'<!-- <path/> -->{hole}<?x y?>')}<!-- b -->"
    yield (
        "foreign elements",
        svg(f'<metadata>x</metadata><x:y xmlns:x="urn:x"><path d="{RING}" fill="red"/></x:y>{hole}'),
    )
    yield "another default namespace inside", svg(f'<x xmlns="urn:x"><path d="{RING}" fill="red"/></x>{hole}')
    yield (
        "a prefix for everything",
        '<s:svg xmlns:s="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
        + f'<s:path d="{HOLE}" fill="teal"/></s:svg>',
    )
    yield "titles", svg(f"<title>T</title><desc>D</desc>{hole}")
    yield "broken path", svg('<path d="M8 8H56V56L8 abc 9" fill="#0B7A75"/>')
    broken = {
        "no command first": "8 8H56V56Z",
        "no move first": "L8 8H56V56Z",
        "half a pair": "M8 8H56V56L12 Z",
        "two commas": "M8 8H56V56L8,,30Z",
        "after a closing": "M8 8H56V56Z 12 12",
        "a flag of two": "M8 8H56V56A9 9 0 2 0 8 40L1 1",
        "empty": "",
        "only a move": "M8 8",
        "none": "none",
        "a wrong letter": "M8 8H56V56B3 3Z",
    }
    for name, d in broken.items():
        yield f"broken path: {name}", svg(f'<path d="{d}" fill="#0B7A75"/><path d="M0 60h4v4h-4z" fill="red"/>')
    spelled = {
        "line breaks": "M8 8\nL56\t8\r\n56 56&#10;8&#9;56Z",
        "plus signs": "M+8+8H+56V5.6e+1Z",
        "an arc without a radius": "M8 8A0 9 0 0 1 56 56L8 56Z",
        "an arc to where it starts": "M8 8A9 9 0 0 1 8 8H56V56Z",
        "an arc too small": "M8 32A2 3 0 0 1 56 40V60Z",
        "negative radii": "M8 32A-24 -24 0 0 1 56 32Z",
        "small exponents": "M8 8.00001e0L56 2.38419e-07L56 56Z",
        "many digits": "M8.000000000000001 8L56.123456789012345 8L30 56Z",
        "no blanks": "M8-.5L.5.5-8.5 48V48-3H20L50 9Z",
        "closed twice": "M8 8H56V56ZZM20 20h4v4z",
        "moves only between": "M8 8M9 9M10 10H50V50Z",
    }
    for name, d in spelled.items():
        yield f"spelled: {name}", svg(f'<path d="{d}" fill="#0B7A75"/>')
        yield (
            f"spelled: {name}, clip",
            svg(
                f'<clipPath id="k"><path d="{d}"/></clipPath><path clip-path="url(#k)" d="M0 0H64V64H0Z" fill="teal"/>'
            ),
        )
    points = {
        "odd": "8 8 56 8 56 56 4",
        "one": "8 8",
        "commas": "8,8,56,8 , 56 , 56",
        "signs": "8+8-5-3 40e0 50",
        "broken": "8 8 56 8 56 x 9",
    }
    for name, text in points.items():
        yield (
            f"points: {name}",
            svg(f'<polygon points="{text}" fill="teal"/><polyline points="{text}" stroke="#123"/>{hole}'),
        )
    sizes = {
        "negative": 'width="-4" height="5"',
        "none": "",
        "words": 'width="a" height="5"',
        "round": 'width="20" height="20" rx="-4"',
        "auto": 'width="20" height="30" rx="auto" ry="6"',
    }
    for name, attributes in sizes.items():
        yield f"rect: {name}", svg(f'<rect x="4" y="4" {attributes} fill="teal"/>{hole}')
    yield (
        "flat",
        svg(
            f'<g transform="scale(0 1)"><path d="{RING}" fill="red"/></g><path transform="scale(0)" d="{RING}" fill="red"/>{hole}'
        ),
    )
    transforms = {
        "unknown": "turn(3)",
        "half": "rotate(20",
        "words": "rotate(a)",
        "too few": "matrix(1 0 0 1)",
        "commas": "translate(4,4),rotate(10),",
        "none": "none",
    }
    for name, transform in transforms.items():
        yield f"transform: {name}", svg(f'<path transform="{transform}" d="{STAR}" fill="teal"/>')
    yield "nothing at all", svg(f'<g/><g><g/></g><path/><path fill="red"/><rect/>{hole}')
    yield (
        "everything at once",
        svg(
            f'<g opacity=".8" transform="rotate(10 32 32)"><g clip-path="url(#turned)"><path transform="scale(.9)" d="{STAR}" fill="url(#figma)" fill-opacity=".9"/></g></g>'
        ),
    )
