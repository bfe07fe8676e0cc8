"""What all generated Swift shares: properties that look assets up, the bundle that the catalog is in, and what to tell.

In: final names, the `ios` block. Out: properties, variables of templates, problems. Rule: a property keeps its name
where Swift allows it, and always looks up the very name that the catalog has.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic

from exfig_rx.config.schema import Ios
from exfig_rx.export.names import Entry, N, clashes, renamed, reserved, unicode_identifier
from exfig_rx.export.templates import swift_literal
from exfig_rx.load.wording import listed
from exfig_rx.model import Location, OutputFile, Problem


@dataclass(frozen=True, slots=True)
class SwiftProperty(Generic[N]):
    """An asset as Swift sees it.

    `identifier` is without backticks; `lookup` is the expression for its name in the catalog.
    """

    asset: N
    identifier: str
    lookup: str

    @property
    def declared(self) -> str:
        """The name as a declaration spells it."""
        return f"`{self.identifier}`" if self.identifier in reserved("swift") else self.identifier


def swift_property(asset: N, in_catalog: str, types: str, *, as_literal: bool = False) -> SwiftProperty[N]:
    """The property of `asset`, which the catalog calls `in_catalog`.

    `types` is the list in `reserved_words.json` of the types that its own line needs. `as_literal`: the lookup is a
    literal even where `#function` would do.
    """
    legal = unicode_identifier(asset.name)
    identifier = f"{legal}_" if legal in reserved(types) else legal
    # `#function` is the property's own name, which serves only while it equals the asset's.
    serves = identifier == in_catalog and not as_literal
    return SwiftProperty(asset, identifier, "#function" if serves else swift_literal(in_catalog))


def property_clashes(
    entry: Entry, properties: Iterable[SwiftProperty[N]], reported: Callable[[N], str] | None
) -> list[Problem]:
    """One error for each name that several properties would have; `reported` as in `clashes`."""
    return clashes(entry, [(item.identifier, item.asset) for item in properties], "Swift property", reported)


def renamed_properties(entry: Entry, properties: Iterable[SwiftProperty[N]]) -> list[Problem]:
    """At most one warning, about all properties that could not have their asset's name."""
    changed = [(item.asset, item.identifier) for item in properties if item.identifier != item.asset.name]
    return renamed(entry, changed, "Swift property")


def bundle_variables(section: Ios) -> dict[str, object]:
    """What every template of an extension gets: where its code finds the catalog."""
    bundle = _bundle(section)
    return {
        "assetsInSwiftPackage": bool(section.xcassets_in_swift_package),
        "assetsInMainBundle": section.xcassets_in_main_bundle,
        "resourceBundleNames": section.resource_bundle_names,
        "bundleProvider": bundle.provider,
        "usesBundle": not section.xcassets_in_main_bundle,
        "needsBundleFinder": bundle.finder,
    }


def bundle_warnings(section: Ios) -> tuple[Problem, ...]:
    """What of the keys about bundles has no effect on an extension."""
    return _bundle(section).warnings


def project_note(section: Ios, swift: Sequence[OutputFile]) -> list[Problem]:
    """Where the older tool would have edited the Xcode project: only if the key is there and false."""
    if section.xcassets_in_swift_package is not False:
        return []
    files = listed([file.path for file in swift])
    return [
        Problem(
            "ios.project-untouched",
            f"exfig does not edit Xcode projects; files that may have to be added by hand: {files}",
            "add them to your target once, or use folders that Xcode keeps in step; "
            "remove xcassetsInSwiftPackage: false to stop this note",
            Location(key="ios.xcassetsInSwiftPackage"),
        )
    ]


@dataclass(frozen=True, slots=True)
class _Bundle:
    """Where generated code finds the catalog: the provider's value, and whether the file brings a bundle finder."""

    provider: str | None
    finder: bool = False
    warnings: tuple[Problem, ...] = ()


def _bundle(section: Ios) -> _Bundle:
    of_class = "Bundle(for: BundleProvider.self)"
    if section.xcassets_in_swift_package:
        return _Bundle("Bundle._module", finder=True) if section.resource_bundle_names else _Bundle("Bundle.module")
    if not section.resource_bundle_names:
        return _Bundle(of_class)
    if section.xcassets_in_main_bundle:
        return _Bundle(None, finder=True)
    unused = Problem(
        "config.unused-key",
        "ios.resourceBundleNames is not used, as xcassetsInSwiftPackage is not true",
        "set xcassetsInSwiftPackage: true if the catalog is a resource of a Swift package, else remove the names",
        Location(key="ios.resourceBundleNames"),
    )
    return _Bundle(of_class, warnings=(unused,))
