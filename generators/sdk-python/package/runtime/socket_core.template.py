"""What a WebSocket API is, what goes wrong, and how messages are written and read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Union, cast
from urllib.parse import urlsplit

from .core import escaped, json_text

Meaning = Literal[
    "normal",
    "going-away",
    "protocol-error",
    "not-text",
    "lost",
    "not-utf8",
    "refused",
    "too-big",
    "server-error",
    "application",
    "other",
]
"""Why a connection ended, in API Gateway's terms."""

_MEANINGS: Mapping[int, Meaning] = {
    1000: "normal",
    1001: "going-away",
    1002: "protocol-error",
    1003: "not-text",
    1006: "lost",
    1007: "not-utf8",
    1008: "refused",
    1009: "too-big",
    1011: "server-error",
}

Kind = Literal["closed", "failed", "queue-full", "refused", "timeout", "too-large"]


class SocketError(Exception):
    """A problem of a connection; `kind` tells which."""

    def __init__(self, kind: Kind, message: str) -> None:
        super().__init__(message)
        self.kind: Kind = kind


class SocketClosed(SocketError):
    """The connection ended."""

    def __init__(self, code: int, reason: str, message: str | None = None) -> None:
        self.code = code
        self.reason = reason
        self.meaning: Meaning = _MEANINGS.get(code, "application" if code >= 4000 else "other")
        super().__init__("closed", message or f"the connection ended: {code} {reason or self.meaning}")


class SocketRefused(SocketError):
    """No connection was opened; `status` is the answer's, where there was one."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__("refused", f"the connection was not opened: {message}")
        self.status = status


class SocketFailed(SocketError):
    """The gateway answered a message with an error; `request_id` finds it in the logs."""

    def __init__(self, message: str, request_id: str | None) -> None:
        super().__init__("failed", message)
        self.request_id = request_id


@dataclass(frozen=True)
class Reconnect:
    """Attempts in a row; pauses in seconds: the first is doubled each time, and a random part of it taken."""

    attempts: int = 10
    delay: float = 0.25
    max_delay: float = 30.0

    def pause(self, attempt: int) -> float:
        from random import random

        return random() * min(self.max_delay, self.delay * 2.0**attempt)


@dataclass(frozen=True)
class Reconnecting:
    """What `watch("reconnecting")` tells."""

    error: SocketError
    attempt: int
    pause: float


Decode = Callable[[object], object]


@dataclass(frozen=True)
class SocketApi:
    """What is known of the API when the SDK is made."""

    stage: str
    urls: Mapping[str, str]
    key_path: Union[Sequence[str], None]
    """Where the route's key stands in a message; None: callers set it."""
    correlated: Sequence[str]
    """Routes whose replies say which message they are to."""
    message_bytes: int
    frame_bytes: int
    auth: Sequence[tuple[str, str, str, Union[str, None]]] = ()
    """Credential, `header` or `query`, name on the wire, authorizer."""
    encode: Mapping[str, Decode] = field(default_factory=lambda: {})
    """Route -> makes JSON of the message that the caller gives."""
    replies: Mapping[str, Decode] = field(default_factory=lambda: {})
    """Route -> makes the reply of JSON."""
    events: Mapping[str, Decode] = field(default_factory=lambda: {})
    """Event -> makes its data of JSON."""

    def url(self, url: str | None, stage: str | None) -> str:
        name = self.stage if stage is None else stage
        found = url or self.urls.get(name)
        if found is None:
            raise ValueError(f"no stage {json.dumps(name)}")
        return found

    def text(self, route: str, message: object, identity: str | None) -> str:
        """A message as it is sent, with its route's key and, where a reply is to be told apart, an id."""
        encode = self.encode.get(route)
        value: object = encode(message) if encode is not None and message is not None else message
        members = _members(value)
        if self.key_path is None or route == "$default":
            if isinstance(value, str):
                return value.encode("utf-8", "replace").decode()
            return _text(value if members is None or identity is None else {**members, "$id": identity})
        whole: dict[str, object] = dict(members or {})
        at = whole
        for name in self.key_path[:-1]:
            inner = dict(_members(at.get(name)) or {})
            at[name] = inner
            at = inner
        at[self.key_path[-1]] = route
        if identity is not None:
            whole["$id"] = identity
        return _text(whole)

    def check(self, text: str) -> None:
        size = len(text.encode("utf-8"))
        if size > self.message_bytes:
            raise SocketError("too-large", f"a message of {size} bytes; at most {self.message_bytes} may be sent")


def _members(value: object) -> Union[Mapping[str, object], None]:
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else None


def _text(value: object) -> str:
    """A lone surrogate is no UTF-8; JSON can still say it."""
    return json_text(value).encode("utf-8", "backslashreplace").decode()


@dataclass(frozen=True)
class Incoming:
    """What the server sent: a reply with its id, an event, an error, or anything else."""

    kind: Literal["reply", "event", "error", "other"]
    name: str
    value: object
    request_id: str | None = None


def incoming(text: str) -> Incoming:
    try:
        message = cast("object", json.loads(text))
    except ValueError:
        return Incoming("other", "", text)
    if not isinstance(message, dict):
        return Incoming("other", "", message)
    members = cast("dict[str, object]", message)
    identity, event, problem = members.get("$id"), members.get("event"), members.get("message")
    if isinstance(identity, str) and "reply" in members:
        return Incoming("reply", identity, members["reply"])
    if isinstance(event, str) and "data" in members:
        return Incoming("event", event, members)
    if isinstance(problem, str) and isinstance(members.get("connectionId"), str):
        found = members.get("requestId") or members.get("messageId")
        return Incoming("error", problem, members, found if isinstance(found, str) else None)
    return Incoming("other", "", members)


def with_query(url: str, pairs: Sequence[tuple[str, str]]) -> str:
    """The address with more in its query."""
    if not pairs:
        return url
    joint = "&" if urlsplit(url).query else "" if url.endswith("?") else "?"
    return url + joint + "&".join(f"{escaped(name)}={escaped(value)}" for name, value in pairs)
