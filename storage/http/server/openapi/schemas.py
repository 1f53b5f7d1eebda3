"""JSON Schemas (2020-12, as OpenAPI 3.1 has them) of the structs that travel, made of the structs themselves.

What a struct says of a field is what its reader does: a field that is refused with "form" (400) where it is
otherwise is described here, whatever else can be wrong with a value (422) is told in words.
"""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterable
from typing import Any, Final

import msgspec
from msgspec import inspect as kinds

from core import identity
from core import queries as q
from core.refusal import Refusal
from storage.http import problems

Schema = dict[str, Any]

REFERENCE: Final = "#/components/schemas/"

_NAMES: Final = {problems.Said: "ProblemReason"}
"""Components whose class's name stands for something else as well."""

_VALUES: Final[dict[type, Schema]] = {
    identity.OrganisationNumber: {
        "format": "organisation-number",
        "pattern": "^[0-9]{6}-?[0-9]{4}$",
        "examples": ["212000-2411"],
    },
    identity.HsaId: {
        "format": "hsa-id",
        "maxLength": identity.LONGEST_HSA_ID,
        "pattern": "^(SE|TSTNMT)(16)?[0-9]{10}-[A-Za-z0-9]+$",
        "examples": ["TSTNMT2321000156-EVAEK"],
    },
    identity.EmailAddress: {"format": "idn-email", "minLength": 3, "maxLength": identity.LONGEST_EMAIL},
    identity.GivenName: {"format": "name", "minLength": 1, "maxLength": identity.LONGEST_NAME},
    identity.FamilyName: {"format": "name", "minLength": 1, "maxLength": identity.LONGEST_NAME},
    identity.Title: {"format": "title", "minLength": 1, "maxLength": identity.LONGEST_TITLE},
    identity.Note: {"format": "note", "minLength": 1, "maxLength": identity.LONGEST_NOTE},
    identity.Telephone: {"format": "telephone", "pattern": "^0[0-9]([ -]?[0-9]){3,13}$"},
    identity.Hours: {"format": "note", "minLength": 1, "maxLength": identity.LONGEST_NAME},
    identity.Id: {"format": "id", "pattern": "^[a-z0-9][a-z0-9-]{0,63}$"},
    identity.Headline: {"format": "title", "minLength": 1, "maxLength": identity.LONGEST_TITLE},
    identity.Instruction: {"format": "note", "minLength": 1, "maxLength": identity.LONGEST_INSTRUCTION},
    identity.MarkdownText: {"format": "markdown", "minLength": 1, "maxLength": identity.LONGEST_TEXT},
}
if set(_VALUES) != set(identity.VALUE_TYPES):
    raise TypeError("every value type needs its schema")

_FIELDS: Final[dict[tuple[type, str], Schema]] = {
    (q.NewsSince, "organisation_ids"): {"maxItems": q.MOST_FOLLOWED},
}
"""What the reader of a field is strict about beside its type."""


# Words -------------------------------------------------------------------------------------------

_BESIDES: Final = re.compile(r" \((?:DOMAIN|DESIGN) [0-9., ]+\)| \(:(?:func|mod):`[^`]+`\)")
_MENTION: Final = re.compile(r":(data|class|func|mod|attr):`~?([^`]+)`")


def words(text: str | None, module: str = "") -> str:
    """Give a docstring as words for somebody who has no code before him, in Markdown.

    A constant that is mentioned is told by its value, where it has one in figures.
    """

    def mentioned(match: re.Match[str]) -> str:
        home, _, name = match[2].rpartition(".")
        if match[1] == "data":
            value = getattr(importlib.import_module(home or module), name, None) if home or module else None
            if isinstance(value, int):
                return f"{value:,}"
        return f"`{name}`"

    plain = _MENTION.sub(mentioned, _BESIDES.sub("", inspect.cleandoc(text or "")))
    plain = plain.replace("``", "`").replace("`None`", "`null`")
    return plain.replace("is a `WrongValueError`", "is refused")


def first_sentence(text: str) -> str:
    """Give the first sentence, without its full stop."""
    return re.split(r"(?<=[.:])\s", text.strip(), maxsplit=1)[0].rstrip(".:").replace("\n", " ")


# Schemas -----------------------------------------------------------------------------------------


