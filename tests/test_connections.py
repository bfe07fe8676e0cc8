"""Kept connections: which hosts are this machine, and pools that stay usable however many hosts there are."""

from urllib.parse import urlsplit

import pytest

from exfig_rx.connections import MOST_ORIGINS, Origins, is_loopback


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost", "cdn.localhost"])
def test_names_and_addresses_of_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["", "0.0.0.0", "10.0.0.1", "localhost.invalid", "127.0.0.1.invalid", "figma.com", "1"]
)
def test_whatever_else_is_not(host: str) -> None:
    assert not is_loopback(host)


def test_the_connections_to_a_host_are_shared() -> None:
    origins = Origins(connections=2)
    first, same, other = (
        origins.pool_of(urlsplit(url)) for url in ("http://127.0.0.1:1/a", "http://127.0.0.1:1/b?c", "http://[::1]:1/a")
    )
    assert first is same
    assert first is not other


def test_no_host_is_given_connections_that_were_closed_for_another() -> None:
    origins = Origins(connections=2)
    addresses = [urlsplit(f"http://127.0.0.1:{port}/") for port in range(1, 3 * MOST_ORIGINS)]
    for address in (*addresses, *reversed(addresses), *addresses[::5]):
        assert origins.pool_of(address).pool is not None
