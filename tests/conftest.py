"""What holds for every test: a clean environment, and no thread left behind; and a Figma on the loopback to ask for."""

import os
import threading
from collections.abc import Iterator

import pytest
from hypothesis import settings

from exfig_rx.sandbox import Sandbox
from tests.nursery import nursery

# A busy machine is slow, not wrong: no test measures time. Half of the usual examples each, as there are many such
# tests, each with new examples every time.
settings.register_profile("patient", deadline=None, max_examples=50)
settings.load_profile("patient")

_PREFIXES = ("EXFIG_", "FIGMA_")
_NAMES = ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TERM", "COLORTERM", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
_GRACE_S = 2.0


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the developer's shell reaches a test."""
    for name in tuple(os.environ):
        if name.startswith(_PREFIXES) or name in _NAMES or name.lower() in _PROXIES:
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True, scope="session")
def nursery_closes() -> Iterator[None]:
    """The process that bears runs of `exfig` ends with the tests."""
    yield
    if nursery.cache_info().currsize:
        nursery().close()


@pytest.fixture(autouse=True)
def no_leaked_thread() -> Iterator[None]:
    """A test that leaves a thread which would keep the program alive fails; daemons and those about to end may stay."""
    before = set(threading.enumerate())
    yield
    leaked = [thread for thread in threading.enumerate() if thread not in before and not thread.daemon]
    for thread in leaked:
        thread.join(_GRACE_S)
    names = [thread.name for thread in leaked if thread.is_alive()]
    assert not names, f"threads left running: {', '.join(names)}"


@pytest.fixture
def sandbox(no_leaked_thread: None) -> Iterator[Sandbox]:
    """The bundled design over real HTTP, without limits, with a log of every request; any token is accepted."""
    with Sandbox() as running:
        yield running
    assert running.crashes == [], "the sandbox itself failed"
