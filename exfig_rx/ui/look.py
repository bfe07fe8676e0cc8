"""Where somebody looks on the dashboard, and what a key does to that: `pressed(look, key, …)`, pure.

In: the look, a key by its name (see `keys`), the state, the size of the window. Out: the look after it, and a wish, if
the key is one. Rule: what is selected is there; configs come and go meanwhile, so a look remembers both which config it
was and where it stood.
"""

from dataclasses import dataclass, replace
from typing import Final

from exfig_rx.model import ConfigId
from exfig_rx.run_state import BatchState, ConfigState
from exfig_rx.ui.panels import Panel, panel_lines
from exfig_rx.wishes import Quit, Rerun, TogglePause, Wish

AROUND_PANEL: Final = 3
"""Lines of the window beside those of a panel: the title, the heading, the keys."""

AROUND_LIST: Final = 6
"""Lines of the window beside those of the list, about: a page of it is what is left."""

FAR: Final = 10**9

STEPS: Final = {"up": -1, "k": -1, "down": 1, "j": 1, "home": -FAR, "g": -FAR, "end": FAR, "G": FAR}
PAGES: Final = {"pageup": -1, "pagedown": 1}
PANELS: Final = {"?": Panel.HELP, "e": Panel.ERROR, "enter": Panel.ERROR, "w": Panel.WARNINGS}


@dataclass(frozen=True, slots=True)
class Look:
    """`selected` was at `index` when it was selected; `scroll` are the lines of the open `panel` above the window."""

    selected: ConfigId | None = None
    index: int = 0
    panel: Panel | None = None
    scroll: int = 0


def selection(look: Look, configs: tuple[ConfigState, ...]) -> int | None:
    """Which of `configs` is selected: the one it was, or the one that stands in its place; None if there are none."""
    if not configs:
        return None
    if look.selected is not None:
        for index, config in enumerate(configs):
            if config.id == look.selected:
                return index
    return min(look.index, len(configs) - 1)


def selected(look: Look, state: BatchState) -> ConfigState | None:
    """The selected config."""
    configs = state.configs
    index = selection(look, configs)
    return None if index is None else configs[index]


def panel_page(height: int) -> int:
    """Lines of a panel that a window of `height` lines shows."""
    return max(1, height - AROUND_PANEL)


def pressed(look: Look, key: str, state: BatchState, width: int, height: int) -> tuple[Look, Wish | None]:
    """The look after `key` in a window of `width` by `height`, and what is wished with it."""
    match key:
        case "q":
            return look, Quit()
        case "p":
            return look, TogglePause()
        case "R":
            return look, Rerun(None)
        case "r":
            config = selected(look, state)
            return look, None if config is None else Rerun(config.id)
        case "escape":
            return replace(look, panel=None, scroll=0), None
        case _ if key in PANELS:
            panel = PANELS[key]
            return replace(look, panel=None if look.panel is panel else panel, scroll=0), None
        case _ if key in STEPS or key in PAGES:
            if look.panel is not None:
                return _scrolled(look, look.panel, key, state, width, height), None
            return _moved(look, key, state, height), None
    return look, None


def _moved(look: Look, key: str, state: BatchState, height: int) -> Look:
    configs = state.configs
    index = selection(look, configs)
    if index is None:
        return look
    by = STEPS[key] if key in STEPS else PAGES[key] * max(1, height - AROUND_LIST)
    index = min(max(0, index + by), len(configs) - 1)
    return replace(look, selected=configs[index].id, index=index)


def _scrolled(look: Look, panel: Panel, key: str, state: BatchState, width: int, height: int) -> Look:
    page = panel_page(height)
    by = STEPS[key] if key in STEPS else PAGES[key] * page
    lines = len(panel_lines(panel, selected(look, state), state, width, ascii_only=False))
    # what is shown has become shorter, perhaps: so the end counts first
    most = max(0, lines - page)
    return replace(look, scroll=min(max(0, min(look.scroll, most) + by), most))
