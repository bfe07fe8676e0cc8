"""Keys of one platform that need each other, or do nothing without each other.

In: the outline of a config, valid or not. Out: findings. Rule: as in `checks`; nothing that would silently write no
file passes without a word.
"""

import posixpath
import re

from exfig_rx.config.checks import NO_EFFECT
from exfig_rx.config.excerpt import quoted
from exfig_rx.config.findings import Findings
from exfig_rx.config.nodes import MappingNode
from exfig_rx.config.outline import EMPTY, EntryNode, Outline
from exfig_rx.model import Kind, Platform

PARTNER = "config.missing-partner"
NO_OUTPUT = "config.no-output"
_ATTRIBUTE = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_SWIFT_KEYS = frozenset(
    (
        "colorSwift",
        "swiftuiColorSwift",
        "imageSwift",
        "swiftUIImageSwift",
        "codeConnectSwift",
        "fontSwift",
        "swiftUIFontSwift",
    )
)


def check_ios(outline: Outline, findings: Findings) -> None:
    """iOS: catalogs, code, labels and the Xcode project."""
    for entry in outline.of(Kind.COLORS, Platform.IOS):
        _ios_colors(entry, outline, findings)
    for entry in outline.of(Kind.ICONS, Platform.IOS):
        template = entry.node.text("renderMode") in (None, "template")
        idle = ("renderModeTemplateSuffix",) if template else ("renderModeDefaultSuffix", "renderModeOriginalSuffix")
        when = "is template" if template else "is not template"
        _idle(entry, idle, f"while renderMode {when}", findings)
    for entry in outline.of(Kind.IMAGES, Platform.IOS):
        if entry.node.text("outputFormat") != "heic":
            _idle(entry, ("heicOptions",), "without outputFormat: heic", findings)
    if (block := outline.typography.get(Platform.IOS)) is not None:
        _ios_typography(block, findings)
    _xcode_project(outline, findings)


def _ios_colors(entry: EntryNode, outline: Outline, findings: Findings) -> None:
    node = entry.node
    if node.flag("useColorAssets"):
        _need(entry, ("assetsFolder",), "useColorAssets", "useColorAssets: true", findings)
    elif node.says_no("useColorAssets") and not node.has("colorSwift") and not node.has("swiftuiColorSwift"):
        message = "nothing would be written: no color sets, and neither colorSwift nor swiftuiColorSwift"
        hint = "Add one of the two files, or write useColorAssets: true."
        findings.error(NO_OUTPUT, message, hint, at=node.place("useColorAssets"), key=f"{entry.key}.useColorAssets")
    template = node.text("codeSyntaxTemplate")
    if template is not None and "{name}" not in template:
        message = "codeSyntaxTemplate without {name} gives all variables the same text"
        hint = 'Write {name} where the name of the color goes, such as "Color.{name}".'
        at = node.place("codeSyntaxTemplate")
        findings.error("config.template", message, hint, at=at, key=f"{entry.key}.codeSyntaxTemplate")
    if node.flag("syncCodeSyntax"):
        _need(entry, ("codeSyntaxTemplate",), "syncCodeSyntax", "syncCodeSyntax: true", findings)
        if not entry.listed and not outline.common.has("variablesColors"):
            message = "syncCodeSyntax needs colors from variables: only variables have code syntax"
            hint = "Add common.variablesColors, or remove syncCodeSyntax."
            findings.error(
                PARTNER, message, hint, at=node.key_place("syncCodeSyntax"), key=f"{entry.key}.syncCodeSyntax"
            )


