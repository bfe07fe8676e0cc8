"""Templates that loop for ever or eat memory are stopped, fast and with a word about why."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from exfig_rx.errors import TemplateError
from exfig_rx.export import template_limits as limits
from exfig_rx.export.templates import Templates
from exfig_rx.model import Platform, Problem

MOST_CPU_S = 2.0
"""Of processor time, not of the wall clock: far more than a stopped template takes, far less than one that is not."""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Lower limits, so that reaching them is quick; and a check that work stops where they are."""
    monkeypatch.setattr(limits, "MOST_STEPS", 100_000)
    monkeypatch.setattr(limits, "LONGEST_VALUE", 1_000_000)
    monkeypatch.setattr(limits, "MOST_CHARACTERS", 4_000_000)
    monkeypatch.setattr(limits, "MOST_ITEMS", 50_000)
    monkeypatch.setattr(limits, "REGEX_TIMEOUT_S", 0.05)
    begun = time.process_time()
    yield
    assert time.process_time() - begun < MOST_CPU_S


def failure(folder: Path, template: str, suffix: str) -> Problem:
    """The problem that rendering `template` ends with."""
    (folder / f"colors.xml.{suffix}").write_text(template, encoding="utf-8")
    with pytest.raises(TemplateError) as caught:
        Templates(Platform.ANDROID, str(folder)).render("colors.xml", {"colors": [{"name": "a"}] * 10})
    (problem,) = caught.value.problems
    assert problem.hint
    assert problem.location is not None
    assert problem.location.file is not None
    return problem


def grows(step: str, start: str = '"xxxxxxxx"') -> str:
    """A template that applies `step` to `ns.s` sixty times."""
    loop = f"{{% for i in range(60) %}}{{% set ns.s = {step} %}}{{% endfor %}}"
    return f"{{% set ns = namespace(s={start}) %}}{loop}{{{{ ns.s }}}}"


LARGE = {
    "a text times a number": '{{ "x" * 10**9 }}',
    "a number times a text": '{{ 10**9 * "x" }}',
    "a list times a number": "{{ [1] * 10**9 }}",
    "a range as a list": "{{ range(10**9)|list }}",
    "a range in a loop": "{% for i in range(10**9) %}{% endfor %}",
    "padding": '{{ "x"|center(10**9) }}',
    "padding by name": '{{ "x"|center(width=10**9) }}',
    "padding by a method": '{{ "x".ljust(10**9) }}{{ "x".zfill(10**9) }}',
    "padding by attr": '{{ ("x"|attr("ljust"))(10**9) }}',
    "indentation": '{{ "x"|indent(10**9, true) }}',
    "indentation by a text": '{{ ("\\n" * 99)|indent("x" * 99999) }}',
    "many for few": '{{ ("x" * 9999)|replace("x", "y" * 9999) }}',
    "many for nothing": '{{ ("x" * 9999)|replace("", "y" * 9999) }}',
    "many by a method": '{{ ("x" * 9999).replace("x", "y" * 9999) }}',
    "joined": '{{ range(9999)|join("x" * 9999) }}',
    "joined by a method": '{{ ("x" * 9999).join(range(9999)) }}',
    "joined joins": '{{ [range(999)|join("x" * 999)|string|list|join("y" * 99)]|join }}',
    "a wide number": '{{ "%1000000000d" % 1 }}',
    "a wide number by a filter": '{{ "%1000000000d"|format(1) }}',
    "a width from elsewhere": '{{ "%*d" % (10**9, 1) }}',
    "many decimals": '{{ "%.999999999f"|format(1) }}',
    "digits of a rounding": "{{ 42|round(-10**9) }}",
    "digits of a rounding up": '{{ 1.5|round(10**9, "ceil") }}',
    "batches": '{{ [1]|batch(10**9, "x")|list }}',
    "slices": "{{ [1]|slice(10**9)|list }}",
    "broken lines": '{{ "a b"|wordwrap(1, true, "x" * 99999) }}',
    "a power": "{{ 2 ** 99999999 }}",
    "a power of powers": "{{ 9 ** (9 ** 9) }}",
    "a product of products": grows("ns.s * ns.s", "3"),
    "a text plus itself": grows("ns.s + ns.s"),
    "a text beside itself": grows("ns.s ~ ns.s"),
    "a text that holds itself twice": grows('"%s%s" % (ns.s, ns.s)'),
    "a list plus itself": grows("ns.s + ns.s", "[1]"),
    "a list of itself": grows("[ns.s, ns.s]", "[1]"),
    "a tuple of itself": grows("(ns.s, ns.s)", "[1]"),
    "a list of itself, copied": grows("[ns.s, ns.s]|list", "[1]"),
    "a dictionary of itself": grows('{"a": ns.s, "b": ns.s}', "{}"),
    "a dictionary of itself by a function": grows("dict(a=ns.s, b=ns.s)", "{}"),
    "captured text": "{% set ns = namespace(s='xxxxxxxx') %}"
    + "{% for i in range(60) %}{% set x %}{{ ns.s }}{{ ns.s }}{% endset %}{% set ns.s = x %}{% endfor %}",
    "text captured in a loop": f"{{% set x %}}{{% for i in range(9999) %}}{'y' * 9999}{{% endfor %}}{{% endset %}}",
    "macros in macros": "{% macro m(s) %}{{ s }}{{ s }}{% endmacro %}{{ " + "m(" * 40 + "'xxxx'" + ")" * 40 + " }}",
    "printed often": "{% set x = 'x' * 99999 %}{% for i in range(9999) %}{{ x }}{% endfor %}",
    "a list of one text": "{% set x = 'x' * 99999 %}{{ [x] * 9999 }}",
    "one text a million times, as JSON": "{% set x = 'x' * 99999 %}{{ ([x] * 9999)|tojson }}",
    "a number from text": '{{ ("f" * 99999)|int(0, 16) }}',
}

