"""Pydantic's names, as the contract and the settings use them.

Importing pydantic and building its models takes a third of a cold start. The built layer therefore holds `COMPILED`,
pydantic's own schemas of all models, and takes these names from `oo.validation.compiled`. The sources have no such
file: they import pydantic itself.
"""

from typing import TYPE_CHECKING

from oo.validation import COMPILED

if TYPE_CHECKING or not COMPILED.exists():
    from pydantic import (
        AfterValidator,
        BaseModel,
        BeforeValidator,
        ConfigDict,
        FailFast,
        Field,
        GetCoreSchemaHandler,
        GetJsonSchemaHandler,
        ModelWrapValidatorHandler,
        PlainSerializer,
        PrivateAttr,
        ValidationError,
        ValidationInfo,
        ValidatorFunctionWrapHandler,
        WithJsonSchema,
        WrapValidator,
        model_validator,
    )
    from pydantic.json_schema import JsonSchemaValue, SkipJsonSchema
    from pydantic_core import CoreSchema, ErrorDetails, PydanticCustomError, core_schema, to_json
else:
    from oo.validation.compiled import (
        AfterValidator,
        BaseModel,
        BeforeValidator,
        ConfigDict,
        CoreSchema,
        ErrorDetails,
        FailFast,
        Field,
        GetCoreSchemaHandler,
        GetJsonSchemaHandler,
        JsonSchemaValue,
        ModelWrapValidatorHandler,
        PlainSerializer,
        PrivateAttr,
        PydanticCustomError,
        SkipJsonSchema,
        ValidationError,
        ValidationInfo,
        ValidatorFunctionWrapHandler,
        WithJsonSchema,
        WrapValidator,
        core_schema,
        model_validator,
        to_json,
    )

__all__ = [
    "AfterValidator",
    "BaseModel",
    "BeforeValidator",
    "ConfigDict",
    "CoreSchema",
    "ErrorDetails",
    "FailFast",
    "Field",
    "GetCoreSchemaHandler",
    "GetJsonSchemaHandler",
    "JsonSchemaValue",
    "ModelWrapValidatorHandler",
    "PlainSerializer",
    "PrivateAttr",
    "PydanticCustomError",
    "SkipJsonSchema",
    "ValidationError",
    "ValidationInfo",
    "ValidatorFunctionWrapHandler",
    "WithJsonSchema",
    "WrapValidator",
    "core_schema",
    "model_validator",
    "to_json",
]
