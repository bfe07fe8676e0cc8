"""Configs as text, and what a person reads about them."""

from exfig_rx.config.parse import ParsedConfig, parse_config
from exfig_rx.errors import ConfigError
from exfig_rx.model import Problem

FIGMA = "figma: { lightFileId: Lb9HarborLibrary00000001 }\n"
IOS = FIGMA + "ios:\n  xcassetsPath: App/Assets.xcassets\n  xcassetsInMainBundle: true\n"
ANDROID = FIGMA + "android:\n  mainRes: app/src/main/res\n"
COMPOSE = ANDROID + "  mainSrc: app/src/main/java\n  resourcePackage: app.harbor\n"
FLUTTER = FIGMA + "flutter:\n  output: lib/generated\n"
WEB = FIGMA + "web:\n  output: site/src/design\n"
IOS_COLORS = IOS + "  colors: { useColorAssets: true, assetsFolder: Colors, nameStyle: camelCase }\n"
SOURCE = "{ tokensFileId: Vq3HarborTokens000000001, tokensCollectionName: Theme, lightModeName: Day }"


def accepted(text: str) -> ParsedConfig:
    """The parsed config; a test that meets an error here shows it."""
    return parse_config(text.encode(), "harbor.yaml")


def rejected(text: str | bytes) -> tuple[Problem, ...]:
    """Everything that is wrong with a config that must not pass."""
    data = text.encode() if isinstance(text, str) else text
    try:
        parsed = parse_config(data, "harbor.yaml")
    except ConfigError as error:
        return error.problems
    raise AssertionError(f"accepted: {parsed.config!r}")


def the_error(text: str | bytes) -> Problem:
    """The only thing that is wrong."""
    problems = rejected(text)
    assert len(problems) == 1, [read(problem) for problem in problems]
    return problems[0]


def the_warning(text: str) -> Problem:
    """The only thing that is odd about a config that passes."""
    warnings = accepted(text).warnings
    assert len(warnings) == 1, [read(problem) for problem in warnings]
    return warnings[0]


def read(problem: Problem) -> str:
    """A problem as one line: place, key, message, hint."""
    place = problem.location
    assert place is not None
    key = f" {place.key}" if place.key else ""
    return f"{place.line}:{place.column}{key}: {problem.message} | {problem.hint}"