ENDLESS = {
    "loops in loops": "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
    "loops over a long text": "{% for a in 'x' * 999999 %}{% endfor %}",
    "macros that fan out": "{% macro m(n) %}{% if n %}{{ m(n-1) }}{{ m(n-1) }}{% endif %}{% endmacro %}{{ m(25) }}",
    "blocks that fan out": "{% block a %}"
    + "".join(f"{{{{ self.b{i}() }}}}{{{{ self.b{i}() }}}}{{% block b{i} %}}" for i in range(15))
    + "{% endblock %}" * 16,
    "looking into a long text": "{% set x = 'x' * 999999 %}"
    + "{% for i in range(9999) %}{% if 'y' in x %}{% endif %}{% endfor %}",
    "long bodies": "{% for i in range(49999) %}" + "{% if colors %}{% endif %}" * 300 + "{% endfor %}",
    "parts of a long text": "{% set x = 'x' * 999999 %}{% for i in range(9999) %}{% set y = x[1:] %}{% endfor %}",
    "sorting again and again": "{% for i in range(9999) %}{% set y = range(9999)|sort %}{% endfor %}",
}

RECURSIVE = {
    "a file that includes itself": "{% include 'colors.xml' %}",
    "a file that imports itself": "{% import 'colors.xml' as m %}",
    "a file that extends itself": "{% extends 'colors.xml' %}",
    "a macro that calls itself": "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
    "a block that prints itself": "{% block b %}{{ self.b() }}{% endblock %}",
    "a loop that calls itself": "{% for a in [1] recursive %}{{ loop([1]) }}{% endfor %}",
}

STENCIL = {
    "a range": ("{% for a in 1...1000000000 %}{% endfor %}", "too-large"),
    "loops in loops": ("{% for a in 1...9999 %}{% for b in 1...9999 %}{% endfor %}{% endfor %}", "endless"),
    "a text that holds itself twice": (
        '{% set x "xxxxxxxx" %}' + "{% set x %}{{ x }}{{ x }}{% endset %}" * 60,
        "too-large",
    ),
    "text captured in a loop": (
        f"{{% set x %}}{{% for a in 1...9999 %}}{'y' * 9999}{{% endfor %}}{{% endset %}}",
        "too-large",
    ),
    "many for few": (
        "{% set x %}{% for a in 1...9999 %}x{% endfor %}{% endset %}{{ x|replace:'x',x }}",
        "too-large",
    ),
    "indentation": ('{{ "x"|indent:1000000000," ",true }}', "too-large"),
    "indentation by a text": (
        '{% set x %}{% for a in 1...9999 %}x{% endfor %}{% endset %}{{ "a"|indent:9999,x }}',
        "too-large",
    ),
    "a number from text": ("{% set x %}{% for a in 1...9999 %}f{% endfor %}{% endset %}{{ x|hexToInt }}", "too-large"),
    "texts of a list": (f"{{% map 1...9999 into x %}}{'y' * 9999}{{% endmap %}}", "too-large"),
    "a pattern that tries everything": (
        '{% set x "' + "a" * 60 + '!" %}{{ x|replace:"(a|aa)+$","","regex" }}',
        "endless",
    ),
    "a macro that calls itself": ("{% macro m %}{% call m %}{% call m %}{% endmacro %}{% call m %}", "recursion"),
    "a file that includes itself": ("{% include 'colors.xml' %}", "recursion"),
    "a file that imports itself": ("{% import 'colors.xml' %}", "recursion"),
    "a file that extends itself": ("{% extends 'colors.xml' %}", "recursion"),
    "a filter that names itself": ("{% set name 'filter:name' %}{{ 'x'|filter:name }}", "recursion"),
    "macros that fan out": (
        "".join(f"{{% macro m{i} %}}{{% call m{i + 1} %}}{{% call m{i + 1} %}}{{% endmacro %}}" for i in range(25))
        + "{% macro m25 %}x{% endmacro %}{% call m0 %}",
        "endless",
    ),
    "tags in tags": ("{% if a %}" * 99 + "{% endif %}" * 99, "syntax"),
    "brackets in brackets": ("{% if " + "( " * 9999 + "a" + " )" * 9999 + " %}{% endif %}", "syntax"),
    "filters after filters": ("{{ x" + '|default:"a"' * 9999 + " }}", "syntax"),
}


