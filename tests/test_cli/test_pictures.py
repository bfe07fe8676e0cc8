"""Icons and images from outside: one render for all platforms, faults of the CDN, renders that fail, and strictness."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from exfig_rx.model import Tier
from exfig_rx.sandbox import Fault, FaultKind, Sandbox
from exfig_rx.sandbox.design import Design, Edit
from tests.test_cli.conftest import TOKEN, Project

FILE = "Pictures00000000000001"
BELL = '<path d="M4 4H20V20H4Z" fill="#0B3C49"/>'
SOFT = '<g opacity=".5"><path d="M4 4H20V20H4Z" fill="#0B3C49"/><path d="M8 8H24V24H8Z" fill="#C8553D"/></g>'

EVERYWHERE = f"""\
figma: {{ lightFileId: {FILE} }}
ios:
  xcassetsPath: out/ios/Assets.xcassets
  xcassetsInMainBundle: true
  icons: {{ format: svg, assetsFolder: Icons, nameStyle: camelCase, imageSwift: out/ios/UIImage+Icons.swift }}
android:
  mainRes: out/android/res
  icons: {{ output: icons }}
flutter:
  output: out/flutter/lib
  icons: {{ output: out/flutter/icons }}
web:
  output: out/web
  icons: {{ outputDirectory: code, svgDirectory: svg }}
"""
WEB = f"""\
figma: {{ lightFileId: {FILE} }}
web:
  output: out
  icons: {{ outputDirectory: code, svgDirectory: svg }}
