"""Patterns in ICU's syntax."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exfig_rx.config.regexps import RegexpError, compile_icu

MATCHES = [
    (r"^ic_(\d\d)_([a-z0-9_]+)$", "ic_24_home", ("24", "home")),
    (r"(?<size>\d+)x\k<size>", "24x24", ("24",)),
    (r"^\p{L}+$", "Größe", ()),
    (r"^[[:alpha:]]+$", "abc", ()),
    (r"^[a-z&&[^aeiou]]+$", "xyz", ()),
    (r"^a++b$", "aaab", ()),
    (r"(?<=a{1,3})b", "aab", ()),
    (r"\Q(a.b)\E+", "(a.b))", ()),
    (r"\Qa.b", "a.b", ()),
    (r"^\x{61}[\x{2d}]$", "a-", ()),
    (r"^\x{1F600}$", "\U0001f600", ()),
    (r"b\Z", "ab\n", ()),
    (r"b\z", "ab", ()),
    (r"\\Q", r"\Q", ()),
    (r"^a\Ec$", "ac", ()),
]
NO_MATCHES = [
    (r"b\z", "ab\n"),
    (r"b\Z", "abc"),
    (r"^\Qa.b\E$", "axb"),
    (r"^[a-z&&[^aeiou]]+$", "abc"),
    (r"^a++a$", "aaa"),
    (r"^\x{61}$", "x{61}"),
]
BROKEN = [(r"a(b", 3), (r"ab)", 2), (r"[a", 2), (r"*a", 0), (r"\x{61}(b", 8), (r"\Q..\E)", 6)]


@pytest.mark.parametrize(("pattern", "text", "groups"), MATCHES)
def test_a_pattern_means_what_it_means_to_icu(pattern: str, text: str, groups: tuple[str, ...]) -> None:
    match = compile_icu(pattern).search(text)
    assert match is not None
    assert match.groups() == groups


@pytest.mark.parametrize(("pattern", "text"), NO_MATCHES)
def test_a_pattern_does_not_match_what_icu_would_not_match(pattern: str, text: str) -> None:
    assert compile_icu(pattern).search(text) is None


@pytest.mark.parametrize(("pattern", "position"), BROKEN)
def test_a_broken_pattern_tells_where_it_breaks_in_the_text_as_written(pattern: str, position: int) -> None:
    with pytest.raises(RegexpError) as caught:
        compile_icu(pattern)
    assert caught.value.position == position


def test_a_pattern_of_a_thousand_characters_and_more_is_refused() -> None:
    compile_icu("a" * 1_000)
    with pytest.raises(RegexpError, match="at most 1000 characters"):
        compile_icu("a" * 1_001)


PIECES = st.sampled_from(
    [*"ab()[]{}*+?|^$.\\,:=<>!-&#~_19PpQEZzkKxuNRhHX", "(?", "(?<a>", "\\p{", "[[:", "{1,", "{e<", "\\x{", "(?i"]
)


@given(st.lists(PIECES, max_size=14).map("".join))
def test_whatever_a_pattern_is_it_compiles_or_tells_a_place_in_it(pattern: str) -> None:
    try:
        compile_icu(pattern)
    except RegexpError as error:
        assert 0 <= error.position <= len(pattern)
        assert error.reason
