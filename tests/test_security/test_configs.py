"""Configs and templates of strangers: nothing in them runs, nothing outside is read, and each ends in words."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from exfig_rx.config.migration import migrate
from exfig_rx.config.parse import parse_config
from exfig_rx.config.regexps import RegexpError, compile_icu
from exfig_rx.config.source import MAX_BYTES
from exfig_rx.errors import ConfigError, ExfigError, TemplateError
from exfig_rx.export.templates import Templates
from exfig_rx.model import Platform
from tests.test_security.designs import BLOCKS, FILE, Thing, config_text, design, exported

SECRET = "correct horse battery staple"

TAGS = (
    '!!python/object/apply:os.system ["touch pwned"]',
    '!!python/object/new:subprocess.Popen [["touch", "pwned"]]',
    "!!python/name:os.system",
    "!!python/module:antigravity",
    "!!python/object/apply:builtins.eval [\"open('pwned', 'w')\"]",
    "!include secret.txt",
    "!ENV ${HOME}",
    "!!binary c2VjcmV0",
    "!<tag:yaml.org,2002:python/object/apply:os.system> [touch pwned]",
)

LAUGHS = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12))
MERGES = "m0: &m0 {x: 1}\n" + "".join(
    f"m{n}: &m{n} {{<<: [{', '.join([f'*m{n - 1}'] * 10)}], x{n}: 1}}\n" for n in range(1, 12)
)

BOMBS = {
    "aliases that multiply": LAUGHS.encode(),
    "merges that multiply": MERGES.encode(),
    "an anchor in itself": b"web: &a {output: *a}\n",
    "an anchor that merges itself": b"web: &a\n  <<: *a\n",
    "brackets without end": b"web: " + b"[" * 200_000,
    "braces without end": b"web: " + b"{a: " * 100_000,
    "dashes without end": b"web:\n" + b"- " * 200_000 + b"a",
    "question marks without end": b"? " * 100_000,
    "a text of megabytes": b"web: {output: '" + b"x" * MAX_BYTES + b"'}",
    "a number of a million digits": b"priority: " + b"9" * 1_000_000,
    "a million keys": b"".join(b"k%d: 1\n" % n for n in range(150_000)),
    "a zero byte": b"web: {output: a\x00b}",
    "half a character": b'web: {output: "a\\ud800b", colors: {}}',
    "UTF-16": "web: {output: out}".encode("utf-16"),
    "UTF-32": "web: {output: out}".encode("utf-32"),
    "Latin-1": "web: {output: größe}".encode("latin-1"),
    "UTF-8 of halves": "web: {output: a\ud800}".encode(errors="surrogatepass"),
}


def refused(work: Callable[[], object]) -> ExfigError:
    """The refusal, in lines that a terminal shows as they are, with what to do."""
    with pytest.raises(ExfigError) as caught:
        work()
    for problem in caught.value.problems:
        assert problem.message.isprintable() and problem.hint.isprintable()
        assert len(problem.message) < 500
    return caught.value


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("place", ["{}\n", "web: {}\n", "web:\n  output: {}\n", "figma: [{}]\n", "? {}\n: a\n"])
def test_a_tag_makes_nothing(tag: str, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret.txt").write_text(SECRET)
    data = place.replace("{}", tag).encode()
    for error in (refused(lambda: parse_config(data, "a.yaml")), refused(lambda: migrate(data, "a.yaml"))):
        assert isinstance(error, ConfigError)
        assert SECRET not in repr(error.problems)
    assert [path.name for path in tmp_path.iterdir()] == ["secret.txt"]


@pytest.mark.parametrize("what", list(BOMBS))
def test_a_bomb_is_refused(what: str) -> None:
    assert isinstance(refused(lambda: parse_config(BOMBS[what], "a.yaml")), ConfigError)


NO_PATHS = ("a\\0b", "a\\nb", "a\\e[31mb", "a\\u2028b", "a" * 1_001, "a/" * 101 + "a")


@pytest.mark.parametrize("path", NO_PATHS)
def test_what_no_path_can_be_is_refused(path: str) -> None:
    data = f'figma: {{lightFileId: {FILE}}}\nweb: {{output: "{path}", colors: {{}}}}\n'
    error = refused(lambda: parse_config(data.encode(), "a.yaml"))
    assert [problem.code for problem in error.problems] == ["config.path"]


NO_NUMBERS = (".nan", ".inf", "-.inf", "1e999", "-1", "9" * 50, "1:30", "[1]", "'7'", "0x", "1e308")
NUMERIC = {
    "rateLimit": "figma: {{rateLimit: {}}}",
    "timeout": "figma: {{timeout: {}}}",
    "priority": "priority: {}",
    "ios.images.scales": "ios: {{images: {{scales: [{}]}}}}",
    "android.images.scales": "android: {{images: {{scales: [{}]}}}}",
    "flutter.images.scales": "flutter: {{images: {{scales: [1, {}]}}}}",
    "quality": "android: {{images: {{webpOptions: {{encoding: lossy, quality: {}}}}}}}",
    "pathPrecision": "android: {{icons: {{pathPrecision: {}}}}}",
    "composeMaterial": "android: {{icons: {{composeMaterial: {}}}}}",
    "iconSize": "web: {{icons: {{iconSize: {}}}}}",
}


@pytest.mark.parametrize("key", list(NUMERIC))
def test_an_absurd_number_is_refused_with_its_key(key: str) -> None:
    for number in NO_NUMBERS:
        error = refused(lambda number=number: parse_config(NUMERIC[key].format(number).encode(), "a.yaml"))  # type: ignore[misc]
        keys = [problem.location.key or "" for problem in error.problems if problem.location]
        assert any(key in one for one in keys), (number, keys)


@pytest.mark.parametrize("shape", list(BLOCKS))
def test_no_value_of_a_config_brings_a_terminal_to_obey(shape: str) -> None:
    whole = json.loads(config_text(shape))
    for place in places(whole):
        for text in ("\x1b[31mred\u202e\n", "\x07", "\ud800", "a" * 2_000):
            data = json.dumps(replaced(whole, place, text)).encode()
            try:
                problems = parse_config(data, "a.yaml").warnings
            except ConfigError as error:
                problems = error.problems
            shown = [problem.message + problem.hint + problem.excerpt.replace("\n", "") for problem in problems]
            assert all(map(str.isprintable, shown)), (place, text)
            assert max(map(len, shown), default=0) < 1_000


def places(value: object, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where in a tree there is a text, a number or a bool."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from places(item, (*at, key))
    if not isinstance(value, dict | list):
        yield at


def replaced(value: Any, at: tuple[str | int, ...], new: object) -> Any:
    """`value` with `new` at one place."""
    if not at:
        return new
    key, *rest = at
    items = dict(value) if isinstance(value, dict) else dict(enumerate(value))
    items[key] = replaced(value[key], tuple(rest), new)
    return items if isinstance(value, dict) else list(items.values())


CLIMBING = {
    "ios-colors": ("ios", "colors", "assetsFolder"),
    "ios-icons": ("ios", "icons", "assetsFolder"),
    "android-icons": ("android", "icons", "output"),
    "flutter-colors": ("flutter", "colors", "output"),
    "web-colors": ("web", "colors", "jsonFileName"),
    "web-icons": ("web", "icons", "outputDirectory"),
}


@pytest.mark.parametrize("shape", list(CLIMBING))
@pytest.mark.parametrize("path", ["../x", "a/../../x", "/etc/x", "..", "a/.."])
def test_a_folder_of_ours_lies_in_the_folder_that_it_is_of(shape: str, path: str) -> None:
    section, kind, key = CLIMBING[shape]
    block = BLOCKS[shape][section][kind]
    data = config_text(shape, **{section: {kind: {**block, key: path}}})
    error = refused(lambda: parse_config(data, "a.yaml"))
    assert {problem.code for problem in error.problems} == {"config.path"}


CATASTROPHES = (
    r"^(a+)+$",
    r"^((a*)*)*$",
    r"^(.*a){20}$",
    r"(?:(?:(?:(a+)+)+)+)+$",
    r"^(\w+\s?)*$",
    r"(.*)*(.*)*(.*)*(.*)*(.*)*y",
    r"(a+)+\1+$",
)


@pytest.mark.parametrize("pattern", CATASTROPHES)
def test_a_pattern_that_tries_every_way_ends_in_words(pattern: str, tmp_path: Path) -> None:
    common = {"colors": {"useSingleFile": True, "nameValidateRegexp": pattern}}
    config = parse_config(config_text("web-colors", common=common), "a.yaml").config
    error = refused(lambda: exported("web-colors", design([Thing("a" * 60 + "!")]), tmp_path, config))
    assert {problem.code for problem in error.problems} <= {"design.regexp-too-slow", "design.invalid-name"}


def test_a_pattern_that_would_search_for_years_is_stopped(tmp_path: Path) -> None:
    common = {"colors": {"useSingleFile": True, "nameValidateRegexp": "^(a|a)+$"}}
    config = parse_config(config_text("web-colors", common=common), "a.yaml").config
    error = refused(lambda: exported("web-colors", design([Thing("a" * 60 + "!")]), tmp_path, config))
    assert [problem.code for problem in error.problems] == ["design.regexp-too-slow"]


GIGABYTES = (
    r"a{9999999}",
    r"(?:(?:(?:a?){999}){999}){999}",
    r"((((((((((a{9}){9}){9}){9}){9}){9}){9}){9}){9}){9})",
    r"(?:ab){999999}",
    r"[[a-z]--[aeiou]]{99999999}",
    r"\p{L}{99999999}",
    r"\Qab\E{99999999}",
    r"(?x)(?:a{9999}) {9999}",
    "(?x)(?:a{9999}) # and again\n {9999}",
    r"(?x)[#]a{9999999}",
    r"(?R)",
    r"(a)(?1)",
    r"(?<x>a(?&x))",
    r"a{" + "9" * 500 + "}",
)


@pytest.mark.parametrize("pattern", GIGABYTES)
def test_a_pattern_that_takes_gigabytes_is_not_compiled(pattern: str) -> None:
    with pytest.raises(RegexpError, match=r"repeats come to more than|can't call itself"):
        compile_icu(pattern)


LOOKALIKES = (
    r"[(?R)]{2}",
    r"\(?R\)",
    r"[a{9999999}]",
    r"\Qa{999999}\E",
    r"a{2,999999}",
    r"(?:\w{2,3}_){1,40}",
    r"[]a]{300}",
)


@pytest.mark.parametrize("pattern", LOOKALIKES)
def test_a_pattern_that_only_looks_like_one_is_compiled(pattern: str) -> None:
    assert compile_icu(pattern).groups == 0


ESCAPES = (
    "{{ ''.__class__.__mro__ }}",
    "{{ colors.__class__.__base__.__subclasses__() }}",
    "{{ cycler.__init__.__globals__.os.popen('touch pwned').read() }}",
    "{{ self.__init__.__globals__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ colors|attr('__class__') }}",
    "{{ colors|map(attribute='__class__')|list }}",
    "{{ ['__class__']|map('attr', '__init__')|list }}",
    "{{ '{0.__class__}'.format(1) }}",
    "{{ '%s'|format(colors.append) }}",
    "{{ range.__self__ }}",
    "{{ dict.mro() }}",
    "{{ get_flashed_messages.__globals__ }}",
    "{{ (1).__class__ }}",
    "{% set x = joiner %}{{ x.__init__.__globals__ }}",
    "{% macro m() %}{{ caller.__globals__ }}{% endmacro %}{{ m.__globals__ }}",
    "{% import 'os' as os %}{{ os.getcwd() }}",
    "{% from '../secret.txt' import x %}",
    "{% include '../secret.txt' %}",
    "{% include ['../secret.txt', '/etc/passwd'] %}",
    "{% include '" + "../" * 30 + "etc/passwd' %}",
    "{% include 'file:///etc/passwd' %}",
    "{% include '..\\\\secret.txt' %}",
    "{% include 'linked' %}",
    "{% extends '/etc/passwd' %}",
    "{% import '../secret.txt' as s %}",
    "{{ open('../secret.txt').read() }}",
    "{{ __import__('os').system('touch pwned') }}",
)


@pytest.mark.parametrize("suffix", [".jinja", ".stencil"])
@pytest.mark.parametrize("text", ESCAPES)
def test_a_template_gets_at_nothing_but_its_folder_and_its_variables(
    text: str, suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text(SECRET)
    (folder / "linked").symlink_to(tmp_path / "secret.txt")
    (folder / f"colors.xml{suffix}").write_text(text)
    monkeypatch.chdir(tmp_path)
    try:
        said = Templates(Platform.ANDROID, "templates").render("colors.xml", {"colors": [{"name": "ink"}]})
    except TemplateError as error:
        said = repr(error.problems)
    assert SECRET not in said and "root:" not in said
    assert not any(sign in said for sign in ("<class", "<function", "<built-in", "<module", "object at", "<frozen"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret.txt", "templates"]


def test_what_no_path_can_be_is_told_where_a_folder_of_templates_is_named() -> None:
    with pytest.raises(TemplateError, match="can't be read"):
        Templates(Platform.ANDROID, "a" * 900)


def test_a_replacement_that_grows_without_end_is_refused(tmp_path: Path) -> None:
    rules = {"useSingleFile": True, "nameValidateRegexp": ".", "nameReplaceRegexp": "$0" * 900}
    config = parse_config(config_text("web-colors", common={"colors": rules}), "a.yaml").config
    error = refused(lambda: exported("web-colors", design([Thing("ink" * 10)]), tmp_path, config))
    assert "enough for a name in code" in error.problems[0].message
