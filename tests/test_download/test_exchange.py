"""One download, byte by byte: odd answers, redirects, sizes, what is taken up again, proxies, TLS."""

import gzip
import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exfig_rx.connections import Line
from exfig_rx.download.exchange import SHORT_BYTES, Download, Exchange, address_of
from exfig_rx.download.failures import DownloadFailed, Trouble
from exfig_rx.download.store import Part, Store
from exfig_rx.pictures import Blob, RenderFormat
from tests.test_download.pictures import PNG, SVG, files_but_packs, large_svg, own_file_of
from tests.test_figma.loopback import CERTIFICATE, PATIENCE_S, Cut, Loopback, Stall, answer

LARGE = large_svg(SHORT_BYTES + 100_000)
MOST_BYTES = 1 << 20
ETAG = {"ETag": '"one"'}


class Fetching:
    """An exchange into a folder of the test."""

    def __init__(self, folder: Path, *, timeout_s: float = PATIENCE_S, longest_s: float = 60.0) -> None:
        self.folder = folder
        self.exchange = Exchange(
            Store(str(folder)), connections=2, most_bytes=MOST_BYTES, timeout_s=timeout_s, longest_s=longest_s
        )

    def __call__(self, url: str, part: Part | None = None, format_: RenderFormat = RenderFormat.SVG) -> Blob | Trouble:
        return self.exchange(Download(url, format_), Line(), part)

    def trouble(self, url: str, part: Part | None = None) -> Trouble:
        """What went wrong; nothing that is of no use is left on the disk, and no address is in a text."""
        ended = self(url, part)
        assert isinstance(ended, Trouble)
        assert files_but_packs(self.folder) == ([os.path.basename(ended.part.path)] if ended.part else [])
        assert "secret" not in repr(ended.failed)
        return ended

    def failed(self, url: str) -> DownloadFailed:
        """Why it failed for good."""
        ended = self.trouble(url)
        assert not ended.may_pass
        return ended.failed


@pytest.fixture
def fetching(tmp_path: Path) -> Fetching:
    return Fetching(tmp_path / "blobs")


def at(server: Loopback) -> str:
    return f"{server.url}/images/1?signature=secret"


# What comes


@pytest.mark.parametrize(
    "reply",
    [
        answer(SVG),
        answer(SVG, headers={"Content-Type": "application/octet-stream"}),
        answer(SVG, packed=True),
        Cut(b"HTTP/1.1 200 OK\r\n\r\n" + SVG),
        Cut(b"HTTP/1.0 200 OK\r\n\r\n" + SVG),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(SVG), SVG),
    ],
)
def test_a_picture_is_kept_however_its_length_is_told(fetching: Fetching, reply: bytes) -> None:
    with Loopback([reply]) as server:
        blob = fetching(at(server))
    assert isinstance(blob, Blob)
    assert blob.read() == SVG
    assert files_but_packs(fetching.folder) == own_file_of(blob)


def test_a_large_picture_is_kept_too(fetching: Fetching) -> None:
    with Loopback([answer(LARGE, headers=ETAG)]) as server:
        blob = fetching(at(server))
    assert isinstance(blob, Blob)
    assert blob.read() == LARGE
    assert files_but_packs(fetching.folder) == own_file_of(blob)


def test_a_connection_serves_many_downloads_and_refusals(fetching: Fetching) -> None:
    replies = [answer(SVG), answer(b"<Error/>", 403), answer(b"", 302, {"Location": "/2"}), answer(LARGE), answer(PNG)]
    with Loopback([*replies, answer(SVG)]) as server:
        for _ in range(5):
            fetching(at(server))
        assert (server.connections, len(server.requests)) == (1, 6)