@pytest.mark.parametrize("name", LARGE)
def test_what_would_be_too_large_is_never_made(name: str, tmp_path: Path) -> None:
    problem = failure(tmp_path, LARGE[name], "jinja")
    assert (problem.code, problem.location and problem.location.line) == ("template.too-large", 1)


@pytest.mark.parametrize("name", ENDLESS)
def test_what_would_take_too_long_is_stopped(name: str, tmp_path: Path) -> None:
    problem = failure(tmp_path, ENDLESS[name], "jinja")
    assert problem.code == "template.endless"
    assert "takes more than 100,000 steps" in problem.message


@pytest.mark.parametrize("name", RECURSIVE)
def test_what_calls_itself_is_stopped(name: str, tmp_path: Path) -> None:
    assert failure(tmp_path, RECURSIVE[name], "jinja").code == "template.recursion"


@pytest.mark.parametrize("name", STENCIL)
def test_stencil_has_the_same_limits(name: str, tmp_path: Path) -> None:
    template, code = STENCIL[name]
    assert failure(tmp_path, template, "stencil").code == f"template.{code}"


LONG = {
    "opening brackets": "{% if " + "(" * 200_000 + "a %}{% endif %}",
    "closing brackets": "{% if a" + ")" * 200_000 + " %}{% endif %}",
    "commas": "{% for " + "a, " * 70_000 + "b in c %}{% endfor %}",
    "operators": "{% if a" + " and a" * 33_000 + " %}{% endif %}",
    "quotes": "{{ " + "\"' " * 70_000 + " }}",
    "steps": "{{ a" + ".b" * 100_000 + " }}",
    "keys": "{{ a" + "[b" * 100_000 + " }}",
    "lines": "{% if a" + " \n" * 70_000 + " and %}{% endif %}",
    "tags": "{% if a %}" * 20_000,
    "braces": "{ {" * 70_000 + "{{",
    "filters": "{{ a" + "|b" * 100_000 + " }}",
}


@pytest.mark.parametrize("name", LONG)
def test_reading_a_long_template_takes_no_more_than_its_length(name: str, tmp_path: Path) -> None:
    assert failure(tmp_path, LONG[name], "stencil").code == "template.syntax"


@pytest.mark.parametrize("suffix", ["jinja", "stencil"])
def test_a_file_has_a_largest_size(suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LONGEST_OUTPUT", 1000)
    problem = failure(tmp_path, "{% for c in colors %}" + "x" * 200 + "{% endfor %}", suffix)
    assert problem.code == "template.too-large"
    assert problem.message == "template colors.xml prints more than 1,000 characters"


def test_two_languages_that_include_each_other_are_stopped(tmp_path: Path) -> None:
    (tmp_path / "b.jinja").write_text("{% include 'colors.xml' %}")
    assert failure(tmp_path, "{% include 'b' %}", "stencil").code == "template.recursion"


def test_each_rendering_has_a_budget_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "colors.xml.jinja").write_text("{% for a in range(49999) %}{% endfor %}")
    templates = Templates(Platform.ANDROID, str(tmp_path))
    for _ in range(3):
        assert templates.render("colors.xml", {}) == ""
