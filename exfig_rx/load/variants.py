"""What components of a set are called, and which of them are right-to-left drawings of others.

In: components of one file. Out: each with the name that it is exported under, in NFC. Rule: a variant's own name tells
its properties and values (`Size=24, RTL=off`); a right-to-left drawing is never exported, because platforms mirror the
other one.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from unicodedata import normalize

from exfig_rx.config.picture_entries import PictureSource
from exfig_rx.load.filters import is_mirrored
from exfig_rx.pictures import Component

_RIGHT_TO_LEFT = frozenset(("on", "true", "yes", "1", "rtl"))
"""Values, in lower case, of the property that marks right-to-left drawings."""

# A comma ends a value only where another property follows.
_BETWEEN = re.compile(r",(?=[^,=]*=)")


@dataclass(frozen=True, slots=True)
class NamedComponent:
    """A component under its raw name: what the rest of the program takes for its name in Figma."""

    component: Component
    raw_name: str
    is_rtl: bool = False


@dataclass(frozen=True, slots=True)
class NamedComponents:
    """The components to export, and right-to-left drawings that are left out although nothing stands for them."""

    named: tuple[NamedComponent, ...]
    unpaired: tuple[Component, ...] = ()


def named_components(components: Iterable[Component], source: PictureSource) -> NamedComponents:
    """Each component under its raw name, in the order in which they come."""
    marker = source.rtl_property
    read = [_read(component, marker) for component in components]
    if marker is None:
        return NamedComponents(
            tuple(NamedComponent(it.component, it.name(source), is_mirrored(it.component.description)) for it in read)
        )
    mirrored = {it.identity for it in read if it.is_right_to_left}
    kept = [it for it in read if not it.is_right_to_left]
    standing = {it.identity for it in kept}
    return NamedComponents(
        tuple(NamedComponent(it.component, it.name(source), it.identity in mirrored) for it in kept),
        tuple(it.component for it in read if it.is_right_to_left and it.identity not in standing),
    )


@dataclass(frozen=True, slots=True)
class _Property:
    """One `Name=Value` of a variant; without a `=` all of it is the value."""

    text: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class _Read:
    """A component and its properties, but for the one that marks right-to-left drawings: `was_marked` if it had it."""

    component: Component
    properties: tuple[_Property, ...] = ()
    was_marked: bool = False
    is_right_to_left: bool = False

    @property
    def identity(self) -> tuple[str, ...]:
        """What both drawings of the same thing share: the set, and all other properties."""
        where = (self.component.set_id,) if self.component.set_id else ("", self.component.node_id)
        return (*where, *(item.text for item in self.properties))

    def name(self, source: PictureSource) -> str:
        own = self.component
        if not own.set_id:
            name = own.name
        elif source.named_by_set:
            name = "/".join(part for part in (own.set_name, *(item.value for item in self.properties)) if part)
        elif self.was_marked:
            # A set that holds nothing but the two directions is one icon, called like the set.
            name = ", ".join(item.text for item in self.properties) or own.set_name
        else:
            name = own.name
        return normalize("NFC", name)


def _read(component: Component, marker: str | None) -> _Read:
    if not component.set_id:
        return _Read(component)
    properties = tuple(map(_property, _BETWEEN.split(normalize("NFC", component.name))))
    if marker is None:
        return _Read(component, properties)
    word = normalize("NFC", marker).casefold()
    values = {item.value.lower() for item in properties if item.name.casefold() == word}
    others = tuple(item for item in properties if item.name.casefold() != word)
    return _Read(component, others, bool(values), bool(values & _RIGHT_TO_LEFT))


def _property(text: str) -> _Property:
    name, equals, value = text.partition("=")
    return _Property(text.strip(), name.strip(), value.strip()) if equals else _Property(text.strip(), "", text.strip())