def test_nothing_is_sent_that_tells_who_asks(
    fetching: Fetching, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("FIGMA_PERSONAL_TOKEN", "figd_never-to-be-seen")
    with Loopback([answer(SVG, headers={"Set-Cookie": "a=b; Path=/"})]) as server:
        fetching(at(server))
        fetching(at(server))
        heads = [head.decode().lower() for head in server.requests]
    for head in heads:
        names = {line.split(":")[0] for line in head.strip().split("\r\n")[1:]}
        assert names == {"host", "accept-encoding", "user-agent", "accept"}
    assert heads[0].startswith("get /images/1?signature=secret http/1.1\r\n")
    assert "accept-encoding: identity\r\n" in heads[0]


# What goes wrong


@pytest.mark.parametrize("status", [403, 404, 410])
def test_an_address_that_has_expired_asks_for_a_new_one(fetching: Fetching, status: int) -> None:
    body = b'<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>'
    with Loopback([answer(body, status)]) as server:
        failed = fetching.failed(at(server))
    assert failed.asks_anew
    assert (failed.status, failed.problem.code) == (status, "download.expired")
    assert failed.problem.message == f"its address at 127.0.0.1 is not valid any more (HTTP {status}, AccessDenied)"


def test_any_other_refusal_asks_for_a_new_address_too(fetching: Fetching) -> None:
    with Loopback([answer(b"<Error><Code>ExpiredToken</Code></Error>", 400)]) as server:
        failed = fetching.failed(at(server))
    assert failed.asks_anew
    assert (failed.problem.code, failed.problem.message) == (
        "download.refused",
        "127.0.0.1 refused the download (HTTP 400, ExpiredToken)",
    )


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_server_that_is_not_well_may_get_better(fetching: Fetching, status: int) -> None:
    with Loopback([answer(b"<Error><Code>SlowDown</Code></Error>", status)]) as server:
        ended = fetching.trouble(at(server))
    assert ended.may_pass
    assert (ended.failed.status, ended.failed.asks_anew) == (status, False)
    assert ended.failed.problem.message == f"127.0.0.1 failed (HTTP {status}, SlowDown)"


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Cut(), "cut the connection"),
        (Cut(b"HTTP/1."), "cut the connection"),
        (Cut(answer(SVG)[:-20]), "cut the connection"),
        (Cut(answer(LARGE)[:-20]), "cut the connection"),
        (Cut(b"HTTP/1.1 200 OK\r\n\r\n" + SVG[:-20]), "sent an SVG that ends in the middle"),
        (answer(SVG[:-20]), "sent an SVG that ends in the middle"),
        (answer(LARGE[:-20], headers=ETAG), "sent an SVG that ends in the middle"),
        (answer(b""), "sent nothing instead of an SVG"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", "sent nothing instead of an SVG"),
        (answer(b"junk", headers={"Content-Encoding": "gzip"}), "does not unpack"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "cut the connection"),
    ],
)
def test_what_does_not_arrive_whole_may_do_so_later(fetching: Fetching, reply: bytes, words: str) -> None:
    with Loopback([reply]) as server:
        ended = fetching.trouble(at(server))
    assert ended.may_pass
    assert ended.part is None
    assert words in ended.failed.problem.message


NOISE = st.lists(
    st.sampled_from(
        [
            b"HTTP/1.1 200 OK\r\n",
            b"HTTP/1.1 206 Part\r\n",
            b"HTTP/1.1 302 Found\r\n",
            b"HTTP/1.1 \r\n",
            b"Content-Length: 40\r\n",
            b"Content-Length: -1\r\n",
            b"Transfer-Encoding: chunked\r\n",
            b"Content-Encoding: gzip, br\r\n",
            b"Content-Encoding: deflate\r\n",
            b"Location: http://[\r\n",
            b"Location: \xff\xfe\r\n",
            b"Content-Range: bytes 1-2/3\r\n",
            b"Broken header\r\n",
            b": \r\n",
            b"\r\n",
            b"5\r\n<svg>\r\n",
            b"zz\r\n",
            b"0\r\n\r\n",
            SVG,
            gzip.compress(SVG),
            b"\x00\xff",
        ]
    ),
    max_size=7,
)


