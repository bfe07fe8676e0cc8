"""Which components are in the frame of an entry, and what is said when none is."""

from dataclasses import replace

import pytest

from exfig_rx.config.picture_entries import PictureSource
from exfig_rx.errors import DesignError
from exfig_rx.load.components import components_in_frame
from exfig_rx.load.pairing import Subject
from exfig_rx.model import Location, Problem
from exfig_rx.pictures import Component, FileComponents
from tests.test_load.library import SOURCE, component, ios_icons, library

ICON = Subject("ios.icons", "icon")


def found(source: PictureSource, *files: FileComponents) -> dict[str, list[str]]:
    by_key = {file.file_key: file for file in files}
    selected = components_in_frame(ios_icons(source), by_key, ICON)
    return {key: [item.node_id for item in items] for key, items in selected.items()}


def problems(source: PictureSource, *files: FileComponents) -> tuple[Problem, ...]:
    with pytest.raises(DesignError) as caught:
        found(source, *files)
    return caught.value.problems


def file(*components: Component) -> FileComponents:
    return FileComponents("L", components)


def test_only_components_of_the_frame_count_whatever_page_it_is_on() -> None:
    here, there = component(1, "a"), component(2, "b", page="Other page")
    others = [component(3, "c", frame="icons"), component(4, "d", frame="Icons "), component(5, "e", frame="")]
    assert found(SOURCE, file(here, there, *others)) == {"L": ["1:0", "2:0"]}


def test_a_page_limits_the_frame_to_itself() -> None:
    source = replace(SOURCE, page="Library")
    assert found(source, file(component(1, "a"), component(2, "b", page="library"))) == {"L": ["1:0"]}


def test_composed_and_decomposed_frame_names_are_the_same() -> None:
    source = replace(SOURCE, frame="Ic\u00f4nes", page="Biblioth\u00e8que")
    there = component(1, "a", frame="Ico\u0302nes", page="Bibliothe\u0300que")
    assert found(source, file(there)) == {"L": ["1:0"]}


def test_a_node_that_is_listed_twice_counts_once() -> None:
    assert found(SOURCE, file(component(1, "b"), component(2, "a"), component(1, "b"))) == {"L": ["2:0", "1:0"]}


def test_each_file_is_read() -> None:
    source = replace(SOURCE, dark_file="D")
    assert found(source, library("L", "a"), library("D", "a")) == {"L": ["1:0"], "D": ["1:0"]}


def test_a_file_that_publishes_nothing_says_to_publish_it() -> None:
    [problem] = problems(SOURCE, file())
    assert (problem.code, problem.message) == ("design.no-components", "published components not found in file L")
    assert "publish the library in Figma" in problem.hint
    assert problem.location == Location(key="ios.icons", figma_file="L")


@pytest.mark.parametrize(
    ("frames", "hint"),
    [
        (
            ["ICONS", "icons", "icons", "Logos"],
            "did you mean the frame 'ICONS' (1 component), 'icons' (2 components)? (figmaFrameName)",
        ),
        (["Iconz"], "did you mean the frame 'Iconz' (1 component)? (figmaFrameName)"),
        (["Flags", "Logos", "Flags"], "there are 'Flags' (2 components), 'Logos' (1 component) (figmaFrameName)"),
        (["Flags"], "there is 'Flags' (1 component) (figmaFrameName)"),
        (["", ""], "none of its components is in a frame: put them into a frame named 'Icons'"),
    ],
)
def test_a_frame_that_is_not_there_is_answered_with_those_that_are(frames: list[str], hint: str) -> None:
    made = [component(number, "a", frame=frame) for number, frame in enumerate(frames)]
    [problem] = problems(SOURCE, file(*made))
    assert problem.code == "design.frame-not-found"
    assert problem.message.startswith(f"frame 'Icons' not found in file L, which publishes {len(made)} component")
    assert problem.hint == hint


def test_a_page_that_is_not_there_is_answered_with_those_of_the_frame() -> None:
    made = [component(1, "a", page="library"), component(2, "b", page="Old"), component(3, "c", "", frame="Logos")]
    [problem] = problems(replace(SOURCE, page="Library"), file(*made))
    assert problem.code == "design.page-not-found"
    assert problem.message == "frame 'Icons' is in file L, but not on page 'Library'"
    assert problem.hint == "did you mean the page 'library' (1 component)? (figmaPageName)"


def test_the_problems_of_all_files_come_together() -> None:
    source = PictureSource("L", "D", None, "Icons")
    dark = FileComponents("D", (component(1, "a", frame="Logos"),))
    assert [item.code for item in problems(source, file(), dark)] == ["design.no-components", "design.frame-not-found"]
