"""Keys on the dashboard: what is selected, what is open, what is wished."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exfig_rx import events as ev
from exfig_rx import watch_events as we
from exfig_rx.model import Problem
from exfig_rx.run_state import BatchState
from exfig_rx.ui.look import Look, pressed, selected, selection
from exfig_rx.ui.panels import Panel
from exfig_rx.wishes import Quit, Rerun, TogglePause, Wish
from tests.test_ui.events_strategy import sequences
from tests.test_ui.watches import T0, ids, state_after, watch_of

KEYS = (
    *("up", "down", "j", "k", "pageup", "pagedown", "home", "end", "g", "G"),
    *("e", "enter", "?", "w", "escape", "r", "R", "p", "q", "redraw", "left", "ä"),
)


def after(keys: list[str], state: BatchState, look: Look = Look()) -> tuple[Look, list[Wish]]:  # noqa: B008 - frozen
    wishes = []
    for key in keys:
        look, wish = pressed(look, key, state, 80, 16)
        wishes += [wish] if wish is not None else []
    return look, wishes


@pytest.mark.parametrize(
    ("keys", "index"),
    [
        (["j"], 1),
        (["down", "down", "up"], 1),
        (["k"], 0),
        (["G"], 39),
        (["end", "k"], 38),
        (["pagedown"], 10),
        (["pagedown", "pagedown", "pageup"], 10),
        (["G", "pagedown"], 39),
        (["G", "home"], 0),
    ],
)
def test_keys_move_the_selection_within_the_list(keys: list[str], index: int) -> None:
    state = watch_of(40)
    look, _ = after(keys, state)
    assert selection(look, state.configs) == index


def test_keys_become_wishes() -> None:
    _, second = ids(2)
    _, wishes = after(["j", "r", "R", "p", "q"], watch_of(2))
    assert wishes == [Rerun(second), Rerun(None), TogglePause(), Quit()]


def test_with_no_config_there_is_nothing_to_run_again() -> None:
    look, wishes = after(["j", "G", "r", "e"], watch_of(0))
    assert wishes == []
    assert look.selected is None


def test_a_selection_stays_with_its_config_when_others_come_and_go() -> None:
    one, two, three, _ = ids(4)
    state = watch_of(4)
    look, _ = after(["j", "j"], state)
    fewer = state_after(we.ConfigRemoved(T0, one), before=state)
    chosen = selected(look, fewer)
    assert chosen is not None
    assert chosen.id == three
    without = state_after(we.ConfigRemoved(T0, three), before=state)
    instead = selected(look, without)
    assert instead is not None
    assert instead.id == ids(4)[3]
    assert two in without.by_id


def test_panels_open_and_close() -> None:
    state = watch_of(1)
    assert after(["?"], state)[0].panel is Panel.HELP
    assert after(["?", "?"], state)[0].panel is None
    assert after(["?", "e"], state)[0].panel is Panel.ERROR
    assert after(["enter", "escape"], state)[0].panel is None


def test_in_a_panel_the_arrows_scroll_and_stop_at_its_ends() -> None:
    (one,) = ids(1)
    problems = tuple(Problem("x.y", f"problem {n}") for n in range(30))
    state = watch_of(1, we.ConfigQueued(T0, one, "edited"), ev.ConfigFailed(T0, one, problems))
    assert after(["e", "j", "down"], state)[0].scroll == 2
    assert after(["e", "k"], state)[0].scroll == 0
    end = after(["e", "G"], state)[0].scroll
    assert end == 61 - 13  # two lines each, and the last good export; thirteen of them are in view
    assert after(["e", "G", "j", "j", "k"], state)[0].scroll == end - 1
    assert after(["e", "pagedown", "pagedown", "pageup"], state)[0].scroll == 13


def test_what_is_wished_is_wished_in_a_panel_too() -> None:
    (one,) = ids(1)
    assert after(["e", "r", "q"], watch_of(1))[1] == [Rerun(one), Quit()]


@given(sequences, sequences, st.lists(st.sampled_from(KEYS), max_size=12), st.integers(1, 120), st.integers(1, 50))
def test_what_is_selected_is_there_whatever_happens_meanwhile(
    early: list[ev.Event], late: list[ev.Event], keys: list[str], width: int, height: int
) -> None:
    state = state_after(we.WatchStarted(T0, 0.3), *early)
    look = Look()
    for position, key in enumerate(keys):
        if position == len(keys) // 2:
            state = state_after(*late, before=state)
        look, wish = pressed(look, key, state, width, height)
        index = selection(look, state.configs)
        assert (index is None) == (not state.configs)
        assert index is None or 0 <= index < len(state.configs)
        if isinstance(wish, Rerun) and wish.config is not None:
            assert wish.config in state.by_id
        assert look.scroll >= 0
