"""Worker processes: each picture on its own, within limits, and none of them outlives its run."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from exfig_rx.pictures import Blob
from exfig_rx.raster.pool import Outcome, RasterFailed
from tests.test_raster.conftest import ON_LINUX, SVG, Drawing, Sources, children

SLOW = """<svg xmlns="http://www.w3.org/2000/svg" width="4000" height="4000">
<filter id="f" x="0" y="0" width="1" height="1"><feTurbulence baseFrequency="0.05" numOctaves="60"/></filter>
<rect width="4000" height="4000" filter="url(#f)"/></svg>"""
"""Minutes of work, in which the renderer never lets Python run."""

GREEDY = """<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><pattern id="p" width="60000" height="60000"
patternUnits="userSpaceOnUse"><rect width="60000" height="60000"/></pattern><rect width="8" height="8" fill="url(#p)"/>
</svg>"""
"""A tile of 14 GB."""


def problem(outcome: Outcome) -> tuple[str, str]:
    assert isinstance(outcome, RasterFailed)
    return outcome.problem.code, outcome.problem.message


def test_a_picture_that_takes_too_long_fails_alone(drawing: Drawing, sources: Sources) -> None:
    slow, (good,) = sources.raster(SLOW), sources.numbered(1)
    made = drawing.ask(drawing.rasterizer(time_limit_s=0.8), [slow, good]).all()
    assert problem(made[slow]) == ("raster.too-slow", "can't be made within 0.8 seconds")
    assert isinstance(made[good], Blob)


@ON_LINUX
def test_a_picture_that_needs_too_much_memory_fails_alone(drawing: Drawing, sources: Sources) -> None:
    greedy, (good,) = sources.raster(GREEDY), sources.numbered(1)
    made = drawing.ask(drawing.rasterizer(), [greedy, good]).all()
    assert problem(made[greedy])[0] == "raster.crashed"
    assert isinstance(made[good], Blob)


@ON_LINUX
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_worker_that_dies_fails_only_the_picture_that_it_was_at(
    drawing: Drawing, sources: Sources, number: signal.Signals
) -> None:
    before = children()
    held = sources.held("held")
    good = sources.numbered(1, 2)
    asking = drawing.ask(drawing.rasterizer(), [held.raster, *good])
    pipe = held.meet()
    (worker,) = children() - before
    os.kill(worker, number)
    made = asking.all()
    os.close(pipe)
    assert problem(made[held.raster]) == (
        "raster.crashed",
        f"can't be made: the process that made it ended with {number.name}; it may be too complex",
    )
    assert all(isinstance(made[raster], Blob) for raster in good)


@ON_LINUX
def test_ctrl_c_is_left_to_the_parent(drawing: Drawing, sources: Sources) -> None:
    before = children()
    held = sources.held("held")
    asking = drawing.ask(drawing.rasterizer(), [held.raster])
    pipe = held.meet()
    (worker,) = children() - before
    os.kill(worker, signal.SIGINT)
    os.write(pipe, SVG.format(1).encode())
    os.close(pipe)
    assert isinstance(asking.all()[held.raster], Blob)


@ON_LINUX
def test_closing_kills_workers_in_the_middle_of_a_picture(drawing: Drawing, sources: Sources) -> None:
    before = children()
    rasterizer = drawing.rasterizer()
    held = sources.held("held")
    asking = drawing.ask(rasterizer, [held.raster, *sources.numbered(*range(1, 9))])
    pipe = held.meet()
    rasterizer.close()
    os.close(pipe)
    assert children() == before
    drawing.on_reactor(lambda: None)
    assert asking.parts == []


@ON_LINUX
def test_workers_die_with_a_parent_that_is_killed_even_while_the_renderer_holds_them(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    script = f"""
from tests.test_raster.conftest import *
drawing = Drawing(Path({str(tmp_path / "made")!r}), Reactor(print, workers=1))
held = Held(Path({str(pipe)!r}), Raster(Blob({str(pipe)!r}, 0, "x"), RenderFormat.SVG, Encoding.PNG))
drawing.ask(drawing.rasterizer(time_limit_s=60), [held.raster])
held.let_go({SLOW!r})
print(*children(), flush=True)
threading.Event().wait()
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        (worker,) = map(int, parent.stdout.readline().split())
        ended = os.pidfd_open(worker)
        parent.kill()
    watch = select.poll()
    watch.register(ended, select.POLLIN)
    try:
        assert watch.poll(5000), "the worker is still there"
    finally:
        os.close(ended)


def test_without_a_process_every_picture_says_why(
    drawing: Drawing, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    made = drawing.ask(drawing.rasterizer(processes=2), sources.numbered(1, 2, 3)).all()
    assert {problem(outcome) for outcome in made.values()} == {
        ("raster.no-worker", "can't be made: no process can draw here: No such file or directory")
    }


def test_a_process_that_ends_before_it_is_ready_is_not_started_again(
    drawing: Drawing, sources: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log"
    fake = tmp_path / "python"
    fake.write_text(f"#!/bin/sh\necho started >> '{log}'\nexit 3\n")
    fake.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(fake))
    made = drawing.ask(drawing.rasterizer(), sources.numbered(1, 2, 3)).all()
    assert {problem(outcome)[1] for outcome in made.values()} == {
        "can't be made: no process can draw here: it ended with exit code 3"
    }
    assert log.read_text() == "started\n"


def test_a_folder_that_can_not_be_is_a_problem_of_its_pictures(drawing: Drawing, sources: Sources) -> None:
    drawing.folder.write_text("a file")
    made = drawing.ask(drawing.rasterizer(), sources.numbered(1)).all()
    assert [problem(outcome)[0] for outcome in made.values()] == ["raster.no-worker"]