def _ios_typography(block: MappingNode, findings: Findings) -> None:
    labels = block.flag("generateLabels")
    if labels and not block.has("labelsDirectory"):
        message, hint = "generateLabels: true needs labelsDirectory", "Write labelsDirectory: App/Generated/Labels"
        at = block.key_place("generateLabels")
        findings.error(PARTNER, message, hint, at=at, key="ios.typography.labelsDirectory")
    written = ("fontSwift", "swiftUIFontSwift")
    if block.says_no("generateLabels") and not any(block.has(key) for key in written):
        message = "nothing would be written: no labels, and neither fontSwift nor swiftUIFontSwift"
        hint = "Add one of the two files, or generateLabels: true with labelsDirectory."
        at = block.place("generateLabels")
        findings.warning(NO_OUTPUT, message, hint, at=at, key="ios.typography.generateLabels")
    if block.says_no("generateLabels") and block.has("labelStyleSwift"):
        message = "labelStyleSwift has no effect without generateLabels: true and labelsDirectory"
        at = block.key_place("labelStyleSwift")
        findings.warning(NO_EFFECT, message, "Add these, or remove it.", at=at, key="ios.typography.labelStyleSwift")


def _xcode_project(outline: Outline, findings: Findings) -> None:
    ios = outline.sections.get(Platform.IOS, EMPTY)
    written = ios.says_no("xcassetsInSwiftPackage")
    blocks_ = [entry.node for entry in outline.entries if entry.platform is Platform.IOS]
    blocks_ += [block for platform, block in outline.typography.items() if platform is Platform.IOS]
    if written and ios.has("xcodeprojPath") and any(node.has(key) for node in blocks_ for key in _SWIFT_KEYS):
        message = "Xcode projects are not edited: ExFig 1.3.2 would add new Swift files to this one"
        hint = "Add them once in Xcode, or keep generated code in a synchronized folder (Xcode 16) or a Swift package."
        findings.warning("config.xcodeproj", message, hint, at=ios.key_place("xcodeprojPath"), key="ios.xcodeprojPath")


def check_android(outline: Outline, findings: Findings) -> None:
    """Android: Compose code needs a package, a source root and the package of `R`."""
    section = outline.sections.get(Platform.ANDROID, EMPTY)
    for entry in outline.of(Kind.COLORS, Platform.ANDROID):
        node = entry.node
        if node.has("composePackageName"):
            roots = () if node.has("colorKotlin") else ("mainSrc",)
            _compose(node, entry.key, section, (*roots, "resourcePackage"), findings)
        elif node.has("colorKotlin"):
            _need(entry, ("composePackageName",), "colorKotlin", "colorKotlin", findings)
        elif node.flag("xmlDisabled"):
            message = "nothing would be written: xmlDisabled is true, and there is no composePackageName"
            hint = "Add composePackageName for Compose code, or remove xmlDisabled."
            findings.warning(NO_OUTPUT, message, hint, at=node.place("xmlDisabled"), key=f"{entry.key}.xmlDisabled")
        _theme_attributes(entry, findings)
    for entry in outline.of(Kind.ICONS, Platform.ANDROID):
        vectors = entry.node.text("composeFormat") == "imageVector"
        if vectors:
            _need(entry, ("composePackageName",), "composeFormat", "composeFormat: imageVector", findings)
        else:
            _idle(entry, ("composeExtensionTarget",), "without composeFormat: imageVector", findings)
        if entry.node.has("composePackageName"):
            needed = ("mainSrc",) if vectors else ("mainSrc", "resourcePackage")
            _compose(entry.node, entry.key, section, needed, findings)
    if (block := outline.typography.get(Platform.ANDROID)) is not None and block.has("composePackageName"):
        _compose(block, "android.typography", section, ("mainSrc", "resourcePackage"), findings)
    for platform in (Platform.ANDROID, Platform.FLUTTER):
        for entry in outline.of(Kind.IMAGES, platform):
            if entry.node.text("format") != "webp":
                _idle(entry, ("webpOptions",), "without format: webp", findings)


