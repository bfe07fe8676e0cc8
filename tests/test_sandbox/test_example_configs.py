"""The example configs: valid, without conflicts, about files that the sandbox has, and each says what it shows."""

from pathlib import Path

import pytest

from exfig_rx.batch.conflicts import find_conflicts
from exfig_rx.batch.entries import entries_of
from exfig_rx.config.parse import parse_config
from exfig_rx.model import ConfigId
from exfig_rx.sandbox import Design

EXAMPLES = sorted((Path(__file__).parents[2] / "configs.example").glob("*.yaml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_an_example_starts_with_what_it_shows_and_is_valid_without_a_warning(path: Path) -> None:
    assert path.read_text().startswith("# ")
    parsed = parse_config(path.read_bytes(), path.name)
    assert parsed.warnings == ()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_an_example_asks_for_files_that_the_sandbox_has(path: Path) -> None:
    entries = entries_of(parse_config(path.read_bytes(), path.name).config)
    asked = {*entries.style_files, *entries.variable_files, *entries.component_files}
    assert asked
    assert asked <= set(Design.bundled().files)


def test_the_examples_cover_every_platform_and_can_run_together(tmp_path: Path) -> None:
    configs = [parse_config(path.read_bytes(), path.name).config for path in EXAMPLES]
    for platform in ("ios", "android", "flutter", "web"):
        assert sum(getattr(config, platform) is not None for config in configs) >= 2
    named = [
        (ConfigId(str(path), path.name, path.name), config) for path, config in zip(EXAMPLES, configs, strict=True)
    ]
    assert find_conflicts(named, tmp_path) == ()
