"""One design on four platforms as people get it, against reviewed files.

`UPDATE_GOLDEN=1 pytest tests/test_cli/test_golden.py` rewrites `tests/golden/whole/expected`: look at the diff. Text is
compared byte by byte; of rasters, whose bytes are the renderer's, the names.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from exfig_rx.sandbox import Sandbox
from exfig_rx.sandbox.design import Design
from tests.test_cli.conftest import Project
from tests.test_export.grammars import assert_parses

GOLDEN = Path(__file__).parent.parent / "golden" / "whole"
EXPECTED = GOLDEN / "expected"
PARSED = {".xml", ".json", ".css", ".swift", ".kt", ".dart", ".ts", ".tsx", ".svg"}
RASTERS = {".png", ".webp"}


def files_in(folder: Path) -> dict[str, Path]:
    """All files below `folder` by their path in it."""
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def made(tmp_path: Path, figma: Callable[..., Sandbox]) -> Iterator[Mapping[str, Path]]:
    """Everything that the four configs make, by path."""
    design = Design.of(json.loads((GOLDEN / "figma.json").read_text(encoding="utf-8")))
    project = Project(tmp_path, figma(design))
    configs = [shutil.copy(path, tmp_path) for path in sorted(GOLDEN.glob("*.yaml"))]
    done = project.run("batch", *(Path(path).name for path in configs), "--output-root", "made")
    assert done.code == 0, done.stdout
    yield files_in(tmp_path / "made")


def test_four_platforms_have_the_bytes_that_were_reviewed(made: Mapping[str, Path]) -> None:
    if os.environ.get("UPDATE_GOLDEN") == "1":
        shutil.rmtree(EXPECTED, ignore_errors=True)
        for name, path in made.items():
            (EXPECTED / name).parent.mkdir(parents=True, exist_ok=True)
            (EXPECTED / name).write_bytes(b"" if path.suffix in RASTERS else path.read_bytes())
    reviewed = files_in(EXPECTED)
    assert list(made) == list(reviewed)
    for name, path in made.items():
        if path.suffix in RASTERS:
            assert path.stat().st_size > 0, name
            continue
        text = path.read_bytes().decode("utf-8")
        assert text == reviewed[name].read_bytes().decode("utf-8"), name
        assert path.suffix in PARSED, f"nothing parses {name}"
        assert_parses(name.removesuffix(".svg") + ".xml" if path.suffix == ".svg" else name, text)
