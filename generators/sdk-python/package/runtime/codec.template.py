"""JSON to models and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Literal, Protocol, cast

from .core import time_text
from .unset import UNSET


class Codec(Protocol):
    """Both directions of one type."""

    def decode(self, value: object) -> object: ...

    def encode(self, value: object) -> object: ...


class Raw:
    """JSON as it is."""

    def decode(self, value: object) -> object:
        return value

    def encode(self, value: object) -> object:
        return value


class Time:
    def decode(self, value: object) -> object:
        return datetime.fromisoformat(_python_time(cast("str", value)))

    def encode(self, value: object) -> object:
        return time_text(value) if isinstance(value, datetime) else value


class Day:
    def decode(self, value: object) -> object:
        return date.fromisoformat(cast("str", value))

    def encode(self, value: object) -> object:
        return time_text(value) if isinstance(value, date) else value


class Words:
    """An enumeration. A value that is newer than this package stays as it is."""

    def __init__(self, kind: Callable[[], type[Enum]]) -> None:
        self._kind = kind

    def decode(self, value: object) -> object:
        try:
            return self._kind()(value)
        except ValueError:
            return value

    def encode(self, value: object) -> object:
        return cast("object", value.value) if isinstance(value, Enum) else value


class Later:
    """A codec that is defined further down."""

    def __init__(self, codec: Callable[[], Codec]) -> None:
        self._codec = codec

    def target(self) -> Codec:
        return self._codec()

    def decode(self, value: object) -> object:
        return self._codec().decode(value)

    def encode(self, value: object) -> object:
        return self._codec().encode(value)


class ListOf:
    def __init__(self, item: Codec) -> None:
        self._item = item

    def decode(self, value: object) -> object:
        return [self._item.decode(item) for item in cast("list[object]", value)]

    def encode(self, value: object) -> object:
        return [self._item.encode(item) for item in cast("Sequence[object]", value)]


class MapOf:
    def __init__(self, item: Codec) -> None:
        self._item = item

    def decode(self, value: object) -> object:
        return {name: self._item.decode(item) for name, item in cast("dict[str, object]", value).items()}

    def encode(self, value: object) -> object:
        return {name: self._item.encode(item) for name, item in cast("Mapping[str, object]", value).items()}


class Nullable:
    def __init__(self, codec: Codec) -> None:
        self._codec = codec

    def decode(self, value: object) -> object:
        return None if value is None else self._codec.decode(value)

    def encode(self, value: object) -> object:
        return None if value is None else self._codec.encode(value)


class Record:
    """An object with attributes. Members that are not declared are dropped."""

    def __init__(
        self,
        kind: Callable[[], type],
        fields: Sequence[tuple[str, str, Codec, Literal["required", "none", "unset"]]],
    ) -> None:
        self._kind = kind
        self._fields = fields
        """Name on the wire, attribute, codec, and what the attribute is where the member is absent."""

    def fits(self, value: object) -> bool:
        if not isinstance(value, dict):
            return False
        members = cast("dict[str, object]", value)
        return all(absent != "required" or wire in members for wire, _, _, absent in self._fields)

    def is_of(self, value: object) -> bool:
        return isinstance(value, self._kind())

    def decode(self, value: object) -> object:
        members = cast("dict[str, object]", value)
        given: dict[str, object] = {}
        for wire, name, codec, absent in self._fields:
            if wire in members:
                member = members[wire]
                given[name] = None if member is None and absent != "required" else codec.decode(member)
            elif absent == "required":
                raise KeyError(wire)
        return cast("Callable[..., object]", self._kind())(**given)

    def encode(self, value: object) -> object:
        out: dict[str, object] = {}
        for wire, name, codec, absent in self._fields:
            member = cast("object", getattr(value, name))
            if member is UNSET:
                continue
            if member is not None:
                out[wire] = codec.encode(member)
            elif absent != "none":
                out[wire] = None
        return out


class Tagged:
    """A union whose members are told apart by one of their own."""

    def __init__(self, tag: str, members: Mapping[str, Codec]) -> None:
        self._tag = tag
        self._members = members

    def decode(self, value: object) -> object:
        if not isinstance(value, dict):
            return value
        members = cast("dict[str, object]", value)
        codec = self._members.get(str(members.get(self._tag)))
        # A member that is newer than this package stays as it is.
        return codec.decode(members) if codec else members

    def encode(self, value: object) -> object:
        for codec in self._members.values():
            record = codec
            while isinstance(record, Later):
                record = record.target()
            if isinstance(record, Record) and record.is_of(value):
                return record.encode(value)
        return value


class AnyOf:
    """A union: the first record that fits, otherwise JSON as it is."""

    def __init__(self, members: Sequence[Codec]) -> None:
        self._members = members

    def _records(self) -> Sequence[Record]:
        found: list[Record] = []
        for member in self._members:
            codec = member
            while isinstance(codec, Later):
                codec = codec.target()
            if isinstance(codec, Record):
                found.append(codec)
        return found

    def decode(self, value: object) -> object:
        for record in self._records():
            if record.fits(value):
                return record.decode(value)
        return value

    def encode(self, value: object) -> object:
        for record in self._records():
            if record.is_of(value):
                return record.encode(value)
        return value


RAW = Raw()
TIME = Time()
DAY = Day()


def tolerant(codec: Codec, value: object) -> object:
    """The body of an error, which may be what no one declared."""
    try:
        return codec.decode(value)
    except (ValueError, KeyError, TypeError, AttributeError):
        return value


def _python_time(text: str) -> str:
    """RFC 3339 as Python 3.10 reads it: no Z, and three or six digits of a second."""
    text = text[:-1] + "+00:00" if text[-1:] in ("Z", "z") else text
    head, dot, rest = text.partition(".")
    if not dot:
        return text
    digits = ""
    while rest and rest[0].isdigit():
        digits, rest = digits + rest[0], rest[1:]
    return f"{head}.{digits[:6].ljust(6, '0')}{rest}"
