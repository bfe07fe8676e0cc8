"""`exfig schema`: the JSON Schema of configs on standard output."""

import json
import sys

from exfig_rx.config.json_schema import json_schema


def run() -> int:
    """Print the schema; the exit code is 0."""
    sys.stdout.write(json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n")
    return 0
