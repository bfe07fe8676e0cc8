"""What a config asks for, resolved: one `TypographyEntry` per platform with text styles, with source and name rules.

In: a valid `Config`. Out: entries in the order in which they run. Rule: inheritance from `common` is decided here and
nowhere else; text styles have one file and no modes.
"""

from dataclasses import dataclass
from typing import TypeAlias

from exfig_rx.config.entries import NameRules
from exfig_rx.config.schema import (
    Android,
    AndroidTypography,
    Common,
    CommonTypography,
    Config,
    Figma,
    Ios,
    IosTypography,
)
from exfig_rx.model import Platform

TypographySettings: TypeAlias = IosTypography | AndroidTypography


@dataclass(frozen=True, slots=True)
class TypographyEntry:
    """The text styles of one platform. `key` is the path of its block, such as `ios.typography`; `file` is Figma's."""

    platform: Platform
    key: str
    file: str
    names: NameRules
    section: Ios | Android
    settings: TypographySettings

    @property
    def noun(self) -> str:
        """What one asset of it is called."""
        return "text style"


def typography_entries(config: Config) -> tuple[TypographyEntry, ...]:
    """All entries of typography of `config`: ios, then android."""
    found: list[TypographyEntry] = []
    if config.ios is not None and config.ios.typography is not None:
        found.append(_entry(config, Platform.IOS, config.ios, config.ios.typography))
    if config.android is not None and config.android.typography is not None:
        found.append(_entry(config, Platform.ANDROID, config.android, config.android.typography))
    return tuple(found)


def _entry(config: Config, platform: Platform, section: Ios | Android, settings: TypographySettings) -> TypographyEntry:
    common = (config.common or Common()).typography or CommonTypography()
    names = NameRules(settings.name_style, common.name_validate_regexp, common.name_replace_regexp)
    file = (config.figma or Figma()).light_file_id or ""
    return TypographyEntry(platform, f"{platform}.typography", file, names, section, settings)
