"""Bytes of a config file to YAML nodes with positions.

In: a path or bytes. Out: a node tree. Rule: YAML is composed, never loaded, so that each scalar keeps its text and its
place; size, depth and alias expansion are limited.
"""

from pathlib import Path

import yaml

from exfig_rx.config.excerpt import START, Place, SourceText
from exfig_rx.errors import ConfigError
from exfig_rx.model import Location, Problem

MOST_BYTES = 5 * 2**20
MOST_NODES = 200_000
DEEPEST = 50

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_source(path: str, label: str) -> bytes:
    """The bytes of a config file. Raises ConfigError when it is a directory, unreadable or far too large."""
    file = Path(path)
    try:
        if file.is_dir():
            raise _unreadable(label, "config.directory", "it is a directory, not a file", "Rename it, or move it away.")
        with file.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise _unreadable(label, "config.unreadable", f"can't be read: {reason}", "Check its permissions.") from None
    if len(data) > MOST_BYTES:
        text = f"it is larger than {MOST_BYTES >> 20} MB"
        raise _unreadable(label, "config.too-large", text, "A config has a few kilobytes; is this one?")
    return data


def _unreadable(label: str, code: str, message: str, hint: str) -> ConfigError:
    return ConfigError(Problem(code, message, hint, Location(file=label)))


def compose(data: bytes, label: str) -> tuple[SourceText, yaml.MappingNode]:
    """The text and its one document, a mapping. Raises ConfigError."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n")
        place = Location(label, line + 1, error.start - data.rfind(b"\n", 0, error.start))
        raise ConfigError(
            Problem("config.encoding", "the file is not UTF-8", "Save it as UTF-8.", place)
        ) from None
    source = SourceText(label, text)
    try:
        node = yaml.compose(text, Loader=Loader)
    except yaml.MarkedYAMLError as error:
        raise ConfigError(_broken(source, error)) from None
    except yaml.YAMLError as error:
        raise ConfigError(source.problem("config.yaml", str(error).splitlines()[0], at=START)) from None
    if node is None:
        raise ConfigError(source.problem("config.empty", "the file is empty", "Write a config into it.", at=START))
    if not isinstance(node, yaml.MappingNode):
        raise ConfigError(
            source.problem(
                "config.not-a-mapping",
                "expected keys such as figma, common, ios at the top, found a list or a single value",
                at=node.start_mark,
            )
        )
    return source, node


def _broken(source: SourceText, error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    place = Place(mark.line, mark.column) if mark is not None else START
    line = source.lines[place.line] if place.line < len(source.lines) else ""
    if line[: len(line) - len(line.lstrip())].count("\t"):
        return source.problem("config.tab", "a tab indents this line", "YAML wants spaces: two per level.", at=place)
    return source.problem("config.yaml", f"this is not YAML: {error.problem or error.context}", at=place)