"""


def pictures(icons: dict[str, str], images: dict[str, str] | None = None) -> Design:
    """A file with a frame of icons (2:1, 2:2, …) and one of images (3:1, …), each a piece of SVG."""
    frames = [
        {
            "id": f"{number}:0",
            "name": name,
            "components": [
                {"id": f"{number}:{index}", "name": key, "svg": svg} for index, (key, svg) in enumerate(made.items(), 1)
            ],
        }
        for number, name, made in ((2, "Icons", icons), (3, "Illustrations", images or {}))
    ]
    page = {"id": "0:1", "name": "Page 1", "frames": frames}
    return Design.of({"files": {FILE: {"name": "Pictures", "pages": [page]}}})


@pytest.fixture
def draw(tmp_path: Path, figma: Callable[..., Sandbox]) -> Callable[..., Project]:
    """An empty project over a Figma with some icons (two, unless told) and images."""

    def make(icons: dict[str, str] | None = None, images: dict[str, str] | None = None) -> Project:
        return Project(tmp_path, figma(pictures(icons or {"ic/bell": BELL, "ic/wave": BELL}, images)))

    return make


def rendered(project: Project) -> list[list[str]]:
    """The nodes of each request for renders."""
    return [dict(entry.query)["ids"].split(",") for entry in project.asked() if entry.path.startswith("/v1/images/")]


def downloads(project: Project) -> list[str]:
    """The paths that were asked of the CDN."""
    return [entry.path for entry in project.sandbox.log if entry.path.startswith("/cdn/")]


def warnings(project: Project) -> list[tuple[str, str]]:
    """Code and node of each warning of the first config."""
    found: Sequence[dict[str, Any]] = project.report()["results"][0]["warnings"]
    return [(one["code"], (one.get("location") or {}).get("nodeId", "")) for one in found]


def failures(project: Project) -> list[str]:
    """The codes of what failed the first config."""
    return [one["code"] for one in project.report()["results"][0]["errorDetails"]]


def names(project: Project) -> set[str]:
    return {path for path in project.files() if path.startswith(("svg/", "code/"))}


def test_four_platforms_share_one_request_for_renders_and_one_download_of_each(draw: Callable[..., Project]) -> None:
    project = draw()
    project.write("all.yaml", EVERYWHERE)
    done = project.run("batch", "all.yaml", "--report", "report.json")
    assert done.code == 0
    assert rendered(project) == [["2:1", "2:2"]]
    # its version, its components, its renders, and whether it is still the same version
    assert [entry.tier for entry in project.asked()] == [Tier.THREE, Tier.THREE, Tier.ONE, Tier.THREE]
    assert len(downloads(project)) == 2
    assert project.report()["results"][0]["stats"] == {
        "colors": 0,
        "typography": 0,
        "icons": 2,
        "images": 0,
        "tokens": 0,
    }
    files = project.files()
    assert files["android/res/icons/drawable/ic_bell.xml"].startswith('<?xml version="1.0" encoding="utf-8"?>\n<vector')
    assert files["ios/Assets.xcassets/Icons/icBell.imageset/icBell.svg"] == files["web/svg/ic_bell.svg"]
    assert "static var icBell: UIImage" in files["ios/UIImage+Icons.swift"]
    assert "static const String icBell = 'out/flutter/icons/ic_bell.svg';" in files["flutter/lib/icons.dart"]
    assert "export { IcBell } from './IcBell';" in files["web/code/index.ts"]


def test_the_token_stays_with_the_api(draw: Callable[..., Project]) -> None:
    project = draw()
    project.write("web.yaml", WEB)
    assert project.run("batch", "web.yaml").code == 0
    assert [entry.token_sent for entry in project.sandbox.log if entry.path.startswith("/cdn/")] == [False, False]


def test_configs_side_by_side_share_their_renders(draw: Callable[..., Project]) -> None:
    project = draw()
    for number in range(4):
        project.write(f"configs/{number}.yaml", WEB.replace("output: out", f"output: out/{number}"))
    assert project.run("batch", "configs", "--parallel", "4").code == 0
    assert rendered(project) == [["2:1", "2:2"]]
    assert len(downloads(project)) == 2


def test_a_second_run_touches_no_file(draw: Callable[..., Project]) -> None:
    project = draw(images={"Hero": BELL})
    project.write("all.yaml", EVERYWHERE + "  images: { outputDirectory: code, assetsDirectory: images }\n")
    assert project.run("batch", "all.yaml").code == 0
    before = {path: path.stat().st_mtime_ns for path in (project.root / "out").rglob("*") if path.is_file()}
    done = project.run("batch", "all.yaml", "--report", "report.json")
    assert done.code == 0
    after = {path: path.stat().st_mtime_ns for path in (project.root / "out").rglob("*") if path.is_file()}
    assert after == before
    assert project.report()["results"][0]["files"]["unchanged"] == len(before)


def test_names_are_checked_before_a_render_is_asked(draw: Callable[..., Project]) -> None:
    project = draw({"ic/bell": BELL, "ic bell": BELL})
    project.write("all.yaml", EVERYWHERE)
    done = project.run("batch", "all.yaml")
    assert done.code == 1
    assert "ic/bell" in done.stdout and "ic bell" in done.stdout
    assert rendered(project) == []


# ── renders that fail ──


def test_a_node_without_a_render_is_asked_once_more_and_then_named(draw: Callable[..., Project]) -> None:
    project = draw()
    project.write("web.yaml", WEB)
    project.sandbox.faults.append(Fault(FaultKind.NULL_RENDER, node_ids=("2:2",), times=None))
    done = project.run("batch", "web.yaml", "--report", "report.json")
    assert done.code == 0
    assert rendered(project) == [["2:1", "2:2"], ["2:2"]]
    assert warnings(project) == [("figma.not-rendered", "2:2")]
    assert f"https://www.figma.com/design/{FILE}?node-id=2-2" in done.stdout
    assert names(project) == {"svg/ic_bell.svg", "code/IcBell.tsx", "code/index.ts", "code/types.ts"}
    assert "IcWave" not in project.files()["code/index.ts"]


def test_what_an_earlier_run_wrote_stays_with_its_name_in_code(draw: Callable[..., Project]) -> None:
    project = draw()
    project.write("web.yaml", WEB)
    assert project.run("batch", "web.yaml").code == 0
    before = project.files()
    project.sandbox.faults.append(Fault(FaultKind.NULL_RENDER, node_ids=("2:2",), times=None))
    assert project.run("batch", "web.yaml").code == 0
    assert project.files() == before


def test_a_render_that_succeeds_at_the_second_try_is_no_trouble(draw: Callable[..., Project]) -> None:
    project = draw()
    project.write("web.yaml", WEB)
    project.sandbox.faults.append(Fault(FaultKind.NULL_RENDER, times=1))
    assert project.run("batch", "web.yaml", "--report", "report.json").code == 0
    assert warnings(project) == []
    assert "svg/ic_wave.svg" in project.files()


def test_strict_fails_a_config_that_lacks_a_render_and_changes_nothing_of_it(draw: Callable[..., Project]) -> None:
    project = draw()
    project.write("web.yaml", WEB)
    project.sandbox.faults.append(Fault(FaultKind.NULL_RENDER, node_ids=("2:2",), times=None))
    done = project.run("batch", "web.yaml", "--strict", "--report", "report.json")
    assert done.code == 1
    assert project.files() == {}
    assert failures(project)[0] == "figma.not-rendered"


def test_a_run_that_gets_no_render_at_all_fails_and_keeps_what_is_there(draw: Callable[..., Project]) -> None:
    project = draw()
    project.write("web.yaml", WEB)
    project.sandbox.faults.append(Fault(FaultKind.NULL_RENDER, times=None))
    assert project.run("batch", "web.yaml").code == 1
    assert project.files() == {}
    project.sandbox.faults.clear()
    assert project.run("batch", "web.yaml").code == 0
    before = project.files()
    project.sandbox.faults.append(Fault(FaultKind.NULL_RENDER, times=None))
    assert project.run("batch", "web.yaml").code == 0
    assert project.files() == before


def test_an_entry_without_any_render_takes_no_other_along(draw: Callable[..., Project]) -> None:
    project = draw(images={"Hero": BELL})
    project.write("web.yaml", WEB + "  images: { outputDirectory: pages, assetsDirectory: images }\n")
    project.sandbox.faults.append(Fault(FaultKind.NULL_RENDER, node_ids=("3:1",), times=None))
    done = project.run("batch", "web.yaml", "--report", "report.json")
    assert done.code == 0, done.stdout
    assert [code for code, _ in warnings(project)] == ["figma.not-rendered", "export.nothing-made"]
    assert "svg/ic_bell.svg" in names(project)
    assert not [name for name in names(project) if name.startswith(("pages/", "images/"))]


# ── the CDN ──


@pytest.mark.parametrize(
    "fault",
    [
        Fault(FaultKind.RESET, match="/cdn/*"),
        Fault(FaultKind.TRUNCATE, match="/cdn/*"),
        Fault(FaultKind.SLOW, match="/cdn/*", seconds=0.2),
        Fault(FaultKind.STATUS, match="/cdn/*", status=503),
        Fault(FaultKind.STATUS, match="/cdn/*", status=403),
        Fault(FaultKind.HTML, match="/cdn/*"),
        Fault(FaultKind.EMPTY, match="/cdn/*"),
        Fault(FaultKind.GARBLE, match="/cdn/*"),
    ],
    ids=lambda fault: f"{fault.kind}{fault.status or ''}",
)
def test_a_fault_of_the_cdn_that_passes_leaves_no_trace(draw: Callable[..., Project], fault: Fault) -> None:
    project = draw()
    project.write("web.yaml", WEB)
    project.sandbox.faults.append(fault)
    done = project.run("batch", "web.yaml", "--report", "report.json")
    assert (done.code, warnings(project)) == (0, [])
    assert len(names(project)) == 6
    assert all(text.endswith("</svg>\n") for path, text in project.files().items() if path.startswith("svg/"))


def test_a_cdn_that_is_down_fails_the_config_and_changes_nothing(draw: Callable[..., Project]) -> None:
    project = draw()
    project.write("web.yaml", WEB)
    assert project.run("batch", "web.yaml").code == 0
    before = project.files()
    project.sandbox.faults.append(Fault(FaultKind.STATUS, match="/cdn/*", status=503, times=None))
    done = project.run("batch", "web.yaml", "--max-retries", "0", "--report", "report.json", "--force")
    assert done.code == 1
    assert "ic/bell" in done.stdout and "503" in done.stdout
    assert TOKEN not in done.stdout
    assert project.files() == before


def test_an_address_that_has_expired_is_asked_anew_once(draw: Callable[..., Project]) -> None:
    project = draw()
    project.write("web.yaml", WEB)
    project.sandbox.faults.append(Fault(FaultKind.STATUS, match="/cdn/*", status=403, times=2))
    assert project.run("batch", "web.yaml").code == 0
    assert rendered(project) == [["2:1", "2:2"], ["2:1", "2:2"]]


def test_a_download_over_the_cap_fails_its_config(draw: Callable[..., Project]) -> None:
    project = draw({"ic/huge": BELL + " " * (2 << 20)})
    project.write("web.yaml", WEB)
    done = project.run("batch", "web.yaml", "--max-asset-size", "1")
    assert done.code == 1
    assert "--max-asset-size" in done.stdout
    assert project.files() == {}


# ── drawings that a format can't hold ──


def test_what_a_vector_drawable_loses_is_a_warning_or_with_strict_an_error(draw: Callable[..., Project]) -> None:
    project = draw({"ic/bell": BELL, "ic/soft": SOFT})
    project.write(
        "android.yaml",
        f"figma: {{ lightFileId: {FILE} }}\nandroid: {{ mainRes: out, icons: {{ output: icons }} }}\n",
    )
    assert project.run("batch", "android.yaml", "--report", "report.json").code == 0
    assert warnings(project) == [("vector.loss", "2:2")]
    assert set(project.files()) == {"icons/drawable/ic_bell.xml", "icons/drawable/ic_soft.xml"}
    assert project.run("batch", "android.yaml", "--strict", "--report", "report.json").code == 1
    assert failures(project)[0] == "vector.loss"


def test_images_are_drawn_here_when_the_source_is_svg(draw: Callable[..., Project]) -> None:
    project = draw(images={"Hero": BELL})
    project.write(
        "flutter.yaml",
        f"figma: {{ lightFileId: {FILE} }}\n"
        "flutter: { output: out/lib, images: { output: out/images, format: webp, sourceFormat: svg } }\n",
    )
    assert project.run("batch", "flutter.yaml").code == 0
    (asked,) = [entry for entry in project.asked() if entry.path.startswith("/v1/images/")]
    assert dict(asked.query)["format"] == "svg"
    made = sorted((project.root / "out/images").rglob("*.webp"))
    assert [str(path.relative_to(project.root / "out/images")) for path in made] == [
        "2.0x/hero.webp",
        "3.0x/hero.webp",
        "hero.webp",
    ]
    assert all(path.read_bytes()[8:12] == b"WEBP" for path in made)


def test_pictures_that_another_config_had_drawn_before_are_used_again(draw: Callable[..., Project]) -> None:
    project = draw(images={"Hero": BELL})
    for name in ("first", "second"):
        project.write(
            f"configs/{name}.yaml",
            f"figma: {{ lightFileId: {FILE} }}\n"
            f"flutter: {{ output: out/{name}, images: {{ output: out/{name}, format: webp, sourceFormat: svg }} }}\n",
        )
    done = project.run("batch", "configs", "--parallel", "1")
    assert done.code == 0, done.stderr
    first, second = (sorted((project.root / f"out/{name}").rglob("*.webp")) for name in ("first", "second"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second] != []


def test_nothing_is_left_of_downloads_when_the_run_is_over(draw: Callable[..., Project], tmp_path: Path) -> None:
    project = draw()
    project.write("web.yaml", WEB)
    folder = tmp_path / "temporary"
    folder.mkdir()
    assert project.run("batch", "web.yaml", env={"TMPDIR": str(folder)}).code == 0
    assert list(folder.iterdir()) == []


# ── a name filter ──


def test_a_filter_renders_what_it_picks_and_leaves_all_else_as_it_is(draw: Callable[..., Project]) -> None:
    project = draw()
    project.write("web.yaml", WEB)
    assert project.run("batch", "web.yaml").code == 0
    before = project.files()
    for node in ("2:1", "2:2"):
        project.sandbox.edit(Edit(FILE, node, {"svg": BELL.replace("#0B3C49", "#C8553D")}))
    done = project.run("icons", "ic/b*", "-i", "web.yaml", "--rate-limit", "6000")
    assert done.code == 0, done.stdout
    assert rendered(project) == [["2:1", "2:2"], ["2:1"]]
    after = project.files()
    assert {name for name in after if after[name] != before[name]} == {"svg/ic_bell.svg", "code/IcBell.tsx"}
    assert "IcWave" in after["code/index.ts"] and after.keys() == before.keys()


def test_a_filter_in_an_empty_folder_makes_what_it_picks_and_names_nothing_else(draw: Callable[..., Project]) -> None:
    project = draw()
    project.write("web.yaml", WEB)
    assert project.run("icons", "ic/bell", "-i", "web.yaml", "--rate-limit", "6000").code == 0
    assert names(project) == {"svg/ic_bell.svg", "code/IcBell.tsx", "code/index.ts", "code/types.ts"}
    assert "IcWave" not in project.files()["code/index.ts"]
