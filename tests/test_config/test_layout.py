"""Texts edited in place: what is not meant stays as it is, comments too, and what is left is YAML."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from exfig_rx.config.layout import Layout, edited

ROOT = Path(__file__).parent.parent.parent
TEXTS = sorted([*(ROOT / "configs.example").glob("*.yaml"), *(Path(__file__).parent / "good").glob("*.yaml")])

ODD = """\
# head
figma: {lightFileId: a,   # the light one
        darkFileId: b, }  # the dark one
android:
  colors:
      # about a
      a:  c.xml   # aligned

      # about b
      b: |
        text

        more

      # about c
      c:
      - 1
      - 2   # last
  icons:
  - a: 1
    b: 2
  -  # lonely
    a: {x: 1}
  - - a: 1
      b: 2
  pairs: [a: b, c: d]
  "quoted key": 'it''s'
  empty:
  last: [1,
    2, {z: 3 , y: "a,b" },
  ]
# end"""


def load(text: str) -> Any:
    return yaml.load(text, Loader=yaml.BaseLoader)


def mappings(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        yield path
        for key, item in value.items():
            yield from mappings(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from mappings(item, (*path, index))


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def comments(text: str) -> list[str]:
    return sorted(part.split("#", 1)[1].strip() for part in text.splitlines() if " #" in f" {part}")


def mapping_nodes(node: yaml.Node | None) -> Iterator[yaml.MappingNode]:
    if isinstance(node, yaml.MappingNode):
        yield node
        for _, value in node.value:
            yield from mapping_nodes(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from mapping_nodes(item)


@pytest.mark.parametrize("text", [ODD, ODD.replace("\n", "\r\n")], ids=["lf", "crlf"])
def test_any_entries_can_be_taken_away_and_the_rest_means_what_it_did(text: str) -> None:
    layout, whole = Layout(text), load(text)
    nodes = list(mapping_nodes(yaml.compose(text)))
    paths = list(mappings(whole))
    assert len(nodes) == len(paths)
    for node, path in zip(nodes, paths, strict=True):
        keys = [key for key, _ in node.value]
        for chosen in range(1, 2 ** min(len(keys), 5)):
            gone = [key for index, key in enumerate(keys) if chosen >> index & 1]
            entries = {layout.entry(key.start_mark) for key in gone}
            result = edited(text, layout.without({entry for entry in entries if entry is not None}))
            expected = load(text)
            block = at(expected, path)
            for key in gone:
                del block[key.value]
            assert load(result) == expected, (path, [key.value for key in gone], result)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_taking_one_entry_of_a_real_config_away_leaves_all_other_lines(path: Path) -> None:
    text = path.read_text()
    layout = Layout(text)
    for node in mapping_nodes(yaml.compose(text)):
        for key, value in node.value:
            entry = layout.entry(key.start_mark)
            if entry is None or not isinstance(value, yaml.ScalarNode) or len(node.value) == 1:
                continue
            result = edited(text, layout.without({entry}))
            assert set(comments(text)) == set(comments(result)), key.value
            assert len(text.splitlines()) - len(result.splitlines()) <= 1


@pytest.mark.parametrize("key", ["a", "b", "c", "lightFileId", "mainRes"])
def test_comments_beside_what_is_taken_away_stay(key: str) -> None:
    text = ODD.replace("android:\n", "android:\n  mainRes: res # the folder\n")
    layout = Layout(text)
    nodes = [found for node in mapping_nodes(yaml.compose(text)) for found, _ in node.value if found.value == key]
    entry = layout.entry(nodes[0].start_mark)
    assert entry is not None
    assert comments(edited(text, layout.without({entry}))) == comments(text)


def test_an_anchor_that_is_used_elsewhere_is_known() -> None:
    text = "a: &x {k: 1}\nb: *x\nc: &y 2\n"
    layout = Layout(text)
    first, last = text.index("a"), text.index("c")
    assert layout.anchor_in_use(first, text.index("b")) == "x"
    assert layout.anchor_in_use(last, len(text)) is None
