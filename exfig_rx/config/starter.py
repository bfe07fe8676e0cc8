"""A first config for somebody who has none: valid as it is, and ready to grow by taking `#` away.

In: platforms, a Figma file id or URL. Out: the text of a config. Rule: what is offered in comments is as valid as what
stands there. The text lives in `starter.yaml`: the part for all, and one for each platform below a line `--- platform`.
"""

import re
from collections.abc import Sequence
from importlib.resources import files

from pydantic_core import PydanticCustomError

from exfig_rx.config.values import check_file_id, id_in_url
from exfig_rx.errors import UsageError
from exfig_rx.model import Platform, Problem

_PART = re.compile(r"^--- (\w+)\n", re.MULTILINE)


def starter_config(platforms: Sequence[Platform], file_id: str) -> str:
    """A config that exports the colors of one file to `platforms`, and shows how to go on."""
    head, *rest = _PART.split(files("exfig_rx.config").joinpath("starter.yaml").read_text(encoding="utf-8"))
    parts = dict(zip(rest[::2], rest[1::2], strict=True))
    return head.replace("FILE_ID", file_id) + "".join(parts[platform] for platform in platforms).rstrip("\n") + "\n"


def file_id_of(text: str) -> str:
    """The id of a Figma file from what people paste: the id, or the file's URL. Raises UsageError."""
    cut = text.strip()
    found = id_in_url(cut) or cut
    try:
        return check_file_id(found)
    except PydanticCustomError as error:
        told = error.context or {}
        raise UsageError(Problem("usage.file-id", str(told.get("message", error)), str(told.get("hint", "")))) from None
