"""Whether a config has nothing to do: what it was made of is the same, and what it made is still there.

In: a config, what the run was asked for, the record of its last export. Out: that record where it still holds, without
the versions of its files, which Figma knows. Rule: whatever can change a byte of the output is part of the fingerprint.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Final

from exfig_rx import __version__
from exfig_rx.batch.discovery import ValidConfig
from exfig_rx.config.ownership import owned
from exfig_rx.config.schema import Config
from exfig_rx.manifest import Record
from exfig_rx.model import AssetCounts
from exfig_rx.output.intact import is_intact
from exfig_rx.settings import Section
from exfig_rx.state.exports import Exports

FORMAT: Final = 1
"""Moves whenever equal input gives other output within one version of the program."""

ALL: Final = ""
"""The name of a record of all sections."""


def fingerprint(valid: ValidConfig, options: Sequence[object]) -> str:
    """What stands for a config, its templates, `options` and this program, in hex; blocking."""
    digest = sha256(repr((FORMAT, __version__, valid.digest, *options)).encode())
    for name, content in templates(valid.config):
        digest.update(os.fsencode(name) + b"\0" + content)
    return digest.hexdigest()


def standing_record(
    exports: Exports, config: str, sections: frozenset[Section], fingerprint: str
) -> tuple[Record | None, int]:
    """The record that holds for these sections, and of how many files, if all of them are as they were; blocking."""
    for name in dict.fromkeys((record_name(sections), ALL)):
        record = exports.record(config, name)
        if record is not None and record.fingerprint == fingerprint:
            files = exports.manifest(config).values()
            return (record, len(files)) if files and all(map(is_intact, files)) else (None, 0)
    return None, 0


def real_places(config: Config, output_root: Path) -> tuple[str, ...]:
    """Where a config's places really are, as links lead elsewhere one day; blocking."""
    return tuple(os.path.realpath(output_root / claim.path) for claim in owned(config))


def export_name(valid: ValidConfig, output_root: Path) -> str:
    """What the files that a config leaves in one place are known by; elsewhere they are others."""
    root = os.path.abspath(output_root)
    return valid.id.path if root == os.getcwd() else f"{valid.id.path} in {root}"


def is_there(name: str) -> bool:
    """Whether the config that `export_name` named so is still on the disk, in this run or not; blocking."""
    return any(map(os.path.exists, (name, *(name[: found.start()] for found in re.finditer(" in ", name)))))


def record_name(sections: frozenset[Section]) -> str:
    """Under which name the record of an export of some sections is kept; none means all."""
    return ",".join(sorted(sections)) if sections else ALL


def holds(record: Record, files: Iterable[str], versions: Mapping[str, str]) -> bool:
    """Whether `files` still have the versions that `record` was made of."""
    return all(key in versions and versions[key] == record.versions.get(key) for key in files)


def counts_of(counts: AssetCounts, sections: frozenset[Section]) -> AssetCounts:
    """Those of `counts` that belong to `sections`; none means all."""
    if not sections:
        return counts
    return replace(counts, **{field.name: 0 for field in fields(counts) if field.name not in sections})


def template_folders(config: Config) -> Iterator[str]:
    """The folders of templates that a config reads, as it names them."""
    sections = (config.ios, config.android, config.flutter, config.web)
    folders = [section.templates_path for section in sections if section is not None]
    return iter(dict.fromkeys(folder for folder in folders if folder is not None))


def templates(config: Config) -> Iterator[tuple[str, bytes]]:
    """The SHA-256 of each file that the user's templates can include, by whatever name, in a fixed order; blocking.

    What can't be read is found out when it is used.
    """
    for folder in template_folders(config):
        try:
            paths = sorted(path for path in Path(folder).iterdir() if path.is_file())
        except OSError:
            continue
        for path in paths:
            try:
                with open(path, "rb") as stream:
                    yield os.fspath(path), file_digest(stream, "sha256").digest()
            except OSError:
                yield os.fspath(path), bytes(32)
