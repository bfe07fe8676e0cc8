"""What a config asks for, resolved: one `TokenEntry` per block of design tokens, with where its tokens come from.

In: a valid `Config`. Out: entries in the order in which they run. Rule: inheritance from `common` and `figma` is
decided here and nowhere else: variables of the block's own file, else those of `common.variablesColors`, else the
published color styles; and the published text styles of `figma.lightFileId`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from exfig_rx.config.entries import SingleStyleFile, StyleFiles, style_source
from exfig_rx.config.schema import Common, Config, Figma, Tokens, VariablesSource

KINDS = frozenset(("colors", "numbers", "strings", "typography"))
"""What can become tokens, in the words of `kinds`."""


@dataclass(frozen=True, slots=True)
class TokenVariables:
    """Variables of one file: of one collection or (None) of all local ones.

    `modes` are the modes to export, the usual one first; empty means all. `primitives_mode` as in `primitivesModeName`.
    """

    file: str
    collection: str | None = None
    modes: tuple[str, ...] = ()
    primitives_mode: str | None = None


@dataclass(frozen=True, slots=True)
class TokenEntry:
    """The design tokens of one block. `key` is its path in the config, such as `tokens` or `tokens[1]`.

    At most one of `variables` and `color_styles` is there. `text_file` is the file of the text styles, None for none.
    `is_picky`: the config says which kinds it wants, so nothing need be told about others.
    """

    key: str
    kinds: frozenset[str]
    variables: TokenVariables | None
    color_styles: StyleFiles | SingleStyleFile | None
    text_file: str | None
    is_picky: bool
    settings: Tokens

    @property
    def style_files(self) -> Mapping[str, frozenset[str]]:
        """The files whose styles are needed, with the types (FILL, TEXT) of those whose nodes are."""
        found: dict[str, set[str]] = {}
        match self.color_styles:
            case StyleFiles(light, dark, light_hc, dark_hc):
                found = {key: {"FILL"} for key in (light, dark, light_hc, dark_hc) if key is not None}
            case SingleStyleFile(file):
                found = {file: {"FILL"}}
        if self.text_file is not None:
            found.setdefault(self.text_file, set()).add("TEXT")
        return {key: frozenset(types) for key, types in found.items()}

    @property
    def variable_files(self) -> tuple[str, ...]:
        """The files whose variables are needed."""
        return () if self.variables is None else (self.variables.file,)


def token_entries(config: Config) -> tuple[TokenEntry, ...]:
    """All blocks of design tokens of `config`, in list order."""
    several = len(config.tokens) > 1
    return tuple(
        _entry(config, f"tokens[{index}]" if several else "tokens", settings)
        for index, settings in enumerate(config.tokens)
    )


def _entry(config: Config, key: str, settings: Tokens) -> TokenEntry:
    kinds = frozenset(settings.kinds or KINDS)
    variables = _variables(config, settings)
    has_styles = variables is None and "colors" in kinds
    return TokenEntry(
        key,
        kinds,
        variables if kinds != {"typography"} else None,
        style_source(config) if has_styles else None,
        (config.figma or Figma()).light_file_id if "typography" in kinds else None,
        settings.kinds is not None,
        settings,
    )


def _variables(config: Config, settings: Tokens) -> TokenVariables | None:
    if settings.tokens_file_id is not None:
        return TokenVariables(
            settings.tokens_file_id,
            settings.tokens_collection_name,
            settings.mode_names or (),
            settings.primitives_mode_name,
        )
    source = (config.common or Common()).variables_colors
    return None if source is None else _of_colors(source)


def _of_colors(source: VariablesSource) -> TokenVariables:
    modes = (source.light_mode_name, source.dark_mode_name, source.light_hc_mode_name, source.dark_hc_mode_name)
    named = tuple(dict.fromkeys(mode for mode in modes if mode is not None))
    return TokenVariables(source.tokens_file_id, source.tokens_collection_name, named, source.primitives_mode_name)