def _theme_attributes(entry: EntryNode, findings: Findings) -> None:
    theme, key = entry.node.block("themeAttributes"), f"{entry.key}.themeAttributes"
    if theme is None or not theme.flag("enabled"):
        return
    for name in ("themeName", "markerStart", "markerEnd"):
        text = theme.text(name) or ""
        if "--" in text or not text.isprintable():
            message = f"{name} stands in an XML comment, and can't hold -- or what is not printable"
            findings.error("config.marker", message, "Write other words.", at=theme.place(name), key=f"{key}.{name}")
    if theme.has("markerStart") and theme.text("markerStart") == theme.text("markerEnd"):
        message, hint = "markerStart and markerEnd are the same", "Write END in one of them."
        findings.error("config.marker", message, hint, at=theme.place("markerEnd"), key=f"{key}.markerEnd")
    transform = theme.block("nameTransform") or EMPTY
    prefix = transform.text("prefix")
    if prefix and not _ATTRIBUTE.fullmatch(prefix):
        message = f"{quoted(prefix)} begins the name of an attribute, which has letters of a-z, digits, _, . and -"
        at = transform.place("prefix")
        findings.error("config.prefix", message, "Write color.", at=at, key=f"{key}.nameTransform.prefix")


def _compose(node: MappingNode, key: str, section: MappingNode, needed: tuple[str, ...], findings: Findings) -> None:
    missing = [name for name in needed if not section.has(name)]
    if missing:
        message = f"composePackageName needs android.{' and android.'.join(missing)}: no Compose code would be written"
        usual = {"mainSrc": "app/src/main/java", "resourcePackage": "com.example.app"}
        hint = f"Write {missing[0]}: {usual[missing[0]]} in android, or remove composePackageName."
        at = node.key_place("composePackageName")
        findings.error(PARTNER, message, hint, at=at, key=f"{key}.composePackageName")


def check_web(outline: Outline, findings: Findings) -> None:
    """Web: `outputDirectory` is below `output`, and people write the whole path there; keys of components need some."""
    for entry in (*outline.of(Kind.ICONS, Platform.WEB), *outline.of(Kind.IMAGES, Platform.WEB)):
        if entry.node.says_no("generateReactComponents"):
            keys = ("iconSize", "currentColor") if entry.kind is Kind.ICONS else ("imageImport", "imageBase")
            _idle(entry, keys, "with generateReactComponents: false", findings)
        elif entry.node.text("imageImport") == "relative":
            _idle(entry, ("imageBase",), "with imageImport: relative", findings)
    _nested_outputs(outline, findings)


def _nested_outputs(outline: Outline, findings: Findings) -> None:
    output = outline.sections.get(Platform.WEB, EMPTY).text("output")
    if not output:
        return
    base = posixpath.normpath(output)
    for entry in outline.entries:
        inner = entry.node.text("outputDirectory") if entry.platform is Platform.WEB else None
        if inner is None or base in (".", "/"):
            continue
        path = posixpath.normpath(inner)
        if f"{path}/".startswith((f"{base}/", f"{posixpath.basename(base)}/")):
            message = f"outputDirectory is below web.output: the files go to {posixpath.join(base, path)}"
            hint = "Leave out the part that web.output has already, if that is not meant."
            at = entry.node.place("outputDirectory")
            findings.warning("config.nested-output", message, hint, at=at, key=f"{entry.key}.outputDirectory")


def _need(entry: EntryNode, partners: tuple[str, ...], key: str, said: str, findings: Findings) -> None:
    for partner in partners:
        if not entry.node.has(partner):
            message, hint = f"{said} needs {partner}", f"Add {partner} to the block."
            findings.error(PARTNER, message, hint, at=entry.node.key_place(key), key=f"{entry.key}.{partner}")


def _idle(entry: EntryNode, keys: tuple[str, ...], when: str, findings: Findings) -> None:
    for key in keys:
        if entry.node.has(key):
            message = f"{key} has no effect {when}"
            findings.warning(NO_EFFECT, message, "Remove it.", at=entry.node.key_place(key), key=f"{entry.key}.{key}")
