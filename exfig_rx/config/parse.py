"""The front door of the room: bytes of one file to a typed, valid config, or everything that is wrong with it.

In: bytes and a label. Out: `ParsedConfig`. Rule: pure; all problems of a file are reported together, in source order.
"""

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import ValidationError

from exfig_rx.config.checks import (
    check_anything,
    check_color_sources,
    check_files,
    check_forms,
    check_single_file,
    check_tokens,
)
from exfig_rx.config.dialect import in_our_spelling
from exfig_rx.config.findings import Findings
from exfig_rx.config.foreign import foreign, is_free
from exfig_rx.config.mistakes import explain
from exfig_rx.config.name_rules import check_name_rules
from exfig_rx.config.nodes import MappingNode
from exfig_rx.config.outline import Outline
from exfig_rx.config.paths import WrittenPath, check_paths, misplaced, root_paths
from exfig_rx.config.platform_checks import check_android, check_ios, check_web
from exfig_rx.config.schema import Config
from exfig_rx.config.source import read_document
from exfig_rx.errors import ConfigError
from exfig_rx.model import Problem

CHECKS: tuple[Callable[[Outline, Findings], None], ...] = (
    check_files,
    check_color_sources,
    check_single_file,
    check_name_rules,
    check_forms,
    check_ios,
    check_android,
    check_web,
    check_tokens,
    check_paths,
    check_anything,
)


@dataclass(frozen=True, slots=True)
class ParsedConfig:
    """A valid config, what people should know about it, and its paths from the working directory as written."""

    config: Config
    warnings: tuple[Problem, ...] = ()
    paths: tuple[WrittenPath, ...] = ()


def parse_config(data: bytes, label: str) -> ParsedConfig:
    """Parse and validate one file, which people know as `label`. Raises ConfigError with every problem."""
    document = read_document(data, label)
    if (other := foreign(document.root, document.source)) is not None:
        raise ConfigError(other)
    findings = Findings(document.source, document.problems)
    root = in_our_spelling(_only(document.root, lambda key: not is_free(key)), findings)
    outline = Outline(root)
    config = _validated(root, findings)
    for check in CHECKS:
        check(outline, findings)
    excused = findings.excuse(outline.unused())
    if findings.errors:
        raise ConfigError(*findings.sorted_errors())
    if config is None:
        config = _model(_without_common(root, excused))
    return ParsedConfig(config, findings.sorted_warnings(), root_paths(outline, label))


def misplaced_paths(parsed: ParsedConfig, config_dir: str, exists: Callable[[str], bool]) -> tuple[Problem, ...]:
    """A warning for each relative path that seems meant from the config's folder, not from the working directory.

    `config_dir` is the config's folder as seen from the working directory, `exists` answers for paths seen from there.
    """
    return misplaced(parsed.paths, config_dir, exists)


def _validated(root: MappingNode, findings: Findings) -> Config | None:
    try:
        return _model(root)
    except ValidationError as error:
        explain(error, root, findings)
        return None


def _model(root: MappingNode) -> Config:
    """The typed config. Keys count as they are written in YAML only, not by the attribute names of the models."""
    return Config.model_validate(root, by_alias=True, by_name=False)


def _only(node: MappingNode, wanted: Callable[[str], bool]) -> MappingNode:
    if all(map(wanted, node)):
        return node
    return MappingNode([item for item in node.items() if wanted(item[0])], node.mark, node.marks)


def _without_common(root: MappingNode, paths: tuple[str, ...]) -> MappingNode:
    common = root.block("common")
    if common is None:
        return root
    kept = _only(common, lambda key: f"common.{key}" not in paths)
    return MappingNode({**root, "common": kept}.items(), root.mark, root.marks)
