"""What an export leaves beside files of its own: names in Figma, and sections in files of the user."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from exfig_rx.sandbox import Edit, Fault, FaultKind, Sandbox
from tests.sandbox_designs import design_with_variables
from tests.test_cli.conftest import Done, Project, file_key

FILE = file_key(1)

SYNCING = f"""\
common:
  variablesColors:
    tokensFileId: {FILE}
    tokensCollectionName: Theme
    lightModeName: Light
ios:
  xcassetsPath: out/A.xcassets
  xcassetsInMainBundle: true
  colors:
    useColorAssets: false
    nameStyle: camelCase
    colorSwift: out/UIColor.swift
    syncCodeSyntax: true
    codeSyntaxTemplate: 'UIColor.{{name}}'
"""

THEMED = f"""\
figma:
  lightFileId: {FILE}
android:
  mainRes: out/res
  colors:
    themeAttributes:
      enabled: true
      themeName: Theme.Reef
"""

START, END = "<!-- FIGMA COLORS MARKER START: Theme.Reef -->", "<!-- FIGMA COLORS MARKER END: Theme.Reef -->"


@pytest.fixture
def tokens(tmp_path: Path, figma: Callable[..., Sandbox]) -> Project:
    """A project that writes the names of two variables back."""
    variables = {"text/ink soft": ["#0B3C49"], "sea": ["#2E86AB"]}
    project = Project(tmp_path, figma(design_with_variables(FILE, "Theme", ["Light"], variables)))
    project.write("tokens.yaml", SYNCING)
    return project


def run(project: Project, *argv: str) -> Done:
    """`exfig batch tokens.yaml`, which succeeds."""
    done = project.run("batch", "tokens.yaml", *argv)
    assert done.code == 0, done.stdout + done.stderr
    return done


def in_figma(project: Project) -> dict[str, Mapping[str, str]]:
    """What Figma calls each variable in code."""
    file = project.sandbox.design.file(FILE)
    assert file is not None
    (collection,) = file.entries("collections")
    return {variable["name"]: variable.get("codeSyntax", {}) for variable in collection["variables"]}


def posts(project: Project) -> list[str]:
    return [line.path for line in project.asked() if line.method == "POST"]


def said(done: Done) -> str:
    """What the run printed, without line breaks."""
    return " ".join(done.stdout.split())


def test_names_go_back_to_figma_once_and_then_only_those_that_changed(tokens: Project) -> None:
    run(tokens)
    assert tokens.asked()[-1].method == "POST"
    assert posts(tokens) == [f"/v1/files/{FILE}/variables"]
    assert in_figma(tokens) == {"text/ink soft": {"iOS": "UIColor.textInkSoft"}, "sea": {"iOS": "UIColor.sea"}}
    assert "static var textInkSoft: UIColor" in tokens.files()["UIColor.swift"]
    run(tokens)
    assert len(posts(tokens)) == 1
    edit = Edit(FILE, "sea", {"codeSyntax": {"WEB": "--sea", "iOS": "old"}})
    tokens.sandbox.design = tokens.sandbox.design.edited(edit)
    assert "1 name not written to Figma: 'sea' as 'UIColor.sea'" in said(run(tokens, "--no-sync"))
    run(tokens)
    assert in_figma(tokens)["sea"] == {"WEB": "--sea", "iOS": "UIColor.sea"}
    assert len(posts(tokens)) == 2


def test_no_sync_tells_what_would_be_written_and_writes_none(tokens: Project) -> None:
    done = run(tokens, "--no-sync")
    assert posts(tokens) == []
    assert set(map(str, in_figma(tokens).values())) == {"{}"}
    assert "UIColor.swift" in tokens.files()
    text = said(done)
    assert "--no-sync: 2 names not written to Figma: " in text
    assert "'text/ink soft' as 'UIColor.textInkSoft'" in text and "'sea' as 'UIColor.sea'" in text


def test_what_figma_refuses_is_a_warning_as_the_files_are_written(tokens: Project) -> None:
    refusal = Fault(FaultKind.STATUS, f"/v1/files/{FILE}/variables", times=None, status=403, message="Limited by plan")
    tokens.sandbox.faults.extend([refusal])
    done = run(tokens, "--report", "report.json")
    assert len(posts(tokens)) == 1
    assert "UIColor.swift" in tokens.files()
    text = said(done)
    assert "the files are written, but 2 names could not be written to Figma: " in text
    assert "--no-sync" in text and "Enterprise" in text
    (config,) = tokens.report()["results"]
    assert config["success"] is True
    assert [warning["code"] for warning in config["warnings"]] == ["sync.refused"]


def test_names_are_not_written_before_the_files_are_there(tokens: Project) -> None:
    (tokens.root / "out/UIColor.swift").mkdir(parents=True)
    done = tokens.run("batch", "tokens.yaml")
    assert done.code == 1, done.stdout
    assert "a directory is where the file should be" in said(done)
    assert posts(tokens) == []


@pytest.fixture
def themed(project: Project) -> Project:
    """A project whose styles have a place for theme attributes."""
    project.write("tokens.yaml", THEMED)
    project.write("out/res/values/attrs.xml", f"<resources>\r\n\t{START}\r\n\t{END}\r\n</resources>")
    project.write("out/res/values/styles.xml", f"<resources>\n<!-- mine -->\n{START}{END}\n</resources>\n")
    return project


def test_theme_attributes_go_between_the_markers_and_nowhere_else(themed: Project) -> None:
    run(themed)
    res = themed.root / "out/res"
    assert (res / "values/attrs.xml").read_bytes().decode() == (
        f"<resources>\r\n\t{START}\r\n"
        '    <attr name="colorInk" format="color" />\r\n    <attr name="colorSurfaceCard" format="color" />\r\n'
        f"\t{END}\r\n</resources>"
    )
    assert (res / "values/styles.xml").read_text() == (
        f"<resources>\n<!-- mine -->\n{START}\n"
        '        <item name="colorInk">@color/ink</item>\n'
        '        <item name="colorSurfaceCard">@color/surface_card</item>\n'
        f"{END}\n</resources>\n"
    )
    assert sorted(themed.files()) == ["res/values/attrs.xml", "res/values/colors.xml", "res/values/styles.xml"]
    before = {path: path.stat() for path in res.rglob("*.xml")}
    run(themed)
    assert {path: path.stat() for path in res.rglob("*.xml")} == before


def test_a_file_without_markers_fails_the_config_and_nothing_of_it_is_written(themed: Project) -> None:
    styles = themed.write("out/res/values/styles.xml", "<resources>\n</resources>\n")
    before = themed.files()
    done = themed.run("batch", "tokens.yaml")
    assert done.code == 1, done.stdout
    text = said(done)
    assert f"out/res/values/styles.xml has no {START}; nothing of this config was written" in text
    assert "write these two where the lines belong" in text
    assert themed.files() == before
    styles.write_text(f"<resources>\n{START}\n{END}\n</resources>\n")
    run(themed)
    assert "colors.xml" in str(list(themed.files()))


def test_two_configs_with_a_theme_each_share_the_files(themed: Project) -> None:
    other = THEMED.replace("Theme.Reef", "Theme.Tide").replace("out/res", "out/tide/res").replace(FILE, file_key(2))
    shared = "      attrsFile: ../../res/values/attrs.xml\n      stylesFile: ../../res/values/styles.xml\n"
    own = "      nameTransform: { prefix: tide }\n"
    themed.write("tide.yaml", other + shared + own)
    for name in ("attrs", "styles"):
        path = themed.root / f"out/res/values/{name}.xml"
        both = f"{START}{END}\n{START}{END}".replace("Reef", "Tide").replace("Tide", "Reef", 2)
        path.write_text(f"<resources>\n{both}\n</resources>\n")
    done = themed.run("batch", "tokens.yaml", "tide.yaml")
    assert done.code == 0, done.stdout
    attrs = themed.files()["res/values/attrs.xml"]
    assert [line.strip()[:22] for line in attrs.splitlines() if "<attr" in line] == [
        '<attr name="colorInk" ',
        '<attr name="colorSurfa',
        '<attr name="tideInk" f',
        '<attr name="tideSurfac',
    ]


def test_with_a_filter_the_whole_file_is_written_and_no_name(tokens: Project) -> None:
    done = tokens.run("colors", "sea", "-i", "tokens.yaml")
    assert done.code == 0, done.stdout
    assert posts(tokens) == []
    assert "the filter picks 1 of 2 colors, and all of them are exported" in said(done)
    assert "2 names not written to Figma, as there is a filter" in said(done)
    assert "static var textInkSoft: UIColor" in tokens.files()["UIColor.swift"]
