"""Values of the model as JSON: times, problems, conflicts, counts, the same in the report and in the stream of events.

In: values. Out: what `json` writes. Rule: names in camel case, times in UTC; what the report says of a problem, the
events say in the same words.
"""

from datetime import UTC, datetime
from typing import Any

from exfig_rx.model import AssetCounts, Conflict, FileCounts, Problem


def time_json(at: float | None) -> str | None:
    """RFC 3339 in UTC with milliseconds."""
    if at is None:
        return None
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def problem_json(problem: Problem) -> dict[str, Any]:
    """A problem without its excerpt, which whoever reads the file has."""
    where = problem.location
    location = None
    if where is not None:
        location = {
            "file": where.file,
            "line": where.line,
            "column": where.column,
            "key": where.key,
            "figmaFile": where.figma_file,
            "nodeId": where.node_id,
            "nodeName": where.node_name,
        }
    return {"code": problem.code, "message": problem.message, "hint": problem.hint or None, "location": location}


def conflict_json(conflict: Conflict) -> dict[str, Any]:
    """A path, and the two configs that claim it."""
    return {
        "path": conflict.path,
        "earlier": {"config": conflict.earlier.path, "key": conflict.earlier_key},
        "later": {"config": conflict.later.path, "key": conflict.later_key},
    }


def assets_json(counts: AssetCounts) -> dict[str, int]:
    """Distinct assets by kind."""
    return {
        "colors": counts.colors,
        "typography": counts.typography,
        "tokens": counts.tokens,
        "icons": counts.icons,
        "images": counts.images,
    }


def files_json(files: FileCounts) -> dict[str, int]:
    """What became of files."""
    return {
        "created": files.created,
        "updated": files.updated,
        "unchanged": files.unchanged,
        "deleted": files.deleted,
    }
