"""Docs that can't lie: generated parts are fresh, links lead somewhere, examples work."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from exfig_rx.config.parse import parse_config

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def test_the_generated_parts_are_fresh() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs/generate.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_within_the_repository_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    for target in targets:
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_configs_in_the_docs_are_valid(page: Path) -> None:
    for text in blocks(page, "yaml"):
        parse_config(text.encode(), page.name)


def test_the_readme_starts_with_two_commands_that_the_makefile_has() -> None:
    first = blocks(ROOT / "README.md", "console")[0]
    verbs = re.findall(r"^\$ make (\w+)$", first, re.MULTILINE)
    assert verbs == ["demo", "test"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert all(re.search(rf"^{verb}:.*## ", makefile, re.MULTILINE) for verb in verbs)


def test_the_exit_codes_of_the_readme_are_those_of_the_program() -> None:
    from exfig_rx.batch.stop import EXIT_CODES_BY_WEIGHT

    rows = re.findall(r"^\| (\d+) \|", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(map(int, rows)) == sorted(EXIT_CODES_BY_WEIGHT)
