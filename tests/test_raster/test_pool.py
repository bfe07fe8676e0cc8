"""Pictures as a stream: each made once, in turns, none taking another along."""

import hashlib
import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from PIL import Image

from exfig_rx.pictures import Blob, Encoding
from exfig_rx.raster.pool import AHEAD, RasterFailed
from tests.test_raster.conftest import ON_LINUX, Drawing, Sources, children, config


def test_pictures_come_out_named_by_their_bytes(drawing: Drawing, sources: Sources) -> None:
    wanted = [replace(raster, scale=2.0) for raster in sources.numbered(1, 2, 3)]
    made = drawing.ask(drawing.rasterizer(processes=2), wanted).all()
    assert set(made) == set(wanted)
    for height, raster in enumerate(wanted, start=1):
        blob = made[raster]
        assert isinstance(blob, Blob)
        content = blob.read()
        assert (blob.size, blob.digest) == (len(content), hashlib.sha256(content).hexdigest())
        assert Image.open(io.BytesIO(content)).size == (16, 2 * height)
    assert sorted(path.name for path in drawing.folder.iterdir()) == sorted(
        blob.digest for blob in made.values() if isinstance(blob, Blob)
    )


def test_asking_for_nothing_ends_at_once(drawing: Drawing) -> None:
    asking = drawing.ask(drawing.rasterizer(), [])
    assert asking.all() == {}
    assert asking.parts == []
    assert not drawing.folder.exists()


@ON_LINUX
def test_no_process_starts_before_a_picture_is_wanted_and_none_is_left_after_closing(
    drawing: Drawing, sources: Sources
) -> None:
    before = children()
    rasterizer = drawing.rasterizer(processes=2)
    rasterizer(sources.numbered(1), config())
    assert children() == before
    for number in (1, 2, 3):
        drawing.ask(rasterizer, sources.numbered(number)).all()
        assert len(children() - before) == 1
    drawing.ask(rasterizer, sources.numbered(*range(4, 20))).all()
    assert len(children() - before) == 2
    rasterizer.close()
    assert children() == before


def test_a_picture_is_made_once_whoever_asks_and_wherever_its_source_is(drawing: Drawing, sources: Sources) -> None:
    rasterizer = drawing.rasterizer()
    (first,) = sources.numbered(7)
    gone = replace(first, source=replace(first.source, path="/gone"))
    at_once = drawing.ask(rasterizer, [first, first, gone], "a")
    joined = drawing.ask(rasterizer, [gone], "b")
    assert len(set(at_once.all().values()) | set(joined.all().values())) == 1
    Path(first.source.path).unlink()
    later = drawing.ask(rasterizer, [first, replace(first, quality=3), replace(first, is_lossless=True)], "c").all()
    assert set(later.values()) == set(joined.all().values())
    assert isinstance(later[first], Blob)


def test_what_changes_the_picture_is_made_anew(drawing: Drawing, sources: Sources) -> None:
    (first,) = sources.numbered(7)
    first = replace(first, encoding=Encoding.WEBP, quality=90)
    others = [replace(first, quality=10), replace(first, is_lossless=True), replace(first, scale=2.0)]
    made = drawing.ask(drawing.rasterizer(), [first, *others, replace(first, encoding=Encoding.JPG)]).all()
    assert len({blob.digest for blob in made.values() if isinstance(blob, Blob)}) == 5


def test_a_picture_that_fails_takes_no_other_along_and_fails_once(drawing: Drawing, sources: Sources) -> None:
    rasterizer = drawing.rasterizer()
    broken = sources.raster("<svg")
    missing = replace(broken, source=Blob("/gone", 1, "gone"))
    good = sources.numbered(1, 2)
    made = drawing.ask(rasterizer, [good[0], broken, missing, good[1]]).all()
    problems = [made[raster] for raster in (broken, missing)]
    assert [problem.problem.code for problem in problems if isinstance(problem, RasterFailed)] == [
        "raster.broken",
        "raster.unreadable",
    ]
    assert all(isinstance(made[raster], Blob) for raster in good)
    sources.raster("<svg")
    assert drawing.ask(rasterizer, [broken]).all()[broken] is made[broken]


def test_configs_take_turns(drawing: Drawing, sources: Sources) -> None:
    rasterizer = drawing.rasterizer()
    held = sources.held("held")
    many = drawing.ask(rasterizer, [held.raster, *sources.numbered(*range(10, 40))], "many")
    few = drawing.ask(rasterizer, sources.numbered(1, 2, 3), "few")
    held.let_go()
    assert len(many.all()) == 31
    assert max(drawing.arrived.index(raster) for raster in few.all()) < 15


def test_what_nobody_waits_for_any_more_is_not_made(drawing: Drawing, sources: Sources) -> None:
    rasterizer = drawing.rasterizer()
    held = sources.held("held")
    first = drawing.ask(rasterizer, [held.raster, *sources.numbered(*range(10, 20))])
    both = sources.numbered(1)
    gone = drawing.ask(rasterizer, [*both, *sources.numbered(*range(20, 60))], "gone")
    stays = drawing.ask(rasterizer, both, "stays")
    gone.dispose()
    held.let_go()
    first.all()
    stays.all()
    assert len(list(drawing.folder.iterdir())) <= 11 + 1 + AHEAD
    assert not gone.done.is_set()
    assert gone.parts == []
    anew = drawing.ask(rasterizer, sources.numbered(20, 59), "gone").all()
    assert all(isinstance(outcome, Blob) for outcome in anew.values())


def test_nothing_heavy_is_imported_for_it() -> None:
    heavy = ("PIL", "resvg_py", "pillow_heif", "multiprocessing", "ctypes")
    script = (
        "import sys, exfig_rx.raster.pool, exfig_rx.raster.oddities, exfig_rx.raster.draw as draw; "
        f"assert draw.heic_available(); print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
