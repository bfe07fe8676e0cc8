"""Downloads over real HTTP from the sandbox's CDN, with every fault that it knows, and cancelling for real."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Self

import pytest
from reactivex import abc

from exfig_rx.download import Download, DownloadFailed, open_pool
from exfig_rx.download.pool import Result, Results
from exfig_rx.download.store import Store
from exfig_rx.errors import ExfigError
from exfig_rx.pictures import Blob, RenderFormat
from exfig_rx.reactor import Reactor
from exfig_rx.sandbox import Design, Fault, FaultKind, Sandbox
from exfig_rx.vector.svg import parse_svg
from tests.test_download.pictures import SVG, files_but_packs, large_svg, own_file_of
from tests.test_download.virtual_workers import A
from tests.test_figma.loopback import PATIENCE_S, Loopback, Stall, answer

KEY = "DownloadIcons0000000001"
ICONS = 30
LARGE = "2:1"
"""A node whose picture is larger than what is held in memory."""


def design() -> Design:
    shapes = [f'<path d="M{n} {n}h4v4z" fill="#0B3C49"/>' for n in range(ICONS)]
    icons = [{"id": f"1:{n}", "name": f"icon-{n}", "svg": shape} for n, shape in enumerate(shapes)]
    # the same picture under another address
    icons.append({"id": f"1:{ICONS}", "name": "twin", "svg": shapes[0]})
    icons.append({"id": LARGE, "name": "large", "svg": large_svg(600_000).decode().split(">", 1)[1][:-7]})
    page = {"id": "0:1", "name": "Icons", "frames": [{"id": "0:2", "name": "Icons", "components": icons}]}
    return Design.of({"files": {KEY: {"name": "Icons", "pages": [page]}}})


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(design()) as running:
        yield running
    assert running.crashes == []


class Downloads:
    """A pool on a reactor, asked from the thread of the test; retries don't wait."""

    def __init__(
        self, folder: Path, *, connections: int = 4, most_bytes: int = 1 << 20, timeout_s: float = PATIENCE_S
    ) -> None:
        self.folder = folder
        self.bugs: list[Exception] = []
        self.reactor = Reactor(self.bugs.append, workers=1)
        self.pool = open_pool(
            Store(str(folder)),
            connections=connections,
            most_bytes=most_bytes,
            reactor=self.reactor,
            max_retries=2,
            random=lambda: 0.0,
            timeout_s=timeout_s,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self.pool.close()
        self.reactor.close(PATIENCE_S)
        assert self.bugs == []

    def __call__(self, *wanted: Download) -> dict[Download, Result]:
        found: dict[Download, Result] = {}
        ended: SimpleQueue[Exception | None] = SimpleQueue()
        self.start(wanted, found.update, ended)
        assert ended.get(timeout=PATIENCE_S) is None
        return found

    def start(
        self, wanted: Sequence[Download], told: Callable[[Results], None], ended: SimpleQueue[Exception | None]
    ) -> SimpleQueue[abc.DisposableBase]:
        """Subscribes on the reactor; the subscription comes out of the queue."""
        subscription: SimpleQueue[abc.DisposableBase] = SimpleQueue()

        def subscribe() -> None:
            subscription.put(self.pool(wanted, A).subscribe(told, ended.put, lambda: ended.put(None)))

        self.reactor.post(subscribe)
        return subscription

    def one(self, wanted: Download) -> Result:
        return self(wanted)[wanted]

    def holds(self, *blobs: Blob) -> bool:
        """Whether that is all that is on the disk."""
        return files_but_packs(self.folder) == sorted(name for blob in blobs for name in own_file_of(blob))


@pytest.fixture
def downloads(tmp_path: Path) -> Iterator[Downloads]:
    with Downloads(tmp_path / "blobs") as running:
        yield running


def picture(sandbox: Sandbox, node_id: str = "1:0", format_: RenderFormat = RenderFormat.SVG) -> Download:
    version = sandbox.design.files[KEY][-1].version
    return Download(f"{sandbox.cdn_url}/cdn/{KEY}/{version}/{node_id}/1.{format_}", format_)


def statuses(sandbox: Sandbox) -> list[tuple[int, str]]:
    return [(entry.status, entry.fault) for entry in sandbox.log]


@pytest.mark.parametrize("format_", list(RenderFormat))
def test_every_format_is_recognised(sandbox: Sandbox, downloads: Downloads, format_: RenderFormat) -> None:
    blob = downloads.one(picture(sandbox, format_=format_))
    assert isinstance(blob, Blob)
    assert downloads.holds(blob)


def test_many_pictures_come_once_each_over_few_connections_and_without_a_token(
    sandbox: Sandbox, downloads: Downloads
) -> None:
    wanted = [picture(sandbox, f"1:{n}") for n in range(ICONS)]
    found = downloads(*wanted, *wanted)
    again = downloads(*wanted)
    assert found == again
    assert all(isinstance(result, Blob) for result in found.values())
    assert len(sandbox.log) == ICONS
    assert not any(entry.token_sent for entry in sandbox.log)


def test_equal_bytes_of_two_addresses_are_one_blob(sandbox: Sandbox, downloads: Downloads) -> None:
    found = downloads(picture(sandbox, "1:0"), picture(sandbox, f"1:{ICONS}"))
    assert len(found) == len(sandbox.log) == 2
    assert len(set(found.values())) == 1


@pytest.mark.parametrize(
    "fault",
    [
        Fault(FaultKind.RESET),
        Fault(FaultKind.CLOSE),
        Fault(FaultKind.TRUNCATE),
        Fault(FaultKind.GARBLE),
        Fault(FaultKind.EMPTY),
        Fault(FaultKind.STATUS, status=503),
        Fault(FaultKind.STATUS, status=500),
        Fault(FaultKind.RATE_LIMIT),
    ],
    ids=lambda fault: f"{fault.kind}{fault.status or ''}",
)
@pytest.mark.parametrize("node_id", ["1:0", LARGE])
def test_what_passes_is_tried_again_until_it_is_there(
    sandbox: Sandbox, downloads: Downloads, fault: Fault, node_id: str
) -> None:
    wanted = picture(sandbox, node_id)
    sandbox.faults.append(fault)
    blob = downloads.one(wanted)
    assert isinstance(blob, Blob)
    assert downloads.holds(blob)
    assert [fault for _, fault in statuses(sandbox)] == [fault.kind, ""]


@pytest.mark.parametrize("node_id", ["1:0", LARGE])
def test_a_picture_that_is_late_is_asked_for_again(sandbox: Sandbox, tmp_path: Path, node_id: str) -> None:
    sandbox.faults.append(Fault(FaultKind.SLOW, seconds=600))
    with Downloads(tmp_path / "blobs", timeout_s=0.3) as hasty:
        assert isinstance(hasty.one(picture(sandbox, node_id)), Blob)


def test_what_stays_is_given_up_and_said(sandbox: Sandbox, downloads: Downloads) -> None:
    sandbox.faults.append(Fault(FaultKind.STATUS, match="*/1:0/*", status=503, times=None))
    found = downloads(picture(sandbox, "1:0"), picture(sandbox, "1:1"))
    failed = found[picture(sandbox, "1:0")]
    assert isinstance(failed, DownloadFailed)
    assert failed.problem.message == "127.0.0.1 failed (HTTP 503, SlowDown) (tried 3 times)"
    assert isinstance(found[picture(sandbox, "1:1")], Blob)


def test_a_large_picture_that_was_cut_is_taken_up_where_it_broke_off(sandbox: Sandbox, downloads: Downloads) -> None:
    sandbox.faults.append(Fault(FaultKind.TRUNCATE, times=2))
    blob = downloads.one(picture(sandbox, LARGE))
    assert isinstance(blob, Blob)
    assert statuses(sandbox) == [(200, "truncate"), (206, "truncate"), (206, "")]
    assert blob.read().endswith(b"</svg>\n")
    assert downloads.holds(blob)


def test_an_address_that_has_expired_is_not_tried_again_but_a_new_one_works(
    sandbox: Sandbox, downloads: Downloads
) -> None:
    sandbox.faults.append(Fault(FaultKind.EXPIRED))
    failed = downloads.one(picture(sandbox))
    assert isinstance(failed, DownloadFailed)
    assert (failed.status, failed.asks_anew, failed.problem.code) == (403, True, "download.expired")
    assert statuses(sandbox) == [(403, "expired")]
    # Figma may well answer with the address that failed before
    assert isinstance(downloads.one(picture(sandbox)), Blob)


@pytest.mark.parametrize(
    ("kind", "format_", "found"),
    [
        (FaultKind.WRONG_TYPE, RenderFormat.SVG, "a PNG instead of an SVG"),
        (FaultKind.WRONG_TYPE, RenderFormat.PNG, "an SVG instead of a PNG"),
        (FaultKind.HTML, RenderFormat.SVG, "an HTML page instead of an SVG"),
    ],
)
def test_what_is_no_such_picture_is_refused_and_asks_for_a_new_address(
    sandbox: Sandbox, downloads: Downloads, kind: FaultKind, format_: RenderFormat, found: str
) -> None:
    sandbox.faults.append(Fault(kind))
    failed = downloads.one(picture(sandbox, format_=format_))
    assert isinstance(failed, DownloadFailed)
    assert failed.asks_anew
    assert failed.problem.message == f"127.0.0.1 sent {found}"
    assert downloads.holds()
    assert len(sandbox.log) == 1


def test_zero_bytes_that_stay_are_no_picture(sandbox: Sandbox, downloads: Downloads) -> None:
    sandbox.faults.append(Fault(FaultKind.EMPTY, times=None))
    failed = downloads.one(picture(sandbox))
    assert isinstance(failed, DownloadFailed)
    assert failed.asks_anew
    assert failed.problem.message == "127.0.0.1 sent nothing instead of an SVG (tried 3 times)"
    assert downloads.holds()


@pytest.mark.parametrize("kind", [FaultKind.ENTITY_BOMB, FaultKind.NESTED_BOMB])
def test_an_svg_bomb_costs_its_bytes_and_goes_off_nowhere(
    sandbox: Sandbox, downloads: Downloads, kind: FaultKind
) -> None:
    """Nothing here unfolds an SVG; whoever reads it refuses it in words."""
    sandbox.faults.append(Fault(kind))
    blob = downloads.one(picture(sandbox))
    assert isinstance(blob, Blob)
    assert blob.size < 1 << 20
    with pytest.raises(ExfigError):
        parse_svg(blob.read())


def test_a_bomb_that_is_larger_than_allowed_is_not_kept(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.faults.append(Fault(FaultKind.NESTED_BOMB))
    with Downloads(tmp_path / "blobs", most_bytes=1000) as downloads:
        failed = downloads.one(picture(sandbox))
        assert downloads.holds()
        assert len(sandbox.log) == 1
    assert isinstance(failed, DownloadFailed)
    assert failed.problem.code == "download.too-large"


def test_a_redirect_of_the_cdn_is_followed_on_this_machine_only(sandbox: Sandbox, downloads: Downloads) -> None:
    sandbox.faults.append(Fault(FaultKind.REDIRECT, location=picture(sandbox, "1:1").url))
    sandbox.faults.append(Fault(FaultKind.REDIRECT, after=1, location="http://pictures.invalid/"))
    assert isinstance(downloads.one(picture(sandbox)), Blob)
    failed = downloads.one(picture(sandbox, "1:2"))
    assert isinstance(failed, DownloadFailed)
    assert failed.problem.code == "download.redirected"


# Cancelling


@pytest.mark.parametrize("reply", [b"", answer(SVG)[:-20], answer(large_svg(600_000))[:-200_000]])
def test_what_is_disposed_hangs_up_at_once_and_leaves_no_file(tmp_path: Path, reply: bytes) -> None:
    """With a time-out of an hour, only a socket that was closed lets the server go."""
    with Loopback([Stall(reply)]) as server, Downloads(tmp_path / "blobs", connections=1, timeout_s=3600) as downloads:
        wanted = [Download(f"{server.url}/{n}", RenderFormat.SVG) for n in range(5)]
        subscription = downloads.start(wanted, lambda _: pytest.fail("there was nothing to tell"), SimpleQueue())
        assert server.asked.wait(PATIENCE_S)
        downloads.reactor.post(subscription.get(timeout=PATIENCE_S).dispose)
        assert server.left.wait(PATIENCE_S)
        # the one worker is free again, and what waited behind was never asked for
        server.replies[:] = [answer(SVG)]
        blob = downloads.one(Download(f"{server.url}/9", RenderFormat.SVG))
        assert isinstance(blob, Blob)
        assert [head.split()[1] for head in server.requests] == [b"/0", b"/9"]
        assert downloads.holds(blob)


def test_closing_ends_what_is_blocked(tmp_path: Path) -> None:
    with Loopback([Stall()]) as server, Downloads(tmp_path / "blobs", timeout_s=3600) as downloads:
        downloads.start([Download(server.url, RenderFormat.SVG)], lambda _: None, SimpleQueue())
        assert server.asked.wait(PATIENCE_S)
        downloads.pool.close()
        assert server.left.wait(PATIENCE_S)
