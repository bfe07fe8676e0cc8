"""Names in code, byte for byte: the slash rule, patterns, words, and the five styles."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exfig_rx.config.entries import NameRules
from exfig_rx.config.schema import NameStyle
from exfig_rx.errors import DesignError
from exfig_rx.load.naming import final_name, is_valid, key_name, name_fault, styled, words

TABLE = [
    ("ic/24/arrow-left", "ic24ArrowLeft Ic24ArrowLeft ic_24_arrow_left ic-24-arrow-left IC_24_ARROW_LEFT"),
    ("a/a/a", "aAA AAA a_a_a a-a-a A_A_A"),
    ("icon24px", "icon24Px Icon24Px icon24px icon24px ICON_24PX"),
    ("Icon24px", "icon24Px Icon24Px icon_24px icon-24px ICON_24PX"),
    ("ic 24 px", "ic24Px Ic24Px ic_24_px ic-24-px IC_24_PX"),
    ("discount5", "discount5 Discount5 discount5 discount5 DISCOUNT_5"),
    ("Discount5", "discount5 Discount5 discount_5 discount-5 DISCOUNT_5"),
    (
        "promo-banner-discount5",
        "promoBannerDiscount5 PromoBannerDiscount5 promo_banner_discount5 promo-banner-discount5 "
        "PROMO_BANNER_DISCOUNT_5",
    ),
    ("24/close", "24Close 24Close 24_close 24-close 24_CLOSE"),
    ("icon-3D", "icon3D Icon3D icon_3_d icon-3-d ICON_3_D"),
    ("URLSession", "urlsession Urlsession urlsession urlsession URLSESSION"),
    ("iOS", "iOS IOs i_os i-os I_OS"),
    ("iconURL", "iconURL IconUrl icon_url icon-url ICON_URL"),
    (
        "Background/Primary 01",
        "backgroundPrimary01 BackgroundPrimary01 background_primary_01 background-primary-01 BACKGROUND_PRIMARY_01",
    ),
    ("v1.2", "v12 V12 v_1_2 v-1-2 V_1_2"),
    (
        "State=Default, Size=24",
        "stateDefaultSize24 StateDefaultSize24 state_default_size_24 state-default-size-24 STATE_DEFAULT_SIZE_24",
    ),
    ("__private__", "private Private __private__ --private-- PRIVATE"),
    ("Größe/XL", "größeXl GrößeXl größe_xl größe-xl GRÖSSE_XL"),
    ("Цвет/Фон", "цветФон ЦветФон цвет_фон цвет-фон ЦВЕТ_ФОН"),
    ("图标/关闭", "图标关闭 图标关闭 图_标_关_闭 图-标-关-闭 图_标_关_闭"),
    ("café au lait", "caféAuLait CaféAuLait café_au_lait café-au-lait CAFÉ_AU_LAIT"),
    ("🔥 hot", "hot Hot hot hot HOT"),
    ("🔥", "    "),
    ("A1B2", "a1B2 A1B2 a_1_b_2 a-1-b-2 A_1_B_2"),
    ("100%", "100 100 100 100 100"),
]
STYLES = (NameStyle.CAMEL, NameStyle.PASCAL, NameStyle.SNAKE, NameStyle.KEBAB, NameStyle.SCREAMING)
CASES = [(raw, style, wanted) for raw, row in TABLE for style, wanted in zip(STYLES, row.split(" "), strict=True)]

any_text = st.text(st.characters(), max_size=40)
namelike = st.text(st.sampled_from("aAbB019_-/ .=,éßΣσǅʰ½²Ⅷ一图\u0301\u200d🔥#~"), max_size=24)
raw_names = any_text | namelike
all_styles = st.sampled_from(STYLES)


def camel(validate: str | None = None, replace: str | None = None) -> NameRules:
    return NameRules(NameStyle.CAMEL, validate, replace)


@pytest.mark.parametrize(("raw", "style", "wanted"), CASES)
def test_a_name_has_the_same_form_as_in_the_older_tool(raw: str, style: NameStyle, wanted: str) -> None:
    assert final_name(raw, NameRules(style)) == wanted


@pytest.mark.parametrize(
    ("raw", "style", "wanted"),
    [
        pytest.param(
            "box04-big one", NameStyle.SNAKE, "box_04_big_one", id="hyphen and blank together take the word path"
        ),
        pytest.param("box04 big", NameStyle.SNAKE, "box04_big", id="blanks alone keep digits attached"),
        pytest.param("  box04   big ", NameStyle.SNAKE, "box04_big", id="runs of blanks are one separator"),
        pytest.param("box04 big", NameStyle.KEBAB, "box-04-big", id="kebab has no short cut for blanks"),
        pytest.param("24px", NameStyle.CAMEL, "24px", id="a first word of digits is lower-cased whole"),
        pytest.param("5G", NameStyle.PASCAL, "5G", id="a capital after a digit begins a word"),
        pytest.param("ΟΔΟΣ", NameStyle.SNAKE, "οδοσ", id="no final sigma"),
        pytest.param("m½ m²", NameStyle.SNAKE, "m½_m²", id="fractions and superscripts are numbers"),
        pytest.param("Ⅷ bis", NameStyle.KEBAB, "ⅷ-bis", id="roman numerals have case"),
        pytest.param("ǆ x", NameStyle.PASCAL, "ǅX", id="title case is not upper case"),
        pytest.param("rgb(0,0,0)", NameStyle.CAMEL, "rgb000", id="punctuation goes"),
        pytest.param("a\u0301/b", NameStyle.CAMEL, "\u00e1B", id="decomposed letters are composed"),
        pytest.param("x\u0302y", NameStyle.SNAKE, "x\u0302y", id="a cluster without composed form is one letter"),
        pytest.param("👩‍👩‍👧 family", NameStyle.KEBAB, "family", id="joined emoji are skipped as one"),
        pytest.param("שלום", NameStyle.SNAKE, "ש_ל_ו_ם", id="each letter of a caseless script is a word"),
    ],
)
def test_a_corner_of_the_word_rules_holds(raw: str, style: NameStyle, wanted: str) -> None:
    assert final_name(raw, NameRules(style)) == wanted


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("close/close", "close"),
        ("/close/close", "close"),
        ("close//close/", "close"),
        ("a/a/a", "a_a_a"),
        ("Close/close", "Close_close"),
        ("a / a", "a _ a"),
        ("a//b", "a__b"),
        ("/a", "_a"),
        ("a", "a"),
        ("é/e\u0301", "é"),
        ("", ""),
    ],
)
def test_slashes_become_underscores_unless_both_parts_are_equal(raw: str, wanted: str) -> None:
    assert key_name(raw) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("icon24px", ["Icon", "24Px"]),
        ("URLSession", ["Urlsession"]),
        ("v2Beta", ["V", "2", "Beta"]),
        ("a1b2c", ["A", "1B", "2C"]),
        ("don't", ["Don", "T"]),
        ("", []),
        ("-_- 🔥", []),
    ],
)
def test_words_begin_at_capitals_digits_and_separators(text: str, wanted: list[str]) -> None:
    assert list(words(text)) == wanted


@pytest.mark.parametrize(
    ("key", "pattern", "valid"),
    [
        ("anything at all", None, True),
        ("xx_primary_xx", "primary", True),
        ("xx_primary", "^primary", False),
        ("primary_2", "^[a-z_]+$", False),
        ("", "^$", True),
    ],
)
def test_validation_searches_anywhere_in_the_name(key: str, pattern: str | None, valid: bool) -> None:
    assert is_valid(key, camel(pattern)) is valid


@pytest.mark.parametrize(
    ("raw", "validate", "replace", "wanted"),
    [
        pytest.param("ic/24/bell", r"^(ic)_(\d\d)_([a-z]+)$", "icon_$2_$3_$1", "icon24BellIc", id="groups"),
        pytest.param("ic/24/bell", r"^(ic)_(\d\d)_([a-z]+)$", "icon_$2_$1", "icon24Ic", id="a dropped group is gone"),
        pytest.param("b", "^(a)?(b)$", "x$1y$2", "xyb", id="an absent group is empty and moves nothing"),
        pytest.param("tone", "^(t)one$", "$10", "t0", id="one digit only"),
        pytest.param("a_b_c", "_", " and ", "aAndBAndC", id="every match, and the rest stays"),
        pytest.param("blue", "^b", "[$0]", "bLue", id="$0 is the match"),
        pytest.param("blue", "^b", r"\1${1}$x", "11Xlue", id="no other syntax means anything"),
        pytest.param("blue", "nowhere", "x", "blue", id="no match, no change"),
        pytest.param("blue", None, "x", "blue", id="replace alone does nothing"),
        pytest.param("blue", "^.*$", "", "", id="the result may be empty"),
        pytest.param("blue", "$", "e\u0301", "blueé", id="text from the config is composed, too"),
    ],
)
def test_matches_are_replaced_before_the_style(raw: str, validate: str | None, replace: str, wanted: str) -> None:
    assert final_name(raw, camel(validate, replace)) == wanted


def test_a_group_that_is_not_there_names_replacement_and_pattern() -> None:
    with pytest.raises(DesignError) as caught:
        final_name("blue", camel("^[a-z]+$", "font_$1"))
    [problem] = caught.value.problems
    assert problem.code == "design.regexp-group"
    assert problem.message == "nameReplaceRegexp 'font_$1' asks for $1, but '^[a-z]+$' has no such group"
    assert "$0 is the whole match" in problem.hint


def test_a_pattern_that_does_not_compile_is_named() -> None:
    with pytest.raises(DesignError) as caught:
        is_valid("blue", camel("([a-z"))
    assert caught.value.problems[0].code == "design.regexp-broken"
    assert "'([a-z' is not a regexp: " in caught.value.problems[0].message


def test_a_pattern_that_searches_for_ever_is_stopped_and_named() -> None:
    with pytest.raises(DesignError) as caught:
        is_valid("a" * 60 + "!", camel("^(a|aa)+$"))
    [problem] = caught.value.problems
    assert problem.code == "design.regexp-too-slow"
    assert "'^(a|aa)+$' is still searching 'aaa" in problem.message


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("", "no letter or digit is left of it"),
        ("__", "no letter or digit is left of it"),
        (".", "it would name a directory"),
        ("..", "it would name a directory"),
        ("a", ""),
        ("_a", ""),
        ("1", ""),
    ],
)
def test_names_that_name_nothing_are_faulty(name: str, fault: str) -> None:
    assert name_fault(name) == fault


@given(raw_names, all_styles)
def test_every_text_has_a_name_of_letters_digits_and_separators_in_nfc(raw: str, style: NameStyle) -> None:
    name = final_name(raw, NameRules(style))
    assert unicodedata.is_normalized("NFC", name)
    separator = {NameStyle.SNAKE: "_", NameStyle.SCREAMING: "_", NameStyle.KEBAB: "-"}.get(style, "")
    strangers = {c for c in name if unicodedata.category(c)[0] in "ZP" or unicodedata.category(c) in {"Cc", "Cs"}}
    assert strangers <= set(separator)


@given(raw_names, all_styles)
def test_canonically_equal_texts_have_the_same_name(raw: str, style: NameStyle) -> None:
    assert final_name(unicodedata.normalize("NFD", raw), NameRules(style)) == final_name(raw, NameRules(style))


@given(raw_names, st.sampled_from([NameStyle.SNAKE, NameStyle.KEBAB]))
def test_flat_names_stay_as_they_are(raw: str, style: NameStyle) -> None:
    name = final_name(raw, NameRules(style))
    assert styled(name, style) == name


@given(raw_names)
def test_key_names_hold_no_slash_and_stay_as_they_are(raw: str) -> None:
    assert "/" not in key_name(raw)
    assert key_name(key_name(raw)) == key_name(raw)


@given(raw_names)
def test_snake_kebab_and_screaming_hold_the_same_words_when_there_is_no_short_cut(raw: str) -> None:
    text = "Xx " + key_name(raw).replace(" ", "")
    snake, kebab = styled(text, NameStyle.SNAKE), styled(text, NameStyle.KEBAB)
    assert snake.split("_") == kebab.split("-") == [word.lower().replace("ς", "σ") for word in words(text)]
