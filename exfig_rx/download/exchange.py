"""One download over HTTP, blocking: an address to a blob, or to what went wrong.

In: a `Download`, and what an earlier try left of it. Out: a `Blob` or a `Trouble`. Rules: foreign exceptions end here;
a body has a size limit, unpacked too; short ones stay in memory until they are whole, long ones go to disk as they come
and are taken up where they broke off if the server vouches that it is the same file.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from time import monotonic
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

from urllib3 import BaseHTTPResponse
from urllib3.util import Retry, Timeout

from exfig_rx import __version__
from exfig_rx.connections import Line, Origins, is_loopback, unreadable_certificates
from exfig_rx.download import failures
from exfig_rx.download.failures import Trouble
from exfig_rx.download.kinds import HEAD_BYTES, TAIL_BYTES, kind_of, mistaken
from exfig_rx.download.store import Part, Store, StoreError
from exfig_rx.pictures import Blob, RenderFormat
from exfig_rx.silence import FOREIGN, silence_of

DEFAULT_TIMEOUT_S: Final = 30.0
CONNECT_TIMEOUT_S: Final = 15.0
LONGEST_S: Final = 300.0
"""After so many seconds a transfer that still brings bytes is broken off; the next try takes it up."""

MOST_REDIRECTS: Final = 3
SHORT_BYTES: Final = 1 << 18
"""Up to here a body waits in memory; with 20 transfers at once that is 5 MB."""

_PIECE = 1 << 16
_REDIRECTS = (301, 302, 303, 307, 308)
_NOT_THAT_PART = 416
_NO_RETRY = Retry(False)
_S3_CODE = re.compile(rb"<Code>(\w{1,60})</Code>")

_HEADERS: Final = {"User-Agent": f"exfig/{__version__}", "Accept": "*/*"}
"""No word of compression: then `Content-Length` counts bytes of the picture, and a part of them can be taken up."""


@dataclass(frozen=True, slots=True)
class Download:
    """What is wanted: the bytes at an address, and the format that they must be of."""

    url: str
    format: RenderFormat


@dataclass(slots=True)
class _Try:
    """One try while it lasts: where it is, and what is on disk of a long body."""

    wanted: Download
    part: Part | None
    host: str = ""

    def drop_part(self) -> None:
        if self.part is not None:
            self.part.discard()
            self.part = None

    def ended(self, trouble: Trouble) -> Trouble:
        """`trouble` with the part, if it is of use to the next try; it is removed if not."""
        if trouble.may_pass and self.part is not None and self.part.size and self.part.etag:
            return replace(trouble, part=self.part)
        self.drop_part()
        return trouble


class _Ended(Exception):
    """This try is over, as `trouble` says."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


