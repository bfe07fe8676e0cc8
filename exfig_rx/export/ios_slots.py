"""What people should know about where Xcode shows their pictures: idioms without slots, slots and names used twice.

In: the `Targets` of entries. Out: warnings, each at most once an entry. Rule: a drawing that will not be seen is told.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from exfig_rx.export.image_sets import SLOTS, doubled, unplaced
from exfig_rx.export.ios_targets import Targets
from exfig_rx.export.names import located
from exfig_rx.load.wording import counted, listed, quoted
from exfig_rx.model import Problem
from exfig_rx.pictures import Picture, Variant

_Drawn: TypeAlias = tuple[Picture, Variant]

_KNOWN: Final = f"in Figma, a name may end in ~ and one of {', '.join(SLOTS)}"
_SLOTS: Final = "Xcode has " + ", ".join(
    f"{idiom} at {' '.join(f'{scale}x' for scale in scales)}" for idiom, scales in SLOTS.items()
)


def slot_warnings(targets: Targets) -> Iterator[Problem]:
    """What an entry has besides one drawing for each slot."""
    sets = [(picture, targets.files(picture)) for picture in targets.pictures]
    if targets.encoding is None:
        strangers = [(it, one) for it, _ in sets for one in it.variants if one.idiom and one.idiom not in SLOTS]
        what = "named for devices that Xcode does not know, and so shown on all devices"
        yield from _about(targets, strangers, "ios.unknown-idiom", what, _KNOWN)
    else:
        # A picture without any light file is no set at all, and `no_slot` tells it.
        shown = [(it, files) for it, files in sets if not all(file.is_dark for file in files)]
        dropped = [(it, one) for it, files in shown for one in unplaced(it, files)]
        what = f"left out, as Xcode has no slot for the device {_at(targets)}"
        yield from _about(targets, dropped, "ios.no-slot", what, _SLOTS)
    shared = [(it, one) for it, files in sets for one in doubled(files)]
    what = "for the same devices as another of the same name, of which Xcode shows one"
    hint = "keep one of them in Figma, or name the others for other devices"
    yield from _about(targets, shared, "ios.same-slot", what, hint)


def no_slot(targets: Targets) -> Problem:
    """The error about a picture whose light drawings have no slot at all."""
    return Problem("ios.no-slot", f"Xcode has no slot for its light drawings {_at(targets)}", _SLOTS)


def same_name_warnings(entries: Sequence[Targets]) -> Iterator[Problem]:
    """At most one warning, about names in several folders of the catalog."""
    owners: dict[str, dict[str, tuple[Targets, Picture]]] = defaultdict(dict)
    for targets in entries:
        for picture in targets.pictures:
            owners[picture.name].setdefault(targets.identity, (targets, picture))
    alike = {name: list(folders.values()) for name, folders in owners.items() if len(folders) > 1}
    if alike:
        targets, picture = next(iter(alike.values()))[1]
        shown = [f"{quoted(name)} ({listed([one.entry.key for one, _ in same])})" for name, same in alike.items()]
        yield Problem(
            "ios.same-name",
            f"{counted(len(alike), 'name')} in several folders of the catalog, where code finds one picture of each: "
            f"{listed(shown)}",
            "rename them in Figma, or in one of the entries with nameValidateRegexp and nameReplaceRegexp",
            located(targets.entry, picture),
        )


def _about(targets: Targets, drawn: Sequence[_Drawn], code: str, what: str, hint: str) -> Iterator[Problem]:
    """At most one warning, about all of `drawn`; `what` completes "2 drawings "."""
    if drawn:
        names = listed([quoted(variant.name) for _, variant in drawn])
        place = located(targets.entry, drawn[0][0])
        yield Problem(code, f"{counted(len(drawn), 'drawing')} {what}: {names}", hint, place)


def _at(targets: Targets) -> str:
    *firsts, last = [f"{scale}x" for scale in targets.names.scales]
    return f"at {', '.join(firsts)} or {last}" if firsts else f"at {last}"
