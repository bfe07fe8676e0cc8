"""What a scalar's text means to the key that holds it."""

import pytest
from pydantic import TypeAdapter, ValidationError

from exfig_rx.config.excerpt import START
from exfig_rx.config.nodes import Scalar
from exfig_rx.config.values import Flag, Seconds, Text, Whole
from tests.test_config.reading import accepted

TEXT: TypeAdapter[str] = TypeAdapter(Text)
FLAG: TypeAdapter[bool] = TypeAdapter(Flag)
WHOLE: TypeAdapter[int] = TypeAdapter(Whole)
NUMBER: TypeAdapter[float] = TypeAdapter(Seconds)


def plain(text: str) -> Scalar:
    return Scalar(text, "", START)


def quoted(text: str) -> Scalar:
    return Scalar(text, '"', START)


@pytest.mark.parametrize("text", ["007", "on", "True", "12:30", "2024-01-01", "=", "1e3", "0x1F", ".inf", "a b"])
def test_text_is_taken_as_it_is_written(text: str) -> None:
    assert TEXT.validate_python(plain(text)) == text


@pytest.mark.parametrize("text", ["", "~", "null", "Null", "NULL"])
def test_a_plain_null_is_no_text_but_a_quoted_one_is(text: str) -> None:
    with pytest.raises(ValidationError):
        TEXT.validate_python(plain(text))
    assert TEXT.validate_python(quoted(text)) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [("true", True), ("True", True), ("YES", True), ("on", True), ("false", False), ("No", False), ("oFF", False)],
)
def test_a_bool_is_one_of_six_words_in_any_letter_case(text: str, value: bool) -> None:
    assert FLAG.validate_python(plain(text)) is value


@pytest.mark.parametrize("node", [plain("y"), plain("n"), plain("1"), plain("0"), quoted("true"), plain("truee")])
def test_nothing_else_is_a_bool(node: Scalar) -> None:
    with pytest.raises(ValidationError):
        FLAG.validate_python(node)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("24", 24),
        ("-3", -3),
        ("+3", 3),
        ("0x1F", 31),
        ("0o17", 15),
        ("017", 15),
        ("0b101", 5),
        ("1_000", 1000),
    ],
)
def test_a_whole_number_has_the_notations_of_yaml(text: str, value: int) -> None:
    assert WHOLE.validate_python(plain(text)) == value


@pytest.mark.parametrize(
    "node",
    [plain("24.0"), plain("1:30"), plain("1e3"), plain("089"), plain("_1"), plain("0x"), quoted("24"), plain("9" * 50)],
)
def test_nothing_else_is_a_whole_number(node: Scalar) -> None:
    with pytest.raises(ValidationError):
        WHOLE.validate_python(node)


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", 1), ("1.5", 1.5), ("1_000", 1000), (".5", 0.5), ("1e3", 1000), ("2.", 2), ("1.5E-1", 0.15)],
)
def test_a_number_has_the_notations_of_yaml(text: str, value: float) -> None:
    assert NUMBER.validate_python(plain(text)) == value


@pytest.mark.parametrize("text", [".inf", ".nan", "-.inf", "1:30", "1e999", "inf", "nan", "0x1F.8", "٣", "1.5.2"])
def test_a_number_is_finite_and_decimal(text: str) -> None:
    with pytest.raises(ValidationError):
        NUMBER.validate_python(plain(text))


def test_names_in_a_config_keep_their_text() -> None:
    android = accepted(
        "android:\n  mainRes: 2024-01-01\n"
        "  colors: [{ tokensFileId: 0123456789012345678901, tokensCollectionName: 007, lightModeName: on, "
        "darkModeName: 12:30 }]\n"
    ).config.android
    assert android is not None
    source = android.colors[0].variables_source()
    assert source is not None
    assert android.main_res == "2024-01-01"
    assert (source.tokens_file_id, source.tokens_collection_name) == ("0123456789012345678901", "007")
    assert (source.light_mode_name, source.dark_mode_name) == ("on", "12:30")
