"""Keys that only make sense together: files, sources, modes, name patterns, and what is exported at all.

In: the outline of a config, valid or not. Out: findings. Rule: a check reads nodes, so that it speaks even while
another key of the file has the wrong type; a config that can't work is an error, one that works differently than it
looks a warning.
"""

from exfig_rx.config.excerpt import START, quoted
from exfig_rx.config.findings import Findings
from exfig_rx.config.keys import key_doc
from exfig_rx.config.outline import EMPTY, LISTED_KINDS, SOURCE_KEYS, EntryNode, Outline, TokensNode
from exfig_rx.config.schema import VariablesSource
from exfig_rx.model import Kind, Platform

NO_EFFECT = "config.no-effect"
_NEEDED_SOURCE = SOURCE_KEYS[:3]
_CONTRAST_PLATFORMS = (Platform.IOS, Platform.FLUTTER)
_LISTED_ONLY = {
    Kind.ICONS: ("figmaFrameName", "nameValidateRegexp", "nameReplaceRegexp", "nameStyle"),
    Kind.IMAGES: ("figmaFrameName", "sourceFormat", "outputFormat", "heicOptions", "nameStyle"),
}
"""Keys that ExFig 1.3.2 reads in the list form only. (iOS icons and images, and Flutter images, have `nameStyle`
in both; `sourceFormat` of the other platforms too.)"""


def check_files(outline: Outline, findings: Findings) -> None:
    """Everything but colors from variables needs `figma.lightFileId`; the other file ids need a reader."""
    needy = [entry for entry in outline.entries if entry.kind is not Kind.COLORS or entry in outline.style_colors]
    tokens = [block for block in outline.tokens if block in outline.style_tokens or block.names("typography")]
    blocks = [*(entry.node for entry in needy), *outline.typography.values(), *(block.node for block in tokens)]
    first = blocks[0].mark if blocks else START
    keys = [entry.key for entry in needy] + [f"{platform}.typography" for platform in outline.typography]
    keys += [block.key for block in tokens]
    if keys and not outline.figma.has("lightFileId"):
        message = f"figma.lightFileId is missing; {_listed(keys)} {'needs' if len(keys) == 1 else 'need'} it"
        hint = "Write figma: { lightFileId: … } with the id from the URL of the Figma file, the part after /design/."
        at = outline.root.marks.get("figma", first)
        findings.error("config.missing-file-id", message, hint, at=at, key="figma.lightFileId")
    if outline.entries or outline.typography or outline.tokens:
        _idle_files(outline, findings)


def _idle_files(outline: Outline, findings: Findings) -> None:
    modal: dict[Kind, tuple[EntryNode | TokensNode, ...]] = {
        Kind.COLORS: (*outline.style_colors, *outline.style_tokens),
        Kind.ICONS: outline.of(Kind.ICONS),
        Kind.IMAGES: outline.of(Kind.IMAGES),
    }
    readers = [kind for kind, entries in modal.items() if entries and not outline.single_file(kind)]
    users = any(e.platform in _CONTRAST_PLATFORMS for e in outline.style_colors) or bool(outline.style_tokens)
    contrast = Kind.COLORS in readers and users
    idle = {
        "darkFileId": None if readers else "every kind that has dark variants takes them from elsewhere",
        "lightHighContrastFileId": None if contrast else "only colors from styles on iOS and Flutter use it",
        "darkHighContrastFileId": None if contrast else "only colors from styles on iOS and Flutter use it",
    }
    for key, why in idle.items():
        if why is not None and outline.figma.has(key):
            at = outline.figma.key_place(key)
            findings.warning(NO_EFFECT, f"{key} has no effect: {why}", "Remove it.", at=at, key=f"figma.{key}")


def check_color_sources(outline: Outline, findings: Findings) -> None:
    """A color block in a list has its own source, one on its own has none; `common` holds one source at most."""
    for entry in outline.of(Kind.COLORS):
        present = [key for key in SOURCE_KEYS if entry.node.has(key)]
        if entry.listed:
            _listed_source(entry, present, findings)
        elif present:
            message = f"{_listed(present)} {'belongs' if len(present) == 1 else 'belong'} in the list form of colors"
            hint = "Write it as a list: put `- ` before the first key of the block."
            at = entry.node.key_place(present[0])
            findings.error("config.color-form", message, hint, at=at, key=f"{entry.key}.{present[0]}")
        else:
            _idle_patterns(entry, outline, findings)
    both = [key for key in ("colors", "variablesColors") if outline.common.has(key)]
    sharing = [entry.key for entry in outline.object_colors] + [block.key for block in outline.common_tokens]
    if sharing and len(both) == 2:
        users = _listed(sharing)
        later = max(both, key=lambda key: outline.common.key_place(key).line)
        message = f"common.colors and common.variablesColors exclude each other; {users} can't use both"
        hint = "Delete one: colors are for published styles, variablesColors for variables."
        at = outline.common.key_place(later)
        findings.error("config.two-sources", message, hint, at=at, key=f"common.{later}")
    elif outline.of(Kind.COLORS) and not sharing:
        for key in both:
            message = f"common.{key} is not used: each block of colors is in a list and has a source of its own"
            at = outline.common.key_place(key)
            findings.warning(NO_EFFECT, message, "Delete it.", at=at, key=f"common.{key}")


