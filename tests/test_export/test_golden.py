"""Whole configs against reviewed files; `UPDATE_GOLDEN=1 pytest tests/test_export` rewrites them: look at the diff.

A case is a folder of `tests/golden`: `config.yaml`, `design.json` (raw names, and channels per mode), `expected/`.
"""

import json
import os
import shutil
from pathlib import Path

import pytest

from exfig_rx.config.entries import ColorEntry, color_entries
from exfig_rx.config.parse import parse_config
from exfig_rx.export import render_colors
from exfig_rx.export.templates import Templates
from exfig_rx.load.naming import final_name
from exfig_rx.model import Rgba, ThemedColor
from tests.test_export.grammars import assert_parses
from tests.test_export.palettes import text_of

GOLDEN = Path(__file__).parent.parent / "golden"
CASES = sorted(path.parent.name for path in GOLDEN.glob("*/design.json"))


def palette(case: Path, entry: ColorEntry) -> tuple[ThemedColor, ...]:
    """The colors of `design.json` under the entry's names."""
    modes = ("light", "dark", "lightHC", "darkHC")
    return tuple(
        ThemedColor(
            final_name(item["name"], entry.names),
            item["name"],
            *(Rgba(*item[mode]) if mode in item else None for mode in modes),  # type: ignore[arg-type]
        )
        for item in json.loads((case / "design.json").read_text(encoding="utf-8"))
    )


def exported(case: Path) -> dict[str, str]:
    """What the case's config makes of its design, by path."""
    config = parse_config((case / "config.yaml").read_bytes(), "config.yaml").config
    return {
        file.path: text_of(file)
        for entry in color_entries(config)
        for file in render_colors(
            entry, palette(case, entry), Templates(entry.platform, entry.section.templates_path)
        ).files
    }


@pytest.mark.parametrize("name", CASES)
def test_an_export_has_the_bytes_that_were_reviewed(name: str) -> None:
    expected = GOLDEN / name / "expected"
    files = exported(GOLDEN / name)
    if os.environ.get("UPDATE_GOLDEN") == "1":
        shutil.rmtree(expected, ignore_errors=True)
        for path, content in files.items():
            (expected / path).parent.mkdir(parents=True, exist_ok=True)
            (expected / path).write_bytes(content.encode())
    found = {path.relative_to(expected).as_posix(): path for path in expected.rglob("*") if path.is_file()}
    assert sorted(files) == sorted(found)
    for path, content in files.items():
        assert content == found[path].read_bytes().decode("utf-8"), path
        assert_parses(path, content)


def test_every_platform_has_a_case() -> None:
    assert {name.partition("-")[0] for name in CASES} == {"ios", "android", "flutter", "web"}
