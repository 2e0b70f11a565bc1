"""Requests and answers, without sending anything."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timezone
from enum import Enum
from time import time
from typing import BinaryIO, Union, cast
from urllib.parse import quote, urljoin, urlsplit

from .failures import ApiError, TransportError
from .types import CallOptions, Request

Json = object

_CHUNK = 64 * 1024


@dataclass(frozen=True)
class Operation:
    """What is known of one call when the SDK is made."""

    name: str
    method: Union[str, None]
    path: Sequence[tuple[str, str]]
    """(`static`, text), (`parameter`, argument) or (`greedy`, argument)."""
    query: Mapping[str, str] = field(default_factory=lambda: {})
    """Argument -> name on the wire."""
    headers: Mapping[str, str] = field(default_factory=lambda: {})
    accept: str = "application/json"
    encoding: Union[str, None] = None
    content_type: Union[str, None] = None
    binary: Sequence[int] = ()
    """Statuses whose body is bytes."""
    binary_types: Sequence[tuple[int, str]] = ()
    """The same of one of several media types."""
    redirects: bool = False
    auth: Sequence[tuple[str, str, str, Union[str, None]]] = ()
    """Credential, `header` or `query`, name on the wire, authorizer."""
    iam: bool = False
    new_key: bool = False
    errors: Callable[[], Mapping[int, type[ApiError]]] = field(default=lambda: {})
    """Classes by status, when there is an error."""
    other: Callable[[], type[ApiError]] = field(default=lambda: ApiError)
    """The class of any other status."""
    pages: Union[Pages, None] = None
    pages_items: Union[Callable[[object], object], None] = None
    """Makes one listed thing of JSON."""
    encode: Union[Callable[[object], object], None] = None
    """Makes JSON of the body that the caller gives."""
    decode: Mapping[int, Callable[[object], object]] = field(default_factory=lambda: {})
    """Status -> makes the result of JSON."""
    decode_as: Mapping[tuple[int, str], Callable[[object], object]] = field(default_factory=lambda: {})
    """The same of further media types."""


@dataclass(frozen=True)
class Pages:
    """Where an answer has the next cursor and its list."""

    cursor: str
    """Argument."""
    next: Union[Sequence[str], None]
    header: Union[str, None]
    items: Sequence[str]


@dataclass(frozen=True)
class Settings:
    """What calls of one client have in common."""

    base_url: str
    headers: Mapping[str, str]
    retries: int
    timeout: float
    total_timeout: Union[float, None]
    retry_delay: float
    max_retry_delay: float


@dataclass(frozen=True)
class Answer:
    """A success."""

    status: int
    headers: Mapping[str, str]
    body: object
    raw: object


NO_OPTIONS = CallOptions()


def accepting(media_type: Union[str, None], options: Union[CallOptions, None]) -> Union[CallOptions, None]:
    """Options that ask for an answer of a media type; None: of the first one."""
    if media_type is None:
        return options
    given = options or NO_OPTIONS
    return replace(given, headers={**given.headers, "accept": media_type})


def build_request(
    operation: Operation, settings: Settings, arguments: Mapping[str, object], options: CallOptions
) -> Request:
    """What is the same for all attempts. Raises ValueError when a value cannot be sent as it is."""
    method = operation.method or str(arguments["method"]).upper()
    given = arguments.get("body")
    body: Union[bytes, Iterable[bytes], None] = None
    content_type = operation.content_type
    if given is not None and operation.encoding is not None:
        body, content_type = encode_body(operation, given, options)
    headers = {"accept": operation.accept}
    groups: list[tuple[str, object]] = [("content-type", content_type if body is not None else None)]
    if isinstance(body, Form):
        groups.append(("content-length", body.size))
    groups += settings.headers.items()
    groups += [(wire, arguments.get(name)) for name, wire in operation.headers.items()]
    key = options.idempotency_key or (new_key() if operation.new_key else None)
    groups.append(("idempotency-key", key))
    groups += options.headers.items()
    for name, value in groups:
        if value is not None:
            text = ", ".join(text_of(item) for item in items_of(value))
            if re.search(r"[\r\n\0]", text):
                raise ValueError(f"{operation.name}: the header {name} cannot hold a line break")
            headers[name.lower()] = text
    url = settings.base_url + path_of(operation, arguments) + query_of(operation, arguments)
    return Request(method, url, headers, body)


def new_key() -> str:
    """A random UUID (RFC 9562, version 4)."""
    # Loaded by whoever needs it: imports count where a program starts often.
    from uuid import uuid4

    return str(uuid4())


def is_repeatable(request: Request) -> bool:
    is_safe = request.method not in ("POST", "PATCH") or "idempotency-key" in request.headers
    return is_safe and (request.body is None or isinstance(request.body, bytes))


def path_of(operation: Operation, arguments: Mapping[str, object]) -> str:
    segments: list[str] = []
    for kind, text in operation.path:
        if kind == "static":
            segments.append(text)
            continue
        value = text_of(arguments.get(text, ""))
        parts = value.split("/") if kind == "greedy" else [value]
        # Empty and dot segments would lead to another route.
        if "".join(parts) == "" or any(part in (".", "..") for part in parts):
            raise ValueError(f"{operation.name}: {text} cannot be {json.dumps(value)}")
        segments += [escaped(part) for part in parts]
    return "/" + "/".join(segments)


def query_of(operation: Operation, arguments: Mapping[str, object]) -> str:
    pairs: list[str] = []
    for name, wire in operation.query.items():
        value = arguments.get(name)
        if value is not None:
            pairs += [f"{escaped(wire)}={escaped(text_of(item))}" for item in items_of(value)]
    return f"?{'&'.join(pairs)}" if pairs else ""


def escaped(text: str) -> str:
    return quote(text, safe="!~*'()-_.")


def items_of(value: object) -> Sequence[object]:
    if isinstance(value, (list, tuple)):
        return cast("Sequence[object]", value)
    return [value]


def text_of(value: object) -> str:
    """A parameter as text; what has no text of its own is JSON."""
    if isinstance(value, Enum):
        return text_of(value.value)
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
    if isinstance(value, (date, datetime)):
        return time_text(value)
    return str(value) if isinstance(value, int) else json_text(value)


def time_text(value: Union[date, datetime]) -> str:
    """RFC 3339. A time without a zone is taken for UTC."""
    if not isinstance(value, datetime):
        return value.isoformat()
    aware = value if value.tzinfo else value.replace(tzinfo=timezone.utc)
    return aware.isoformat().replace("+00:00", "Z")


def json_text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_json_default)


def _json_default(value: object) -> object:
    if isinstance(value, (date, datetime)):
        return time_text(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (tuple, frozenset, set)):
        return list(cast("Iterable[object]", value))
    raise TypeError(f"a {type(value).__name__} cannot be sent as JSON")


def encode_body(
    operation: Operation, given: object, options: CallOptions
) -> tuple[Union[bytes, Iterable[bytes]], Union[str, None]]:
    value = operation.encode(given) if operation.encode else given
    if operation.encoding == "json":
        # A lone surrogate is no UTF-8; JSON can still say it.
        return json_text(value).encode("utf-8", "backslashreplace"), operation.content_type
    if operation.encoding == "form":
        pairs = [f"{escaped(name)}={escaped(text_of(item))}" for name, item in _pairs(value)]
        return "&".join(pairs).encode(), operation.content_type
    if operation.encoding == "multipart":
        return _multipart(operation, value, options)
    if isinstance(value, str):
        return value.encode(), operation.content_type
    if isinstance(value, (bytes, bytearray)):
        return bytes(value), operation.content_type
    return cast("Iterable[bytes]", value), operation.content_type


def _pairs(value: object) -> Sequence[tuple[str, object]]:
    members = cast("Mapping[str, object]", value)
    return [(name, item) for name, items in members.items() for item in items_of(items) if item is not None]


def _multipart(operation: Operation, value: object, options: CallOptions) -> tuple[Union[bytes, Form], str]:
    boundary = new_key()
    out: list[bytes] = []

    def head(name: str, file: Union[tuple[str, str], None] = None) -> None:
        text = f'--{boundary}\r\ncontent-disposition: form-data; name="{_label(name)}"'
        if file is not None:
            if re.search(r"[\r\n\0]", file[1]):
                raise ValueError(f"{operation.name}: a media type cannot hold a line break")
            text += f'; filename="{_label(file[0])}"\r\ncontent-type: {file[1]}'
        out.append(f"{text}\r\n\r\n".encode())

    streams: dict[str, tuple[str, str, Union[BinaryIO, Iterable[bytes]]]] = {}
    for name, file in options.files.items():
        if len(file) == 3:
            streams[name] = file
    for name, item in _pairs(value):
        if name in streams:
            continue
        if isinstance(item, (bytes, bytearray)):
            named = options.files.get(name, (name, "application/octet-stream"))
            head(name, (named[0], named[1]))
            out.append(bytes(item))
        else:
            head(name)
            out.append(text_of(item).encode())
        out.append(b"\r\n")
    pieces: list[Union[bytes, BinaryIO, Iterable[bytes]]] = []
    for name, (filename, kind, content) in streams.items():
        head(name, (filename, kind))
        pieces += [b"".join(out), content]
        out[:] = [b"\r\n"]
    out.append(f"--{boundary}--\r\n".encode())
    end = b"".join(out)
    return Form([*pieces, end]) if pieces else end, f"multipart/form-data; boundary={boundary}"


class Form:
    """A body that is read as it is sent."""

    def __init__(self, pieces: Sequence[Union[bytes, BinaryIO, Iterable[bytes]]]) -> None:
        self._pieces = pieces
        sizes = [_size_of(piece) for piece in pieces]
        known = [size for size in sizes if size is not None]
        self.size: Union[int, None] = sum(known) if len(known) == len(sizes) else None

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            if isinstance(piece, bytes):
                yield piece
                continue
            if not hasattr(piece, "read"):
                yield from piece
                continue
            file = cast("BinaryIO", piece)
            while chunk := file.read(_CHUNK):
                yield chunk


def _size_of(piece: Union[bytes, BinaryIO, Iterable[bytes]]) -> Union[int, None]:
    """What is left to be read; None where nobody knows."""
    if isinstance(piece, bytes):
        return len(piece)
    try:
        file = cast("BinaryIO", piece)
        at = file.tell()
        size = file.seek(0, 2) - at
        file.seek(at)
        return size
    except (AttributeError, OSError, ValueError):
        return None


def _label(text: str) -> str:
    """As browsers write it (HTML, multipart/form-data encoding algorithm)."""
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def is_success(operation: Operation, status: int) -> bool:
    return 200 <= status < (400 if operation.redirects else 300)


MOST_REDIRECTS = 5


def redirected(operation: Operation, request: Request, status: int, headers: Mapping[str, str]) -> Union[Request, None]:
    """The request that a redirect asks for, or None where the answer is taken as it is.

    Followed are redirects of GET and HEAD that the file does not declare, never from https to http, and never those of signed
    requests. Another origin gets no credential.
    """
    location = headers.get("location")
    if status not in (301, 302, 303, 307, 308) or location is None or operation.redirects or operation.iam:
        return None
    if request.method not in ("GET", "HEAD"):
        return None
    url = urljoin(request.url, location).partition("#")[0]
    old, new = urlsplit(request.url), urlsplit(url)
    if new.scheme not in ("http", "https") or (old.scheme == "https" and new.scheme == "http"):
        return None
    kept = dict(request.headers)
    if (old.scheme, old.netloc) != (new.scheme, new.netloc):
        secrets = {"authorization", "cookie", "x-api-key", *(name.lower() for _, _, name, _ in operation.auth)}
        kept = {name: value for name, value in kept.items() if name not in secrets}
    return Request(request.method, url, kept, request.body)


def decode_body(operation: Operation, status: int, headers: Mapping[str, str], body: bytes) -> object:
    """The body by its content type. Raises ValueError when a success is not the JSON that it says it is."""
    kind = headers.get("content-type", "").lower()
    is_json = re.match(r"[^;]+[/+]json *(;|$)", kind) is not None
    is_text = re.match(r"text/|[^;]+[/+]xml", kind) is not None
    ok = is_success(operation, status)
    if ok and (status in operation.binary or (status, media_type(headers)) in operation.binary_types):
        return body
    if not body:
        return "" if is_text else None
    if not (is_json or is_text or kind == ""):
        return body
    charset = re.search(r"charset=\"?([\w-]+)", kind)
    try:
        text = body.decode(charset.group(1) if charset else "utf-8", "replace")
    except LookupError:
        text = body.decode("utf-8", "replace")
    if not is_json:
        return text
    try:
        return cast("object", json.loads(text))
    except ValueError:
        if ok:
            raise
        return text


def media_type(headers: Mapping[str, str]) -> str:
    return headers.get("content-type", "").lower().partition(";")[0].strip()


def error_of(
    operation: Operation, status: int, headers: Mapping[str, str], body: bytes, attempt: int
) -> ApiError:
    kind = operation.errors().get(status) or operation.other()
    decoded = decode_body(operation, status, headers, body)
    return kind(operation.name, status, headers, decoded, attempt, retry_after(headers.get("retry-after")))


def transport_error(operation: Operation, attempt: int, error: OSError) -> TransportError:
    return TransportError("timeout" if isinstance(error, TimeoutError) else "network", operation.name, attempt, error)


def retry_after(value: Union[str, None]) -> Union[float, None]:
    """Seconds or an HTTP date (RFC 9110, 10.2.3), as seconds from now."""
    if not value:
        return None
    if value.isascii() and value.isdigit():
        return float(value)
    from email.utils import parsedate_to_datetime

    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time())
    except (TypeError, ValueError):
        return None


def is_transient(error: ApiError) -> bool:
    """Throttling and failures of the server. A quota that is used up stays so."""
    if error.status == 429:
        return error.gateway != "QUOTA_EXCEEDED" and " Limit Exceeded" not in str(error)
    return error.status >= 500 and error.status != 501


def pause(settings: Settings, wish: Union[float, None], attempt: int) -> float:
    """The server's wish, or full jitter over an exponentially growing span; seconds."""
    from random import random

    delay = random() * settings.retry_delay * 2.0 ** (attempt - 1) if wish is None else wish
    return min(delay, settings.max_retry_delay)


