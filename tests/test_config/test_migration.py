"""Old configs in today's spelling: the same meaning, the same comments, and nothing secret."""

import pytest

from exfig_rx.config.dialect import RULES, Renamed
from exfig_rx.config.migration import Migration, migrate
from exfig_rx.config.parse import parse_config
from exfig_rx.errors import ConfigError
from tests.test_config.reading import ANDROID, IOS, WEB, accepted, read, rejected
from tests.test_config.test_dialect import DROPPED, MAPPED

SECRET = "figd_Abc-0123456789"

OLD = f"""\
# What Harbor exports

figma:
  # from the library's URL
  lightFileId: Lb9HarborLibrary00000001
  personalAccessToken: {SECRET}  # of the build machine
  timeout: 60

ios:
  xcassetsPath:   "App/Assets.xcassets"   # the catalog
  xcassetsInMainBundle: yes
  icons:
    - format: pdf
      assetsFolder: Icons
      nameStyle: camelCase
      renderingMode: template # as tab bars want it
      preservesVectorData: true
  typography:
    fontMapping:   # nobody reads this
      Inter: Inter-Regular
    nameStyle: camelCase
    generateLabels: no
    fontExtensionDirectory: App/Fonts

web:
  output: site/src/design
  colors: {{ cssFile: a.css, # the variables
            tsFile: a.ts }}
"""

NEW = """\
# What Harbor exports

figma:
  # from the library's URL
  lightFileId: Lb9HarborLibrary00000001
  # of the build machine
  timeout: 60

ios:
  xcassetsPath:   "App/Assets.xcassets"   # the catalog
  xcassetsInMainBundle: yes
  icons:
    - format: pdf
      assetsFolder: Icons
      nameStyle: camelCase
      renderMode: template # as tab bars want it
      preservesVectorRepresentation: ["*"]
  typography:
    nameStyle: camelCase
    generateLabels: no
    fontSwift: "App/Fonts/UIFont+extension.swift"

web:
  output: site/src/design
  colors: { cssFileName: a.css, # the variables
            tsFileName: a.ts }
"""


def migrated(text: str) -> Migration:
    return migrate(text.encode(), "old.yaml")


def notes(migration: Migration) -> list[str]:
    return [read(note) for note in migration.notes]


def test_a_whole_config_keeps_every_byte_that_is_not_changed() -> None:
    migration = migrated(OLD)
    assert migration.data.decode() == NEW
    assert notes(migration) == [
        "6:3 figma.personalAccessToken: removed personalAccessToken: an access token does not belong in a config | "
        "Set the environment variable FIGMA_PERSONAL_TOKEN instead, remove this key, and revoke the token in Figma's "
        "settings: whoever can read this file can use it.",
        "16:7 ios.icons[0].renderingMode: renderingMode is now renderMode | ",
        '17:7 ios.icons[0].preservesVectorData: preservesVectorData is now preservesVectorRepresentation: ["*"] | ',
        "19:5 ios.typography.fontMapping: removed fontMapping, which has no effect: there is no such feature | ",
        "23:5 ios.typography.fontExtensionDirectory: fontExtensionDirectory is now fontSwift: "
        '"App/Fonts/UIFont+extension.swift" | ',
        "27:13 web.colors.cssFile: cssFile is now cssFileName | ",
        "28:13 web.colors.tsFile: tsFile is now tsFileName | ",
    ]


def test_line_ends_and_the_byte_order_mark_stay() -> None:
    data = b"\xef\xbb\xbf" + OLD.replace("\n", "\r\n").encode()
    assert migrate(data, "old.yaml").data == b"\xef\xbb\xbf" + NEW.replace("\n", "\r\n").encode()


def test_what_is_new_already_stays_as_it_is() -> None:
    again = migrated(NEW)
    assert (again.data.decode(), again.notes) == (NEW, ())


