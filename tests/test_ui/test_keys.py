"""Keys as bytes of a terminal: what they are called, and that the terminal is as it was afterwards."""

import io
import os
import pty
import termios
from collections.abc import Iterator
from queue import SimpleQueue
from threading import enumerate as threads
from typing import TextIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exfig_rx.ui import keys as module
from exfig_rx.ui.keys import Keys, decoded

PATIENCE_S = 10.0


@pytest.mark.parametrize(
    ("data", "keys"),
    [
        (b"j", ["j"]),
        (b"jjk", ["j", "j", "k"]),
        (b"\x1b[A\x1b[B", ["up", "down"]),
        (b"\x1bOA", ["up"]),
        (b"\x1b[1;5B", ["down"]),
        (b"\x1b[5~\x1b[6~", ["pageup", "pagedown"]),
        (b"\x1b[5;2~", ["pageup"]),
        (b"\x1b[H\x1b[4~", ["home", "end"]),
        (b"\x1b[24~x", ["x"]),
        (b"\x1b", ["escape"]),
        (b"\x1b\x1b[A", ["escape", "up"]),
        (b"\x1bj", ["escape", "j"]),
        (b"\r\n", ["enter", "enter"]),
        (b"\x0c", ["redraw"]),
        ("ä日".encode(), ["ä", "日"]),
        (b"\xff\x00q", ["q"]),
    ],
)
def test_bytes_become_keys(data: bytes, keys: list[str]) -> None:
    assert decoded(data, is_all=True) == (keys, b"")


@pytest.mark.parametrize("part", [b"\x1b", b"\x1b[", b"\x1b[5", b"\x1bO", b"\xc3"])
def test_the_beginning_of_a_key_waits_for_the_rest(part: bytes) -> None:
    assert decoded(b"j" + part, is_all=False) == (["j"], part)


@given(st.lists(st.binary(max_size=6), max_size=5))
def test_any_bytes_are_survived_and_end(pieces: list[bytes]) -> None:
    rest = b""
    for piece in pieces:
        _, rest = decoded(rest + piece, is_all=False)
    assert decoded(rest, is_all=True)[1] == b""


@given(
    st.lists(st.sampled_from([b"\x1b[A", b"\x1b[6~", b"j", "ä".encode(), b"\x1bOB"]), max_size=6), st.integers(0, 20)
)
def test_it_does_not_matter_where_reads_cut(sequences: list[bytes], cut: int) -> None:
    whole = b"".join(sequences)
    first, rest = decoded(whole[:cut], is_all=False)
    second, _ = decoded(rest + whole[cut:], is_all=True)
    assert first + second == decoded(whole, is_all=True)[0]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, TextIO]]:
    """The two ends of a terminal: where keys are pressed, and where they are read."""
    pressed, read = pty.openpty()
    # The tests' own terminal is another one, and a terminal has a foreground of its own.
    monkeypatch.setattr(os, "tcgetpgrp", lambda _: os.getpgrp())
    with open(read, encoding="utf-8", closefd=False) as stream:
        yield pressed, stream
    for descriptor in (pressed, read):
        try:
            os.close(descriptor)
        except OSError:
            continue


def reading() -> bool:
    return any(thread.name == "exfig-keys" for thread in threads())


def test_keys_are_told_one_by_one_and_escape_alone_after_a_moment(terminal: tuple[int, TextIO]) -> None:
    pressed, stream = terminal
    told: SimpleQueue[str] = SimpleQueue()
    keys = Keys(stream)
    keys.open(told.put)
    os.write(pressed, b"j\x1b[B")
    assert [told.get(timeout=PATIENCE_S) for _ in range(2)] == ["j", "down"]
    os.write(pressed, b"\x1b")
    assert told.get(timeout=PATIENCE_S) == "escape"
    keys.release()


def test_the_terminal_is_as_it_was_and_nobody_reads_any_more(terminal: tuple[int, TextIO]) -> None:
    pressed, stream = terminal
    before = termios.tcgetattr(pressed)
    keys = Keys(stream)
    keys.open(lambda _: None)
    while_open = termios.tcgetattr(pressed)
    assert not while_open[3] & (termios.ICANON | termios.ECHO)
    assert while_open[3] & termios.ISIG, "Ctrl-C is a signal, not a key"
    assert reading()
    keys.release()
    assert termios.tcgetattr(pressed) == before
    assert not reading()
    os.write(pressed, b"for the shell\n")
    assert os.read(stream.fileno(), 100) == b"for the shell\n"


def test_keys_can_be_opened_again(terminal: tuple[int, TextIO]) -> None:
    pressed, stream = terminal
    told: SimpleQueue[str] = SimpleQueue()
    keys = Keys(stream)
    for _ in range(3):
        keys.open(told.put)
        keys.open(told.put)
        os.write(pressed, b"x")
        assert told.get(timeout=PATIENCE_S) == "x"
        keys.release()
        keys.release()
    assert told.empty()


def test_a_key_may_close_the_keys(terminal: tuple[int, TextIO]) -> None:
    pressed, stream = terminal
    done: SimpleQueue[str] = SimpleQueue()
    keys = Keys(stream)

    def leave(key: str) -> None:
        keys.release()
        done.put(key)

    keys.open(leave)
    os.write(pressed, b"q")
    assert done.get(timeout=PATIENCE_S) == "q"


def test_a_terminal_that_goes_away_ends_the_keys(terminal: tuple[int, TextIO]) -> None:
    pressed, stream = terminal
    keys = Keys(stream)
    keys.open(lambda _: None)
    (thread,) = (one for one in threads() if one.name == "exfig-keys")
    os.close(pressed)
    thread.join(PATIENCE_S)
    assert not thread.is_alive()
    keys.release()


def test_restoring_does_not_wait(terminal: tuple[int, TextIO]) -> None:
    pressed, stream = terminal
    before = termios.tcgetattr(pressed)
    keys = Keys(stream)
    keys.open(lambda _: None)
    keys.restore()
    assert termios.tcgetattr(pressed) == before
    keys.release()


def test_without_a_terminal_in_the_background_and_on_other_systems_there_are_no_keys(
    terminal: tuple[int, TextIO], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, stream = terminal
    Keys(io.StringIO("qqq")).open(lambda _: pytest.fail("a key"))
    with open(os.devnull, encoding="utf-8") as nothing:
        Keys(nothing).open(lambda _: pytest.fail("a key"))
    with monkeypatch.context() as background:
        background.setattr(os, "tcgetpgrp", lambda _: os.getpgrp() + 1)
        Keys(stream).open(lambda _: pytest.fail("a key"))
    monkeypatch.setattr(module, "termios", None)
    Keys(stream).open(lambda _: pytest.fail("a key"))
    assert not reading()