def with_options(settings: Settings, options: CallOptions) -> Settings:
    return Settings(
        settings.base_url,
        settings.headers,
        settings.retries if options.retries is None else options.retries,
        settings.timeout if options.timeout is None else options.timeout,
        settings.total_timeout if options.total_timeout is None else options.total_timeout,
        settings.retry_delay,
        settings.max_retry_delay,
    )


def put_credential(request: Request, place: str, name: str, value: str) -> None:
    if place == "query":
        joint = "&" if "?" in request.url else "?"
        request.url += f"{joint}{escaped(name)}={escaped(value)}"
    elif name.lower() not in request.headers:
        is_bearer = name.lower() == "authorization" and " " not in value
        request.headers[name.lower()] = f"Bearer {value}" if is_bearer else value


def result_of(operation: Operation, status: int, headers: Mapping[str, str], body: object) -> object:
    decode = operation.decode_as.get((status, media_type(headers))) or operation.decode.get(status)
    return decode(body) if decode else body


def at(body: object, path: Sequence[str]) -> object:
    value = body
    for name in path:
        value = cast("dict[str, object]", value).get(name) if isinstance(value, dict) else None
    return value


def next_cursor(pages: Pages, answer: Answer) -> object:
    cursor = answer.headers.get(pages.header.lower()) if pages.header else at(answer.raw, pages.next or ())
    return None if cursor == "" else cursor
