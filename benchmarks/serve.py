"""The sandbox with a design of many icons, in a process of its own: `python -m benchmarks.serve COUNT`.

Prints the address of the API and serves until standard input is closed. The icons differ, as icons do.
"""

import sys
from typing import Any

from exfig_rx.sandbox.design import Design
from exfig_rx.sandbox.server import Sandbox

FILE = "BenchIcons0000000000001"
_COLORS = ("0B3C49", "C8553D", "F4D35E", "0B7A75")


def icon(number: int) -> dict[str, Any]:
    """A plain icon of two paths; no two are the same."""
    x, y = number % 97 / 10, number // 97 % 89 / 10
    return {
        "id": f"3:{number}",
        "name": f"ic/24/icon-{number:05}",
        "svg": '<path fill-rule="evenodd" clip-rule="evenodd" d="M12 2C6.47715 2 2 6.47715 2 12C2 17.5228 6.47715 22 '
        "12 22C17.5228 22 22 17.5228 22 12C22 6.47715 17.5228 2 12 2Z"
        f'M{5 + x:.2f} {6 + y:.2f}H15V15H9V9Z" fill="#{_COLORS[number % 4]}"/>\n'
        f'<path d="M{5 + x:.2f} {6 + y:.2f}L{number % 23}.5 9" stroke="#0B3C49" stroke-width="1.5" '
        'stroke-linecap="round" stroke-linejoin="round"/>',
    }


def design(count: int) -> Design:
    """A file of `count` icons in one frame."""
    frame = {"id": "2:1", "name": "Icons", "components": [icon(number) for number in range(count)]}
    page = {"id": "0:1", "name": "Icons", "frames": [frame]}
    return Design.of({"files": {FILE: {"name": "Bench", "pages": [page]}}})


def main() -> None:
    """Serve."""
    with Sandbox(design(int(sys.argv[1])), limits=(100_000, 100_000, 100_000)) as sandbox:
        sys.stdout.write(f"{sandbox.url}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
