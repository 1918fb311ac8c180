"""One frozen dataclass is the only definition of a message; everything else is derived from it.

marshmallow-dataclass gives the marshmallow schema, apispec the JSON Schema, cattrs the BSON
document.

    @dataclass(frozen=True)
    class Greet:
        name: str = text(max_length=40)
        times: int = integer(1, 10, default=1)

    load(Greet, {"name": "Ada"})   # Greet(name='Ada', times=1)
    load(Greet, {"name": ""})      # raises Invalid, details {"fields": {"name": [...]}}
"""

import dataclasses
import enum
import json
import typing
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple, TypeVar, cast

import cattrs
import marshmallow
import marshmallow_dataclass
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from cattrs.preconf.bson import make_converter
from marshmallow import fields, validate

from shared.errors import Invalid

T = TypeVar("T")

DEFAULT_MAX_LENGTH = 2_000


def _no_nul(value: str) -> None:
    if "\x00" in value:
        raise marshmallow.ValidationError("Must not contain a NUL character.")


class _Text(fields.String):
    """Every string is bounded, so that no field can carry ten megabytes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators.append(_no_nul)
        if not any(isinstance(rule, validate.Length) for rule in self.validators):
            self.validators.append(validate.Length(max=DEFAULT_MAX_LENGTH))


class _Instant(fields.AwareDateTime):
    """An ISO 8601 instant; one without an offset is refused, never guessed."""

    _REASON = "Not an instant with its offset, e.g. 2026-11-24T09:30:00+00:00."

    def __init__(self, **kwargs: Any) -> None:
        messages: dict[str, Any] = dict.fromkeys(("invalid", "invalid_awareness"), self._REASON)
        super().__init__(format="iso", error_messages=messages, **kwargs)


class _Date(fields.Date):
    """An ISO 8601 date."""

    def __init__(self, **kwargs: Any) -> None:
        messages: dict[str, Any] = {"invalid": "Not a date, e.g. 2026-11-24."}
        super().__init__(format="iso", error_messages=messages, **kwargs)


class _Mapping(fields.Dict):
    """Names a faulty entry by its key alone; marshmallow adds "key" or "value" to the path."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return super()._deserialize(value, attr, data, **kwargs)  # type: ignore[no-untyped-call]
        except marshmallow.ValidationError as error:
            if not isinstance(error.messages, dict):
                raise
            entries = error.messages.items()
            merged = {str(key)[:100]: next(iter(faults.values())) for key, faults in entries}
            raise marshmallow.ValidationError(merged) from None


class _Integer(fields.Integer):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strict=True, **kwargs)


class MessageSchema(marshmallow.Schema):
    """Base of every derived schema: unknown fields are refused when loading strictly."""

    TYPE_MAPPING = {  # noqa: RUF012 (marshmallow declares it so)
        **marshmallow.Schema.TYPE_MAPPING,
        str: _Text,
        int: _Integer,
        typing.Dict: _Mapping,  # noqa: UP006 (marshmallow-dataclass looks it up so)
        datetime: _Instant,
        date: _Date,
    }


class Pattern(NamedTuple):
    """What a text has to look like, and the same in ``words`` that go on after "Must be"."""

    expression: str
    words: str


class Matches(validate.Regexp):
    """Matches the whole value: ``$`` alone would let a line break at the end pass."""

    def __init__(self, pattern: Pattern) -> None:
        super().__init__(pattern.expression, error=f"Must be {pattern.words}.")

    def __call__(self, value: Any) -> Any:
        if not self.regex.fullmatch(value):
            raise marshmallow.ValidationError(self._format_error(value))
        return value


def _field(default: Any, metadata: dict[str, Any], *, secret: bool = False) -> Any:
    if isinstance(default, dict | list):
        factory = type(default)
        return dataclasses.field(default_factory=factory, metadata=metadata, repr=not secret)
    return dataclasses.field(default=default, metadata=metadata, repr=not secret)


def _rules(description: str, *rules: Any) -> dict[str, Any]:
    metadata: dict[str, Any] = {"validate": list(rules)}
    if description:
        metadata["metadata"] = {"description": description}
    return metadata


def text(
    max_length: int = 200,
    *,
    min_length: int = 1,
    pattern: Pattern | None = None,
    default: Any = dataclasses.MISSING,
    description: str = "",
    secret: bool = False,
) -> Any:
    """A string of ``min_length`` to ``max_length`` characters, all of it matching ``pattern``.

    A secret one is left out of the dataclass's ``repr``.
    """
    rules: list[Any] = [validate.Length(min=min_length, max=max_length)]
    if pattern:
        rules.append(Matches(pattern))
    return _field(default, _rules(description, *rules), secret=secret)


def email(*, default: Any = dataclasses.MISSING, description: str = "") -> Any:
    """An e-mail address of at most 254 characters (RFC 5321)."""
    rules = validate.Length(max=254), validate.Email()
    return _field(default, _rules(description, *rules))


def integer(
    minimum: int | None = None,
    maximum: int | None = None,
    *,
    default: Any = dataclasses.MISSING,
    description: str = "",
) -> Any:
    """A whole number from ``minimum`` to ``maximum``, both included."""
    return _field(default, _rules(description, validate.Range(min=minimum, max=maximum)))


def choice(options: Any, *, default: Any = dataclasses.MISSING, description: str = "") -> Any:
    """One of ``options``: an enum class (loaded by value) or a sequence of strings."""
    if isinstance(options, type) and issubclass(options, enum.Enum):
        return _field(default, _rules(description))
    return _field(default, _rules(description, validate.OneOf(tuple(options))))


