"""Limits: exactly so many requests in any window, per token, plan and tier, and Figma's headers on the refusal."""

from collections.abc import Callable
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from exfig_rx.model import Tier
from exfig_rx.sandbox import PROFESSIONAL, Sandbox
from exfig_rx.sandbox.limits import Window
from tests.test_sandbox.conftest import LIGHT, TOKENS, Client


class Clock:
    """Time that stands still unless it is told to move."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@given(st.lists(st.floats(0, 40), max_size=60), st.integers(1, 5))
def test_no_window_ever_holds_more_than_the_limit_and_the_wait_is_the_shortest_possible(
    gaps: list[float], limit: int
) -> None:
    window, now, admitted = Window((limit, 0, 0)), 0.0, [-1000.0]
    for gap in gaps:
        now += gap
        wait = window.admit("token", Tier.ONE, now)
        inside = [at for at in admitted if at > now - 60]
        assert (wait == 0) is (len(inside) < limit)
        if wait:
            assert wait == inside[0] + 60 - now
        else:
            admitted.append(now)
    assert all(admitted[at + limit] - admitted[at] >= 60 for at in range(len(admitted) - limit))
    assert all(earlier <= later for earlier, later in pairwise(admitted))


def test_the_request_above_the_limit_is_429_with_the_documented_headers_until_the_window_has_moved_on(
    connect: Callable[..., Client],
) -> None:
    clock = Clock()
    with Sandbox(limits=PROFESSIONAL, clock=clock) as sandbox:
        client = connect(sandbox.url)
        for _ in range(10):
            assert client.get(f"/v1/files/{LIGHT}", depth=1).status == 200
            clock.now_s += 2
        refused = client.get(f"/v1/files/{LIGHT}/nodes", ids="10:2")
        assert refused.json == {"status": 429, "err": "Rate limit exceeded"}
        expected = {
            "retry-after": "40",
            "x-figma-plan-tier": "pro",
            "x-figma-rate-limit-type": "high",
            "x-figma-upgrade-link": "https://www.figma.com/files?api_paywall=true",
        }
        assert {name: refused.headers[name] for name in expected} == expected
        clock.now_s = 1059.999
        assert client.get(f"/v1/files/{LIGHT}", depth=1).headers["retry-after"] == "1"
        clock.now_s = 1060
        assert client.get(f"/v1/files/{LIGHT}", depth=1).status == 200
        assert client.get(f"/v1/files/{LIGHT}", depth=1).headers["retry-after"] == "2"
        assert [entry.status for entry in sandbox.log] == [200] * 10 + [429, 429, 200, 429]
        assert [entry.at_s for entry in sandbox.log][:3] == [1000, 1002, 1004]


def test_tiers_tokens_and_plans_have_budgets_of_their_own(connect: Callable[..., Client]) -> None:
    with Sandbox(limits=(1, 1, 1), clock=Clock()) as sandbox:
        client, other = connect(sandbox.url), connect(sandbox.url, "figd_other")
        asked = [
            (client, f"/v1/files/{LIGHT}", 200),
            (client, f"/v1/files/{LIGHT}", 429),
            (client, f"/v1/files/{LIGHT}/versions", 200),
            (client, f"/v1/files/{LIGHT}/styles", 200),
            (client, f"/v1/files/{LIGHT}/meta", 429),
            (other, f"/v1/files/{LIGHT}", 200),
            (client, f"/v1/files/{TOKENS}", 200),
        ]
        assert [one.get(path).status for one, path, _ in asked] == [status for *_, status in asked]
        refused = client.get(f"/v1/files/{TOKENS}/variables/local")
        assert refused.status == 200
        refused = client.get(f"/v1/files/{TOKENS}/variables/local")
        assert refused.json == {"error": True, "status": 429, "message": "Rate limit exceeded"}
        assert refused.headers["x-figma-plan-tier"] == "enterprise"


def test_pictures_and_control_requests_are_never_limited(connect: Callable[..., Client]) -> None:
    with Sandbox(limits=(1, 1, 1), clock=Clock()) as sandbox:
        client, cdn = connect(sandbox.url), connect(sandbox.cdn_url, None)
        url = client.get(f"/v1/images/{LIGHT}", ids="20:2", format="svg").json["images"]["20:2"]
        path = url.removeprefix(sandbox.cdn_url)
        assert [cdn.get(path).status for _ in range(5)] == [200] * 5
        assert [client.get("/sandbox/log").status for _ in range(5)] == [200] * 5
