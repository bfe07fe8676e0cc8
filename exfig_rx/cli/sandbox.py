"""`exfig sandbox`: serve the built-in Figma until it is interrupted."""

import sys

from exfig_rx.sandbox.server import Sandbox


def serve(port: int) -> int:
    """Serve on the loopback at `port` (0: any free one) and print how to use it; returns the exit code."""
    with Sandbox(port=port) as sandbox:
        sys.stdout.write(
            f"{sandbox.url}\n"
            "A Figma with sample designs, on this machine only; any token will do. In another terminal:\n"
            f"  FIGMA_API_URL={sandbox.url} FIGMA_PERSONAL_TOKEN=sandbox exfig batch configs.example\n"
            "Ctrl-C ends it.\n"
        )
        sys.stdout.flush()
        try:
            sandbox.wait()
        except KeyboardInterrupt:
            return 130
    return 0