@given(NOISE)
@settings(max_examples=150)
def test_whatever_comes_over_the_wire_is_a_blob_or_has_words(pieces: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder, Loopback([Cut(b"".join(pieces))]) as server:
        ended = Fetching(Path(folder))(at(server))
        assert isinstance(ended, Trouble | Blob)
        assert isinstance(ended, Trouble) or SVG in ended.read()
        assert isinstance(ended, Blob) or ended.failed.problem.message


def test_silence_ends_by_its_time_out(fetching: Fetching, tmp_path: Path) -> None:
    hasty = Fetching(tmp_path / "hasty", timeout_s=0.05)
    with Loopback([Stall(answer(SVG)[:-20])]) as server:
        ended = hasty.trouble(at(server))
    assert ended.may_pass
    assert "did not answer in time" in ended.failed.problem.message


def test_a_body_that_trickles_is_broken_off_and_can_be_taken_up(tmp_path: Path) -> None:
    hurried = Fetching(tmp_path / "blobs", longest_s=0.0)
    with Loopback([answer(LARGE, headers=ETAG)]) as server:
        ended = hurried.trouble(at(server))
    assert ended.may_pass
    assert ended.part is not None
    assert 0 < ended.part.size < len(LARGE)
    assert "did not send it all within 0 s" in ended.failed.problem.message


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (PNG, "a PNG"),
        (b"<!DOCTYPE html><p>Please sign in", "an HTML page"),
        (b'<?xml version="1.0"?><Error/>', "an XML document"),
        (b'{"err": null}', "JSON"),
    ],
)
def test_what_is_no_picture_of_that_format_is_not_kept(fetching: Fetching, body: bytes, found: str) -> None:
    with Loopback([answer(body, headers={"Content-Type": "image/svg+xml"})]) as server:
        failed = fetching.failed(at(server))
    assert failed.asks_anew
    assert failed.problem.code == "download.wrong-type"
    assert failed.problem.message == f"127.0.0.1 sent {found} instead of an SVG"


