"""Who would overwrite whom, from the configs and the disk alone."""

import os
from pathlib import Path

import pytest

from exfig_rx.batch.conflicts import conflicting_with, find_conflicts, ignores_case, real_paths
from exfig_rx.config.ownership import Claim, Owned, clashes_within, owned
from exfig_rx.config.parse import parse_config
from exfig_rx.config.schema import Config
from exfig_rx.model import ConfigId

FIGMA = "figma: {lightFileId: AbCdEfGhIjKlMnOpQrStUv}\n"
IOS = "xcassetsInMainBundle: true, xcodeprojPath: A.xcodeproj, target: A"


def config(text: str) -> Config:
    return parse_config((FIGMA + text).encode(), "a.yaml").config


def web(output: str) -> str:
    return f"web: {{output: '{output}', colors: {{}}}}"


def ios(catalog: str, folder: str, swift: str = "") -> str:
    colors = f"useColorAssets: true, assetsFolder: {folder}, nameStyle: camelCase{swift}"
    return f"ios: {{xcassetsPath: {catalog}, {IOS}, colors: {{{colors}}}}}"


def conflicts(root: Path, *texts: str, folds: bool = False) -> list[tuple[str, str, str, str, str]]:
    pairs = [(ConfigId(f"/{n}.yaml", f"{n}.yaml", f"{n}.yaml"), config(text)) for n, text in enumerate(texts)]
    found = find_conflicts(pairs, root, lambda _: folds)
    return [(c.path, c.earlier.name, c.earlier_key, c.later.name, c.later_key) for c in found]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (web("site"), web("site")),
        (web("site"), web("./site/")),
        (web("site"), web("x/../site")),
        (web("site"), web("site/.")),
        (web("caf\u00e9"), web("cafe\u0301")),
        (ios("A.xcassets", "Colors"), ios("./A.xcassets/", "Colors")),
        (ios("A.xcassets", "Colors"), ios("A.xcassets", "Colors/Inner")),
        (ios("A.xcassets", "Colors"), "web: {output: A.xcassets/Colors, colors: {}}"),
    ],
)
def test_the_same_place_in_other_words_is_found(tmp_path: Path, first: str, second: str) -> None:
    assert conflicts(tmp_path, first, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (web("site"), web("site2")),
        (web("site"), "web: {output: site, colors: {cssFileName: other.css, tsFileName: other.ts}}"),
        (ios("A.xcassets", "Colors"), ios("A.xcassets", "Icons")),
        (ios("A.xcassets", "Colors"), ios("A.xcassets", "Colors2")),
        (web("Site"), web("site")),
    ],
)
def test_different_files_are_no_conflict_even_in_one_folder(tmp_path: Path, first: str, second: str) -> None:
    assert conflicts(tmp_path, first, second) == []


def test_a_row_names_path_configs_and_keys(tmp_path: Path) -> None:
    found = conflicts(tmp_path, web("site"), web("other"), web("site"))
    assert found == [
        ("site/theme.css", "0.yaml", "web.colors.cssFileName", "2.yaml", "web.colors.cssFileName"),
        ("site/variables.ts", "0.yaml", "web.colors.tsFileName", "2.yaml", "web.colors.tsFileName"),
    ]


def test_letter_case_hides_nothing_where_the_disk_ignores_it(tmp_path: Path) -> None:
    assert conflicts(tmp_path, web("Site"), web("site"), folds=True)


