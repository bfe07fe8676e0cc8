"""The JSON Schema says what the parser says."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from exfig_rx.config.json_schema import json_schema
from exfig_rx.config.keys import key_doc
from exfig_rx.config.schema import blocks
from tests.test_config.reading import ANDROID, IOS, IOS_COLORS, SOURCE, rejected

SCHEMA = json_schema()
VALIDATOR = Draft202012Validator(SCHEMA)
GOOD = sorted((Path(__file__).parent / "good").glob("*.yaml"))


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_good_configs_fit_the_schema(path: Path) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(yaml.safe_load(path.read_text()))] == []


BAD = [
    IOS_COLORS + "  resourceBundelNames: [a]\n",
    IOS_COLORS + "andriod: {}\n",
    IOS + "  icons: { format: PDF, assetsFolder: A, nameStyle: camelCase }\n",
    IOS + "  icons: [{ format: pdf, assetsFolder: A, nameStyle: snakeCase }]\n",
    IOS + "  icons: { assetsFolder: A, nameStyle: camelCase }\n",
    IOS + "  images: { assetsFolder: A, nameStyle: camelCase, scales: [1, 2, 4] }\n",
    IOS + "  images: { assetsFolder: A, nameStyle: camelCase, scales: 2 }\n",
    ANDROID + "  icons: []\n",
    ANDROID + "  icons: { output: a, pathPrecision: 9 }\n",
    ANDROID + "  colors: [{ xmlDisabled: false }]\n",
    ANDROID + f"  colors: {SOURCE}\n",
    ANDROID + "  typography: [{ nameStyle: camelCase }]\n",
    "figma: { lightFileId: https://www.figma.com/design/Ab12/Name, timeout: 30 }\nandroid: { mainRes: "
    "res, colors: {} }\n",
    "figma: { lightFileId: Lb9HarborLibrary00000001, timeout: 0 }\nandroid: { mainRes: res, colors: {} }\n",
]


@pytest.mark.parametrize("text", BAD)
def test_what_the_parser_rejects_for_a_single_key_the_schema_rejects_too(text: str) -> None:
    assert rejected(text)
    assert not VALIDATOR.is_valid(yaml.safe_load(text))


def test_free_keys_and_nulls_fit_the_schema() -> None:
    text = (
        "x-icon: &i { anything: 1 }\n.y: 2\ncommon:\n"
        + ANDROID
        + "  mainSrc:\n  colors: { xmlDisabled: ~ }\n  icons:\n"
    )
    assert [error.message for error in VALIDATOR.iter_errors(yaml.safe_load(text))] == []


def descriptions(schema: dict[str, Any]) -> list[tuple[str, str]]:
    places = [("", schema), *schema["$defs"].items()]
    return [
        (f"{name}.{key}", value.get("description", ""))
        for name, block in places
        for key, value in block.get("properties", {}).items()
    ]


def test_every_key_has_a_sentence_of_its_own() -> None:
    for key, sentence in descriptions(SCHEMA):
        assert sentence.endswith(".") and len(sentence) > 15, key


def test_the_key_file_speaks_of_no_key_that_is_not_there() -> None:
    text = (Path(__file__).parents[2] / "exfig_rx/config/keys.yaml").read_text()
    owners = {
        base.__name__: base for block in blocks().values() for base in block.__mro__ if hasattr(base, "model_fields")
    }
    for owner, docs in yaml.safe_load(text).items():
        keys = {field.alias or name for name, field in owners[owner].model_fields.items()}
        assert set(docs) <= keys, owner


def test_the_usual_value_of_a_key_is_a_valid_one() -> None:
    for path, block in blocks().items():
        for key in block.model_fields.values():
            assert key.alias is not None
            doc = key_doc(block, key.alias)
            name = "Config" if not path else block.__name__
            schema = SCHEMA if name == "Config" else SCHEMA["$defs"][name]
            usual = yaml.safe_load(doc.usual)
            if usual == {}:
                continue
            part = {**schema["properties"][key.alias], "$defs": SCHEMA["$defs"]}
            assert Draft202012Validator(part).is_valid(usual), f"{path}.{key.alias}: {doc.usual}"