@pytest.mark.parametrize(
    "reply",
    [
        Cut(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n<svg"),
        answer(b"<svg>" + b" " * MOST_BYTES + b"</svg>", packed=True),
        Cut(b"HTTP/1.1 200 OK\r\n\r\n<svg>" + b" " * MOST_BYTES + b"</svg>"),
    ],
    ids=["promised", "packed", "endless"],
)
def test_no_asset_is_larger_than_allowed_by_any_way(fetching: Fetching, reply: bytes) -> None:
    with Loopback([reply]) as server:
        failed = fetching.failed(at(server))
    assert (failed.problem.code, failed.asks_anew) == ("download.too-large", False)
    assert failed.problem.message == "the download from 127.0.0.1 is larger than 1 MB"


def test_where_no_folder_takes_it_the_network_is_not_blamed(
    fetching: Fetching, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    for body in (SVG, LARGE):
        os.rmdir(fetching.folder)
        with Loopback([answer(body)]) as server:
            ended = fetching(at(server))
        assert isinstance(ended, Trouble)
        assert not ended.may_pass
        assert ended.failed.problem.message == "the download can't be stored: No such file or directory"
        os.mkdir(fetching.folder)


@pytest.mark.parametrize("is_begun", [False, True], ids=["from the start", "taken up"])
def test_a_large_picture_that_finds_its_folder_gone_is_fetched_whole_into_another_one(
    fetching: Fetching, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_begun: bool
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Loopback([Cut(answer(LARGE, headers=ETAG)[:200_000]), *[answer(LARGE, headers=ETAG)] * 3]) as server:
        part = fetching.trouble(at(server)).part if is_begun else None
        shutil.rmtree(fetching.folder, ignore_errors=True)
        ended = fetching(at(server), part)
        if is_begun:
            assert isinstance(ended, Trouble) and ended.may_pass and ended.part is None
        blob = fetching(at(server))
    assert isinstance(blob, Blob) and blob.read() == LARGE


# Redirects and addresses


@pytest.mark.parametrize("location", ["/2", "http://localhost:{port}/2", "//127.0.0.1:{port}/2?a=b"])
def test_a_redirect_on_this_machine_is_followed(fetching: Fetching, location: str) -> None:
    with Loopback([answer(SVG)]) as server:
        server.replies.insert(0, answer(b"", 302, {"Location": location.format(port=server.port)}))
        assert isinstance(fetching(at(server)), Blob)
        assert server.requests[1].startswith(b"GET /2")


@pytest.mark.parametrize(
    "location", ["http://pictures.invalid/", "ftp://127.0.0.1/", "file:///etc/passwd", "//[", "https://a:b@127.0.0.1/"]
)
def test_a_redirect_to_what_is_not_https_is_not_followed(fetching: Fetching, location: str) -> None:
    with Loopback([answer(b"", 301, {"Location": location})]) as server:
        failed = fetching.failed(at(server))
        assert len(server.requests) == 1
    assert failed.problem.code == "download.redirected"
    assert failed.problem.message == "127.0.0.1 redirects the download to an address that is not https"


def test_a_redirect_to_https_is_followed(fetching: Fetching, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATE))
    with Loopback([answer(SVG)], tls=True) as safe, Loopback([answer(b"", 307, {"Location": safe.url})]) as server:
        assert isinstance(fetching(at(server)), Blob)


@pytest.mark.parametrize("here", ["http://127.0.0.1:80/", "http://localhost/", "http://[::1]/"])
def test_only_this_machine_can_lead_us_to_this_machine(here: str) -> None:
    pictures, sandbox = urlsplit("https://pictures.invalid/1"), urlsplit("http://127.0.0.1:9/1")
    assert address_of(here) is not None
    assert address_of(here, came_from=sandbox) is not None
    assert address_of(here, came_from=pictures) is None
    assert address_of("//elsewhere.invalid/2", came_from=pictures) == urlsplit("https://elsewhere.invalid/2")


def test_redirects_in_circles_end(fetching: Fetching) -> None:
    with Loopback([answer(b"", 302, {"Location": "/"})]) as server:
        failed = fetching.failed(at(server))
        assert len(server.requests) == 4
    assert failed.problem.message == "127.0.0.1 redirects the download in circles"


@pytest.mark.parametrize(
    "url",
    ["", "x", "http://pictures.invalid/1", "https://", "https://a:b@c/", "https://[", "https://a b/", "https://a/\n"],
)
def test_only_addresses_of_https_are_fetched(fetching: Fetching, url: str) -> None:
    assert fetching.failed(url).problem.code == "download.bad-address"


# Taking up what broke off


def broken_off(fetching: Fetching, server: Loopback) -> Part:
    ended = fetching(at(server))
    assert isinstance(ended, Trouble)
    assert ended.may_pass
    assert ended.part is not None
    return ended.part


def rest(start: int, headers: dict[str, str] | None = None) -> bytes:
    where = {"Content-Range": f"bytes {start}-{len(LARGE) - 1}/{len(LARGE)}"}
    return answer(LARGE[start:], 206, {**where, **(headers or ETAG)})


def half(headers: dict[str, str]) -> bytes:
    return Cut(answer(LARGE, headers=headers)[: -len(LARGE) // 2])


def test_a_large_picture_is_taken_up_where_it_broke_off(fetching: Fetching) -> None:
    with Loopback([half(ETAG)]) as server:
        part = broken_off(fetching, server)
        size = part.size
        server.replies[:] = [rest(size)]
        blob = fetching(at(server), part)
        head = server.requests[-1]
    assert isinstance(blob, Blob)
    assert blob.read() == LARGE
    assert b"\r\nRange: bytes=%d-\r\n" % size in head
    assert b'\r\nIf-Range: "one"\r\n' in head
    assert files_but_packs(fetching.folder) == own_file_of(blob)


def test_a_picture_that_changed_meanwhile_is_fetched_whole(fetching: Fetching) -> None:
    with Loopback([half(ETAG), answer(SVG, headers={"ETag": '"two"'})]) as server:
        blob = fetching(at(server), broken_off(fetching, server))
    assert isinstance(blob, Blob)
    assert blob.read() == SVG
    assert files_but_packs(fetching.folder) == own_file_of(blob)


@pytest.mark.parametrize("headers", [{}, {"ETag": 'W/"weak"'}, {"ETag": "bare"}])
def test_without_a_word_that_it_is_the_same_file_it_is_fetched_whole(
    fetching: Fetching, headers: dict[str, str]
) -> None:
    with Loopback([half(headers)]) as server:
        assert fetching.trouble(at(server)).part is None


def test_packed_bytes_are_fetched_whole_because_a_part_of_them_is_no_part_of_the_picture(fetching: Fetching) -> None:
    with Loopback([Cut(answer(LARGE, headers=ETAG, packed=True)[:-200])]) as server:
        ended = fetching.trouble(at(server))
    assert ended.may_pass
    assert ended.part is None


@pytest.mark.parametrize("reply", [answer(b"", 416), rest(17), answer(LARGE[-200_000:], 206)])
def test_a_part_that_does_not_fit_is_forgotten(fetching: Fetching, reply: bytes) -> None:
    with Loopback([half(ETAG), reply]) as server:
        ended = fetching.trouble(at(server), broken_off(fetching, server))
    assert ended.may_pass
    assert ended.part is None


def test_what_is_taken_up_is_kept_through_another_failure(fetching: Fetching) -> None:
    with Loopback([half(ETAG), answer(b"", 503), Cut()]) as server:
        part = broken_off(fetching, server)
        for _ in range(2):
            ended = fetching.trouble(at(server), part)
            assert ended.part is part


def test_what_is_taken_up_counts_against_the_largest_size(fetching: Fetching) -> None:
    with Loopback([half(ETAG)]) as server:
        part = broken_off(fetching, server)
        server.replies[:] = [
            Cut(
                b"HTTP/1.1 206 Part\r\nContent-Length: %d\r\nContent-Range: bytes %d-/*\r\n\r\n"
                % (MOST_BYTES - part.size + 1, part.size)
            )
        ]
        ended = fetching.trouble(at(server), part)
    assert ended.failed.problem.code == "download.too-large"


# Proxies and TLS


def test_a_proxy_is_used_for_https(fetching: Fetching, monkeypatch: pytest.MonkeyPatch) -> None:
    with Loopback([Cut(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")]) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        ended = fetching.trouble("https://pictures.invalid/1")
        assert proxy.requests[0].startswith(b"CONNECT pictures.invalid:443 HTTP/1.")
    assert ended.failed.problem.message == (
        "the proxy did not connect us to pictures.invalid: HTTP 407 Proxy Authentication Required"
    )


def test_no_proxy_excludes_hosts_and_the_loopback_is_never_proxied(
    fetching: Fetching, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Loopback([answer(SVG)]) as proxy, Loopback([answer(SVG)]) as server:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.setenv("NO_PROXY", "pictures.invalid")
        assert isinstance(fetching(at(server)), Blob)
        ended = fetching("https://pictures.invalid/1")
        assert proxy.connections == 0
    assert isinstance(ended, Trouble)
    assert ended.failed.problem.message == "pictures.invalid could not be found: the name has no address"


def test_a_proxy_that_is_not_understood_is_named(fetching: Fetching, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "pigeon://127.0.0.1:9")
    failed = fetching.failed("https://pictures.invalid/1")
    assert (failed.problem.code, failed.problem.hint) == ("download.bad-address", "Check HTTPS_PROXY.")


def test_a_certificate_that_nobody_vouches_for_is_refused(fetching: Fetching) -> None:
    with Loopback([answer(SVG)], tls=True) as server:
        failed = fetching.failed(at(server))
        assert server.requests == []
    assert failed.problem.code == "download.no-trust"
    assert failed.problem.message == "the connection to 127.0.0.1 is not trusted: self-signed certificate"


def test_a_company_certificate_can_be_trusted(fetching: Fetching, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATE))
    with Loopback([answer(SVG)], tls=True) as server:
        assert isinstance(fetching(at(server)), Blob)


def test_certificates_that_are_not_there_are_named(fetching: Fetching, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/no/such.pem")
    with Loopback([answer(SVG)], tls=True) as server:
        failed = fetching.failed(at(server))
    assert failed.problem.code == "download.no-certificates"


# Cutting


def test_a_line_that_was_cut_before_sends_nothing(fetching: Fetching) -> None:
    line = Line()
    line.cut()
    with Loopback([answer(SVG)]) as server:
        assert isinstance(fetching.exchange(Download(at(server), RenderFormat.SVG), line), Trouble)
        assert server.requests == []