class Exchange:
    """Fetches into `store` over kept connections; threads share it.

    `most_bytes` is the largest body, `timeout_s` seconds without a byte after which a try fails, `longest_s` seconds
    after which it fails anyhow.
    """

    def __init__(
        self,
        store: Store,
        *,
        connections: int,
        most_bytes: int,
        timeout_s: float = DEFAULT_TIMEOUT_S,
        longest_s: float = LONGEST_S,
    ) -> None:
        self._store = store
        self._origins = Origins(connections=connections)
        self._most_bytes = most_bytes
        self._timeout = Timeout(connect=min(CONNECT_TIMEOUT_S, timeout_s), read=timeout_s)
        self._longest_s = longest_s

    def __call__(self, wanted: Download, line: Line, part: Part | None = None) -> Blob | Trouble:
        """One try, until `line` is cut. `part` is what an earlier one left, and is used up."""
        this = _Try(wanted, part)
        try:
            with line:
                return self._follow(this)
        except _Ended as ended:
            return this.ended(ended.trouble)
        except StoreError as error:
            this.drop_part()  # more of it would go where it was refused
            return failures.not_stored(str(error), may_pass=error.may_pass)
        except FOREIGN as error:
            return this.ended(failures.no_answer(this.host, silence_of(error)))

    def _follow(self, this: _Try) -> Blob:
        address = address_of(this.wanted.url)
        if address is None:
            raise _Ended(failures.bad_address())
        for _ in range(MOST_REDIRECTS + 1):
            this.host = address.hostname or ""
            answer = self._send(address, this.part)
            try:
                if answer.status not in _REDIRECTS:
                    return self._read(answer, this)
                _first_piece(answer)  # so that the connection is kept
                address = address_of(answer.headers.get("Location", ""), came_from=address)
                if address is None:
                    raise _Ended(failures.redirected(this.host, "to an address that is not https", answer.status))
            finally:
                answer.close()
        raise _Ended(failures.redirected(this.host, "in circles", answer.status))

    def _send(self, address: SplitResult, part: Part | None) -> BaseHTTPResponse:
        bundle = unreadable_certificates() if address.scheme == "https" else None
        if bundle is not None:
            raise _Ended(failures.no_certificates(bundle))
        headers = _HEADERS
        if part is not None:
            headers = {**_HEADERS, "Range": f"bytes={part.size}-", "If-Range": part.etag}
        return self._origins.pool_of(address).urlopen(
            "GET",
            f"{address.path or '/'}?{address.query}" if address.query else address.path or "/",
            headers=headers,
            retries=_NO_RETRY,
            redirect=False,
            assert_same_host=False,
            timeout=self._timeout,
            preload_content=False,
        )

    def _read(self, answer: BaseHTTPResponse, this: _Try) -> Blob:
        status, part, length = answer.status, this.part, answer.length_remaining
        if status == _NOT_THAT_PART:
            this.drop_part()
        if not 200 <= status < 300:
            raise _Ended(failures.refused(this.host, status, _said(_first_piece(answer))))
        begins_at = part.size if part is not None and status == 206 else 0
        if begins_at + (length or 0) > self._most_bytes:
            raise _Ended(failures.too_large(this.host, status, self._most_bytes))
        packed = answer.headers.get("Content-Encoding", "identity") != "identity"
        if part is None and length is not None and length <= SHORT_BYTES and not packed:
            return self._in_memory(answer, this)
        return self._on_disk(answer, this, can_go_on=not packed)

    def _in_memory(self, answer: BaseHTTPResponse, this: _Try) -> Blob:
        content = answer.read1(_PIECE)
        if answer.length_remaining:
            content += b"".join(self._pieces(answer, this.host))
        self._check(this, answer.status, content[:HEAD_BYTES], content[-TAIL_BYTES:])
        return self._store.keep(content)

    def _on_disk(self, answer: BaseHTTPResponse, this: _Try, *, can_go_on: bool) -> Blob:
        if this.part is None:
            this.part = self._store.begin()
        part = this.part
        with part:
            if answer.status != 206:
                part.restart(_strong(answer.headers.get("ETag", "")) if can_go_on else "")
            elif not answer.headers.get("Content-Range", "").startswith(f"bytes {part.size}-"):
                this.drop_part()
                raise _Ended(failures.other_part(this.host, answer.status))
            for piece in self._pieces(answer, this.host):
                if part.size + len(piece) > self._most_bytes:
                    raise _Ended(failures.too_large(this.host, answer.status, self._most_bytes))
                part.write(piece)
        try:
            self._check(this, answer.status, *part.ends())
        except _Ended:
            this.drop_part()  # all that was promised is there, and more would not mend it
            raise
        this.part = None
        return self._store.finish(part)

    def _pieces(self, answer: BaseHTTPResponse, host: str) -> Iterator[bytes]:
        """The body as it comes, unpacked."""
        until = monotonic() + self._longest_s
        while piece := answer.read1(_PIECE, decode_content=True):
            yield piece
            if monotonic() > until:
                raise _Ended(failures.too_slow(host, self._longest_s))

    def _check(self, this: _Try, status: int, head: bytes, tail: bytes) -> None:
        wrong = mistaken(this.wanted.format, head, tail)
        if wrong is not None:
            raise _Ended(failures.not_the_picture(this.host, status, wrong))


def address_of(url: str, came_from: SplitResult | None = None) -> SplitResult | None:
    """The parts of an address that may be fetched, None if it may not; `came_from` redirects there.

    It is one of https, or of http on this machine, where nobody else can send us.
    """
    try:
        parts = urlsplit(url if came_from is None else urljoin(came_from.geturl(), url))
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return None
    if not host or "@" in parts.netloc or not url.isprintable() or " " in url or "\\" in url:
        return None
    is_ours = is_loopback(host) and (came_from is None or is_loopback(came_from.hostname or ""))
    return parts if parts.scheme == "https" or (parts.scheme == "http" and is_ours) else None


def _first_piece(answer: BaseHTTPResponse) -> bytes:
    try:
        return answer.read1(_PIECE, decode_content=True)
    except FOREIGN:
        return b""  # the status alone says enough


def _said(body: bytes) -> str:
    """What a refusal says for itself: the storage's code, or what its body is."""
    code = _S3_CODE.search(body)
    return code.group(1).decode() if code else kind_of(body) if body else ""


def _strong(etag: str) -> str:
    """`etag` if it stands for these very bytes; a weak one stands for something like them."""
    return etag if etag.startswith('"') and etag.isascii() and etag.isprintable() else ""
