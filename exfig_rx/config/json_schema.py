"""The dialect as a JSON Schema (draft 2020-12), for editors.

In: the models and `keys.yaml`. Out: one schema. Rule: made of the same models that validate, so that it can't say
anything else; it accepts what they accept, except for rules between keys.
"""

from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from exfig_rx.config.keys import key_doc
from exfig_rx.config.outline import SOURCE_KEYS
from exfig_rx.config.schema import Block, ColorEntryBlock, Config, blocks

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_FREE_KEYS = r"^(x-|\.)"


class _Generator(GenerateJsonSchema):
    schema_dialect = DRAFT


def json_schema() -> dict[str, Any]:
    """The schema of a whole config file."""
    schema = Config.model_json_schema(by_alias=True, schema_generator=_Generator)
    definitions: dict[str, Any] = schema["$defs"]
    for block in {*blocks().values()}:
        _describe(block, schema if block is Config else definitions[block.__name__])
    for block in {block for block in blocks().values() if issubclass(block, ColorEntryBlock)}:
        _tell_forms_apart(block, definitions)
    schema["$schema"] = DRAFT
    schema["title"] = "ExFig config"
    schema["description"] = "What to export from Figma, and where to."
    schema["patternProperties"] = {_FREE_KEYS: {"description": "Yours: a place for YAML anchors."}}
    return schema


def _describe(block: type[Block], schema: dict[str, Any]) -> None:
    """Give each key its sentence, and let every optional key be null, which means absent."""
    schema.pop("title", None)
    required = schema.get("required", [])
    for key, value in schema.get("properties", {}).items():
        value.pop("title", None)
        doc = key_doc(block, key)
        value["description"] = doc.meaning
        if value.get("default", ...) in (None, []):
            del value["default"]
        if key not in required and not _takes_null(value):
            described = {name: value.pop(name) for name in ("description", "default") if name in value}
            schema["properties"][key] = {"anyOf": [*value.get("anyOf", [value]), {"type": "null"}], **described}


def _takes_null(value: dict[str, Any]) -> bool:
    return {"type": "null"} in value.get("anyOf", [])


def _tell_forms_apart(block: type[Block], definitions: dict[str, Any]) -> None:
    """Colors in a list have a source each; a block of colors on its own has none."""
    reference = {"$ref": f"#/$defs/{block.__name__}"}
    alone = {**reference, "not": {"anyOf": [{"required": [key]} for key in SOURCE_KEYS]}}
    item = {**reference, "required": list(SOURCE_KEYS[:3])}
    for section in definitions.values():
        colors = section.get("properties", {}).get("colors", {})
        if reference in colors.get("anyOf", []):
            colors["anyOf"] = [alone, {"type": "array", "items": item, "minItems": 1}, {"type": "null"}]