class Schemas:
    """The schemas of types; those of structs and enumerations are components that the others refer to."""

    def __init__(self) -> None:
        """Start without components."""
        self.components: dict[str, Schema] = {}
        self._made_of: dict[str, object] = {}

    def of(self, kind: Any) -> Schema:
        """Give the schema of a type."""
        return self._of(kinds.type_info(kind), is_read=False)

    def _of(self, found: kinds.Type, *, is_read: bool) -> Schema:
        match found:
            case kinds.StructType():
                return self._refer(found.cls, _name_of(found.cls), lambda: self._struct(found))
            case kinds.EnumType():
                return self._refer(found.cls, found.cls.__name__, lambda: _enumeration(found.cls))
            case kinds.UnionType():
                return self._union(found, is_read=is_read)
            case kinds.CustomType():
                return _value(found.cls)
            case kinds.VarTupleType() | kinds.ListType():
                return {"type": "array", "items": self._of(found.item_type, is_read=is_read)}
            case kinds.FrozenSetType():
                # A member that is sent twice is there once; none is told twice.
                unique = {} if is_read else {"uniqueItems": True}
                return {"type": "array", "items": self._of(found.item_type, is_read=is_read), **unique}
            case kinds.DictType():
                return {
                    "type": "object",
                    "additionalProperties": self._of(found.value_type, is_read=is_read),
                }
            case _:
                return dict(_PLAIN[type(found)])

    def _refer(self, kind: object, name: str, make: Any) -> Schema:
        if name not in self.components:
            self._made_of[name] = kind
            self.components[name] = {}  # a struct may hold itself
            self.components[name] = make()
        if self._made_of[name] is not kind:
            raise TypeError(f"two components would be called {name}")
        return {"$ref": f"{REFERENCE}{name}"}

    def _union(self, found: kinds.UnionType, *, is_read: bool) -> Schema:
        members = [self._of(each, is_read=is_read) for each in found.types]
        tagged = [each for each in found.types if isinstance(each, kinds.StructType) and each.tag is not None]
        if len(tagged) != len(found.types):
            return {"anyOf": members}
        mapping = {str(each.tag): member["$ref"] for each, member in zip(tagged, members, strict=True)}
        return {
            "oneOf": members,
            "discriminator": {"propertyName": tagged[0].tag_field, "mapping": mapping},
        }

    def _struct(self, found: kinds.StructType) -> Schema:
        is_read = found.forbid_unknown_fields and found.cls is not Refusal
        properties: dict[str, Schema] = {}
        if found.tag_field is not None:
            properties[found.tag_field] = {"type": "string", "const": found.tag}
        for field in found.fields:
            schema = {**self._of(field.type, is_read=is_read), **_FIELDS.get((found.cls, field.name), {})}
            if field.default is not msgspec.NODEFAULT:
                schema["default"] = msgspec.to_builtins(field.default)
            properties[field.encode_name] = schema
        required = [field.encode_name for field in found.fields if field.required]
        if found.tag_field is not None:
            required.insert(0, found.tag_field)
        return {
            "type": "object",
            "description": _told(found.cls),
            "properties": properties,
            **({"required": required} if required else {}),
            **({"additionalProperties": False} if is_read else {}),
        }


_PLAIN: Final[dict[type, Schema]] = {
    kinds.StrType: {"type": "string"},
    kinds.IntType: {"type": "integer"},
    kinds.FloatType: {"type": "number"},
    kinds.BoolType: {"type": "boolean"},
    kinds.NoneType: {"type": "null"},
    kinds.DateType: {"type": "string", "format": "date"},
    kinds.DateTimeType: {"type": "string", "format": "date-time"},
    kinds.AnyType: {},
}


def _name_of(kind: Any) -> str:
    known = _NAMES.get(kind)
    if known is not None:
        return known
    arguments = getattr(kind, "__args__", ())
    name = str(getattr(kind, "__origin__", kind).__name__)
    return name + "".join(f"Of{each.__name__}" for each in arguments)


def _told(kind: Any) -> str:
    kind = getattr(kind, "__origin__", kind)
    return words(kind.__doc__, kind.__module__)


def _enumeration(kind: Any) -> Schema:
    return {
        "type": "string",
        "description": _told(kind),
        "enum": [each.value for each in kind],
    }


def _value(kind: type) -> Schema:
    return {
        "type": "string",
        "description": first_sentence(_told(kind)),
        **_VALUES[kind],
    }


def references(schema: object) -> Iterable[str]:
    """Give the name of every component that a part of the document refers to."""
    if isinstance(schema, dict):
        for name, value in schema.items():
            if name == "$ref" and isinstance(value, str):
                yield value.rpartition("/")[2]
            else:
                yield from references(value)
    elif isinstance(schema, list):
        for each in schema:
            yield from references(each)
