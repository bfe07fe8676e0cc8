"""SVGs of our own making: each feature alone, and pairs of them, as Figma and people write them."""

from collections.abc import Iterator
from itertools import product

STAR = "M32 6L39.6 24.2L59.2 25.8L44.3 38.6L48.9 57.8L32 47.5L15.1 57.8L19.7 38.6L4.8 25.8L24.4 24.2Z"
RING = "M32 8C18.745 8 8 18.745 8 32C8 45.255 18.745 56 32 56C45.255 56 56 45.255 56 32C56 18.745 45.255 8 32 8Z"
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


def svg(body: str, frame: str = 'width="64" height="64" viewBox="0 0 64 64"') -> str:
    """A whole document, as Figma begins it."""
    return f'<svg {frame} fill="none" xmlns="http://www.w3.org/2000/svg">{body}<defs>{DEFS}</defs></svg>'


def corpus() -> Iterator[tuple[str, str]]:
    """Name and document, all of it within what the formats can express."""
    for name, d in PATHS.items():
        yield f"path: {name}", svg(f'<path d="{d}" fill="#0B3C49"/>')
        yield (
            f"path: {name}, evenodd with a line",
            svg(f'<path d="{d}" fill="#F4D35E" fill-rule="evenodd" stroke="#0B3C49"/>'),
        )
    for name, start in SHAPES.items():
        yield f"shape: {name}", svg(f'{start} fill="#0B7A75"/>')
        yield f"shape: {name}, line", svg(f'{start} stroke="#C8553D" stroke-width="3"/>')
    for name, paint in FILLS.items():
        frame = 'width="64" height="64" viewBox="0 0 64 64"'
        body = f'<path d="{RING}{HOLE}" {paint}/>'
        document = f'<svg {frame} xmlns="http://www.w3.org/2000/svg">{body}<defs>{DEFS}</defs></svg>'
        yield f"fill: {name}", document
    for name, paint in LINES.items():
        yield f"line: {name}", svg(f'<path d="{STAR}" {paint}/>')
        yield f"line: {name}, curve", svg(f'<path d="{PATHS["curves"]}" {paint}/>')
    for (turn, transform), (fill, paint) in product(TRANSFORMS.items(), list(FILLS.items())[8::2]):
        yield f"{turn}, {fill}", svg(f'<path transform="{transform}" d="{STAR}" {paint}/>')
    for turn, transform in TRANSFORMS.items():
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
    for (turn, transform), (fill, paint) in product(SKEWS.items(), list(FILLS.items())[8::4]):
        yield f"{turn}, {fill}", svg(f'<g transform="{transform}"><path d="{STAR}" {paint}/></g>')
    for clip in CLIPS:
        yield f"clip: {clip}", svg(f'<g clip-path="url(#{clip})"><path d="{RING}" fill="#0B7A75"/></g>')
        yield f"clip on a shape: {clip}", svg(f'<path clip-path="url(#{clip})" d="{RING}" fill="#0B7A75"/>')
        yield (
            f"clip under a skew: {clip}",
            svg(
                f'<g transform="{SKEWS["skew x"]}"><g clip-path="url(#{clip})"><path d="{RING}" fill="url(#lin)"/></g></g>'
            ),
        )
    for mask in MASKS:
        yield f"mask: {mask}", svg(f'<g mask="url(#{mask})"><path d="{RING}" fill="#0B7A75"/></g>')
        yield f"mask on a shape: {mask}", svg(f'<path mask="url(#{mask})" d="{RING}" fill="url(#lin)"/>')
    yield from structure()


