"""Stencil templates of other tools run as they are; what Stencil does not have names the form that does."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exfig_rx.errors import TemplateError
from exfig_rx.export.stencil import parse, program, render
from exfig_rx.export.template_faults import TemplateFault
from exfig_rx.export.template_limits import Budget
from exfig_rx.export.templates import Templates
from exfig_rx.model import Platform, Problem
from tests.test_export.palettes import NIGHT, WATER, android, color, flutter, ios, texts, web

CODE = {"useColorAssets": False, "nameStyle": "camelCase"}


def printed(folder: Path, template: str, **names: object) -> str:
    """What `template` prints in place of `colors.xml`, with `names` as its variables."""
    (folder / "colors.xml.stencil").write_text(template, encoding="utf-8")
    return Templates(Platform.ANDROID, str(folder)).render("colors.xml", names)


def failure(folder: Path, template: str, **names: object) -> Problem:
    """The one problem that rendering `template` ends with."""
    with pytest.raises(TemplateError) as caught:
        printed(folder, template, **names)
    (problem,) = caught.value.problems
    return problem


# ── Templates as teams have them, by the variables of ExFig 1.3.2 ──


def test_a_template_of_uikit_colors(tmp_path: Path) -> None:
    (tmp_path / "UIColor+extension.swift.stencil").write_text(
        """{% include "header.stencil" %}
import UIKit
{% if assetsInSwiftPackage or not assetsInMainBundle %}
private let bundle = Bundle.{% if resourceBundleNames %}resources{% else %}module{% endif %}
{% endif %}
{% macro rgba c %}UIColor(red: {{ c.red }}, green: {{ c.green }}, blue: {{ c.blue }}, alpha: {{ c.alpha }}){%
  endmacro %}
