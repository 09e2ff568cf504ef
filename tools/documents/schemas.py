"""JSON schemas of bodies, as the generated documents hold them."""

from collections.abc import Sequence
from typing import Any, Literal

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from oo.contract.fields import Body

Schema = dict[str, Any]
Mode = Literal["validation", "serialization"]

_KEYWORDS = (
    *("$ref", "anyOf", "items", "properties", "additionalProperties", "type", "enum", "const"),
    *("maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum"),
    *("maxLength", "minLength", "pattern", "maxItems", "maxProperties", "required", "format", "title", "description"),
    *("default", "examples"),
)
"""The order of a schema's keywords in a document: its structure, its type, its limits, its texts."""

_TEXTS = ("title", "description", "examples")


def schemas_of(models: Sequence[tuple[type[Body], Mode]], reference: str) -> dict[str, Schema]:
    """The schemas of the models and of their parts by name; `reference` has `{model}` for a name.

    An answer holds all its fields, those with a default as well.
    """
    _, described = models_json_schema(models, ref_template=reference, schema_generator=_Generator)
    return {name: in_reading_order(schema) for name, schema in sorted(described["$defs"].items())}


def in_reading_order(schema: Any) -> Any:  # noqa: ANN401  # a schema, a list of schemas, true or false
    """The schema with its keywords in order, its texts outside of `anyOf`, and without a default that is null."""
    if isinstance(schema, list):
        return [in_reading_order(choice) for choice in schema]
    if not isinstance(schema, dict):
        return schema
    schema = _with_texts_outside(schema)
    ordered = {keyword: schema[keyword] for keyword in sorted(schema, key=_KEYWORDS.index)}
    for keyword in ordered.keys() & {"anyOf", "items", "additionalProperties"}:
        ordered[keyword] = in_reading_order(ordered[keyword])
    if "properties" in ordered:
        ordered["properties"] = {name: in_reading_order(field) for name, field in ordered["properties"].items()}
    return {keyword: value for keyword, value in ordered.items() if keyword != "default" or value is not None}


def _with_texts_outside(schema: Schema) -> Schema:
    """The schema of a value that may be null, with its texts next to `anyOf`, as readers of a document expect."""
    values = [choice for choice in schema.get("anyOf", ()) if choice != {"type": "null"}]
    if len(values) != 1:
        return schema
    texts = {keyword: values[0][keyword] for keyword in _TEXTS if keyword in values[0]}
    bare = {keyword: value for keyword, value in values[0].items() if keyword not in texts}
    return {**texts, **schema, "anyOf": [bare, {"type": "null"}]}


class _Generator(GenerateJsonSchema):
    """An answer holds all its fields: none of them has a default there."""

    def field_is_required(
        self,
        field: core_schema.ModelField | core_schema.DataclassField | core_schema.TypedDictField,
        total: bool,  # noqa: FBT001  # pydantic's signature
    ) -> bool:
        return self.mode == "serialization" or super().field_is_required(field, total)

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        if self.mode == "serialization":
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)