def items(
    max_length: int = 1_000,
    *,
    min_length: int = 0,
    default: Any = dataclasses.MISSING,
    description: str = "",
) -> Any:
    """A list (``tuple[X, ...]``) or mapping of ``min_length`` to ``max_length`` entries."""
    rule = validate.Length(min=min_length, max=max_length)
    return _field(default, _rules(description, rule))


def _by_value(schema: marshmallow.Schema) -> marshmallow.Schema:
    """Enums travel by value at every depth; marshmallow's default is by name."""
    for inner in schema.fields.values():
        _fix(inner)
    return schema


def _fix(inner: Any) -> None:
    if isinstance(inner, fields.Enum):
        inner.by_value = True
        inner.field = fields.Raw()
        inner.choices_text = ", ".join(str(member.value) for member in inner.enum)
    elif isinstance(inner, fields.Nested):
        _by_value(inner.schema)
    elif isinstance(inner, fields.Mapping):
        for part in (inner.key_field, inner.value_field):
            _fix(part)
    elif hasattr(inner, "inner"):
        _fix(inner.inner)


def schema_of(cls: type, *, tolerant: bool = False) -> marshmallow.Schema:
    """The marshmallow schema of a message; tolerant ones leave unknown fields out."""
    return _derive(cast("Any", cls), tolerant)


@cache
def _derive(cls: Any, tolerant: bool) -> marshmallow.Schema:
    derived = marshmallow_dataclass.class_schema(cls, base_schema=MessageSchema)
    schema = _by_value(derived(unknown="exclude" if tolerant else "raise"))
    if tolerant:
        for inner in schema.fields.values():
            _tolerate(inner)
    return schema


def _tolerate(inner: Any) -> None:
    if isinstance(inner, fields.Nested):
        inner.unknown = marshmallow.EXCLUDE
        for nested in inner.schema.fields.values():
            _tolerate(nested)
    elif hasattr(inner, "inner"):
        _tolerate(inner.inner)


def load(cls: type[T], data: Any, *, tolerant: bool = False) -> T:
    """The message that ``data`` (a JSON-like mapping) describes.

    Raises ``Invalid`` whose ``fields`` name each offending field by its dotted path.
    """
    if not isinstance(data, Mapping):
        raise Invalid("A mapping of named values was expected.", fields={"": ["Not a mapping."]})
    try:
        loaded: T = schema_of(cls, tolerant=tolerant).load(data)
    except marshmallow.ValidationError as error:
        raise Invalid("The request is not valid.", fields=_flatten(error.messages_dict)) from None
    return loaded


def _flatten(messages: Any, prefix: str = "") -> dict[str, list[str]]:
    if isinstance(messages, list):
        return {prefix: [str(message) for message in messages]}
    flat: dict[str, list[str]] = {}
    for key, inner in messages.items():
        part = "" if key == "_schema" else str(key)
        flat |= _flatten(inner, ".".join(p for p in (prefix, part) if p))
    return flat


def dump(message: Any) -> dict[str, Any]:
    """The JSON-able mapping of a message: dates in ISO 8601, enums by value."""
    dumped: dict[str, Any] = schema_of(type(message)).dump(message)
    return dumped


def dumps(message: Any) -> str:
    """``dump`` as compact JSON text."""
    return json.dumps(dump(message), separators=(",", ":"), ensure_ascii=False)


def parse_json(body: bytes | str) -> Any:
    """What a JSON text says; raises ``Invalid``, also for what no store or peer could take.

    That is NaN, which JSON does not have, and half a character (RFC 8259, section 8.2).
    """
    try:
        if isinstance(body, str):
            body.encode()
        text = body if isinstance(body, str) else body.decode()
        value = json.loads(text, parse_constant=_refuse_constant)
        if "\\ud" in text.lower():
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Invalid("The body is not valid JSON.", fields={"": ["Not valid JSON."]}) from None
    return value


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def json_schema(cls: type) -> dict[str, Any]:
    """The JSON Schema of a message, with the schemas it refers to under ``components``."""
    plugin = MarshmallowPlugin()
    spec = APISpec(title=cls.__name__, version="1", openapi_version="3.1.0", plugins=[plugin])
    assert plugin.converter is not None
    schema: dict[str, Any] = plugin.converter.schema2jsonschema(schema_of(cls))
    components = spec.to_dict().get("components", {})
    return {**schema, "title": cls.__name__, **({"components": components} if components else {})}


_bson = make_converter(omit_if_default=False)
_bson.register_unstructure_hook(date, lambda value: value.isoformat())
_bson.register_unstructure_hook(enum.Enum, lambda member: member.value)
_bson.register_structure_hook(date, lambda value, _: date.fromisoformat(value))


def to_document(message: Any) -> dict[str, Any]:
    """The BSON-able mapping of a dataclass: no ``None``, dates as ISO text, enums by value."""
    document: dict[str, Any] = _bson.unstructure(message)
    return {key: value for key, value in document.items() if value is not None}


def from_document(cls: type[T], document: Mapping[str, Any]) -> T:
    """The dataclass that ``to_document`` wrote."""
    try:
        return _bson.structure(document, cls)
    except cattrs.BaseValidationError as error:
        reasons = "; ".join(cattrs.transform_error(error))
        raise TypeError(f"A stored {cls.__name__} does not fit its class: {reasons}") from error


__all__ = [
    "Matches",
    "MessageSchema",
    "Pattern",
    "choice",
    "dump",
    "dumps",
    "email",
    "from_document",
    "integer",
    "items",
    "json_schema",
    "load",
    "parse_json",
    "schema_of",
    "text",
    "to_document",
]
