"""Sections in files of the user: what is between the markers is ours, and nothing else is."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exfig_rx.errors import OutputError
from exfig_rx.model import SharedSection, WhenMissing
from exfig_rx.output.sections import with_section

START = "<!-- FROM: Reef -->"
END = "<!-- TO: Reef -->"


def section(*lines: str, name: str = "Reef", when_missing: WhenMissing = WhenMissing.FAIL) -> SharedSection:
    """A section for `attrs.xml` with markers `FROM` and `TO` and lines behind two blanks."""
    by_name = {line: line for line in lines}
    return SharedSection("res/attrs.xml", "a.attrsFile", "FROM", "TO", name, by_name, 2, when_missing)


def after(text: str, own: SharedSection) -> str:
    """What a file with `text` holds then, which a second time does not change."""
    once = with_section(text.encode(), own)
    assert once is not None
    assert with_section(once, own) == once
    return once.decode()


def refusal(text: str | None, own: SharedSection) -> tuple[int | None, str, str]:
    """Line, message and hint of the error."""
    with pytest.raises(OutputError) as caught:
        with_section(None if text is None else text.encode(), own)
    (problem,) = caught.value.problems
    assert problem.code == "output.markers"
    assert problem.message.endswith("; nothing of this config was written")
    assert problem.location is not None
    assert (problem.location.file, problem.location.key) == ("res/attrs.xml", "a.attrsFile")
    return problem.location.line, problem.message.removesuffix("; nothing of this config was written"), problem.hint


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (f"<r>\n  {START}\n  {END}\n</r>", f"<r>\n  {START}\n  a\n  b\n  {END}\n</r>"),
        (f"<r>\n  {START}\n  old\n{END}\n</r>", f"<r>\n  {START}\n  a\n  b\n{END}\n</r>"),
        (f"<r>\r\n\t{START}\r\n\t{END}\r\n</r>", f"<r>\r\n\t{START}\r\n  a\r\n  b\r\n\t{END}\r\n</r>"),
        (f"<r>{START}{END}</r>", f"<r>{START}\n  a\n  b\n{END}</r>"),
        (f"<r>{START}  {END}</r>\r\n", f"<r>{START}\r\n  a\r\n  b\r\n{END}</r>\r\n"),
        (f"\ufeff{START}\n\n \n{END}", f"\ufeff{START}\n  a\n  b\n{END}"),
        (f"é\n{START}\n<!-- note -->\n\t {END}é", f"é\n{START}\n  a\n  b\n\t {END}é"),
    ],
)
def test_the_lines_between_the_markers_are_replaced(before: str, expected: str) -> None:
    assert after(before, section("b", "a")) == expected


def test_a_section_keeps_its_own_ends_of_lines_in_a_file_that_has_both() -> None:
    assert after(f"<r>\r\n{START}\nold\n{END}\r\n</r>", section("a")) == f"<r>\r\n{START}\n  a\n{END}\r\n</r>"


def test_a_section_without_lines_is_empty() -> None:
    assert after(f"{START}\n  old\n  {END}", section()) == f"{START}\n  {END}"


def test_other_sections_stay_as_they_are() -> None:
    other = "<!-- FROM: Reef.Dark -->\n  x\n<!-- TO: Reef.Dark -->\n"
    assert after(f"{other}{START}\n{END}\n{other}", section("a")) == f"{other}{START}\n  a\n{END}\n{other}"


def test_bytes_that_are_no_utf_8_come_back() -> None:
    latin = '<?xml encoding="iso-8859-1"?>\xe9'.encode("latin-1")
    content = with_section(latin + f"{START}\n{END}".encode() + b"\xff", section("a"))
    assert content == latin + f"{START}\n  a\n{END}".encode() + b"\xff"


def test_a_file_in_utf_16_is_refused() -> None:
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        with pytest.raises(OutputError, match="is UTF-16"):
            with_section(f"{START}{END}".encode(encoding), section("a"))


def test_a_missing_file_is_an_error_or_not_as_the_section_says() -> None:
    line, message, hint = refusal(None, section("a"))
    assert (line, message) == (None, "res/attrs.xml does not exist, and theme attributes go into it")
    assert hint == f"make it, with {START} and {END} where the lines of exfig belong"
    assert with_section(None, section("a", when_missing=WhenMissing.SKIP)) is None


def test_a_missing_file_is_created_with_its_lines_at_once() -> None:
    content = with_section(None, section("a", when_missing=WhenMissing.CREATE))
    assert content is not None
    assert content.decode() == (
        f'<?xml version="1.0" encoding="utf-8"?>\n<resources>\n  {START}\n  a\n  {END}\n</resources>'
    )
    assert with_section(content, section("a", when_missing=WhenMissing.CREATE)) == content


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("<resources>\n</resources>\n", f"<resources>\n  {START}\n  a\n  {END}\n</resources>\n"),
        ("<resources>\r\n\t</resources >", f"<resources>\r\n  {START}\r\n  a\r\n  {END}\r\n\t</resources >"),
        ("<resources></resources>", f"<resources>\n  {START}\n  a\n  {END}\n</resources>"),
        (
            "<resources>\n</resources>\n<!-- </resources> -->",
            f"<resources>\n  {START}\n  a\n  {END}\n</resources>\n<!-- </resources> -->",
        ),
    ],
)
def test_missing_markers_are_made_before_the_end_of_the_resources_where_asked(before: str, expected: str) -> None:
    assert after(before, section("a", when_missing=WhenMissing.CREATE)) == expected


@pytest.mark.parametrize("order", [("A", "B", "C"), ("C", "B", "A"), ("B", "C", "A"), ("B", "A", "C")])
def test_sections_that_are_made_stand_by_name_whoever_comes_first(order: Sequence[str]) -> None:
    content: bytes | None = b"<resources>\n  <!-- FROM: Z -->\n  <attr />\n  <!-- TO: Z -->\n  <attr />\n</resources>"
    for name in order:
        content = with_section(content, section(f"<{name} />", name=name, when_missing=WhenMissing.CREATE))
    assert content is not None
    made = "".join(f"  <!-- FROM: {name} -->\n  <{name} />\n  <!-- TO: {name} -->\n" for name in "ABC")
    old = "  <!-- FROM: Z -->\n  <attr />\n  <!-- TO: Z -->\n  <attr />\n"
    assert content.decode() == f"<resources>\n{old}{made}</resources>"


def test_a_name_that_differs_in_one_character_is_another_one() -> None:
    before = "<resources>\n  <!-- FROM: Theme-A -->\n  <!-- TO: Theme-A -->\n</resources>"
    made = after(before, section("a", name="Theme.A", when_missing=WhenMissing.CREATE))
    ours = "  <!-- FROM: Theme.A -->\n  a\n  <!-- TO: Theme.A -->\n</resources>"
    assert made == before.replace("</resources>", ours)


def test_without_an_end_of_resources_there_is_no_place_for_markers() -> None:
    _, message, _ = refusal("<resources/>", section("a", when_missing=WhenMissing.CREATE))
    assert message == "res/attrs.xml has no </resources>"


@pytest.mark.parametrize("when_missing", WhenMissing)
@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (f"\n{START}\n", 2, f"res/attrs.xml has no {END}, but {START}"),
        (f"\n\n{END}\n", 3, f"res/attrs.xml has no {START}, but {END}"),
        (
            "\n<!--FROM: Reef-->\n<!-- TO:Reef -->",
            2,
            f"res/attrs.xml has no {START}, but <!--FROM: Reef-->, <!-- TO:Reef -->",
        ),
        (f"{START}\n{START}\n{END}", 2, f"res/attrs.xml has {START} 2 times"),
        (f"{START}\n{END}\n{END}\r\n{END}", 3, f"res/attrs.xml has {END} 3 times"),
        (f"\n{END}\n{START}", 2, f"{END} stands before {START} in res/attrs.xml"),
        (
            f"{START}\n<!-- FROM: Tide -->\n<!-- TO: Tide -->\n{END}",
            2,
            f"<!-- FROM: Tide --> stands between {START} and {END} in res/attrs.xml",
        ),
        (
            f"<!-- FROM: Tide -->\n{START}\n\n<!-- TO: Tide -->\n{END}",
            4,
            f"<!-- TO: Tide --> stands between {START} and {END} in res/attrs.xml",
        ),
    ],
)
def test_markers_that_do_not_say_what_is_ours_are_told_with_their_line(
    text: str, line: int, message: str, when_missing: WhenMissing
) -> None:
    assert refusal(text, section("a", when_missing=when_missing))[:2] == (line, message)


def test_a_file_without_the_markers_is_told_which_ones_it_has() -> None:
    others = "".join(f"\n<!-- FROM: {name} -->" for name in "ABCDEF")
    line, message, hint = refusal(f"<resources>{others}\n</resources>", section("a"))
    shown = ", ".join(f"<!-- FROM: {name} -->" for name in "ABCDE")
    assert (line, message) == (2, f"res/attrs.xml has no {START}, but {shown}")
    assert f"between {START} and {END}" in hint
    assert refusal("<resources/>", section("a"))[:2] == (None, f"res/attrs.xml has no {START}")


def test_markers_are_words_and_no_patterns() -> None:
    own = SharedSection("res/attrs.xml", "a", "[", "(", ".*", {"a": "\\1"}, 0, WhenMissing.FAIL)
    assert after("<!-- [: .* -->\n<!-- (: .* -->", own) == "<!-- [: .* -->\n\\1\n<!-- (: .* -->"


_bytes_of_a_user = st.lists(
    st.sampled_from(
        [b"<item/>", b"\n", b"\r\n", b" ", b"\t", b"\xff", b"\xef\xbb\xbf", "é".encode(), b"<!-- FROM: R", b"-->"]
    ),
    max_size=8,
).map(b"".join)
_lines = st.lists(st.sampled_from(["<item a/>", "<item b/>", "<item c/>"]), unique=True)


@given(_bytes_of_a_user, _bytes_of_a_user, _bytes_of_a_user, _lines, _lines)
def test_bytes_outside_the_markers_never_change(
    head: bytes, inside: bytes, tail: bytes, first: Sequence[str], second: Sequence[str]
) -> None:
    text = head + START.encode() + inside.replace(b"<!--", b"") + END.encode() + tail
    once = with_section(text, section(*first))
    twice = with_section(once, section(*second))
    for content, lines in ((once, first), (twice, second)):
        assert content is not None
        assert content.startswith(head + START.encode())
        assert content.endswith(END.encode() + tail)
        own = content[len(head) + len(START) : len(content) - len(tail) - len(END)]
        assert [line.strip() for line in own.decode().split("\n") if line.strip()] == sorted(lines)
    assert with_section(twice, section(*second)) == twice


ATTRIBUTE = '<attr name="{}" format="color" />'


def test_an_attribute_is_declared_once_in_a_file_whichever_section_comes_first() -> None:
    def of(name: str, *attributes: str) -> SharedSection:
        lines = {attribute: ATTRIBUTE.format(attribute) for attribute in attributes}
        return replace(section(name=name, when_missing=WhenMissing.CREATE), lines=lines)

    first, second = of("A", "ink", "sea"), of("B", "ink", "fog", "own")
    start = '<resources>\n    <attr name="own" format="reference" />\n</resources>'
    texts = []
    for order in ((first, second), (second, first)):
        text = start
        for one in (*order, *order):
            text = after(text, one)
        texts.append(text)
    assert texts[0] == texts[1]
    for name in ("ink", "sea", "fog", "own"):
        assert texts[0].count(f'name="{name}"') == 1
    assert texts[0].index("FROM: A") < texts[0].index('name="ink"') < texts[0].index("TO: A")
