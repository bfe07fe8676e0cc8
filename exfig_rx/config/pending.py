"""Sections that are read and checked but have no export in this version; each is named, so that nothing pretends."""

from exfig_rx.config.entries import color_entries
from exfig_rx.config.schema import AndroidColors, Config, IosColors, VariablesSource
from exfig_rx.model import Location, Problem


def not_exported_yet(config: Config) -> tuple[Problem, ...]:
    """One warning for each section of `config` that asks for something that this version does not export."""
    keys = [(key, "") for key in _typography(config)]
    for entry in color_entries(config):
        if isinstance(entry.source, VariablesSource):
            keys.append((entry.key, ": colors from variables"))
        match entry.settings:
            case AndroidColors(theme_attributes=theme) if theme is not None and theme.enabled:
                keys.append((f"{entry.key}.themeAttributes", ""))
            case IosColors(sync_code_syntax=True):
                keys.append((f"{entry.key}.syncCodeSyntax", ""))
    return tuple(
        Problem(
            "config.not-exported-yet",
            f"checked, but not exported by this version{what}",
            "",
            Location(key=key),
        )
        for key, what in keys
    )


def _typography(config: Config) -> list[str]:
    return [
        f"{platform}.typography"
        for platform, section in (("ios", config.ios), ("android", config.android))
        if section is not None and section.typography is not None
    ]
