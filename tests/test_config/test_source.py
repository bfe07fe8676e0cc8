"""Files that are no config at all: what people read, and that nothing costs more than its bytes."""

import os
from pathlib import Path

import pytest

from exfig_rx.config import source
from exfig_rx.config.excerpt import MASK
from exfig_rx.config.source import MAX_BYTES, read_document, read_source
from exfig_rx.errors import ConfigError
from tests.test_config.reading import ANDROID, IOS, accepted, read, rejected, the_error

COMPOSERS = [source._PythonComposer, source._Composer]


@pytest.fixture(params=COMPOSERS, ids=["python", "libyaml"])
def composer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> object:
    """Both parsers of PyYAML, one after the other."""
    monkeypatch.setattr(source, "_Composer", request.param)
    return request.param


def bomb(levels: int = 12, width: int = 10) -> str:
    lines = ["x-0: &a0 [z]"]
    lines += [f"x-{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]" for n in range(1, levels)]
    return "\n".join(lines) + "\n"


NOT_YAML = {
    "an empty file": (b"", "1:1: this file is empty | "),
    "only comments": (b"# nothing\n\n", "this file is empty"),
    "only dashes": (b"---\n", "this file is empty"),
    "a list at the top": (b"- ios\n", "1:1: expected a mapping at the top, found a list | "),
    "a word at the top": (b"hello\n", "expected a mapping at the top, found a single value"),
    "two documents": (b"ios: {}\n---\nios: {}\n", "2:1: a second YAML document begins here | "),
    "a tab before a key": (b"ios:\n\ttarget: App\n", "2:1: this line is indented with a tab | Indent with spaces"),
    "a tab behind spaces": (b"ios:\n  a: 1\n  \tb: 1\n", "3:3: this line is indented with a tab"),
    "a quote that stays open": (b"ios:\n  target: 'App\n", "2:11: a quote that is never closed"),
    "a bracket that stays open": (b"ios: { target: App\nweb: {}\n", "1:6: a `{` that is never closed"),
    "a value with a colon": (b"ios:\n  target: App: Pro\n", "2:14: a second `: ` in one line"),
    "a line between two indents": (b"ios:\n    a: b\n  c: d\n", "3:3: this line fits no block above it"),
    "an alias without anchor": (b"ios: *base\n", '1:6: the alias "*base" has no anchor'),
    "a value that begins with @": (b"ios: @x\n", '1:6: a value can\'t begin with "@" | Put quotes around the value.'),
    "a control character": (b"ios: a\x07b\n", "1:7: a character that YAML does not allow: U+0007"),
    "bytes that are no UTF-8": (
        b"ios:\n  a: caf\xe9\n",
        "2:9: not UTF-8: the byte 0xe9 can't stand here | Save the file as UTF-8.",
    ),
    "UTF-16": ("ios: {}\n".encode("utf-16"), "1:1: this file is UTF-16, not UTF-8"),
    "an anchor inside itself": (b"ios: &a { colors: *a }\n", "1:6 ios.colors: an anchor that contains itself"),
    "a billion laughs": (bomb().encode(), "more than 100,000 values, aliases counted each time they are used"),
    "deep nesting": (b"ios: " + b"[" * 100_000, "1:68: nested more than 64 levels deep"),
    "deep nesting without brackets": (b"ios:\n" + b"- " * 50_000 + b"a", "nested more than 64 levels deep"),
    "deep nesting by aliases": (
        ("x-0: &a0 z\n" + "".join(f"x-{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 100))).encode(),
        "65:7: nested more than 64 levels deep",
    ),
    "a flood of merged keys": (
        (
            "x-0: &a { " + ", ".join(f"k{n}: 1" for n in range(500)) + " }\n"
            "x-1: [" + "{ <<: *a }, " * 500 + "]\nios: {}\n"
        ).encode(),
        "1:6: more than 100,000 values",
    ),
    "a flood of values": (b"ios: [" + b"a," * 200_000 + b"]", "more than 100,000 values"),
}


@pytest.mark.usefixtures("composer")
@pytest.mark.parametrize(("data", "expected"), NOT_YAML.values(), ids=NOT_YAML.keys())
def test_what_is_no_yaml_mapping_is_told_in_plain_words(data: bytes, expected: str) -> None:
    assert expected in read(the_error(data))


@pytest.mark.usefixtures("composer")
def test_every_duplicate_key_is_told_with_the_place_of_the_first_one() -> None:
    problems = rejected(ANDROID + "  colors: {}\n  mainRes: b\n  colors: {}\n")
    assert [read(problem) for problem in problems] == [
        '5:3 android.mainRes: the key "mainRes" stands here twice, first in line 3, column 3 | Keep one of them.',
        '6:3 android.colors: the key "colors" stands here twice, first in line 4, column 3 | Keep one of them.',
    ]


@pytest.mark.usefixtures("composer")
def test_merged_keys_give_way_to_written_ones_and_earlier_merges_to_none() -> None:
    text = (
        "x-a: &a { assetsFolder: A, format: pdf }\n"
        "x-b: &b { assetsFolder: B, nameStyle: camelCase }\n" + IOS + "  icons:\n    - { <<: [*a, *b], format: svg }\n"
    )
    ios = accepted(text).config.ios
    assert ios is not None
    assert (ios.icons[0].assets_folder, ios.icons[0].format, ios.icons[0].name_style) == ("A", "svg", "camelCase")


def test_a_quoted_merge_sign_is_an_ordinary_key() -> None:
    assert (
        "unknown key"
        in the_error(
            IOS + "  colors: { useColorAssets: true, assetsFolder: C, nameStyle: camelCase, '<<': x }\n"
        ).message
    )


def test_a_merge_needs_a_mapping() -> None:
    text = IOS + "  <<: word\n  colors: { useColorAssets: true, assetsFolder: C, nameStyle: camelCase }\n"
    assert "5:3 ios.<<: `<<` takes a mapping" in read(the_error(text))


def test_a_foreign_tag_and_a_key_that_is_a_list_are_told() -> None:
    text = ANDROID + "  colors: {}\n  templatesPath: !env HOME\n  ? [a]\n  : b\n"
    assert [problem.code for problem in rejected(text)] == ["config.odd-tag", "config.odd-key"]


def test_a_byte_order_mark_is_no_part_of_the_first_key() -> None:
    assert accepted("\ufeff" + ANDROID + "  colors: {}\n").config.android is not None


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_lines_count_the_same_with_every_kind_of_line_break(line_break: str) -> None:
    text = (ANDROID + "  colors: {}\n  nope: 1\n").replace("\n", line_break)
    assert read(the_error(text)).startswith("5:3 android.nope")


def test_a_directory_with_the_name_of_a_config_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").mkdir()
    assert fails_to_read(tmp_path / "x.yaml") == ("config.is-directory", "this is a directory, not a config file")


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    assert fails_to_read(tmp_path / "x.yaml") == (
        "config.unreadable",
        "can't read this file: No such file or directory",
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_must_not_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("ios: {}\n")
    (tmp_path / "x.yaml").chmod(0)
    assert fails_to_read(tmp_path / "x.yaml") == ("config.unreadable", "can't read this file: Permission denied")


def test_a_pipe_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.yaml")
    assert fails_to_read(tmp_path / "x.yaml") == ("config.not-a-file", "this is not a regular file")


def test_a_huge_file_is_refused_without_reading_it_whole(tmp_path: Path) -> None:
    with (tmp_path / "x.yaml").open("wb") as file:
        file.truncate(50 * 10**9)  # a sparse file: reading it would take minutes and all memory
    assert fails_to_read(tmp_path / "x.yaml") == ("config.too-large", "this file is larger than 5 MB")


def test_too_many_bytes_are_refused_wherever_they_come_from() -> None:
    assert the_error(b"#" * (MAX_BYTES + 1)).code == "config.too-large"


def fails_to_read(path: Path) -> tuple[str, str]:
    with pytest.raises(ConfigError) as caught:
        read_source(str(path), "x.yaml")
    (problem,) = caught.value.problems
    assert problem.location is not None and problem.location.file == "x.yaml"
    return problem.code, problem.message


FOREIGN = {
    "services:\n  web: { image: nginx }\n": "1:1: this is a Docker Compose file, not an ExFig config",
    "name: CI\non: push\njobs: {}\n": "2:1: this is a GitHub workflow, not an ExFig config",
    "apiVersion: v1\nkind: Pod\n": "this is a Kubernetes manifest",
    "name: app\nenvironment: { sdk: ^3.0.0 }\nflutter: { uses-material-design: true }\n": "this is a Dart pubspec",
    "base: { accessToken: { env: FIGMA } }\ncolorStyles: {}\n": "this is a Fugen or FigmaGen config",
    "figma: { fileId: abc, pageName: Icons }\nios: {}\n": "1:10 figma.fileId: this is an fxa config",
    "foo: 1\nbar: 2\n": 'this is another program\'s YAML: no section is known, only "foo", "bar"',
    "x-icon: &a { b: c }\n.y: *a\n": "this file has no section",
}


@pytest.mark.parametrize(("text", "expected"), FOREIGN.items())
def test_yaml_of_another_program_is_called_by_its_name(text: str, expected: str) -> None:
    assert expected in read(the_error(text))


SECRET = "1234-abcd-77ff-secret"
LEAKS = [
    f"figma:\n  personalAccessToken: {SECRET}\n  lightFileId: Lb9HarborLibrary00000001\nandroid: {{ "
    f"mainRes: res, colors: {{}} }}\n",
    f"figma: {{ personalAccessToken: '{SECRET}', lightFileID: x }}\nandroid: {{ mainRes: res, colors: {{}} }}\n",
    f"figma:\n  personalAccessToken:\n    {SECRET}\n  nope: {SECRET}\nandroid: {{ mainRes: res, colors: {{}} }}\n",
    f"figma:\n  personalAccessToken: >-\n    {SECRET}\n  nope: 1\nandroid: {{ mainRes: res, colors: {{}} }}\n",
    f"x-t: &t {SECRET}\nfigma: {{ personalAccessToken: *t, lightFileId: *t }}\nandroid: {{ mainRes: res, "
    f"colors: {{}} }}\n",
    f"figma: {{ accessToken: {SECRET} }}\nandroid: {{ mainRes: res, colors: {{}} }}\n",
    f'figma: {{ "token": "{SECRET}", timeout: {SECRET} }}\nandroid: {{ mainRes: res, colors: {{}} }}\n',
    f"figma: {{ personalAccessToken: {SECRET}, x: [ }}\n",
    f"personalAccessToken: {SECRET}\nios: [}}\n",
]


@pytest.mark.parametrize("text", LEAKS)
def test_a_secret_is_never_shown_not_even_in_the_source_line(text: str) -> None:
    for problem in rejected(text):
        assert SECRET not in repr(problem)


def test_a_token_in_the_config_is_told_with_what_to_do() -> None:
    problem = the_error(LEAKS[0])
    assert problem.code == "config.secret"
    assert read(problem).startswith(
        "2:3 figma.personalAccessToken: an access token does not belong in a config | Set the"
    )
    assert "FIGMA_PERSONAL_TOKEN" in problem.hint and "revoke" in problem.hint
    assert problem.excerpt == f"  personalAccessToken: {MASK}\n  ^"


def test_a_figma_token_is_hidden_wherever_it_stands() -> None:
    token = "figd_AbCdEf0123456789-xyz"
    problems = rejected(
        f"figma: {{ lightFileId: {token}, timeout: {token} }}\nandroid: {{ mainRes: res, colors: {{}} }}\n"
    )
    assert all(token not in repr(problem) for problem in problems)
    assert "this is an access token, not a file id" in problems[0].message


def test_nothing_that_a_terminal_obeys_reaches_a_message() -> None:
    problem = the_error(IOS + '  icons: { format: "\\e[31mred\\a", assetsFolder: A, nameStyle: camelCase }\n')
    assert "\x1b" not in repr(problem) + problem.message
    assert "\x07" not in problem.message


def test_the_tree_keeps_text_as_it_is_written() -> None:
    document = read_document(b"a: 007\nb: on\nc: 12:30\nd: 2024-01-01\ne: =\nf: 'x'\n", "x.yaml")
    assert [document.root.text(key) for key in "abcdef"] == ["007", "on", "12:30", "2024-01-01", "=", "x"]
