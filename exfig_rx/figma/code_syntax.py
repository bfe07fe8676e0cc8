"""Names of variables in code, written back to Figma.

In: code names by variable id. Out: requests. Rule: nothing of a variable changes but its code names; sent twice, a
request has the effect of one, so it may be tried again.
https://developers.figma.com/docs/rest-api/variables-endpoints/#post-variables-endpoint
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from exfig_rx.figma.answers import file_path
from exfig_rx.model import ConfigId, Request, Tier

MOST_BYTES: Final = 4_000_000
"""What Figma takes in one request: up to 4 MB."""

_FRAME: Final = (b'{"variables":[', b"]}")


def write_code_syntax(file_key: str, names: Mapping[str, Mapping[str, str]], config: ConfigId) -> Sequence[Request]:
    """Requests that give variables (by id) their code names, which are by platform in Figma's words (tier 3).

    `names` holds those of all platforms: Figma's documentation does not say whether it keeps one that is left out.
    """
    changes = [
        json.dumps(
            {"action": "UPDATE", "id": id_, "codeSyntax": dict(syntax)}, ensure_ascii=False, separators=(",", ":")
        ).encode()
        for id_, syntax in names.items()
    ]
    return [
        Request(
            Tier.THREE,
            f"{file_path(file_key)}/variables",
            (),
            config,
            file_key,
            what=f"code names in file {file_key}",
            method="POST",
            body=b",".join(part).join(_FRAME),
            rank=2,
        )
        for part in _parts(changes)
    ]


def _parts(changes: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    """As many changes together as one request may carry; at least one."""
    part: list[bytes] = []
    size = frame = sum(map(len, _FRAME))
    for change in changes:
        if part and size + len(change) > MOST_BYTES:
            yield part
            part, size = [], frame
        part.append(change)
        size += len(change) + 1
    if part:
        yield part
