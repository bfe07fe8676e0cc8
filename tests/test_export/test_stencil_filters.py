"""Each filter of Stencil and StencilSwiftKit does what the original does, and says what it takes."""

import pytest

from exfig_rx.export.stencil_filters import FILTERS
from exfig_rx.export.template_faults import TemplateFault
from exfig_rx.export.template_limits import Budget
from exfig_rx.export.template_text import printed


def made(name: str, value: object, *arguments: object) -> object:
    """What filter `name` makes of `value`."""
    return FILTERS[name].apply(value, arguments, Budget())


@pytest.mark.parametrize(
    ("name", "value", "arguments", "result"),
    [
        ("basename", "a/b/c.svg", (), "c.svg"),
        ("basename", "a/b/", (), "b"),
        ("basename", "/", (), "/"),
        ("dirname", "a/b/c.svg", (), "a/b"),
        ("dirname", "c.svg", (), "."),
        ("dirname", "/c.svg", (), "/"),
        ("dirname", "a//./b/c/", (), "a/b"),
        ("camelToSnakeCase", "someURLOfIcon24", (), "some_url_of_icon24"),
        ("camelToSnakeCase", "Some-Name", (), "some_name"),
        ("camelToSnakeCase", "someName", ("false",), "some_Name"),
        ("camelToSnakeCase", "someName", (False,), "some_name"),  # no text, so it counts as not given
        ("snakeToCamelCase", "some_name", (), "SomeName"),
        ("snakeToCamelCase", "__some_name", (), "__SomeName"),
        ("snakeToCamelCase", "__some_name", ("true",), "SomeName"),
        ("snakeToCamelCase", "SOME_NAME", (), "SomeName"),
        ("lowerFirstLetter", "SomeName", (), "someName"),
        ("lowerFirstWord", "URLChooser", (), "urlChooser"),
        ("lowerFirstWord", "PeoplePicker", (), "peoplePicker"),
        ("lowerFirstWord", "URL", (), "url"),
        ("lowerFirstWord", "", (), ""),
        ("upperFirstLetter", "some name", (), "Some name"),
        ("titlecase", "some name", (), "Some name"),
        ("capitalize", "some don't-do_it 2nd", (), "Some Don't-Do_It 2Nd"),
        ("capitalize", ["aB", 1, None], (), ["Ab", "1", ""]),
        ("uppercase", "straße", (), "STRASSE"),
        ("lowercase", ["A", True], (), ["a", "true"]),
        ("lowercase", None, (), ""),
        ("swiftIdentifier", "24 some-name", (), "_24_Some_Name"),
        ("swiftIdentifier", "24 some-name", ("valid",), "_24_some_name"),
        ("swiftIdentifier", "24 some-name", ("pretty",), "_24SomeName"),
        ("swiftIdentifier", "größe", ("valid",), "größe"),
        ("escapeReservedKeywords", "class", (), "`class`"),
        ("escapeReservedKeywords", "classy", (), "classy"),
        ("removeNewlines", "a b\n c", (), "abc"),
        ("removeNewlines", " a b\n\t c ", ("leading",), "a bc"),
        ("contains", "text", ("ex",), True),
        ("!contains", "text", ("ex",), False),
        ("hasPrefix", 24, ("2",), True),
        ("!hasSuffix", "text", ("t",), False),
        ("default", None, ("a",), "a"),
        ("default", None, (None, "b"), "b"),
        ("default", "", ("a",), ""),
        ("default", 0, ("a",), 0),
        ("join", ["a", 1, None, True], (",",), "a,1,,true"),
        ("join", ["a", "b"], (), "ab"),
        ("join", "text", (",",), "text"),
        ("split", "a b", (), ["a", "b"]),
        ("split", "a,b,", (",",), ["a", "b", ""]),
        ("split", "ab", ("",), ["ab"]),
        ("split", 3, (",",), 3),
        ("indent", "a\n\nb", (), "a\n\n    b"),
        ("indent", "a\nb", (2, ">", True), ">>a\n>>b"),
        ("replace", "aXbX", ("X", "-"), "a-b-"),
        ("replace", "ab", ("", "-"), "ab"),
        ("replace", "ic_24_x", (r"_(\d+)_", "/$1/", "regex"), "ic/24/x"),
        ("replace", "a1", (r"(a)(\d)", r"$21\$$1", "regex"), "11$a"),
        ("replace", "ab", ("(x)?b", "[$1]", "regex"), "a[]"),
        ("hexToInt", "FF", (), 255),
        ("hexToInt", "xyz", (), None),
        ("int255toFloat", 128, (), 0.5019608),
        ("percent", 0.29, (), "29%"),
        ("json", ["ä", True, None], (), '["ä", true, null]'),
        ("commented", "a\n// b", (), "// a\n// b"),
    ],
)
def test_a_filter_makes_what_the_original_makes(
    name: str, value: object, arguments: tuple[object, ...], result: object
) -> None:
    assert made(name, value, *arguments) == result


@pytest.mark.parametrize(
    ("name", "value", "arguments", "says", "hint"),
    [
        ("basename", None, (), "gives filter basename nothing", 'name|default:""|basename'),
        ("replace", ["a"], ("a", "b"), "gives filter replace a list", "it works on texts"),
        ("swiftIdentifier", "a", ("nice",), "the mode 'nice'", "it knows normal, valid, pretty"),
        ("removeNewlines", "a", ("most",), "the mode 'most'", "it knows all, leading"),
        ("camelToSnakeCase", "a", ("maybe",), "'maybe'", 'it takes "true" or "false"'),
        ("indent", "a", ("wide",), "what it can't use", "it takes a width"),
        ("percent", "a", (), "what is no number", "percent works on numbers"),
        ("int255toFloat", 1e300, (), "a number that is too large", "docs/templates.md"),
        ("replace", "a", ("(", "b", "regex"), "does not compile", "as in ICU"),
        ("replace", "a", ("a", "$1", "regex"), "whose pattern has 0 groups", r"write \$"),
    ],
)
def test_what_a_filter_does_not_take_is_said_in_words(
    name: str, value: object, arguments: tuple[object, ...], says: str, hint: str
) -> None:
    with pytest.raises(TemplateFault) as caught:
        made(name, value, *arguments)
    assert says in caught.value.what
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (1e16, "1e+16"),
        ([1, [True, None], "a\\"], '[1, [true, nil], "a\\\\"]'),
        ({"a": {}}, '["a": [:]]'),
    ],
)
def test_values_print_as_in_swift(value: object, text: str) -> None:
    assert printed(value, Budget()) == text
