"""YAML of other programs, told apart from a config that is broken.

In: the top mapping. Out: what it is, as one problem, or None. Rule: a file that has a section of ours is ours, unless
its other keys say plainly whose it is.
"""

import difflib

from exfig_rx.config.excerpt import SourceText, quoted
from exfig_rx.config.nodes import MappingNode
from exfig_rx.config.schema import Config, keys_of
from exfig_rx.model import Problem

OTHERS: tuple[tuple[str, frozenset[str]], ...] = (
    ("a Fugen or FigmaGen config", frozenset(("base", "colorStyles"))),
    ("a Fugen or FigmaGen config", frozenset(("base", "textStyles"))),
    ("a Fugen or FigmaGen config", frozenset(("accessToken", "colorStyles"))),
    ("a Dart pubspec", frozenset(("name", "dependencies"))),
    ("a Dart pubspec", frozenset(("name", "environment"))),
    ("a Docker Compose file", frozenset(("services",))),
    ("a GitHub workflow", frozenset(("on", "jobs"))),
    ("a CircleCI config", frozenset(("version", "jobs"))),
    ("a GitLab CI config", frozenset(("stages",))),
    ("an Azure pipeline", frozenset(("trigger", "steps"))),
    ("a Kubernetes manifest", frozenset(("apiVersion", "kind"))),
    ("an OpenAPI description", frozenset(("openapi",))),
    ("a pre-commit config", frozenset(("repos",))),
    ("a Dependabot config", frozenset(("version", "updates"))),
    ("an XcodeGen project", frozenset(("name", "targets"))),
    ("a SwiftLint config", frozenset(("disabled_rules",))),
    ("a SwiftLint config", frozenset(("opt_in_rules",))),
    ("a MkDocs config", frozenset(("site_name",))),
)
_OURS = "An ExFig config has sections such as figma, common, ios, android, flutter or web at the top."
_OWN_SECTIONS = frozenset(("figma", "common", "ios", "android", "web"))
"""Sections that decide: a file with one of them is ours. (`flutter` also stands in each pubspec.)"""


def is_free(key: str) -> bool:
    """Whether a top-level key is the author's own, for anchors."""
    return key.startswith(("x-", "."))


def foreign(root: MappingNode, source: SourceText) -> Problem | None:
    """Why this is no config of ours at all, None if it may be one."""
    figma = root.block("figma")
    if figma is not None and "fileId" in figma and "lightFileId" not in figma:
        hint = "An ExFig config names files by figma.lightFileId and figma.darkFileId, and has no pages."
        return source.problem(
            "config.foreign", "this is an fxa config", hint, at=figma.key_place("fileId"), key="figma.fileId"
        )
    keys = [key for key in root if not is_free(key)]
    if not keys:
        return source.problem("config.empty", "this file has no section", _OURS, at=root.mark)
    if _OWN_SECTIONS & root.keys():
        return None
    for name, signs in OTHERS:
        if signs <= root.keys():
            first = min((root.marks[sign] for sign in signs), key=lambda mark: (mark.line, mark.column))
            return source.problem("config.foreign", f"this is {name}, not an ExFig config", _OURS, at=first)
    if any(_near(key) for key in keys):
        return None
    listed = ", ".join(quoted(key, 20) for key in keys[:4]) + ("…" if len(keys) > 4 else "")
    message = f"this is another program's YAML: no section is known, only {listed}"
    return source.problem("config.foreign", message, _OURS, at=root.mark)


def _near(key: str) -> bool:
    from exfig_rx.config.keys import places_of_keys  # only a file without any section of ours needs it

    known = keys_of(Config)
    return key in places_of_keys() or bool(difflib.get_close_matches(key.lower()[:40], known, 1, 0.7))
