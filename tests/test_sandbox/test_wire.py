"""HTTP as it comes: keep-alive, pipelining, odd and hostile clients. Nothing a client sends ends the sandbox."""

import socket
import threading
from collections.abc import Callable

import pytest

from exfig_rx.sandbox import Sandbox
from tests.sandbox_designs import design_with_colors
from tests.test_sandbox.conftest import LIGHT, Client, raw

ME = b"GET /v1/me HTTP/1.1\r\nHost: x\r\nX-Figma-Token: t\r\n\r\n"


def test_one_connection_serves_many_requests(sandbox: Sandbox, client: Client) -> None:
    client.get("/v1/me")
    first = client.connection.sock
    assert [client.get("/v1/me").status for _ in range(5)] == [200] * 5
    assert client.connection.sock is first
    assert len(sandbox.log) == 6


def test_pipelined_requests_are_answered_in_order(sandbox: Sandbox) -> None:
    asked = [ME, ME.replace(b"/v1/me", b"/v1/nothing"), ME]
    answered = raw(sandbox.url, b"".join(asked)).split(b"HTTP/1.1 ")[1:]
    assert [answer[:3] for answer in answered] == [b"200", b"404", b"200"]


def test_a_request_may_arrive_byte_by_byte(sandbox: Sandbox) -> None:
    host, port = sandbox.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in ME:
            sock.sendall(bytes([byte]))
        assert sock.recv(12) == b"HTTP/1.1 200"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"\r\n\r\n", b"400"),
        (b"hello\r\n\r\n", b"400"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"400"),
        (b"GET http://elsewhere/ HTTP/1.1\r\n\r\n", b"400"),
        (b"GET / HTTP/2\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nX : space before the colon\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nContent-Length: \xb2\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", b"413"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"411"),
        (b"GET /" + b"a" * 8192 + b" HTTP/1.1\r\n\r\n", b"413"),
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 20_000 + b"\r\n", b"413"),
        (b"GET //[ HTTP/1.1\r\n\r\n", b"404"),
        (b"GET /%00%ff?ids=%zz&&=&; HTTP/1.1\r\n\r\n", b"404"),
        (b"GET /v1/files//styles HTTP/1.1\r\n\r\n", b"404"),
        (b"BREW /v1/me HTTP/1.1\r\n\r\n", b"404"),
    ],
)
def test_odd_requests_get_an_error_and_the_next_client_gets_its_answer(
    sandbox: Sandbox, client: Client, sent: bytes, status: bytes
) -> None:
    answer = raw(sandbox.url, sent)
    assert answer.startswith(b"HTTP/1.1 " + status)
    assert client.get("/v1/me").status == 200


def test_clients_that_leave_early_are_not_missed(
    sandbox: Sandbox, client: Client, capfd: pytest.CaptureFixture[str]
) -> None:
    host, port = sandbox.url.removeprefix("http://").split(":")
    for sent in (b"", ME[:20], ME * 50, ME.replace(b"/v1/me", f"/v1/files/{LIGHT}".encode()) * 20):
        with socket.create_connection((host, int(port)), timeout=20) as sock:
            sock.sendall(sent)
    assert client.get("/v1/me").status == 200
    assert "".join(capfd.readouterr()) == ""


def test_an_id_list_that_makes_the_url_too_long_is_413(client: Client) -> None:
    short, long = (",".join(f"1:{n}" for n in range(10_000, 10_000 + count)) for count in (1_000, 1_100))
    assert client.get(f"/v1/files/{LIGHT}/nodes", ids=short).status == 200
    assert client.get(f"/v1/files/{LIGHT}/nodes", ids=long).status == 413


def test_head_has_the_length_and_no_body(sandbox: Sandbox, client: Client) -> None:
    got = client.send("HEAD", f"/v1/files/{LIGHT}/styles")
    assert got.status == 200
    assert got.content == b""
    assert int(got.headers["content-length"]) == len(client.get(f"/v1/files/{LIGHT}/styles").content)


def test_old_clients_and_those_that_ask_for_it_are_disconnected_after_the_answer(sandbox: Sandbox) -> None:
    for request in (ME.replace(b"HTTP/1.1", b"HTTP/1.0"), ME.replace(b"Host: x", b"Connection: close")):
        answers = raw(sandbox.url, request * 2)
        assert answers.count(b"HTTP/1.1 200") == 1
        assert b"Connection: close" in answers


def test_a_client_that_waits_for_permission_to_send_its_body_gets_it(sandbox: Sandbox) -> None:
    host, port = sandbox.url.removeprefix("http://").split(":")
    body = b'{"kind": "reset"}'
    head = b"POST /sandbox/faults HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(body)
    with socket.create_connection((host, int(port)), timeout=20) as sock:
        sock.sendall(head)
        assert sock.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        sock.sendall(body)
        assert sock.recv(12) == b"HTTP/1.1 200"


def test_it_listens_on_the_loopback_only_and_on_the_port_it_was_given() -> None:
    with Sandbox() as first:
        assert first.url.startswith("http://127.0.0.1:")
        assert first.cdn_url.startswith("http://127.0.0.1:")
        port = int(first.url.rsplit(":", 1)[1])
        with pytest.raises(OSError, match="address already in use"):
            Sandbox(port=port).start()
    with Sandbox(port=port) as second:
        assert second.url == first.url


def test_stop_frees_those_who_wait_and_leaves_no_thread_and_no_open_connection(
    connect: Callable[..., Client],
) -> None:
    sandbox = Sandbox(design_with_colors({"F": {"a": "#000000"}}))
    client = connect(sandbox.start())
    assert client.get("/v1/me").status == 200
    waiter = threading.Thread(target=sandbox.wait)
    waiter.start()
    sandbox.stop()
    waiter.join(20)
    assert not waiter.is_alive()
    assert "sandbox" not in [thread.name for thread in threading.enumerate()]
    with pytest.raises(OSError, match=r"reset|closed|refused"):
        client.get("/v1/me")
    sandbox.stop()


def test_fifty_clients_at_once_get_their_answers(sandbox: Sandbox, connect: Callable[..., Client]) -> None:
    clients = [connect(sandbox.url) for _ in range(50)]
    for client in clients:
        client.connection.request("GET", f"/v1/files/{LIGHT}/styles", headers=client.headers)
    assert [client.connection.getresponse().status for client in clients] == [200] * 50


def test_a_client_that_reads_late_gets_every_answer(sandbox: Sandbox) -> None:
    host, port = sandbox.url.removeprefix("http://").split(":")
    request = ME.replace(b"/v1/me", f"/v1/files/{LIGHT}/components".encode())
    with socket.create_connection((host, int(port)), timeout=20) as sock:
        sock.sendall(request * 600)
        # The first answer says that the sandbox has begun; by far not all of them fit into the buffers.
        received = bytearray(sock.recv(1))
        sock.shutdown(socket.SHUT_WR)
        while block := sock.recv(1 << 20):
            received += block
    assert received.count(b"HTTP/1.1 200") == 600
