"""Configs in the style of RedMadRobot's figma-export, with what public ones hold, run as they are, all in one batch."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from exfig_rx.sandbox import Sandbox
from exfig_rx.sandbox.design import Design
from tests.test_cli.conftest import Project

CONFIGS = Path(__file__).parent.parent / "figma_export"
LIBRARY, DARK, TOKENS = "Fe1Library000000000001", "Fe1LibraryDark00000002", "Fe1Tokens0000000000003"
SHAPE = '<path d="M4 4H20V20H4Z" fill="#0B3C49"/>'

WARNED = {
    "05-suffix-left-in.yaml": "config.no-effect",
    "06-single-file-and-a-dark-one.yaml": "config.no-effect",
    "07-replace-without-validate.yaml": "config.no-effect",
    "01-all-of-ios/figma-export.yaml": "config.xcodeproj",
    "14-keys-of-2020.yaml": "config.other-spelling",
    "19-everything-optional.yaml": "design.ambiguous-name",
}
"""What must be told of a config; the warning's code."""


def font(size: float, post_script: str | None = "Inter-Bold") -> dict[str, Any]:
    return {
        "fontFamily": "Inter",
        "fontPostScriptName": post_script,
        "fontWeight": 700,
        "fontSize": size,
        "letterSpacing": 0.5,
        "lineHeightPx": size * 1.2,
        "lineHeightUnit": "PIXELS",
    }


def design() -> Design:
    """A library as such configs expect one, its dark file, and a file of variables."""

    def frame(id_: str, name: str, *names: str) -> dict[str, Any]:
        drawings = [{"id": f"{id_}:{n}", "name": item, "svg": SHAPE} for n, item in enumerate(names, 1)]
        return {"id": f"{id_}:0", "name": name, "components": drawings}

    def library(suffix: str, fill: str) -> dict[str, Any]:
        icons = frame("2", "Icons", "ic/24/tab_main", "ic/24/back", "ic/16/close")
        art = frame("3", "Illustrations", "img/zero_state", "img/success")
        colors = [
            {"id": f"1:{n}", "name": name, "fill": fill} for n, name in enumerate(("background", "text/primary"), 1)
        ]
        return {
            "name": f"Library{suffix}",
            "colors": colors,
            "pages": [{"id": "0:1", "name": "P", "frames": [icons, art]}],
        }

    texts = [
        {"id": "4:1", "name": "header", "description": "Large Title", "font": font(34)},
        {"id": "4:2", "name": "body text", "description": "Body", "font": font(17, None)},
    ]
    base = {
        "id": "VariableCollectionId:1:1",
        "name": "Base collection",
        "modes": [
            {"id": "1:0", "name": "Light mode"},
            {"id": "1:1", "name": "Dark mode"},
            {"id": "1:2", "name": "Odd"},
        ],
        "variables": [
            {"id": "VariableID:1:2", "name": "text-primary", "values": ["#000000", "#FFFFFF", "#FF0000"]},
            {"id": "VariableID:1:3", "name": "card/fill", "values": ["{Palette/fog}", "#101010", "#FF0000"]},
        ],
    }
    palette = {
        "id": "VariableCollectionId:2:1",
        "name": "Palette",
        "modes": [{"id": "2:0", "name": "Other"}, {"id": "2:1", "name": "Main"}],
        "variables": [{"id": "VariableID:2:2", "name": "fog", "values": ["#00FF00", "#F4F7F9"]}],
    }
    return Design.of(
        {
            "files": {
                LIBRARY: library("", "#FFFFFF") | {"texts": texts},
                DARK: library(" dark", "#000000"),
                TOKENS: {"name": "Tokens", "plan": "enterprise", "collections": [base, palette]},
            }
        }
    )


@pytest.fixture
def ran(tmp_path: Path, figma: Callable[..., Sandbox]) -> Project:
    """All the configs in a folder of their own, exported once."""
    shutil.copytree(CONFIGS, tmp_path, dirs_exist_ok=True)
    project = Project(tmp_path, figma(design()))
    done = project.run(
        "batch", ".", "--recursive", "--report", "report.json", "--parallel", "4", "--on-conflict", "abort"
    )
    assert done.code == 0, done.stdout
    return project


def test_figma_export_configs_run_as_they_are(ran: Project) -> None:
    results = {Path(result["path"]).relative_to(ran.root).as_posix(): result for result in ran.report()["results"]}
    assert len(results) == 21
    for name, result in results.items():
        assert result["success"], name
        assert result["files"]["created"] > 0, name
    for name, code in WARNED.items():
        assert code in {warning["code"] for warning in results[name]["warnings"]}, name

    def text(path: str) -> str:
        return (ran.root / path).read_text(encoding="utf-8")

    assert 'static let textPrimary = UIColor(named: "text/primary")!' in text("18/UIColor.swift")
    assert "// 2 of 2" in text("18/UIColor.swift") and text("18/UIColor.swift").startswith("// Ours: done.\n")
    assert "text_body_text" in text("16/Font.swift") or "textBodyText" in text("16/Font.swift")
    card = text("08/Assets.xcassets/Colors/card/fill.colorset/Contents.json")
    assert '"red": "0xF4"' in card and '"red": "0x10"' in card and "0xFF" not in card