def _listed_source(entry: EntryNode, present: list[str], findings: Findings) -> None:
    if not present:
        message = f"a block of colors in a list needs its own source: {', '.join(_NEEDED_SOURCE)}"
        hint = "Add them, or drop the dash to use common.variablesColors or common.colors."
        findings.error("config.color-form", message, hint, at=entry.node.mark, key=entry.key)
        return
    for key in _NEEDED_SOURCE:
        if key not in present:
            doc = key_doc(VariablesSource, key)
            written = entry.node.marks.get(key)
            message = f"{key} is {'empty' if written else 'missing'}. {doc.meaning}"
            at = written or entry.node.mark
            findings.error("config.missing-key", message, f"Write {key}: {doc.usual}", at=at, key=f"{entry.key}.{key}")


def _idle_patterns(entry: EntryNode, outline: Outline, findings: Findings) -> None:
    home = "common.variablesColors" if outline.common.has("variablesColors") else "common.colors"
    for key in ("nameValidateRegexp", "nameReplaceRegexp"):
        if entry.node.has(key):
            message = f"{key} has no effect here: names of these colors follow {home}"
            at = entry.node.key_place(key)
            findings.warning(NO_EFFECT, message, f"Move it to {home}.", at=at, key=f"{entry.key}.{key}")


def check_single_file(outline: Outline, findings: Findings) -> None:
    """Suffixes tell modes apart only within a single file."""
    for kind in LISTED_KINDS:
        block = outline.common.block(kind) or EMPTY
        if block.flag("useSingleFile"):
            continue
        for key in ("darkModeSuffix", "lightHCModeSuffix", "darkHCModeSuffix"):
            if block.has(key):
                message, hint = f"{key} has no effect without useSingleFile: true", "Add that, or remove the suffix."
                findings.warning(NO_EFFECT, message, hint, at=block.key_place(key), key=f"common.{kind}.{key}")


def check_forms(outline: Outline, findings: Findings) -> None:
    """Keys that the older tool reads in the list form only are honoured in both, and that is told."""
    for entry in outline.entries:
        honoured = [key for key in _LISTED_ONLY.get(entry.kind, ()) if entry.node.has(key) and _new_here(entry, key)]
        if honoured:
            message = f"ExFig 1.3.2 ignores {_listed(honoured)} here; it is honoured now"
            hint = "To mean the same in both, write a list: put `- ` before the first key."
            at = entry.node.key_place(honoured[0])
            findings.warning("config.object-form", message, hint, at=at, key=f"{entry.key}.{honoured[0]}")
        patterns = [key for key in ("nameValidateRegexp", "nameReplaceRegexp") if entry.node.has(key)]
        if entry.kind is Kind.IMAGES and patterns:
            message = f"ExFig 1.3.2 ignores {_listed(patterns)} here and takes those of common.images"
            at = entry.node.key_place(patterns[0])
            findings.warning("config.object-form", message, at=at, key=f"{entry.key}.{patterns[0]}")


def _new_here(entry: EntryNode, key: str) -> bool:
    if entry.listed:
        return False
    in_both = {
        "nameStyle": entry.platform is Platform.IOS or entry.kind is Kind.IMAGES,
        "sourceFormat": entry.platform is not Platform.IOS,
    }
    return not in_both.get(key, False)


def check_tokens(outline: Outline, findings: Findings) -> None:
    """Tokens: a file or a folder, and keys of variables only where there are variables."""
    for block in outline.tokens:
        node, key = block.node, block.key
        output = node.text("output")
        if output is not None:
            is_file = output.endswith((".json", ".tokens"))
            if node.text("split") == "mode" and is_file:
                message, hint = "with split: mode there is a file for each mode", "Write a folder: design/tokens."
                findings.error("config.tokens-output", message, hint, at=node.place("output"), key=f"{key}.output")
            elif node.text("split") in (None, "none") and not is_file:
                message = "all tokens are in one file, whose name ends with .json or .tokens"
                name = quoted(f"{output.rstrip('/')}/tokens.json")[1:-1]
                hint = f"Write {name}, or split: mode for a file of each mode in this folder."
                findings.error("config.tokens-output", message, hint, at=node.place("output"), key=f"{key}.output")
        if node.has("tokensFileId"):
            continue
        for name in ("tokensCollectionName", "modeNames", "primitivesModeName"):
            if node.has(name):
                message, hint = f"{name} needs tokensFileId", "Add tokensFileId with the id of the file of variables."
                at = node.key_place(name)
                findings.error("config.missing-partner", message, hint, at=at, key=f"{key}.{name}")
        kinds = [kind for kind in ("numbers", "strings") if block.names(kind)]
        if kinds and not outline.common.has("variablesColors"):
            message = f"{_listed(kinds)} in kinds: only variables have them"
            hint = "Add tokensFileId with the id of the file of variables, or common.variablesColors."
            findings.error("config.missing-partner", message, hint, at=node.place("kinds"), key=f"{key}.kinds")


def check_anything(outline: Outline, findings: Findings) -> None:
    """A config exports something, and a kind without a value does not."""
    for platform, section in outline.sections.items():
        for kind in Kind:
            if kind in section and not section.has(kind):
                message = f"{platform}.{kind} is empty, so it is not exported"
                hint = f"Write {kind}: {{}} to export with the defaults, or remove the key."
                findings.warning(
                    "config.empty-block", message, hint, at=section.key_place(kind), key=f"{platform}.{kind}"
                )
    if not outline.entries and not outline.typography and not outline.tokens:
        message = "nothing to export: no platform has colors, icons, images or typography"
        hint = "Add a block such as android: { mainRes: app/src/main/res, colors: {} }."
        findings.warning("config.nothing-to-export", message, hint, at=outline.root.mark, key="")
    cache = outline.common.block("cache") or EMPTY
    if cache.has("path"):
        message, hint = "cache.path has no effect: what is known of Figma is kept in .exfig/", "Remove it."
        findings.warning(NO_EFFECT, message, hint, at=cache.key_place("path"), key="common.cache.path")


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
