"""Stand-ins for pydantic's names, for models whose schemas pydantic has compiled beforehand.

Values are read, refused and written by pydantic's core, which alone is imported. Annotations hold nothing here: their
content is in the compiled schemas. `docs/adr/0015-models-are-compiled.md` has the reasons.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from functools import cache
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Any, ClassVar, Self, get_origin

from typing_extensions import Sentinel

from oo.validation import COMPILED


class _Package(ModuleType):
    """The package pydantic_core, whose own code is run when one of its names is used.

    Its code defines a type per kind of schema, and takes longer than a small request. pydantic's core imports the
    package at its first serialization, but for `MISSING` alone, which it compares with values.
    """

    MISSING = Sentinel("MISSING")

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # any of the package's
        # Another thread may write its first answer while this one runs the code.
        vars(self)["MISSING"] = _Package.MISSING
        self.__class__ = ModuleType  # type: ignore[assignment]
        if self.__spec__ and self.__spec__.loader:
            vars(self)["__path__"] = self.__spec__.submodule_search_locations
            self.__spec__.loader.exec_module(self)
        vars(self)["MISSING"] = _Package.MISSING
        return getattr(self, name)


def _core() -> Any:  # noqa: ANN401  # an extension module
    """The extension of pydantic_core, beside the package as it is before its own code is run."""
    name = "pydantic_core._pydantic_core"
    if name not in sys.modules:
        package = find_spec("pydantic_core")
        spec = package and PathFinder.find_spec(name, package.submodule_search_locations)
        if package is None or spec is None or spec.loader is None:
            raise ModuleNotFoundError(name)
        if "pydantic_core" not in sys.modules:
            around = sys.modules["pydantic_core"] = module_from_spec(package)
            around.__class__ = _Package
            # A module of the package asks for it first, so the package's own code runs before the module's, as usual.
            del around.__path__
        sys.modules[name] = module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


_CORE = _core()
ValidationError, PydanticCustomError, to_json = _CORE.ValidationError, _CORE.PydanticCustomError, _CORE.to_json


class _Annotation:
    """An annotation, called or subscripted."""

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def __class_getitem__(cls, item: object) -> object:
        return item


AfterValidator = BeforeValidator = FailFast = PlainSerializer = WithJsonSchema = WrapValidator = _Annotation
ModelWrapValidatorHandler = SkipJsonSchema = ValidationInfo = ValidatorFunctionWrapHandler = _Annotation
CoreSchema = ErrorDetails = GetCoreSchemaHandler = GetJsonSchemaHandler = JsonSchemaValue = core_schema = _Annotation
ConfigDict = dict


class Field(_Annotation):
    """The default of a field, `...` if it has none."""

    def __init__(self, default: Any = ..., **_: object) -> None:  # noqa: ANN401  # any value
        self.default = default

    def is_required(self) -> bool:
        """Whether the field has to be given."""
        return self.default is ...


class PrivateAttr(_Annotation):
    """The default of an attribute that is not a field."""

    def __init__(self, *, default_factory: Callable[[], Any]) -> None:
        self.default_factory = default_factory


def model_validator(**_: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The method unchanged, because the compiled schema names it."""
    return lambda method: method


class _Model(type):
    """The validator and the serializer of a model's own, which its subclasses do not inherit."""

    @property
    def validator(cls) -> Any:  # noqa: ANN401  # of an extension module
        return _made(_CORE.SchemaValidator, cls)

    @property
    def serializer(cls) -> Any:  # noqa: ANN401  # as above
        return _made(_CORE.SchemaSerializer, cls)


@cache
def _made(kind: Callable[[Any], Any], model: type) -> Any:  # noqa: ANN401  # an object of this kind
    """The model's validator or serializer, made when it is first needed."""
    return kind(json.loads(_schemas()[f"{model.__module__}:{model.__qualname__}"], object_hook=_resolved))


