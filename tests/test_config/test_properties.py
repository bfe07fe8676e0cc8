"""Whatever the bytes are: a config or a ConfigError with places inside the file, and nothing else."""

import re
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from exfig_rx.config.parse import parse_config
from exfig_rx.errors import ConfigError
from exfig_rx.model import Problem

GOOD = [path.read_text() for path in sorted((Path(__file__).parent / "good").glob("*.yaml"))]
LINE_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
PIECES = st.sampled_from(
    [
        *"{}[],:-?&*<|>'\"#%@`!~\t\n(\x07é\u2028",
        *(
            "<<",
            "...",
            "---",
            "&a",
            "*a",
            "!!str",
            "!x",
            "ios",
            "figma",
            "common",
            "x-",
            "null",
            "true",
            "1",
            ".inf",
            "$1",
        ),
    ]
)


def problems_of(data: bytes) -> tuple[Problem, ...]:
    try:
        return parse_config(data, "x.yaml").warnings
    except ConfigError as error:
        return error.problems


def assert_inside(data: bytes) -> None:
    lines = LINE_BREAK.split(data.decode("utf-8", errors="replace").removeprefix("\ufeff"))
    for problem in problems_of(data):
        place = problem.location
        assert place is not None and place.file == "x.yaml"
        assert problem.message
        if problem.code != "config.more-errors":
            assert place.line is not None and place.column is not None
            assert 1 <= place.line <= len(lines)
            assert 1 <= place.column <= len(lines[place.line - 1]) + 1
        assert all(char.isprintable() or char == "\n" for char in problem.message + problem.hint + problem.excerpt)


@given(st.binary(max_size=200))
@example(b"\xef\xbb\xbf")
@example(b"\xff\xfe")
@example(b"ios: \xed\xa0\x80")
def test_bytes_are_a_config_or_an_error_with_places_inside(data: bytes) -> None:
    assert_inside(data)


@given(st.text(max_size=200))
def test_text_is_a_config_or_an_error_with_places_inside(text: str) -> None:
    assert_inside(text.encode("utf-8", errors="surrogatepass"))


@given(st.lists(st.one_of(PIECES, st.sampled_from([" ", "\n", "\n  ", ": ", "- "])), max_size=30).map("".join))
def test_pieces_of_yaml_are_a_config_or_an_error_with_places_inside(text: str) -> None:
    assert_inside(text.encode())


@st.composite
def broken_configs(draw: st.DrawFn) -> str:
    """A good config with a few cuts and insertions."""
    text = draw(st.sampled_from(GOOD))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 12)))
        text = text[:start] + draw(st.one_of(PIECES, st.just(""), st.text(max_size=3))) + text[end:]
    return text


@settings(max_examples=250, deadline=None)
@given(broken_configs())
def test_a_damaged_config_is_a_config_or_an_error_with_places_inside(text: str) -> None:
    assert_inside(text.encode("utf-8", errors="surrogatepass"))


@st.composite
def retyped_configs(draw: st.DrawFn) -> str:
    """A good config in which the value of one key is another kind of thing."""
    lines = draw(st.sampled_from(GOOD))
    places = list(re.finditer(r"(?<=: )[^,{}\[\]\n]+", lines))
    place = draw(st.sampled_from(places))
    value = draw(
        st.sampled_from(
            [
                "{}",
                "[]",
                "[[1]]",
                "{ a: b }",
                "~",
                "''",
                "1",
                "-1",
                "1e400",
                "true",
                "'true'",
                "*",
                "*icon",
                "../x",
                "\u202e",
            ]
        )
    )
    return lines[: place.start()] + value + lines[place.end() :]


@settings(max_examples=200, deadline=None)
@given(retyped_configs())
def test_a_value_of_another_kind_is_a_config_or_an_error_with_places_inside(text: str) -> None:
    assert_inside(text.encode())
