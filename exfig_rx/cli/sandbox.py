"""`exfig sandbox`: serve the built-in Figma until it is interrupted."""

import sys

from exfig_rx.sandbox.server import Sandbox
from exfig_rx.scheduling.limits import PLANS


def serve(port: int) -> int:
    """Serve on the loopback at `port` (0: any free one) and print how to use it; returns the exit code."""
    limits = PLANS["professional"].per_min
    with Sandbox(port=port, limits=limits) as sandbox:
        sys.stdout.write(
            f"{sandbox.url}\n"
            "A Figma with sample designs and a Professional plan's limits, on this machine only. Any token will do:\n"
            f"  FIGMA_API_URL={sandbox.url} FIGMA_PERSONAL_TOKEN=sandbox exfig batch configs.example\n"
            "Ctrl-C ends it.\n"
        )
        sys.stdout.flush()
        try:
            sandbox.wait()
        except KeyboardInterrupt:
            return 130
    return 0
