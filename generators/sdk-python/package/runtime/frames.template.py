"""Bytes of a connection to messages and back (RFC 6455, the client's side), without reading or writing any."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

MOST = 16 * 1024 * 1024
"""Bytes of a message that is taken. API Gateway sends 128 KB at most."""

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_CONTINUATION, _TEXT, _BINARY, _CLOSE, _PING, _PONG = 0, 1, 2, 8, 9, 10


class ProtocolError(Exception):
    """The server broke the rules; `code` is what the connection is closed with."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


@dataclass(frozen=True)
class Frame:
    """A whole message, or a sign of the protocol itself."""

    kind: Literal["text", "ping", "pong", "close"]
    text: str = ""
    data: bytes = b""
    code: int = 1005


class FrameReader:
    """Takes bytes as they arrive and yields what is complete."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._buffer = bytearray()
        self._parts: list[bytes] = []
        self._kind: int | None = None

    def feed(self, data: bytes) -> list[Frame]:
        """Raises ProtocolError."""
        self._buffer += data
        out: list[Frame] = []
        while True:
            frame = self._next()
            if frame is None:
                return out
            is_last, opcode, payload = frame
            found = self._control(opcode, payload) if opcode >= _CLOSE else self._data(is_last, opcode, payload)
            if found is not None:
                out.append(found)

    def _next(self) -> tuple[bool, int, bytes] | None:
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        is_last, opcode, length, start = bool(buffer[0] & 0x80), buffer[0] & 0x0F, buffer[1], 2
        if buffer[0] & 0x70 or opcode not in (_CONTINUATION, _TEXT, _BINARY, _CLOSE, _PING, _PONG):
            raise ProtocolError(1002, "a frame of no known kind")
        if length & 0x80:
            raise ProtocolError(1002, "a masked frame of the server")
        if opcode >= _CLOSE and (length > 125 or not is_last):
            raise ProtocolError(1002, "a control frame that is too long, or in parts")
        if length > 125:
            start = 4 if length == 126 else 10
            if len(buffer) < start:
                return None
            length = int.from_bytes(buffer[2:start], "big")
        if length + sum(map(len, self._parts)) > self._most:
            raise ProtocolError(1009, f"a message of more than {self._most} bytes")
        if len(buffer) < start + length:
            return None
        payload = bytes(buffer[start : start + length])
        del buffer[: start + length]
        return is_last, opcode, payload

    def _data(self, is_last: bool, opcode: int, payload: bytes) -> Frame | None:
        if (opcode == _CONTINUATION) != (self._kind is not None):
            raise ProtocolError(1002, "a part of a message at the wrong place")
        if opcode != _CONTINUATION:
            self._kind = opcode
        self._parts.append(payload)
        if not is_last:
            return None
        whole = b"".join(self._parts)
        self._parts, self._kind = [], None
        try:
            return Frame("text", text=whole.decode("utf-8"))
        except UnicodeDecodeError:
            raise ProtocolError(1007, "a message that is no UTF-8") from None

    def _control(self, opcode: int, payload: bytes) -> Frame:
        if opcode != _CLOSE:
            return Frame("ping" if opcode == _PING else "pong", data=payload)
        if len(payload) == 1:
            raise ProtocolError(1002, "half a close code")
        code = int.from_bytes(payload[:2], "big") if payload else 1005
        return Frame("close", text=payload[2:].decode("utf-8", "replace"), code=code)


def text_frames(text: str, frame_bytes: int) -> bytes:
    """A message, in frames of so many bytes at most."""
    data = text.encode("utf-8")
    parts = [data[at : at + frame_bytes] for at in range(0, len(data), frame_bytes)] or [b""]
    last = len(parts) - 1
    return b"".join(
        _frame(_TEXT if at == 0 else _CONTINUATION, part, is_last=at == last) for at, part in enumerate(parts)
    )


def ping_frame() -> bytes:
    return _frame(_PING, b"")


def pong_frame(data: bytes) -> bytes:
    return _frame(_PONG, data)


def close_frame(code: int, reason: str) -> bytes:
    """A reason that is too long is cut between two characters."""
    if code == 1005:
        return _frame(_CLOSE, b"")
    text = reason.encode("utf-8")[:123].decode("utf-8", "ignore").encode("utf-8")
    return _frame(_CLOSE, code.to_bytes(2, "big") + text)


def _frame(opcode: int, payload: bytes, *, is_last: bool = True) -> bytes:
    length = len(payload)
    if length < 126:
        size = bytes([0x80 | length])
    elif length < 65536:
        size = b"\xfe" + length.to_bytes(2, "big")
    else:
        size = b"\xff" + length.to_bytes(8, "big")
    mask = os.urandom(4)
    # As one number each: the quickest XOR that the standard library has.
    key = (mask * (length // 4 + 1))[:length]
    masked = (int.from_bytes(payload, "big") ^ int.from_bytes(key, "big")).to_bytes(length, "big")
    return bytes([(0x80 if is_last else 0) | opcode]) + size + mask + masked


@dataclass(frozen=True)
class Handshake:
    """Where a connection is opened, and what is said first."""

    host: str
    port: int
    is_secure: bool
    request: bytes
    accept: str
    protocols: Sequence[str]


def handshake_of(url: str, headers: Mapping[str, str], protocols: Sequence[str]) -> Handshake:
    """Raises ValueError for what cannot be sent."""
    parts = urlsplit(url)
    if parts.scheme not in ("ws", "wss") or not parts.hostname:
        raise ValueError("the address of a WebSocket begins with ws:// or wss://")
    is_secure = parts.scheme == "wss"
    port = parts.port or (443 if is_secure else 80)
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    key = base64.b64encode(os.urandom(16))
    lines = {
        "Host": name if port == (443 if is_secure else 80) else f"{name}:{port}",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": key.decode(),
        **({"Sec-WebSocket-Protocol": ", ".join(protocols)} if protocols else {}),
        **headers,
    }
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    head = [f"GET {target} HTTP/1.1", *(f"{name}: {value}" for name, value in lines.items())]
    if any(re.search(r"[\r\n\0]", line) for line in head):
        raise ValueError("a handshake cannot hold a line break")
    accept = base64.b64encode(hashlib.sha1(key + _GUID).digest()).decode()
    request = ("\r\n".join(head) + "\r\n\r\n").encode("utf-8")
    return Handshake(parts.hostname, port, is_secure, request, accept, protocols)


@dataclass(frozen=True)
class Answer:
    """The head of the server's answer to a handshake."""

    status: int
    headers: Mapping[str, str]

    def problem(self, handshake: Handshake) -> str | None:
        """Why a 101 does not open this connection (RFC 6455, 4.1)."""
        if self.headers.get("upgrade", "").lower() != "websocket":
            return "it upgrades to something else"
        if "upgrade" not in self.headers.get("connection", "").lower():
            return "it does not upgrade"
        if self.headers.get("sec-websocket-accept") != handshake.accept:
            return "it answers another handshake"
        if self.headers.get("sec-websocket-extensions"):
            return "it uses an extension that was not offered"
        chosen = self.headers.get("sec-websocket-protocol")
        return None if chosen is None or chosen in handshake.protocols else "it chose a protocol that was not offered"


def answer_of(head: bytes) -> Answer:
    """Raises ValueError for what is no HTTP."""
    first, *lines = head.decode("latin-1").split("\r\n")
    match = re.match(r"HTTP/1\.[01] (\d{3})", first)
    if match is None:
        raise ValueError("the server does not speak HTTP")
    pairs = [line.partition(":") for line in lines if ":" in line]
    return Answer(int(match.group(1)), {name.strip().lower(): value.strip() for name, _, value in pairs})
