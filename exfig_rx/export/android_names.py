"""Names on Android: what aapt takes for a resource, and what Kotlin takes for a property or a package.

In: final names, the original one of a nine-patch. Out: legal names, or None where there is no one right spelling.
Rule: accents are dropped, letters of other scripts have no place in file and class names.
https://developer.android.com/guide/topics/resources/providing-resources
"""

import re
from unicodedata import normalize

from exfig_rx.export.names import Named, ascii_identifier, name_fault, reserved

_LATIN_RUNS = re.compile(r"[A-Za-z0-9]+")
_RUNS = re.compile(r"[^\W_]+")


def resource_name(name: str, prefix: str = "color") -> str | None:
    """`name` as a resource (`[a-z][a-z0-9_]*`, no Java keyword), or None if it is of another script.

    `prefix` (`ic`, `img`, `color`) goes before what does not start with a letter.
    """
    plain = ascii_identifier(name)
    if not plain:
        return None
    legal = plain.lower()
    if not legal[0].isalpha():
        legal = f"{prefix}_{legal}"
    return f"{legal}_" if legal in reserved("java") else legal


def is_nine_patch(asset: Named) -> bool:
    """Whether `asset` is a picture with marks where it stretches, which Android knows by the `.9` of its file name."""
    return asset.original_name.endswith(".9")


def without_nine(name: str) -> str:
    """The final name of a nine-patch without what the name style made of its `.9`."""
    return re.sub(r"[._-]*9$", "", name) or name


def vector_name(name: str) -> str | None:
    """`name` as the Kotlin property and file of an ImageVector: `ic_24HomeFilled` is `Ic24homefilled`.

    None if it is of another script, or nothing is left of it.
    """
    plain = ascii_identifier(name)
    joined = _capitalised(_LATIN_RUNS.findall(plain)) if plain else ""
    return _not_a_number(joined) or None


def written_vector_name(name: str) -> str:
    """What `vector_name` would give if Kotlin took every name: the name that is not worth a word."""
    return _capitalised(_RUNS.findall(normalize("NFC", name)))


def kotlin_identifier(name: str) -> str:
    """`name` between backticks if it is a hard keyword (https://kotlinlang.org/docs/keyword-reference.html)."""
    return f"`{name}`" if name in reserved("kotlin") else name


def kotlin_package(name: str) -> str:
    """A package, or a class in one, with its keywords between backticks."""
    return ".".join(map(kotlin_identifier, name.split(".")))


def vector_fault(asset: Named) -> str:
    """Why Kotlin has no name for `asset`; empty if it has, or if `script_fault` says why."""
    if script_fault(asset) or name_fault(asset) or vector_name(asset.name):
        return ""
    return "no letter or digit is left of it"


def script_fault(asset: Named) -> str:
    """Why Android has no file for the name of `asset`; empty if it has, or if no platform has."""
    if name_fault(asset) or ascii_identifier(asset.name):
        return ""
    return "Android resources are named in a-z, 0-9 and _, and other scripts have no one spelling in these"


def _capitalised(runs: list[str]) -> str:
    return "".join(run[0].upper() + run[1:].lower() for run in runs)


def _not_a_number(name: str) -> str:
    return f"_{name}" if name[:1].isdigit() else name
