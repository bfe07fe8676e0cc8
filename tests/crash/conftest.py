"""Where the worlds of these tests are: in memory where the system has a place for that, as they are made a thousand
times."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

_MEMORY = "/dev/shm"


@pytest.fixture
def quick_path(tmp_path: Path) -> Iterator[Path]:
    """An empty folder for one test."""
    if not os.access(_MEMORY, os.W_OK):
        yield tmp_path
        return
    folder = tempfile.mkdtemp(prefix="exfig-test-", dir=_MEMORY)
    yield Path(folder)
    shutil.rmtree(folder)