def test_links_hide_nothing(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert conflicts(tmp_path, web("real/site"), web("link/site"))


def test_an_absolute_path_and_a_relative_one_meet(tmp_path: Path) -> None:
    assert conflicts(tmp_path, web("site"), web(str(tmp_path / "site")))


def test_the_disk_is_asked_without_writing(tmp_path: Path) -> None:
    (tmp_path / "Folder").mkdir()
    assert ignores_case(str(tmp_path / "Folder")) is (tmp_path / "fOLDER").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["Folder"]


def test_who_must_not_run_beside_whom_goes_both_ways(tmp_path: Path) -> None:
    pairs = [(ConfigId(f"/{n}", str(n), str(n)), config(web(output))) for n, output in enumerate("aab")]
    beside = conflicting_with(find_conflicts(pairs, tmp_path))
    assert beside == {pairs[0][0]: {pairs[1][0]}, pairs[1][0]: {pairs[0][0]}}


def test_many_configs_are_compared_in_linear_time(tmp_path: Path) -> None:
    base = config(web("placeholder"))
    assert base.web is not None
    pairs = [
        (
            ConfigId(f"/{n}", str(n), str(n)),
            base.model_copy(update={"web": base.web.model_copy(update={"output": f"site/{n}"})}),
        )
        for n in range(2000)
    ]
    assert find_conflicts(pairs, tmp_path) == ()


def test_every_output_of_every_platform_is_claimed() -> None:
    everything = config(
        ios("A.xcassets", "Colors", ", colorSwift: A.swift, swiftuiColorSwift: B.swift")
        + "\nandroid: {mainRes: res, mainSrc: src, resourcePackage: app.r, colors: {composePackageName: app.ui}}\n"
        + "flutter: {output: lib, colors: {}}\nweb: {output: site, colors: {jsonFileName: theme.json}}"
    )
    assert set(owned(everything)) == {
        Owned("A.xcassets/Colors", "ios.colors.assetsFolder", Claim.TREE),
        Owned("A.swift", "ios.colors.colorSwift", Claim.FILE),
        Owned("B.swift", "ios.colors.swiftuiColorSwift", Claim.FILE),
        Owned("res/values/colors.xml", "android.colors.xmlOutputFileName", Claim.FILE),
        Owned("res/values-night/colors.xml", "android.colors.xmlOutputFileName", Claim.FILE),
        Owned("src/app/ui/Colors.kt", "android.colors.composePackageName", Claim.FILE),
        Owned("lib/colors.dart", "flutter.colors.output", Claim.FILE),
        Owned("site/theme.css", "web.colors.cssFileName", Claim.FILE),
        Owned("site/variables.ts", "web.colors.tsFileName", Claim.FILE),
        Owned("site/theme.json", "web.colors.jsonFileName", Claim.FILE),
    }


def test_two_entries_of_one_config_with_one_file_are_told() -> None:
    source = "tokensFileId: AbCdEfGhIjKlMnOpQrStUv, tokensCollectionName: C, lightModeName: L"
    text = f"flutter: {{output: lib, colors: [{{{source}}}, {{{source}, className: Other}}]}}"
    (problem,) = clashes_within(config(text))
    assert problem.message == "flutter.colors[0].output and flutter.colors[1].output both write lib/colors.dart"
    assert "flutter.colors[1].output" in problem.hint


def test_an_index_of_components_is_merged_with_others_and_with_nothing_else() -> None:
    icons = "icons: [{outputDirectory: ., svgDirectory: a}, {outputDirectory: ., svgDirectory: b}]"
    assert not clashes_within(config(f"web: {{output: o, {icons}}}"))
    [first, _] = clashes_within(config(f"web: {{output: o, colors: {{tsFileName: index.ts}}, {icons}}}"))
    assert first.message == "web.colors.tsFileName and web.icons[0].outputDirectory both write o/index.ts"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "here",
        "here/file",
        "link/file",
        "link/../beside",
        "here/again/file",
        "here/./file",
        "here//file",
        "nowhere/../here/file",
        "file-link",
        "broken/file",
        "circle/file",
    ],
)
def test_real_paths_are_those_of_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    (tmp_path / "there/in").mkdir(parents=True)
    (tmp_path / "here").mkdir()
    (tmp_path / "here/file").touch()
    (tmp_path / "link").symlink_to("there/in")
    (tmp_path / "here/again").symlink_to("../link")
    (tmp_path / "file-link").symlink_to("here/file")
    (tmp_path / "broken").symlink_to("not-there")
    (tmp_path / "circle").symlink_to("circle")
    monkeypatch.chdir(tmp_path)
    real = real_paths()
    for each in (f"{tmp_path}/{path}", path, path):
        assert real(each) == os.path.realpath(each)
