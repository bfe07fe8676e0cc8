"""The front door of the room: bytes of one file to a typed, valid config, or everything that is wrong with it.

In: bytes and a label. Out: `ParsedConfig`. Rule: pure; all problems of a file are reported together, in source order.
"""

import difflib
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, get_args, get_origin

import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from exfig_rx.config.excerpt import SourceText, quoted
from exfig_rx.config.schema import Config
from exfig_rx.config.provisional_source import compose
from exfig_rx.errors import ConfigError
from exfig_rx.model import Problem


@dataclass(frozen=True, slots=True)
class ParsedConfig:
    """A valid config, and what people should know about it."""

    config: Config
    warnings: tuple[Problem, ...] = ()


def parse_config(data: bytes, label: str) -> ParsedConfig:
    """Parse and validate one file. Raises ConfigError with every problem."""
    source, node = compose(data, label)
    reader = _Reader(source)
    value = reader.block(node, Config, "")
    if reader.problems:
        raise ConfigError(*reader.problems)
    return ParsedConfig(Config.model_validate(value))


class _Reader:
    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.problems: list[Problem] = []

    def fail(self, code: str, message: str, node: Any, key: str, hint: str = "") -> None:
        self.problems.append(self.source.problem(code, message, hint, at=node.start_mark, key=key or None))

    def block(self, node: Any, model: type[BaseModel], path: str) -> dict[str, Any]:
        if not isinstance(node, yaml.MappingNode):
            self.fail("config.type", "expected keys and values here", node, path)
            return {}
        fields = {field.alias or name: field for name, field in model.model_fields.items()}
        found: dict[str, Any] = {}
        seen: set[str] = set()
        for key_node, value_node in node.value:
            name = key_node.value if isinstance(key_node, yaml.ScalarNode) else ""
            key = f"{path}.{name}" if path else name
            if name in seen:
                self.fail("config.duplicate-key", f"{name} stands here twice", key_node, key)
            seen.add(name)
            if not path and name.startswith(("x-", ".")):
                continue
            if name not in fields:
                near = difflib.get_close_matches(name, list(fields), 1)
                hint = f"Did you mean {near[0]}?" if near else ""
                self.fail("config.unknown-key", f"unknown key {quoted(name)}", key_node, key, hint)
            elif not (isinstance(value_node, yaml.ScalarNode) and value_node.tag.endswith(":null")):
                value = self.value(value_node, fields[name].annotation, key)
                if value is not None:
                    found[name] = value
        for name, field in _required(fields):
            if name not in found and not any(p.location and p.location.key == f"{path}.{name}" for p in self.problems):
                self.fail("config.missing-key", f"{name} is missing", node, f"{path}.{name}" if path else name)
        return found

    def value(self, node: Any, annotation: Any, path: str) -> Any:
        origin = get_origin(annotation)
        if origin in (typing.Union, types.UnionType):
            (inner,) = [arg for arg in get_args(annotation) if arg is not type(None)]
            return self.value(node, inner, path)
        if origin is tuple:
            inner = get_args(annotation)[0]
            if isinstance(node, yaml.SequenceNode):
                return [self.value(item, inner, f"{path}[{i}]") for i, item in enumerate(node.value)]
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                return [self.block(node, inner, path)]
            return self.fail("config.type", "expected a list", node, path)
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            return self.block(node, annotation, path)
        if not isinstance(node, yaml.ScalarNode):
            return self.fail("config.type", "expected a single value", node, path)
        return self.scalar(node, annotation, path)

    def scalar(self, node: yaml.ScalarNode, annotation: Any, path: str) -> Any:
        text = node.value
        if get_origin(annotation) is Literal or (isinstance(annotation, type) and issubclass(annotation, StrEnum)):
            words = [str(word) for word in (get_args(annotation) or list(annotation))]
            if text not in words:
                return self.fail("config.word", f"expected {' or '.join(words)}, found {quoted(text)}", node, path)
            return text
        if annotation is bool:
            if not node.style and text.lower() in ("true", "yes", "on", "false", "no", "off"):
                return text.lower() in ("true", "yes", "on")
            return self.fail("config.type", f"expected true or false without quotes, found {quoted(text)}", node, path)
        if annotation in (int, float):
            try:
                return annotation(text)
            except ValueError:
                return self.fail("config.type", f"expected a number, found {quoted(text)}", node, path)
        return text


def _required(fields: dict[str, FieldInfo]) -> Iterator[tuple[str, FieldInfo]]:
    yield from ((name, field) for name, field in fields.items() if field.is_required())
