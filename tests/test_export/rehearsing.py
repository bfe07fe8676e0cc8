"""What an exporter refuses before there is any render."""

from collections.abc import Sequence

import pytest

from exfig_rx.errors import DesignError
from exfig_rx.export import rehearse_pictures
from exfig_rx.export.pictures import PictureSet
from exfig_rx.export.templates import Templates
from exfig_rx.model import Problem


def refused_early(sets: Sequence[PictureSet]) -> tuple[Problem, ...]:
    """The problems that a rehearsal of `sets`, all of one platform, finds."""
    entry = sets[0].entry
    with pytest.raises(DesignError) as caught:
        rehearse_pictures(entry.platform, sets, Templates(entry.platform, entry.section.templates_path))
    return caught.value.problems