class BaseModel(metaclass=_Model):
    """The part of pydantic's BaseModel that this service uses; pydantic's core fills its slots."""

    __slots__ = ("__dict__", "__pydantic_extra__", "__pydantic_fields_set__", "__pydantic_private__")

    model_fields: ClassVar[dict[str, Field]] = {}
    private_attributes: ClassVar[dict[str, PrivateAttr]] = {}

    def __init_subclass__(cls) -> None:
        cls.model_fields, cls.private_attributes = {**cls.model_fields}, {**cls.private_attributes}
        for name, annotation in cls.__annotations__.items():
            origin: Any = get_origin(annotation)
            if origin is ClassVar:
                continue
            given = cls.__dict__.get(name, ...)
            if isinstance(given, PrivateAttr):
                cls.private_attributes[name] = given
            else:
                cls.model_fields[name] = given if isinstance(given, Field) else Field(given)
            if given is not ...:
                delattr(cls, name)

    def __init__(self, **values: object) -> None:
        type(self).validator.validate_python(values, self_instance=self)

    @classmethod
    def model_validate(cls, value: object, *, context: object = None) -> Self:
        """The model of a value; raises ValidationError."""
        model: Self = cls.validator.validate_python(value, context=context)
        return model

    @classmethod
    def model_validate_json(cls, text: str | bytes) -> Self:
        """The model of a JSON text; raises ValidationError."""
        model: Self = cls.validator.validate_json(text)
        return model

    @property
    def model_fields_set(self) -> set[str]:
        """The fields that were given."""
        given: set[str] = self.__pydantic_fields_set__
        return given

    def model_dump(
        self, *, mode: str = "python", exclude: set[str] | None = None, exclude_none: bool = False
    ) -> dict[str, Any]:
        """The fields as a dictionary, in `json` mode as JSON holds them."""
        written: dict[str, Any] = type(self).serializer.to_python(
            self, mode=mode, exclude=exclude, exclude_none=exclude_none
        )
        return written

    def model_copy(self, *, update: Mapping[str, Any]) -> Self:
        """A copy with other values, which are not checked."""
        copied = object.__new__(type(self))
        slots = {
            "__dict__": {**self.__dict__, **update},
            "__pydantic_extra__": self.__pydantic_extra__,
            "__pydantic_fields_set__": self.__pydantic_fields_set__ | update.keys(),
            "__pydantic_private__": self.__pydantic_private__,
        }
        for name, value in slots.items():
            object.__setattr__(copied, name, value)
        return copied

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self.model_copy(update=deepcopy(self.__dict__, memo))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # of a private attribute
        if name not in type(self).private_attributes:
            raise AttributeError(name)
        given = self.__pydantic_private__ or {}
        return given[name] if name in given else type(self).private_attributes[name].default_factory()

    def __setattr__(self, name: str, value: object) -> None:
        if name not in type(self).private_attributes:
            raise AttributeError(f"{name} cannot be changed: make a copy")
        object.__setattr__(self, "__pydantic_private__", {**(self.__pydantic_private__ or {}), name: value})

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        yield from self.__dict__.items()

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.__dict__ == self.__dict__

    __hash__ = None  # type: ignore[assignment]  # fields may be lists


@cache
def _schemas() -> dict[str, str]:
    lines = COMPILED.read_text(encoding="utf-8").splitlines()
    return {place: schema for place, _, schema in (line.partition("\t") for line in lines)}


def _resolved(part: dict[str, Any]) -> Any:  # noqa: ANN401  # a part of a schema, or the object that it names
    if "$object" in part:
        return _object(part["$object"])
    return _object(part["$new"])() if "$new" in part else part


def _object(place: str) -> Any:  # noqa: ANN401  # a class, a function or a member of an enumeration
    module, _, path = place.partition(":")
    found: Any = sys.modules[module]
    for name in path.split("."):
        found = getattr(found, name)
    return found
