"""A run that asks nothing: what it lacks, in words.

In: the pictures of a config, and the renders that are at hand. Out: an error that names what is missing.
"""

from collections.abc import Collection, Sequence

from exfig_rx.batch.renders import RenderKey
from exfig_rx.errors import DesignError
from exfig_rx.export.pictures import PictureSet
from exfig_rx.load.wording import counted, listed, quoted
from exfig_rx.model import Location, Problem


def check_offline(sets: Sequence[PictureSet], renders: Collection[RenderKey]) -> None:
    """Raises DesignError that names every picture of which a render is missing, by entry."""
    problems = []
    for one in sets:
        missing = [
            f"{quoted(picture.original_name)} ({', '.join(sorted(lacking))})"
            for picture in one.pictures
            if not picture.is_kept
            and (
                lacking := {
                    f"{spec.format} at {spec.scale:g}x" if len(one.entry.specs) > 1 else str(spec.format)
                    for variant in picture.variants
                    for spec in one.entry.specs
                    if (variant.file_key, variant.node_id, spec) not in renders
                }
            )
        ]
        if missing:
            problems.append(
                Problem(
                    "offline.missing-renders",
                    f"renders of {counted(len(missing), one.entry.noun)} are not in .exfig/: {listed(missing)}",
                    "run once without --offline",
                    Location(key=one.entry.key),
                )
            )
    if problems:
        raise DesignError(*problems)