@pytest.mark.parametrize("text", [row[0] for row in (*MAPPED, *DROPPED)])
def test_every_rule_of_the_dialect_is_carried_out_and_never_warned_of_again(text: str) -> None:
    before = accepted(text)
    migration = migrated(text)
    after = parse_config(migration.data, "new.yaml")
    told = {warning.code for warning in after.warnings}
    assert "config.other-spelling" not in told
    assert after.config == before.config
    assert len(migration.notes) == 1
    assert {w.message for w in after.warnings} <= {w.message for w in before.warnings} - {before.warnings[0].message}


def test_the_rows_above_cover_every_key_that_is_renamed() -> None:
    texts = "".join(row[0] for row in MAPPED)
    assert all(key in texts for rules in RULES.values() for key, rule in rules.items() if isinstance(rule, Renamed))


def test_a_secret_is_gone_from_comments_and_aliases_too() -> None:
    text = OLD.replace("# What", f"# token: {SECRET}\n# What")
    migration = migrated(text)
    assert SECRET not in migration.data.decode() + "".join(notes(migration))
    assert "# token: REMOVED" in migration.data.decode()
    assert "a token stands in other places, too; there it is REMOVED now" in notes(migration)[-1]
    aliased = migrated(
        WEB.replace("figma: {", "x-t: &t 0123456789-old\nfigma: { personalAccessToken: *t,") + "  colors: {}\n"
    )
    assert "0123456789-old" not in aliased.data.decode()
    parse_config(aliased.data, "new.yaml")


def test_an_anchor_used_alike_everywhere_is_written_once() -> None:
    text = IOS + (
        "  icons:\n"
        "    - &first { format: pdf, assetsFolder: A, nameStyle: camelCase, renderingMode: original }\n"
        "    - { <<: *first, assetsFolder: B }\n"
    )
    migration = migrated(text)
    assert migration.data.decode() == text.replace("renderingMode", "renderMode")
    assert len(migration.notes) == 1


def test_an_anchor_used_for_two_things_is_left_and_told() -> None:
    text = ANDROID + "  colors: { <<: &file { output: c.xml } }\nflutter:\n  output: lib\n  colors: { <<: *file }\n"
    migration = migrated(text)
    assert migration.data.decode() == text
    assert "left: what output stands for depends on where its anchor is used" in notes(migration)[0]


def test_a_value_with_an_anchor_that_others_use_is_left_and_told() -> None:
    text = ANDROID + "  colors: { nameStyle: &style camelCase }\n  typography: { nameStyle: *style }\n"
    migration = migrated(text)
    assert migration.data.decode() == text
    assert "left: nameStyle holds the anchor &style" in notes(migration)[0]


def test_a_block_that_loses_all_its_keys_is_empty_and_not_gone() -> None:
    text = ANDROID + "  colors:\n    nameStyle: snake_case # fixed\n    hexFormat: argb\n"
    new = migrated(text).data.decode()
    assert new == ANDROID + "  colors:\n    {} # fixed\n"
    assert len(accepted(new).config.android.colors) == 1  # type: ignore[union-attr]


def test_two_spellings_of_one_key_are_left_to_people() -> None:
    text = WEB + "  colors: { cssFile: a.css, cssFileName: b.css }\n"
    assert migrated(text).data.decode() == text
    assert "another spelling" in rejected(text)[0].message


def test_a_merge_that_a_new_name_would_change_is_refused() -> None:
    text = WEB + "  colors: { <<: { cssFile: a.css, tsFile: a.ts }, cssFile: b.css }\n"
    with pytest.raises(ConfigError) as caught:
        migrated(text)
    assert caught.value.problems[0].code == "migration.not-safe"


@pytest.mark.parametrize(
    "text",
    ["a: [", "services: { web: { image: x } }\n", "figma: {}\nfigma: {}\n"],
)
def test_what_is_no_config_is_told_as_batch_would(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        migrated(text)
    assert {problem.code for problem in caught.value.problems} <= {problem.code for problem in rejected(text)}