def structure() -> Iterator[tuple[str, str]]:
    """Documents rather than drawings: references, styles, frames."""
    dot = '<circle cx="20" cy="20" r="9" fill="#0B7A75"/>'
    yield "group opacity", svg(f'<g opacity=".4">{dot}<circle cx="45" cy="45" r="9" fill="#C8553D"/></g>')
    yield "nested opacity", svg(f'<g opacity=".6"><g opacity=".5">{dot}</g></g>')
    yield "use", svg('<use href="#dot" x="10" y="12" fill="#0B7A75"/>')
    yield "use, turned", svg('<use xlink:href="#dot" transform="rotate(30)" fill="#C8553D"/>'.replace("xlink:", ""))
    yield "symbol", svg('<use href="#sign" x="10" y="6" width="44" height="44"/>')
    yield (
        "nested svg",
        svg(
            '<svg x="10" y="10" width="40" height="20" viewBox="0 0 20 20"><circle cx="10" cy="10" r="14" fill="#0B7A75"/></svg>'
        ),
    )
    yield (
        "hidden",
        svg(
            f'<path d="{STAR}" fill="#0B3C49" display="none"/><g visibility="hidden"><path d="{RING}" fill="#0B3C49"/><path d="{HOLE}" fill="#C8553D" visibility="visible"/></g>'
        ),
    )
    yield (
        "style sheet",
        svg(
            f"<style>.a {{ fill: #0B7A75 }} path.b, #c {{ fill: #C8553D; stroke: #0B3C49 }}</style><path class='a' fill='red' d='{HOLE}'/><path class='a b' d='M4 4h12v12h-12z'/><rect id='c' x='44' y='44' width='14' height='14'/>"
        ),
    )
    yield (
        "root attributes",
        f'<svg width="64" height="64" viewBox="0 0 64 64" fill="#C8553D" stroke="#0B3C49" stroke-width="4" xmlns="http://www.w3.org/2000/svg"><path d="{HOLE}"/></svg>',
    )
    yield "origin", svg(f'<path d="{STAR}" fill="#0B7A75"/>', 'width="64" height="64" viewBox="-10 8 64 64"')
    yield "other scale", svg(f'<path d="{STAR}" {LINES["round"]}/>', 'width="32" height="32" viewBox="0 0 64 64"')
    yield "other shape", svg(f'<path d="{STAR}" fill="#0B7A75"/>', 'width="96" height="64" viewBox="0 0 64 64"')
    yield (
        "slice",
        svg(
            f'<path d="{STAR}" fill="#0B7A75"/>',
            'width="96" height="64" viewBox="0 0 64 64" preserveAspectRatio="xMinYMin slice"',
        ),
    )
    yield (
        "stretched",
        svg(
            f'<path d="{STAR}" fill="#0B7A75"/>',
            'width="96" height="64" viewBox="0 0 64 64" preserveAspectRatio="none"',
        ),
    )
    yield "no viewBox", svg(f'<path d="{STAR}" fill="#0B7A75"/>', 'width="64" height="64"')
    yield "no size", svg(f'<path d="{STAR}" fill="#0B7A75"/>', 'viewBox="0 0 64 64"')
    yield "units", svg(f'<path d="{STAR}" fill="#0B7A75"/>', 'width="64px" height="48pt" viewBox="0 0 64 64"')
    yield (
        "foreign elements",
        svg(
            f'<metadata>x</metadata><x:y xmlns:x="urn:x"><path d="{RING}" fill="red"/></x:y><path d="{HOLE}" fill="#0B7A75"/>'
        ),
    )
    yield "broken path", svg('<path d="M8 8H56V56L8 abc 9" fill="#0B7A75"/>')
    yield (
        "inside line",
        svg(
            f'<mask id="in" fill="white"><path d="{RING}"/></mask><path d="{RING}" stroke="#0B3C49" stroke-width="8" mask="url(#in)"/>'
        ),
    )
    yield (
        "everything at once",
        svg(
            f'<g opacity=".8" transform="rotate(10 32 32)"><g clip-path="url(#turned)"><path transform="scale(.9)" d="{STAR}" fill="url(#figma)" fill-opacity=".9"/></g></g>'
        ),
    )
