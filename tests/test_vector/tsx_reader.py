"""A reader of the JSX of components: back to SVG, as React would put it into a page.

Names of attributes go through a table of their own, so that a name that React does not know fails.
"""

import re
from html import escape

TAG = re.compile(r"<(/?)([A-Za-z]+)((?:[^<>\"'{}]|\"[^\"]*\"|\{(?:[^{}']|'(?:[^'\\]|\\.)*'|\{[^{}]*\})*\})*?)(/?)>")
ATTRIBUTE = re.compile(
    r"\s+([A-Za-z][\w-]*)=(?:\"([^\"]*)\"|\{'((?:[^'\\]|\\.)*)'\}|\{(\{(?:[^{}']|'(?:[^'\\]|\\.)*')*\})(?: as object)?\})"
)
PROPERTY = re.compile(r"\s*(\w+|'[^']*'): '((?:[^'\\]|\\.)*)'\s*(?:,|$)")
TEXT = re.compile(r"\{'((?:[^'\\]|\\.)*)'\}")

CAMEL = frozenset({
    "attributeName", "baseFrequency", "clipPathUnits", "diffuseConstant", "edgeMode", "filterUnits",
    "gradientTransform", "gradientUnits", "kernelMatrix", "limitingConeAngle", "maskContentUnits", "maskUnits",
    "markerHeight", "markerWidth", "numOctaves", "pathLength", "patternUnits", "patternContentUnits",
    "patternTransform", "pointsAtX", "preserveAspectRatio", "primitiveUnits", "refX", "refY", "requiredExtensions",
    "spreadMethod", "startOffset", "stdDeviation", "surfaceScale", "systemLanguage", "tableValues", "textLength",
    "viewBox",
})  # fmt: skip
"""Attributes that SVG itself writes with capitals."""

OTHERS = {"className": "class", "xlinkHref": "xlink:href", "xmlSpace": "xml:space", "htmlFor": "for"}


def component(view_box: str, body: str) -> str:
    """The SVG that a component with this JSX shows."""
    _, _, width, height = view_box.replace(",", " ").split()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{width}" '
        f'height="{height}" viewBox="{view_box}" fill="none">{jsx_to_svg(body)}</svg>'
    )


def jsx_to_svg(body: str) -> str:
    """JSX as XML."""
    out: list[str] = []
    at = 0
    for match in TAG.finditer(body):
        out.append(_text(body[at : match.start()]))
        closing, tag, attributes, alone = match.groups()
        out.append(f"<{closing}{tag}{_attributes(attributes)}{alone}>")
        at = match.end()
    return "".join([*out, _text(body[at:])])


def _text(text: str) -> str:
    rest = TEXT.sub("", text).strip()
    assert not rest, f"{rest!r} is neither a tag nor a string"
    return "".join(escape(_string(match[1])) for match in TEXT.finditer(text))


def _attributes(text: str) -> str:
    out = []
    at = 0
    while match := ATTRIBUTE.match(text, at):
        name, plain, quoted, style = match.groups()
        value = _css(style) if style is not None else plain if plain is not None else escape(_string(quoted))
        out.append(f' {_attribute(name)}="{value}"')
        at = match.end()
    assert not text[at:].strip(), f"{text[at:]!r} is no attribute"
    return "".join(out)


def _attribute(name: str) -> str:
    if name in CAMEL or "-" in name:
        assert "-" not in name or name.startswith(("aria-", "data-")), f"React does not know {name}"
        return name
    return OTHERS.get(name) or _hyphened(name)


def _css(style: str) -> str:
    found = []
    at = 1
    while match := PROPERTY.match(style[:-1], at):
        key = match[1]
        name = key.strip("'") if key.startswith("'") else _hyphened(key)
        found.append(f"{name}:{escape(_string(match[2]))}")
        at = match.end()
    assert not style[at:-1].strip(), f"{style} is no style"
    return ";".join(found)


def _hyphened(name: str) -> str:
    return re.sub(r"[A-Z]", lambda match: f"-{match[0].lower()}", name)


def _string(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: {"n": "\n", "r": "\r", "t": "\t"}.get(match[1], match[1]), text)
