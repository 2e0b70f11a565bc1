"""Server-sent events (HTML, section 9.2)."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from .failures import TransportError
from .types import CallOptions

_LONGEST = 1024 * 1024
_LINE = re.compile(r"\r\n|\n|\r(?!\Z)")


@dataclass(frozen=True)
class ServerEvent:
    """One event of a stream."""

    event: str
    """`message` where the server names none."""
    data: str
    last_event_id: str
    """Where a stream that is opened again goes on."""


class EventReader:
    """Events of a stream that may break off and be opened again."""

    def __init__(self, operation: str) -> None:
        self.last_event_id = ""
        self._operation = operation
        self._pause = 3.0
        self._start()

    def _start(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._text = ""
        self._id = self.last_event_id
        self._event = ""
        self._data: list[str] = []
        self._size = 0

    def over(self) -> float:
        """The stream has ended: what was half of an event is none. Returns the seconds to wait before it is opened again."""
        self._start()
        return self._pause

    def read(self, chunk: bytes) -> Iterator[ServerEvent]:
        # A carriage return at the end may be half of a line break.
        *lines, self._text = _LINE.split(self._text + self._decoder.decode(chunk))
        for line in lines:
            if line:
                self._line(line)
                continue
            self.last_event_id = self._id
            if self._data:
                yield ServerEvent(self._event or "message", "\n".join(self._data), self._id)
            self._event, self._data, self._size = "", [], 0
        if self._size + len(self._text) > _LONGEST:
            reason = f"an event of more than {_LONGEST} characters"
            raise TransportError("decode", self._operation, 1, reason)

    def _line(self, line: str) -> None:
        self._size += len(line)
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._data.append(value)
        elif name == "event":
            self._event = value
        elif name == "id" and "\0" not in value:
            self._id = value
        elif name == "retry" and value.isascii() and value.isdigit():
            self._pause = int(value[:9]) / 1000


def resumed(options: CallOptions, last_event_id: str) -> CallOptions:
    """Options of the call that opens the stream where it broke off."""
    if not last_event_id:
        return options
    kept = {name: value for name, value in options.headers.items() if name.lower() != "last-event-id"}
    return replace(options, headers={**kept, "last-event-id": last_event_id})
