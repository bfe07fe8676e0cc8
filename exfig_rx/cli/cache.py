"""`exfig cache`: what earlier runs kept of Figma in this folder: said, dropped, or held to its bound.

In: the disk. Out: text on standard output, an exit code. Rule: the manifest and the journal are not touched; where
nothing is kept, nothing is made.
"""

import sys
import time
from pathlib import Path

from rich.console import RenderableType

from exfig_rx.cli.commands import CacheAction, TendCache
from exfig_rx.model import Problem
from exfig_rx.state.cache import Cache, is_there
from exfig_rx.state.project import FOLDER_NAME
from exfig_rx.ui.cache import cleared_view, info_view, nothing_view, trimmed_view
from exfig_rx.ui.console import make_console
from exfig_rx.ui.problems import full

DONE, UNUSABLE = 0, 1


def run(command: TendCache) -> int:
    """Do what is asked for with the cache of the working directory."""
    console = make_console(sys.stdout, command.color)
    folder = Path.cwd() / FOLDER_NAME
    if not is_there(folder):
        console.print(nothing_view(str(folder)))
        return DONE
    problems: list[Problem] = []
    cache = Cache(
        folder,
        "",
        "",
        scratch=folder,
        wall_s=time.time,
        warn=problems.append,
        most_bytes=command.most_bytes,
    )
    try:
        said = _done(cache, command.action, str(folder))
    finally:
        cache.close()
    for problem in problems:
        console.print(full(problem, "yellow"))
    if any(problem.code == "cache.unusable" for problem in problems):
        return UNUSABLE
    console.print(said)
    return DONE


def _done(cache: Cache, action: CacheAction, folder: str) -> RenderableType:
    """What there is to say once `action` is done."""
    match action:
        case CacheAction.INFO:
            return info_view(folder, cache.info())
        case CacheAction.CLEAR:
            return cleared_view(cache.clear())
        case CacheAction.GC:
            return trimmed_view(cache.trim())
