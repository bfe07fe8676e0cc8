"""Configs that would own the same path, found before anything runs.

In: the configs of a run, the output root, the disk. Out: one `Conflict` for each pair of configs and shared path. Rule:
links, `..`, `./`, trailing slashes, Unicode forms and (where the disk ignores it) letter case don't hide one.
"""

import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple
from unicodedata import normalize

from exfig_rx.config.ownership import Claim, owned
from exfig_rx.config.schema import Config
from exfig_rx.model import ConfigId, Conflict, Platform


class Place(NamedTuple):
    """A claim at its real place; `order` is the position of the config in the run."""

    parts: tuple[str, ...]
    order: int
    key: str
    claim: Claim
    section: str
    path: str


IgnoresCase = Callable[[str], bool]
"""Whether a directory's file system takes `A` and `a` for the same name."""


def ignores_case(directory: str) -> bool:
    """Looks at the directory under its name in swapped case; writes nothing."""
    swapped = directory.swapcase()
    if swapped == directory:
        return False
    try:
        return os.path.samestat(os.stat(directory), os.stat(swapped))
    except OSError:
        return False


def real_paths() -> Callable[[str], str]:
    """Gives real paths, as `os.path.realpath` does, but looks at each folder on the way once, however many lead there.

    For one moment: what becomes a link later is not seen.
    """

    @cache
    def real(path: str) -> str:
        above, name = os.path.split(path)
        if above == path or name in ("", ".", ".."):
            return os.path.realpath(path)
        place = os.path.join(real(above), name)
        return os.path.realpath(place) if os.path.islink(place) else place

    return real


def find_conflicts(
    configs: Sequence[tuple[ConfigId, Config]],
    output_root: Path,
    ignores_case: IgnoresCase = ignores_case,
    only: Collection[str] = (),
) -> tuple[Conflict, ...]:
    """All conflicts, by the order of the configs and then by path; of some sections `only`, where any are named."""
    resolve = _resolver(output_root, ignores_case)
    places = [place for index, (_, config) in enumerate(configs) for place in _places(config, index, resolve, only)]
    at = _by_place(places)
    found: dict[tuple[int, int, str], Conflict] = {}
    for place in places:
        for other in _rivals(place, at):
            early, late = sorted((place, other), key=lambda each: each.order)
            deeper = max(early, late, key=lambda each: len(each.parts))
            earlier, later = configs[early.order][0], configs[late.order][0]
            found.setdefault(
                (early.order, late.order, deeper.path), Conflict(deeper.path, earlier, early.key, later, late.key)
            )
    return tuple(found[key] for key in sorted(found))


def places_of(
    config: Config, output_root: Path, only: Collection[str] = (), ignores_case: IgnoresCase = ignores_case
) -> tuple[Place, ...]:
    """What `config` claims, for runs that go on at the same time."""
    return tuple(_places(config, 0, _resolver(output_root, ignores_case), only))


def clash(ours: Sequence[Place], theirs: Iterable[Place]) -> str | None:
    """A path of ours that others claim, too; they may be of other runs."""
    others = [other._replace(order=1) for other in theirs]
    at = _by_place([*ours, *others])
    return next((place.path for place in (*ours, *others) if _rivals(place, at)), None)


def _places(
    config: Config, order: int, resolve: Callable[[str], tuple[str, ...]], only: Collection[str]
) -> Iterator[Place]:
    for claim in owned(config):
        if not only or _section(claim.key) in only:
            yield Place(resolve(claim.path), order, claim.key, claim.claim, claim.section, claim.path)


def _by_place(places: Iterable[Place]) -> dict[tuple[str, ...], list[Place]]:
    at: dict[tuple[str, ...], list[Place]] = defaultdict(list)
    for place in places:
        at[place.parts].append(place)
    return at


def conflicting_with(conflicts: Sequence[Conflict]) -> Mapping[ConfigId, frozenset[ConfigId]]:
    """For each config in a conflict, the configs that it must not run beside."""
    pairs: dict[ConfigId, set[ConfigId]] = defaultdict(set)
    for conflict in conflicts:
        pairs[conflict.earlier].add(conflict.later)
        pairs[conflict.later].add(conflict.earlier)
    return {config: frozenset(others) for config, others in pairs.items()}


def _rivals(place: Place, at: Mapping[tuple[str, ...], Sequence[Place]]) -> list[Place]:
    """Claims of other configs on the same path, and trees of other configs around it."""
    rivals = [other for other in at[place.parts] if other.order != place.order and _same_place(place, other)]
    for depth in range(1, len(place.parts)):
        around = at.get(place.parts[:depth], ())
        rivals += [other for other in around if other.order != place.order and other.claim is Claim.TREE]
    return rivals


def _same_place(one: Place, other: Place) -> bool:
    claims = {one.claim, other.claim}
    if claims == {Claim.SHARED}:
        return one.section == other.section
    return Claim.TREE in claims or len(claims) == 1 or Claim.SHARED in claims


def _resolver(output_root: Path, ignores: IgnoresCase) -> Callable[[str], tuple[str, ...]]:
    root = os.path.abspath(output_root)
    real_path = real_paths()

    @cache
    def directory(path: str) -> tuple[str, ...]:
        """The real parts of a directory; what does not exist yet is taken as it is written."""
        if path == os.path.dirname(path):
            return (path,)
        if os.path.lexists(path):
            real = normalize("NFC", real_path(path))
            exists = os.path.isdir(real)
            return tuple((real.casefold() if exists and ignores(real) else real).split("/"))
        parent, name = os.path.split(path)
        above = directory(parent)
        folded = "/".join(above)
        name = normalize("NFC", name)
        return (*above, name.casefold() if folded and folded == folded.casefold() and ignores(folded) else name)

    return lambda path: directory(os.path.normpath(os.path.join(root, path)))


def _section(key: str) -> str:
    """The section that a key path is in: `web.colors[1].cssFileName` is in `colors`, `tokens[0].output` in `tokens`."""
    first, _, rest = key.partition(".")
    return (rest.partition(".")[0] if first in set(Platform) else first).partition("[")[0]
