"""Plain values that every room shares: identities, places, problems, API messages, colors, files.

Nothing flows in; everything imports this. All values are frozen and hashable where their parts are.
Rule: no behaviour beyond small pure properties, no imports from the rest of the package but `pictures` and
`text_styles`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeAlias, TypeVar

from exfig_rx.pictures import Content, Raster
from exfig_rx.text_styles import TypeStyle

if TYPE_CHECKING:
    from reactivex import Observable


T = TypeVar("T")


class Platform(StrEnum):
    """A target that code is generated for."""

    IOS = "ios"
    ANDROID = "android"
    FLUTTER = "flutter"
    WEB = "web"


class Kind(StrEnum):
    """A kind of asset, in the order in which a config exports them."""

    COLORS = "colors"
    ICONS = "icons"
    IMAGES = "images"
    TYPOGRAPHY = "typography"


class Tier(IntEnum):
    """A rate-limit tier of Figma's REST API; 1 is the scarcest (https://developers.figma.com/docs/rest-api/rate-limits/)."""

    ONE = 1
    TWO = 2
    THREE = 3


@dataclass(frozen=True, slots=True)
class ConfigId:
    """One config file of a run.

    `path` is the absolute real path and identifies the config; `name` is the file name; `label` is the shortest
    path that tells it from the other configs of the run, which is what people see.
    """

    path: str
    name: str = field(compare=False)
    label: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Location:
    """Where a problem is: a place in a file (1-based line and column, key path), or a node of a Figma file."""

    file: str | None = None
    line: int | None = None
    column: int | None = None
    key: str | None = None
    figma_file: str | None = None
    node_id: str | None = None
    node_name: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, for people: what, where, and what to do now.

    `code` is stable and appears in the report (`config.unknown-key`). `excerpt` is the source line with a caret
    below it, when the place is in a text file.
    """

    code: str
    message: str
    hint: str = ""
    location: Location | None = None
    excerpt: str = ""


class Late(Protocol):
    """What is decided about a request only when it may go."""

    def fill(self) -> "Request":
        """The request that goes now; called again each time it goes again."""
        ...

    def refused(self) -> int:
        """Figma refused it with a 429; how often in a row what it carries was refused, in other requests, too."""
        ...

    def empty(self) -> None:
        """Figma refused it, and it waits for its turn again: what it carried may go with others meanwhile."""
        ...


@dataclass(frozen=True, slots=True)
class Request:
    """One request to Figma's REST API.

    `path` starts with `/v1/` or `/v2/`; `query` is unescaped; `charged_to` is the config whose turn pays for it (None:
    the run itself); `what` names it for people ("styles of file Ab12"). Lower `rank` goes first within one config.
    `leads_to` is a tier that must be open for the answer to be of use. `late`, where given, makes the request that is
    sent, at the moment when it may go. `lasting`: the answer holds as long as the version of its file does; `items`
    names the map in it, where each of its items does for itself. `digest` makes of a body what is needed of it, off the
    reactor. Another `again` is another question, as when something may have changed since.
    """

    tier: Tier
    path: str
    query: tuple[tuple[str, str], ...] = ()
    charged_to: ConfigId | None = None
    file_key: str = ""
    what: str = ""
    method: str = "GET"
    body: bytes | None = None
    timeout_s: float | None = None
    rank: int = 0
    leads_to: Tier | None = None
    lasting: bool = False
    items: str = ""
    digest: "Callable[[Mapping[str, Any]], Mapping[str, Any]] | None" = field(default=None, compare=False, repr=False)
    late: Late | None = field(default=None, compare=False, repr=False)
    again: int = 0

    @property
    def key(self) -> tuple[str, str, tuple[tuple[str, str], ...], bytes | None, int]:
        """What makes two requests the same question, whoever asks."""
        return (self.method, self.path, self.query, self.body, self.again)


@dataclass(frozen=True, slots=True)
class Response:
    """A successful answer: HTTP status and the decoded JSON object."""

    status: int
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Lookup(Generic[T]):
    """A question about ids of one file: all of a request but the ids, so that ids of several configs go together.

    `query` is the rest of the query; `parse` reads an answer as id to value. `noun` names one id for people ("style
    node"). `portion` is how many ids go into the first request; it adapts. `optional`: an id that Figma can't answer
    even alone is None, not a failure. Lookups of another `attempt` are asked anew. `items` names the map of an answer
    whose items hold as long as the version of the file does, and for at most `good_for_s` seconds; empty where they
    don't. `digest` as in `Request`.
    """

    tier: Tier
    path: str
    file_key: str
    noun: str
    parse: Callable[[Mapping[str, Any]], Mapping[str, T | None]] = field(compare=False, repr=False)
    query: tuple[tuple[str, str], ...] = ()
    portion: int = 200
    rank: int = 1
    optional: bool = False
    timeout_s: float | None = None
    attempt: int = 1
    items: str = ""
    good_for_s: float | None = None
    digest: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = field(default=None, compare=False, repr=False)


Send: TypeAlias = "Callable[[Request], Observable[Response]]"
"""The one seam of the API stack: HTTP, scheduler, retries and single flight all have this shape."""


@dataclass(frozen=True, slots=True)
class Rgba:
    """A color in sRGB; each channel is a float from 0 to 1, as Figma sends it (not rounded)."""

    red: float
    green: float
    blue: float
    alpha: float = 1.0


@dataclass(frozen=True, slots=True)
class Paint:
    """One fill of a node. `type` is Figma's word, known or not; `color` (SOLID only) has alpha = opacity x a."""

    type: str
    color: Rgba | None = None
    visible: bool = True


@dataclass(frozen=True, slots=True)
class Style:
    """A published style of a file, as `/styles` lists it; `type` is Figma's word (FILL, TEXT, EFFECT, GRID, ...)."""

    node_id: str
    name: str
    type: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class StyleNode:
    """The node behind a style, as `/nodes` returns it; `type` is that of a text node whose numbers are all there."""

    node_id: str
    name: str
    fills: tuple[Paint, ...] = ()
    type: TypeStyle | None = None


@dataclass(frozen=True, slots=True)
class FileVersion:
    """A file of Figma at one moment: `version` is a string of digits that Figma moves with every change."""

    file_key: str
    version: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class FileStyles:
    """The published styles of one file, and the node behind each id that was asked for (None: Figma has none)."""

    file_key: str
    styles: tuple[Style, ...]
    nodes: Mapping[str, StyleNode | None]


@dataclass(frozen=True, slots=True)
class ThemedColor:
    """A color under its final name, with one value per configured mode.

    `name` is the final name in the entry's name style; `original_name` is the untouched text from Figma (of the light
    color). `file_key` and `node_id` say where the light value comes from.
    """

    name: str
    original_name: str
    light: Rgba
    dark: Rgba | None = None
    light_hc: Rgba | None = None
    dark_hc: Rgba | None = None
    file_key: str = ""
    node_id: str = ""


@dataclass(frozen=True, slots=True)
class OutputFile:
    """A file to write: path as configured (not yet joined to the output root), and what is in it."""

    path: str
    content: Content


@dataclass(frozen=True, slots=True)
class RasterFile:
    """A file to write once its picture is made."""

    path: str
    raster: Raster


class WhenMissing(StrEnum):
    """What happens where a file of the user, or the markers of a section in it, are not there."""

    FAIL = "fail"
    SKIP = "skip"
    """A missing file is left missing; missing markers fail."""
    CREATE = "create"


@dataclass(frozen=True, slots=True)
class SharedSection:
    """A section that is ours in an XML file of the user: what stands between two comments, read and merged at commit.

    The comments are `<!-- start: name -->` and `<!-- end: name -->`. `lines` by what must be said once (the name of an
    attribute), sorted when they are written, each behind `indent` blanks. `key` is the config's key for the file.
    """

    path: str
    key: str
    start: str
    end: str
    name: str
    lines: Mapping[str, str] = field(hash=False)
    indent: int
    when_missing: WhenMissing


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a renderer makes of one entry: files, and what people should know about them.

    `rasters` are files whose pictures are still to be made, `sections` go into files of the user. `losses` name what a
    format could not hold of a drawing, and `failures` pictures that could not be made at all; each is a warning, or
    fails the config where that is asked.
    """

    files: tuple[OutputFile, ...]
    warnings: tuple[Problem, ...] = ()
    losses: tuple[Problem, ...] = ()
    failures: tuple[Problem, ...] = ()
    rasters: tuple[RasterFile, ...] = ()
    sections: tuple[SharedSection, ...] = ()


@dataclass(frozen=True, slots=True)
class AssetCounts:
    """Distinct assets of a config, each counted once however many platforms it goes to."""

    colors: int = 0
    typography: int = 0
    icons: int = 0
    images: int = 0
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class FileCounts:
    """What a commit did to files on disk."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two configs that would own the same path; `later` wins when both run. One row per pair and shared path."""

    path: str
    earlier: ConfigId
    earlier_key: str
    later: ConfigId
    later_key: str
