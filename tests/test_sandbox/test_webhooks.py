"""Webhooks of the sandbox: registered, listed, removed as at Figma, and told of edits if they are on this machine."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from typing import Any

import pytest

from exfig_rx.model import Tier
from exfig_rx.sandbox import Edit, Sandbox
from tests.test_sandbox.conftest import LIGHT, TOKENS, Client

WAIT_S = 20.0


class Ear:
    """Takes notices at an address of its own, and answers 200."""

    def __init__(self) -> None:
        self.heard: SimpleQueue[dict[str, Any]] = SimpleQueue()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}/figma"
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def next(self) -> dict[str, Any]:
        return self.heard.get(timeout=WAIT_S)

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._thread.join(WAIT_S)
        self._listening.close()

    def _listen(self) -> None:
        while True:
            try:
                sock, _ = self._listening.accept()
            except OSError:
                return
            with sock, sock.makefile("rb") as said:
                head = list(iter(said.readline, b"\r\n"))
                assert head[0] == b"POST /figma HTTP/1.1\r\n"
                (length,) = (int(line.split()[1]) for line in head if line.lower().startswith(b"content-length"))
                self.heard.put(json.loads(said.read(length)))
                sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


@pytest.fixture
def ear() -> Iterator[Ear]:
    one = Ear()
    yield one
    one.close()


def wanted(endpoint: str = "https://hooks.example.com", **more: Any) -> dict[str, Any]:
    usual = {"event_type": "FILE_UPDATE", "context": "file", "context_id": LIGHT, "passcode": "geheim"}
    return {**usual, "endpoint": endpoint, **more}


def test_a_webhook_is_registered_listed_without_its_passcode_and_removed(client: Client, sandbox: Sandbox) -> None:
    made = client.send("POST", "/v2/webhooks", wanted(description="mine")).json
    assert (made["event_type"], made["context"], made["context_id"], made["status"]) == (
        "FILE_UPDATE",
        "FILE",
        LIGHT,
        "ACTIVE",
    )
    shown = {**made, "passcode": ""}
    assert client.get("/v2/webhooks", context="file", context_id=LIGHT).json == {"webhooks": [shown]}
    assert client.get("/v2/webhooks", context="file", context_id=TOKENS).json == {"webhooks": []}
    assert client.get(f"/v2/webhooks/{made['id']}").json == shown
    assert client.send("DELETE", f"/v2/webhooks/{made['id']}").json == shown
    assert client.get("/v2/webhooks", context="file", context_id=LIGHT).json == {"webhooks": []}
    gone = client.send("DELETE", f"/v2/webhooks/{made['id']}")
    assert (gone.status, gone.json["message"]) == (404, "Webhook not found")
    assert {entry.tier for entry in sandbox.log} == {Tier.TWO}


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"[]", 400, "JSON object"),
        (b"{", 400, "JSON object"),
        (wanted(passcode=None), 400, "Missing required parameter: passcode"),
        (wanted(event_type="PING"), 400, "Invalid value for event_type"),
        (wanted(context="page"), 400, "Invalid value for context"),
        (wanted("ftp://a.b"), 400, "Invalid value for endpoint"),
        (wanted("https://a.b/" + "c" * 2048), 400, "Invalid value for endpoint"),
        (wanted(passcode="p" * 101), 400, "Invalid value for passcode"),
        (wanted(status="ASLEEP"), 400, "Invalid value for status"),
        (wanted(context_id="Nowhere"), 404, "Not found"),
    ],
)
def test_what_figma_would_refuse_is_refused(client: Client, body: Any, status: int, said: str) -> None:
    got = client.send("POST", "/v2/webhooks", body)
    assert got.status == status
    assert said in got.json["message"]


@pytest.mark.parametrize(("context", "id_", "most"), [("file", LIGHT, 3), ("project", "5", 5), ("team", "7", 20)])
def test_a_context_has_only_so_many_webhooks(client: Client, context: str, id_: str, most: int) -> None:
    body = wanted(context=context, context_id=id_)
    assert [client.send("POST", "/v2/webhooks", body).status for _ in range(most)] == [200] * most
    assert "The limit of" in client.send("POST", "/v2/webhooks", body).json["message"]


def test_a_list_is_of_one_context_and_other_methods_are_not_there(client: Client) -> None:
    assert client.get("/v2/webhooks").status == 400
    assert client.get("/v2/webhooks", context="file").status == 400
    assert client.send("DELETE", "/v2/webhooks").status == 404
    assert client.send("POST", "/v2/webhooks/1").status == 404
    assert client.get("/v2/webhooks/1/requests").status == 404


def test_a_new_webhook_is_pinged_and_a_paused_one_is_not(client: Client, ear: Ear) -> None:
    client.send("POST", "/v2/webhooks", wanted(ear.url, status="PAUSED"))
    made = client.send("POST", "/v2/webhooks", wanted(ear.url)).json
    ping = ear.next()
    assert ping == {
        "event_type": "PING",
        "passcode": "geheim",
        "timestamp": ping["timestamp"],
        "webhook_id": made["id"],
    }


@pytest.mark.parametrize("edit", ["in process", "over HTTP"])
def test_an_edit_is_told_to_those_who_want_to_know_of_that_file(
    sandbox: Sandbox, client: Client, ear: Ear, edit: str
) -> None:
    for more in (
        {"context_id": TOKENS},
        {"event_type": "FILE_VERSION_UPDATE"},
        {"event_type": "FILE_UPDATE"},
        {"event_type": "LIBRARY_PUBLISH", "context": "team", "context_id": "7"},
    ):
        client.send("POST", "/v2/webhooks", wanted(ear.url, **more))
    assert [ear.next()["event_type"] for _ in range(4)] == ["PING"] * 4
    if edit == "in process":
        sandbox.edit(Edit(LIGHT))
    else:
        assert client.send("POST", "/sandbox/edit", {"file": LIGHT}).status == 200
    update, published = ear.next(), ear.next()
    assert (update["event_type"], update["file_key"], update["passcode"]) == ("FILE_UPDATE", LIGHT, "geheim")
    assert (published["event_type"], published["file_name"]) == ("LIBRARY_PUBLISH", update["file_name"])
    assert {"created_styles", "modified_components", "deleted_variables", "triggered_by"} <= published.keys()


def test_nothing_is_sent_to_other_machines_and_a_deaf_endpoint_harms_nobody(
    sandbox: Sandbox, client: Client, ear: Ear
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        nobody = f"http://127.0.0.1:{unused.getsockname()[1]}"
    for endpoint in ("http://192.0.2.1/", "https://127.0.0.1/", "http://[::1", nobody, f"{nobody}:x", ear.url):
        assert client.send("POST", "/v2/webhooks", wanted(endpoint, context="team", context_id="7")).status == 200
    assert ear.next()["event_type"] == "PING"
    sent = {notice.endpoint: notice.status for notice in sandbox.notices}
    assert {endpoint for endpoint in sent if sent[endpoint] or not endpoint.startswith(nobody)} <= {ear.url}


def test_notices_keep_their_order_and_are_kept_with_the_status_of_their_answer(
    sandbox: Sandbox, client: Client, ear: Ear
) -> None:
    client.send("POST", "/v2/webhooks", wanted(ear.url))
    for _ in range(20):
        sandbox.edit(Edit(LIGHT))
    times = [ear.next()["timestamp"] for _ in range(21)]
    assert times == sorted(times)
    kept = [(notice.event_type, notice.status) for notice in sandbox.notices]
    assert kept[:20] == [("PING", 200)] + [("FILE_UPDATE", 200)] * 19


def test_a_sandbox_that_does_not_run_tells_nobody(connect: Callable[..., Client]) -> None:
    sandbox = Sandbox()
    sandbox.edit(Edit(LIGHT))
    with sandbox:
        connect(sandbox.url).send("POST", "/v2/webhooks", wanted())
    sandbox.edit(Edit(LIGHT))
    assert sandbox.notices == []
