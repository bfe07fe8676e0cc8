"""A real run over a design full of hostile names: it ends with words, nothing is written outside, no terminal obeys."""

import json
import unicodedata
from pathlib import Path

from exfig_rx.sandbox import Sandbox
from tests.sandbox_designs import design_with_colors
from tests.test_cli.conftest import TOKEN, Project, file_key
from tests.test_security.hostile import TEXTS


def test_a_run_over_hostile_names_ends_with_words_and_stays_at_home(tmp_path: Path) -> None:
    root = tmp_path / "a/b/project"
    root.mkdir(parents=True)
    texts = [text for text in TEXTS if not any(map(is_half, text))]  # the sandbox can't say half a character
    bad = {f"a{number}{text}": "#0B3C49" for number, text in enumerate(texts)}
    good = {f"a{number}": "#0B3C49" for number in range(3)}
    with Sandbox(design_with_colors({file_key(0): bad, file_key(1): good}), accepted_tokens=[TOKEN]) as sandbox:
        project = Project(root, sandbox)
        for name in ("bad", "good"):
            project.web(f"configs/{name}.yaml", file_key(int(name == "good")))
        project.write("configs/ios.yaml", IOS)
        done = project.run("batch", "configs", "-v", "--report", "report.json")
    assert done.code == 1
    said = done.stdout + done.stderr
    assert [
        char for char in said if unicodedata.category(char) in {"Cc", "Cs", "Cf", "Zl", "Zp"} and char != "\n"
    ] == []
    results = {one["name"]: one["status"] for one in json.loads((root / "report.json").read_text())["results"]}
    assert results == {"bad.yaml": "succeeded", "good.yaml": "succeeded", "ios.yaml": "failed"}
    assert sandbox.crashes == []
    outside = [path for path in tmp_path.rglob("*") if path.is_file() and not path.is_relative_to(root)]
    assert outside == []
    assert {path.name for path in root.iterdir()} <= {"configs", "out", "report.json", ".state", ".exfig"}


def is_half(char: str) -> bool:
    """Whether a character is half of a surrogate pair."""
    return unicodedata.category(char) == "Cs"


IOS = f"""\
figma: {{ lightFileId: {file_key(0)} }}
ios:
  xcassetsPath: out/Assets.xcassets
  xcassetsInMainBundle: true
  colors: {{ useColorAssets: true, assetsFolder: Ours, nameStyle: camelCase, groupUsingNamespace: true }}
"""
