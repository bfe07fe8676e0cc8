"""A first config: valid as it is written, and valid when all that is offered is taken."""

import re
from itertools import combinations

import pytest

from exfig_rx.config.starter import file_id_of, starter_config
from exfig_rx.errors import UsageError
from exfig_rx.model import Platform
from tests.test_config.reading import accepted

FILE_ID = "Lb9HarborLibrary00000001"
CHOICES = [chosen for count in (1, 2, 3, 4) for chosen in combinations(Platform, count)]


def with_all_that_is_offered(text: str) -> str:
    """Take the # from every line that begins with # and a key."""
    return re.sub(r"^( *)#(?=\w)", r"\1", text, flags=re.MULTILINE)


@pytest.mark.parametrize("chosen", CHOICES, ids="-".join)
def test_what_is_written_is_valid_and_without_warnings(chosen: tuple[Platform, ...]) -> None:
    parsed = accepted(starter_config(chosen, FILE_ID))
    assert parsed.warnings == ()
    assert parsed.config.figma is not None
    assert parsed.config.figma.light_file_id == FILE_ID
    sections = {platform: getattr(parsed.config, platform) for platform in Platform}
    assert tuple(platform for platform in Platform if sections[platform] is not None) == chosen
    assert all(sections[platform].colors for platform in chosen)


@pytest.mark.parametrize("chosen", CHOICES, ids="-".join)
def test_what_is_offered_in_comments_is_valid_too(chosen: tuple[Platform, ...]) -> None:
    parsed = accepted(with_all_that_is_offered(starter_config(chosen, FILE_ID)))
    for platform in chosen:
        section = getattr(parsed.config, platform)
        assert section.icons
        assert section.images
    assert parsed.warnings == ()


@pytest.mark.parametrize(
    "text",
    [
        FILE_ID,
        f" {FILE_ID}\n",
        f"https://www.figma.com/design/{FILE_ID}/Harbor?node-id=1-2",
        f"figma.com/file/{FILE_ID}",
        f"https://www.figma.com/design/MainFile000000000001/branch/{FILE_ID}/Harbor",
    ],
)
def test_an_id_is_found_in_what_people_paste(text: str) -> None:
    assert file_id_of(text) == FILE_ID


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "expected a file id"),
        ("12:34", "node id"),
        ("YOUR_FILE_ID", "sample value"),
        ("figd_0123456789", "an access token, not a file id"),
        ("two words", "expected a file id of letters and digits"),
    ],
)
def test_what_is_no_id_is_told(text: str, part: str) -> None:
    with pytest.raises(UsageError) as caught:
        file_id_of(text)
    (problem,) = caught.value.problems
    assert part in problem.message
    assert problem.hint
    assert "figd_" not in problem.message + problem.hint
