"""The JSON Schema of a manifest's dictionary."""

from oo.contract.kinds import Kind

_TEXTS = {"type": "array", "items": {"type": "string", "minLength": 1}}
_SCALAR_TYPES = {"enum": ["boolean", "integer", "number", "string"]}
_ID = {"type": "string", "pattern": "^[a-z][a-z0-9]*(-[a-z0-9]+)*$"}


def _object(**properties: object) -> dict[str, object]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


_PREFERENCE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["type", "title", "description"],
    "properties": {
        "type": {"enum": ["boolean", "integer", "number", "string", "array"]},
        "title": {"type": "string", "minLength": 1, "maxLength": 40},
        "description": {"type": "string", "minLength": 1, "maxLength": 200},
        "minimum": {"type": "number"},
        "maximum": {"type": "number"},
        "multipleOf": {"type": "number"},
        "maxLength": {"type": "integer"},
        "maxItems": {"type": "integer"},
        "uniqueItems": {"type": "boolean"},
        "enum": {"type": "array", "minItems": 1},
        "items": {"type": "object", "required": ["type"], "properties": {"type": _SCALAR_TYPES}},
        "readOnly": {"type": "boolean"},
        "default": {"type": ["boolean", "integer", "number", "string", "array"]},
    },
    "allOf": [
        {
            "if": {"properties": {"type": {"enum": ["integer", "number"]}}},
            "then": {"required": ["minimum", "maximum"]},
        },
        {
            "if": {"properties": {"type": {"const": "string"}}},
            "then": {"anyOf": [{"required": ["maxLength"]}, {"required": ["enum"]}]},
        },
        {
            "if": {"properties": {"type": {"const": "array"}}},
            "then": {"required": ["items", "maxItems", "uniqueItems"]},
        },
    ],
}
_PREFS_SCHEMA = _object(
    **{
        "$schema": {"const": "http://json-schema.org/draft-07/schema#"},
        "type": {"const": "object"},
        "additionalProperties": {"const": False},
        "properties": {
            "type": "object",
            "additionalProperties": _PREFERENCE,
            "required": ["enabled", "timezone"],
        },
    }
)
_INFERRED_PARAM = _object(
    key={"type": "string"},
    source={"enum": ["completions", "feedback"]},
    estimator={"type": "string"},
    args={"type": "object"},
    prior={"type": ["number", "null"]},
    half_life_d={"type": ["number", "null"], "exclusiveMinimum": 0},
    min_n={"type": "integer", "minimum": 1},
    min_n_eff={"type": "number", "minimum": 0},
    clamp={"type": ["array", "null"], "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
    round={"type": ["number", "null"], "exclusiveMinimum": 0},
    describe={"type": "string", "pattern": r"\{value(_local)?\}"},
)
META_SCHEMA = _object(
    agent_id=_ID,
    version={"type": "string", "pattern": r"^\d+\.\d+\.\d+$"},
    manifest_version={"const": 1},
    title={"type": "string", "minLength": 1, "maxLength": 40},
    description={"type": "string", "minLength": 1, "maxLength": 200},
    status={"enum": ["stable", "beta", "off"]},
    kinds={"type": "array", "items": {"enum": list(Kind)}, "minItems": 1, "uniqueItems": True},
    requires=_object(tasks=_TEXTS, feedback={"type": "boolean"}, completions={"type": "boolean"}, profile=_TEXTS),
    eligibility=_object(
        rule={"type": "object", "minProperties": 1, "maxProperties": 1},
        facts={**_TEXTS, "minItems": 1},
        reason={"type": "string", "minLength": 1, "maxLength": 200},
    ),
    prefs_schema=_PREFS_SCHEMA,
    ui={"type": "object", "required": ["ui:order"], "properties": {"ui:order": _TEXTS}},
    inferred_params={"type": "array", "items": _INFERRED_PARAM},
    signals_schema={
        "type": "object",
        "required": ["applicable", "reason"],
        "additionalProperties": _object(
            type=_SCALAR_TYPES,
            unit={"type": "string", "minLength": 1},
            nullable={"type": "boolean"},
            description={"type": "string", "minLength": 1},
        ),
    },
    output=_object(max_chars={"const": 280}, quotes_titles={"type": "boolean"}),
    ttl=_object(
        max_s={"type": "integer", "minimum": 60, "maximum": 86_400},
        min_s={"const": 60},
        breaks={**_TEXTS, "contains": {"const": "midnight"}},
    ),
    invalidate_on={**_TEXTS, "minItems": 1},
    privacy=_object(reads={**_TEXTS, "minItems": 1}, text_contains_titles={"type": "boolean"}),
    evidence={"type": "array", "minItems": 1, "items": _object(claim={"type": "string"}, source={"type": "string"})},
)