public enum Palette {
{%- for color in colors %}
    /// {{ color.originalName|default:color.name|capitalize }}{%
        if forloop.first %} (first of {{ colors.count }}){% endif %}
    {% if addObjcPrefix %}@objc {% endif %}static let {{ color.name }}: UIColor =
    {%- if color.hasDarkVariant %} .dynamic(light: {% call rgba color.light %}, dark: {% call rgba color.dark %})
    {%- else %} {% call rgba color %}
    {%- endif %}
{%- empty %}
    // no colors
{%- endfor %}
}
"""
    )
    keys = CODE | {"colorSwift": "U.swift"}
    colors = (color("ink", original="text/ink soft"), color("water", WATER, NIGHT))
    text = texts(ios(keys, templatesPath=str(tmp_path)), *colors)["U.swift"]
    assert text.startswith("//  swiftlint:disable all\n//\n")
    assert text.endswith(
        "\nimport UIKit\n\n\npublic enum Palette {\n"
        "    /// Text/Ink Soft (first of 2)\n"
        "    static let ink: UIColor = UIColor(red: 0.180, green: 0.525, blue: 0.671, alpha: 1.000)\n"
        "    /// Water\n"
        "    static let water: UIColor = .dynamic("
        "light: UIColor(red: 0.180, green: 0.525, blue: 0.671, alpha: 1.000), "
        "dark: UIColor(red: 0.043, green: 0.224, blue: 0.329, alpha: 1.000))\n}\n"
    )
    assert "    // no colors\n}\n" in texts(ios(keys, templatesPath=str(tmp_path)))["U.swift"]


def test_a_template_of_images_with_a_part_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "Image+extension.swift.stencil").write_text(
        'import SwiftUI\n\npublic extension Image {\n{% include "Image+extension.swift.stencil.include" %}}\n'
    )
    (tmp_path / "Image+extension.swift.stencil.include").write_text(
        '{% for image in images where image.name|!hasPrefix:"_" %}'
        "    static var {{ image.name|lowerFirstWord|escapeReservedKeywords }}: Image "
        '{ .init("{{ image.name }}"{% if assetsInSwiftPackage %}, bundle: .module{% endif %}) }\n{% endfor %}'
    )
    names = {"images": [{"name": "URLBar"}, {"name": "_draft"}, {"name": "Default"}], "assetsInSwiftPackage": True}
    assert Templates(Platform.IOS, str(tmp_path)).render("Image+extension.swift", names) == (
        "import SwiftUI\n\npublic extension Image {\n"
        '    static var urlBar: Image { .init("URLBar", bundle: .module) }\n'
        '    static var `default`: Image { .init("Default", bundle: .module) }\n}\n'
    )


def test_a_template_of_text_styles(tmp_path: Path) -> None:
    template = """{% for style in textStyles %}
    static func {{ style.name }}() -> UIFont {
        customFont("{{ style.fontName }}", size: {{ style.fontSize }}{% if style.supportsDynamicType %}, \
textStyle: .{{ style.type }}{% endif %}){% if style.lineHeight > 0 %} // {{ style.lineHeight }}{% endif %}
    }
{% endfor %}"""
    styles = [
        {"name": "body", "fontName": "Inter", "fontSize": 16.0, "supportsDynamicType": True, "type": "body"},
        {
            "name": "tag",
            "fontName": "Inter",
            "fontSize": 10.5,
            "supportsDynamicType": False,
            "type": "",
            "lineHeight": 12.0,
        },
    ]
    assert printed(tmp_path, template, textStyles=styles) == (
        '\n    static func body() -> UIFont {\n        customFont("Inter", size: 16.0, textStyle: .body)\n    }\n'
        '\n    static func tag() -> UIFont {\n        customFont("Inter", size: 10.5) // 12.0\n    }\n'
    )


def test_a_template_of_code_connect(tmp_path: Path) -> None:
    (tmp_path / "CodeConnect.figma.swift.stencil").write_text(
        "{% for asset in assets %}{% ifnot forloop.first %}\n{% endif %}struct {{ asset.structName }} {\n"
        '    let id = "{{ asset.nodeId|replace:"-",":" }}" // {{ asset.figmaUrl|split:"?"|join:" ? " }}\n}\n'
        "{% endfor %}"
    )
    assets = [{"structName": f"S{n}", "nodeId": f"{n}-2", "figmaUrl": f"https://f/x?node-id={n}-2"} for n in (1, 3)]
    assert Templates(Platform.IOS, str(tmp_path)).render("CodeConnect.figma.swift", {"assets": assets}) == (
        'struct S1 {\n    let id = "1:2" // https://f/x ? node-id=1-2\n}\n\n'
        'struct S3 {\n    let id = "3:2" // https://f/x ? node-id=3-2\n}\n'
    )


def test_a_template_of_android_resources(tmp_path: Path) -> None:
    (tmp_path / "colors.xml.stencil").write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n{# ours #}<resources>\n'
        '{% for color in colors %}    <item name="{{ color.name|uppercase }}" '
        'type="color">{{ color.hex|replace:"#([0-9A-F]{6})$","#FF$1","regex"|lowercase }}</item>'
        "{% if not forloop.last %}\n{% endif %}{% endfor %}\n</resources>"
    )
    files = texts(android(templatesPath=str(tmp_path)), color("ink_soft"), color("water", WATER, NIGHT))
    assert files["app/res/values/colors.xml"] == (
        '<?xml version="1.0" encoding="utf-8"?>\n<resources>\n'
        '    <item name="INK_SOFT" type="color">#ff2e86ab</item>\n'
        '    <item name="WATER" type="color">#ff2e86ab</item>\n</resources>'
    )


def test_a_template_of_compose_colors(tmp_path: Path) -> None:
    (tmp_path / "Colors.kt.stencil").write_text(
        """package {{ package }}
{% if xmlResourcePackage %}import {{ xmlResourcePackage }}.R
{% endif %}{% set longest %}{% for color in colors %}{{ color.functionName }} {% endfor %}{% endset %}
// {{ longest|removeNewlines:"leading" }}
{% map colors into lines using color %}    val {{ color.functionName }} = Color({{ color.lightHex }}){% if \
color.lightHex != color.darkHex %} // dark {{ color.darkHexRaw }}{% endif %}{% endmap %}{% set newline %}
{% endset %}object Colors {
{{ lines|join:newline }}
}
"""
    )
    keys = {"composePackageName": "a.b", "colorKotlin": "Colors.kt", "xmlDisabled": True}
    colors = (color("ink_soft"), color("water", WATER, NIGHT))
    assert texts(android(keys, templatesPath=str(tmp_path)), *colors)["Colors.kt"] == (
        "package a.b\n\n// inkSoft water\nobject Colors {\n    val inkSoft = Color(0xFF2E86AB)\n"
        "    val water = Color(0xFF2E86AB) // dark FF0B3954\n}\n"
    )


def test_a_template_of_dart_colors(tmp_path: Path) -> None:
    (tmp_path / "colors.dart.stencil").write_text(
        "{% if isUnifiedMode %}{% for c in unifiedColors %}{{ c.name }}{% endfor %}"
        "{% elif hasDarkColors %}class {{ className }}Theme {\n{% for c in colors %}  final {{ c.name }};\n"
        "{% endfor %}}\n"
        "{% else %}plain{% endif %}"
        "{% for c in darkColors %}// {{ forloop.counter }}/{{ forloop.length }}: {{ c.hex }}\n"
        "{% endfor %}"
    )
    files = texts(flutter(templatesPath=str(tmp_path)), color("ink"), color("water", WATER, NIGHT))
    assert files["lib/gen/colors.dart"] == (
        "class AppColorsTheme {\n  final ink;\n  final water;\n}\n// 1/1: 0xFF0B3954\n"
    )


def test_a_template_of_dart_icons(tmp_path: Path) -> None:
    (tmp_path / "icons.dart.stencil").write_text(
        "abstract final class {{ className|upperFirstLetter }} {\n"
        ""
        "{% for icon in icons %}  static const {{ icon.name|snakeToCamelCase|lowerFirstLetter }} = "
        "'{{ icon.lightPath|basename }}';\n"
        "{% if icon.hasDark %}  static const {{ icon.name }}Dark = '{{ icon.darkPath|dirname }}';\n"
        "{% endif %}{% endfor %}}}\n"
    )
    icons = [
        {"name": "arrow_back", "lightPath": "assets/arrow_back.svg", "hasDark": False},
        {"name": "sun", "lightPath": "a/sun.svg", "hasDark": True, "darkPath": "a/dark/sun.svg"},
    ]
    text = Templates(Platform.FLUTTER, str(tmp_path)).render("icons.dart", {"className": "appIcons", "icons": icons})
    assert text == (
        "abstract final class AppIcons {\n  static const arrowBack = 'arrow_back.svg';\n"
        "  static const sun = 'sun.svg';\n  static const sunDark = 'a/dark';\n}}\n"
    )


def test_templates_of_the_web(tmp_path: Path) -> None:
    (tmp_path / "theme.json.stencil").write_text(
        '{{ "{" }}{% for c in lightColors %}"{{ c.cssName }}": "{{ c.value }}"{{ ", " if not forloop.last }}'
        "{% endfor %}}"
    )
    (tmp_path / "variables.ts.stencil").write_text(
        '{% filter lowercase %}{% for c in colors %}{{ c.camelName|camelToSnakeCase:"false" }};'
        "{% endfor %}{% endfilter %}"
    )
    entry = web({"jsonFileName": "theme.json"}, templatesPath=str(tmp_path))
    files = texts(entry, color("inkSoft"), color("water"))
    assert files["web/theme.json"] == '{"inkSoft": "#2E86AB", "water": "#2E86AB"}'
    assert files["web/variables.ts"] == "ink_soft;water;"


def test_three_braces_print_a_brace_and_the_value(tmp_path: Path) -> None:
    (tmp_path / "Image.tsx.stencil").write_text(
        '<img src={{{ assetPath }}} alt={alt} style={{{ style|default:"{}" }}} />'
    )
    text = Templates(Platform.WEB, str(tmp_path)).render("Image.tsx", {"assetPath": "'a.svg'"})
    assert text == "<img src={'a.svg'} alt={alt} style={{}} />"


def test_a_template_with_what_stencil_does_not_have_is_told_the_form(tmp_path: Path) -> None:
    template = '// Written on {% now "yyyy" %}\n{% for c in colors %}{{ c.name }}{% endfor %}'
    problem = failure(tmp_path, template)
    assert (problem.code, problem.message) == ("template.syntax", "template colors.xml.stencil has the tag 'now'")
    assert problem.hint == "the date would change the file at each export; write it as text"
    assert problem.location is not None
    assert (problem.location.line, problem.location.column) == (1, 15)
    assert problem.excerpt == '// Written on {% now "yyyy" %}\n              ^'


# ── The language ──

NAMES: dict[str, object] = {
    "a": "text",
    "n": 3,
    "zero": 0,
    "minus": -1.5,
    "size": 16.0,
    "yes": True,
    "no": False,
    "empty": "",
    "nothing": None,
    "xs": ["A", "b", 'c"'],
    "none": [],
    "d": {"b": 2, "a": 1, "items": "mine", "count_": 1},
    "rows": [{"name": "r1", "tags": ["x"]}, {"name": "r2", "tags": []}],
    "key": "b",
    "list": "xs",
}


@pytest.mark.parametrize(
    ("template", "prints"),
    [
        # Names that are not there print nothing, at any depth.
        ("[{{ missing }}{{ missing.deep.er }}{{ a.b }}{{ xs.9 }}{{ xs.name }}{{ nothing }}]", "[]"),
        # Values print as in Swift.
        ("{{ yes }} {{ no }} {{ n }} {{ size }} {{ minus }}", "true false 3 16.0 -1.5"),
        ("{{ xs }} {{ none }} {{ rows.1.tags }}", '["A", "b", "c\\""] [] []'),
        ('{{ \'q\' }} {{ "\'" }} {{ 1.50 }} {{ -2 }} {{ true }} {{ "a\\n" }}', "q ' 1.5 -2 true a\\n"),
        # Steps into values; keys of dictionaries come before everything else.
        ("{{ xs.count }} {{ xs.first }} {{ xs.last }} {{ xs.0 }} {{ a.count }} {{ a.first }}", '3 A c" A 4 t'),
        ("{{ d.items }} {{ d.count }} {{ d[key] }} {{ d['a'] }} {{ xs[zero] }} {{ rows[0].name }}", "mine 4 2 1 A r1"),
        ("{{ none.first }}{{ none.count }}", "0"),
        # Truth.
        ("{% if n %}n{% endif %}{% if zero %}z{% endif %}{% if minus %}m{% endif %}", "n"),
        ("{% if a %}a{% endif %}{% if empty %}e{% endif %}{% if none %}l{% endif %}{% if d %}d{% endif %}", "ad"),
        ("{% if missing %}1{% elif no %}2{% elif xs %}3{% else %}4{% endif %}", "3"),
        ("{% ifnot missing %}yes{% else %}no{% endif %}", "yes"),
        # Comparisons; a missing name equals only another one.
        (
            "{{ missing == nothing }} {{ missing != 0 }} {{ n == 3.0 }} {{ n == '3' }} {{ yes == true }}",
            "true true true false true",
        ),
        ("{{ n > 2 }} {{ n <= 2 }} {{ a > 2 }} {{ missing < 1 }} {{ yes > 0 }}", "true false false false false"),
        ("{{ xs == xs }} {{ xs != xs }}", "false true"),
        (
            "{{ 'b' in xs }} {{ 'ex' in a }} {{ 2 in 1...3 }} {{ n in xs }} {{ missing in nothing }}",
            "true true true false true",
        ),
        ("{{ not yes or yes and not no }} {{ not (yes or no) }} {{ not n == 3 }}", "true false false"),
        ("{% if (n == 3 or no) and (not (a == 'x')) %}ok{% endif %}", "ok"),
        ("{{ 'yes' if n > 2 else 'no' }} {{ 'x' if no }} {{ a|uppercase if yes else xs|join:'-' }}", "yes  TEXT"),
        # Loops.
        ("{% for x in xs %}{{ forloop.counter }}{{ forloop.counter0 }}{{ x }} {% endfor %}", '10A 21b 32c" '),
        (
            "{% for x in xs where x != 'b' %}{{ x }}{{ forloop.length }}{% if forloop.last %}.{% endif %}{% endfor %}",
            'A2c"2.',
        ),
        (
            "{% for x in xs where x == 'z' %}{{ x }}{% empty %}none{% endfor %}{% for x in missing %}x{% endfor %}",
            "none",
        ),
        (
            "{% for k, v in d %}{{ k }}={{ v }} {% endfor %}{% for k in d %}{{ k }}{% endfor %}",
            "a=1 b=2 count_=1 items=mine abcount_items",
        ),
        ("{% for _, v in d %}{{ v }}{{ _ }} {% endfor %}", "1 2 1 mine "),
        (
            "{% for i in 1...3 %}{{ i }}{% endfor %} {% for i in n...zero %}{{ i }}{% endfor %} {{ 1...n }}",
            "123 3210 [1, 2, 3]",
        ),
        ("{% for x in a %}x{% empty %}no list{% endfor %}", "no list"),
        ("{% for x in xs %}{% if x == 'b' %}{% continue %}{% endif %}{{ x }}{% endfor %}", 'Ac"'),
        ("{% for x in xs %}{% if x == 'b' %}{% break %}{% endif %}{{ x }}{% endfor %}!", "A!"),
        (
            "{% o: for x in xs %}{% for i in 1...3 %}{{ forloop.o.counter }}{{ i }}"
            "{% if i == 2 %}{% continue o %}{% endif %} {% endfor %}{% endfor %}",
            "11 1221 2231 32",
        ),
        (
            "{% o: for x in xs %}{% for i in 1...3 %}{% if x == 'b' %}{% break o %}"
            "{% endif %}{{ x }}{{ i }} {% endfor %}{% endfor %}.",
            "A1 A2 A3 .",
        ),
        (
            "{% for r in rows %}{% for t in r.tags %}{{ t }}{{ forloop.length }}"
            "{% empty %}{{ forloop.length }}{% endfor %} {% endfor %}",
            "x1 2 ",
        ),
        # Names that are set are gone behind the tag that they are set in.
        ("{% set x 'a' %}{% if yes %}{% set x 'b' %}{{ x }}{% endif %}{{ x }}", "ba"),
        ("{% set x %}<{{ a }}>{% endset %}{{ x }}{{ x }}{% set y xs.count %}{{ y }}", "<text><text>3"),
        ("{% for x in xs %}{% set seen x %}{% endfor %}[{{ seen }}]", "[]"),
        ("{% set x missing %}[{{ x }}]{% set a nothing %}[{{ a }}]", "[][]"),
        # Macros see what their callers see.
        (
            "{% macro m p q %}{{ p }}{{ q }}{{ x }}{% endmacro %}{% for x in xs %}{% call m n 'q' %} {% endfor %}",
            '3qA 3qb 3qc" ',
        ),
        ("{% macro m %}{% for x in 1...2 %}{{ x }}{% endfor %}{% endmacro %}{% call m %}{{ m }}", "12"),
        # The other tags.
        ("{% filter uppercase|replace:'E','3' %}{{ a }}{% endfilter %}", "T3XT"),
        (
            "{% map xs into ys using x %}{{ maploop.counter }}{{ x|lowercase }}"
            "{% if maploop.last %}.{% endif %}{% endmap %}{{ ys|join }}",
            '0a1b2c".',
        ),
        (
            "{% map xs into ys %}{{ maploop.item }}{% endmap %}{{ ys.count }}"
            "{% map none into zs %}x{% endmap %}[{{ zs }}]",
            "3[]",
        ),
        ("{% block b %}x{% endblock %}{{ block.b }}", "xx"),
        ("a{# {{ not }} {% read %} #}b", "ab"),
        # White space.
        ("a \n {%- if yes -%} \n b \n {%- endif %} c", "ab c"),
        ("a {%+ if yes +%} b {% endif %}", "a  b "),
        ("{{\n  a\n  |uppercase\n}} {% if\n n > 2\n and a %}y{% endif %}", "TEXT y"),
        ("{ { } } %} }} #} {", "{ { } } %} }} #} {"),
        # Filters.
        (
            "{{ missing|default:'x' }} {{ a|default:'x' }} {{ missing|default:nothing,a }} {{ empty|default:'x' }}.",
            "x text text .",
        ),
        ("{{ xs|join }} {{ xs|join:', ' }} {{ a|join:'-' }} {{ xs | join : '+' }}", 'Abc" A, b, c" text A+b+c"'),
        ("{{ 'a|b, c:d'|replace:'|',': '|replace:', ',','|uppercase }}", "A: B,C:D"),
        (
            "{{ a|contains:'ex' }} {{ a|!contains:'ex' }} {{ a|hasPrefix:'te' }} {{ a|hasSuffix:'te' }}",
            "true false true false",
        ),
        ("{{ a|filter:'uppercase' }}{{ missing|filter:'uppercase' }}", "TEXT"),
    ],
)
def test_a_piece_of_stencil_prints_what_stencil_prints(tmp_path: Path, template: str, prints: str) -> None:
    assert printed(tmp_path, template, **NAMES) == prints


@pytest.mark.parametrize(
    ("template", "line", "says", "form"),
    [
        (
            '\n{{ c|default("x") }}',
            2,
            "uses the filter 'default(\"x\")'",
            'default:"x"; or end the file\'s name with .jinja',
        ),
        ("{{ colors|length }}", 1, "uses the filter 'length'", "name.count"),
        ("{{ c|upercase }}", 1, "uses the filter 'upercase'", "did you mean uppercase?"),
        ("{{ c|replace:'a' }}", 1, "gives filter replace 1 arguments; it takes 2 to 3", "follow a colon"),
        ("{{ range(3) }}", 1, "has 'range(3)' where a name should be", "Stencil has no calls"),
        ("{{ a + b }}", 1, "has 'a + b' where a name should be", "{{ a + b }} does"),
        ("{{ }}", 1, "without a name", "write the name"),
        ("\n\n{% if a = b %}{% endif %}", 3, "has '=' where 'and'", "and spaces around each"),
        ("{% if %}{% endif %}", 1, "ends too early", "conditions are names"),
        ("{% if (a %}{% endif %}", 1, "a bracket that is never closed", "conditions are names"),
        ("{% if a and %}{% endif %}", 1, "ends too early", "conditions are names"),
        ("{% if a or and b %}{% endif %}", 1, "has 'and' without anything before it", "conditions are names"),
        ("{% set x = a %}", 1, "has a {% set %} that Stencil can't read", "where it is {% set name = value %}"),
        ("{% macro m(a, b) %}{% endmacro %}", 1, "has a {% macro %} that Stencil can't read", "{% macro name a b %}"),
        ("{% for c in colors if c.x %}{% endfor %}", 1, "has 'if' in {% for %}", "says 'where'"),
        ("{% for c in colors %}{% else %}{% endfor %}", 1, "has {% else %} in {% for %}", "{% empty %}"),
        ("{% for c of colors %}{% endfor %}", 1, "has a {% for %}", "{% for name in names where condition %}"),
        ("{% if a %}\n{% else if b %}{% endif %}", 1, "has {% else if b %}", "{% elif condition %}"),
        ("x\n{% for c in colors %}\n{% if c %}", 3, "opens {% if %} that is never closed with {% endif %}", "close it"),
        ("{% for c in colors %}{% if c %}{% endfor %}", 1, "has {% endfor %} inside {% if %}", "{% endif %} first"),
        ("a{% endif %}", 1, "has {% endif %} that closes nothing", "look for the tag"),
        ("{% with x %}{% endwith %}", 1, "has the tag 'with'", "{% set name value %}"),
        ("{% typed x %}", 1, "has the tag 'typed'", "or end the file's name with .jinja"),
        ("a\n b {{ c", 2, "opens {{ that is never closed with }}", 'write {{ "{{" }} to print it'),
        ("a {# b", 1, "opens {# that is never closed with #}", "close it"),
        ("${{{ a }}", 1, "opens three braces and closes two", '{{ "{" }}{{ name }}'),
        ("{{- a }}", 1, "has {{- or {{+", "{%- -%} only"),
        ("{% break %}", 1, "has {% break %} outside of {% for %}", "the loop that it stands in"),
        ("{% for x in xs %}{% break o %}{% endfor %}", 1, "no loop around it is called so", "{% o: for"),
        ("{% import %}", 1, "has a {% import %} that Stencil can't read", '{% import "file" %}'),
        ("{% map xs to ys %}{% endmap %}", 1, "has a {% map %}", "{% map names into texts using name %}"),
        ("{% call m 1 %}", 1, "calls 'm', which is no macro", "define it before"),
        (
            "{% macro m a b %}{% endmacro %}\n{% call m 1 %}",
            2,
            "calls m with 1 arguments; it takes 2",
            "{% call m a b %}",
        ),
        (
            "{{ missing|camelToSnakeCase }}",
            1,
            "gives filter camelToSnakeCase nothing",
            'name|default:""|camelToSnakeCase',
        ),
        ("{{ xs[missing] }}", 1, "uses a name between [ ] that is not there", "key or number"),
        ("{% for i in 1...missing %}{% endfor %}", 1, "a range whose ends are not both numbers", "1...3"),
        (
            "{% include 'nowhere' %}",
            1,
            "includes 'nowhere', which does not exist",
            "colors.xml, colors.xml.stencil, header",
        ),
        ("{% include '../secret' %}", 1, "includes '../secret'", "put the file into the folder"),
        ("{% include missing %}", 1, "by a name that is not there", '"name.stencil"'),
        ("{% extends 'header' %}", 1, "extends 'header', which is a Jinja template", "include works across them"),
    ],
)
def test_what_stencil_can_not_read_is_an_error_that_says_what_to_write(
    tmp_path: Path, template: str, line: int, says: str, form: str
) -> None:
    problem = failure(tmp_path, template, xs=["a"], colors=[])
    assert says in problem.message
    assert form in problem.hint
    assert problem.location is not None
    assert problem.location.line == line
    assert problem.location.file == str(tmp_path / "colors.xml.stencil")
    assert problem.excerpt.splitlines()[0] == template.splitlines()[line - 1].rstrip()


# ── More than one file ──


def test_an_included_file_sees_all_names_and_those_of_a_dictionary_on_top(tmp_path: Path) -> None:
    (tmp_path / "part.stencil").write_text("{% set mine 'x' %}<{{ a }}{{ x }}{{ forloop.counter }}>")
    text = printed(
        tmp_path,
        "{% for x in xs %}{% include 'part.stencil' %}{% endfor %}{% include 'part' d %}[{{ mine }}]",
        **(NAMES | {"d": {"a": "over"}, "xs": ["1", "2"]}),
    )
    assert text == "<text11><text22><over>[]"


def test_an_imported_file_brings_its_macros_and_no_text(tmp_path: Path) -> None:
    (tmp_path / "macros.stencil").write_text("text{% macro m x %}<{{ x }}>{% endmacro %}{% set y 'y' %}")
    assert printed(tmp_path, "{% import 'macros.stencil' %}{% call m 1 %}{{ y }}") == "<1>y"


def test_blocks_are_replaced_over_three_files(tmp_path: Path) -> None:
    (tmp_path / "base.stencil").write_text("[{% block head %}base{% endblock %}|{% block tail %}tail{% endblock %}]")
    (tmp_path / "middle.stencil").write_text(
        "{% extends 'base.stencil' %}{% block head %}middle({{ block.super }}){% endblock %}"
    )
    text = printed(
        tmp_path,
        "{% extends 'middle.stencil' %} not printed {% block head %}{{ a }}({{ block.super }}){% endblock %}",
        a="x",
    )
    assert text == "[x(middle(base))|tail]"


@pytest.mark.parametrize(
    ("part", "template"),
    [
        ("\n{{ x|upercase }}", "a\n\n\n{% include 'part.stencil' %}"),
        ("\n{{ x|hexToInt }}", "a\n\n\n{% include 'part.stencil' %}"),
        ("{% macro m %}\n{{ x|hexToInt }}{% endmacro %}", "{% import 'part.stencil' %}\n\n\n{% call m %}"),
        ("{% block a %}\n{{ x|hexToInt }}{% endblock %}", "\n\n{% extends 'part.stencil' %}"),
    ],
)
def test_a_fault_in_another_file_names_that_one(tmp_path: Path, part: str, template: str) -> None:
    (tmp_path / "part.stencil").write_text(part)
    problem = failure(tmp_path, template)
    assert problem.location is not None
    assert (problem.location.file, problem.location.line) == (str(tmp_path / "part.stencil"), 2)


def test_a_fault_in_a_block_names_the_file_that_has_the_block(tmp_path: Path) -> None:
    (tmp_path / "base.stencil").write_text("{% block a %}{% endblock %}")
    problem = failure(tmp_path, "{% extends 'base.stencil' %}\n\n{% block a %}{{ x|hexToInt }}{% endblock %}")
    assert problem.location is not None
    assert (problem.location.file, problem.location.line) == (str(tmp_path / "colors.xml.stencil"), 3)


def test_jinja_and_stencil_include_each_other(tmp_path: Path) -> None:
    (tmp_path / "inner.stencil").write_text("{{ x.count }}{{ missing }}")
    (tmp_path / "outer.jinja").write_text("{% set x = [1, 2] %}{% include 'inner.stencil' %}{{ x|length }}")
    assert printed(tmp_path, "{% set y 'y' %}{% include 'outer' %}") == "22"
    (tmp_path / "colors.xml.jinja").write_text("{% for x in [[1], [1, 2]] %}{% include 'inner' %}{% endfor %}")
    assert Templates(Platform.ANDROID, str(tmp_path)).render("colors.xml", {}) == "12"


def test_a_header_in_stencil_goes_into_built_in_files(tmp_path: Path) -> None:
    (tmp_path / "header.stencil").write_text(
        "{% for n in 1...2 %}Line {{ n }}{% if not forloop.last %}\n{% endif %}{% endfor %}"
    )
    text = texts(flutter(templatesPath=str(tmp_path)))["lib/gen/colors.dart"]
    assert text.startswith("// Line 1\n// Line 2\n\nimport")


def test_jinja_can_not_extend_stencil(tmp_path: Path) -> None:
    (tmp_path / "base.stencil").write_text("{% block a %}{% endblock %}")
    (tmp_path / "colors.xml.jinja").write_text("{% extends 'base' %}{% block a %}x{% endblock %}")
    with pytest.raises(TemplateError, match="extends 'base', which is a Stencil template"):
        Templates(Platform.ANDROID, str(tmp_path)).render("colors.xml", {})


def test_a_file_without_a_known_suffix_is_in_the_language_of_who_includes_it(tmp_path: Path) -> None:
    (tmp_path / "part.txt").write_text("{{ missing }}{{ xs.count }}")
    assert printed(tmp_path, "{% include 'part.txt' %}", xs=["a"]) == "1"
    (tmp_path / "colors.xml.jinja").write_text("{% include 'part.txt' %}")
    with pytest.raises(TemplateError, match="'missing' is undefined"):
        Templates(Platform.ANDROID, str(tmp_path)).render("colors.xml", {})


# ── Any text ──

_WORDS = """{{ }} {% %} {# #} {{{ }}} {%- -%} a a.b ' " | : , ( ) if for in not and or endif endfor else 1...3 ... set
    endset block endblock filter uppercase endfilter x|join:',' [ ] . == ! o: macro call -1 é"""
PIECES = st.sampled_from([*_WORDS.split(), " ", "\n"])


@given(st.lists(PIECES, max_size=25).map("".join))
def test_any_text_is_read_or_refused_in_words(template: str) -> None:
    try:
        parse(template)
    except TemplateFault as fault:
        assert fault.code == "template.syntax"
        assert fault.what and fault.hint
        assert fault.line is not None and 1 <= fault.line <= template.count("\n") + 1
        assert fault.column is not None and fault.column >= 1


@given(st.lists(PIECES, max_size=25).map("".join))
def test_any_text_prints_or_fails_in_words(template: str) -> None:
    templates = Templates(Platform.ANDROID, None)
    try:
        assert isinstance(render(program("t.stencil", template), {"a": {"b": ["x"]}}, templates, Budget()), str)
    except TemplateError as error:
        assert error.problems[0].code.startswith("template.")


@given(st.text().filter(lambda text: "{" not in text))
def test_text_without_braces_stays_as_it_is(template: str) -> None:
    (only,) = parse(template) or (None,)
    assert getattr(only, "content", "") == template
