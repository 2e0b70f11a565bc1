"""What callers give and get."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import BinaryIO, Protocol, Union

Body = Union[bytes, Iterable[bytes]]
"""A body that is sent as it is. What is no bytes is read once: such a call is not repeated."""

Progress = Callable[[int, Union[int, None]], None]
"""Told of the bytes that have passed, and of all bytes where that is known."""


@dataclass(frozen=True)
class CallInfo:
    """Which attempt of which call."""

    operation: str
    method: str
    attempt: int
    """1 for the first."""
    authorizer: Union[str, None] = None
    """Who reads the credential that is asked for; None for the API key."""


@dataclass(frozen=True)
class ResponseInfo:
    """What an answer has beside its body."""

    status: int
    headers: Mapping[str, str]
    """Names are in lower case."""
    attempts: int

    @property
    def request_id(self) -> Union[str, None]:
        """API Gateway's id of the request, for its owner's logs."""
        return self.headers.get("x-amzn-requestid") or self.headers.get("apigw-requestid")


Credential = Union[str, Callable[[CallInfo], Union[str, None]]]
"""A credential, or where to get it: asked again for each attempt."""

AsyncCredential = Union[str, Callable[[CallInfo], Union[str, None, Awaitable[Union[str, None]]]]]
"""A credential, or where to get it, at once or later."""


@dataclass(frozen=True)
class CallOptions:
    """Options of one call; they win over the client's."""

    headers: Mapping[str, str] = field(default_factory=lambda: {})
    retries: Union[int, None] = None
    """Attempts after the first."""
    timeout: Union[float, None] = None
    """Seconds that one attempt may take."""
    total_timeout: Union[float, None] = None
    """Seconds that the call may take with its attempts and pauses."""
    idempotency_key: Union[str, None] = None
    """Sent as Idempotency-Key, the same for all attempts; makes any call repeatable."""
    files: Mapping[str, Union[tuple[str, str], tuple[str, str, Union[BinaryIO, Iterable[bytes]]]]] = field(
        default_factory=lambda: {}
    )
    """File name and media type of bytes in a multipart form, by their member; without them they are called as the member.
    A third thing is sent as it is read, in the place of the member: an open file, or pieces. Such a call is not repeated."""
    on_upload: Union[Progress, None] = None
    on_download: Union[Progress, None] = None
    on_response: Union[Callable[[ResponseInfo], None], None] = None
    """Told of the answer of a call that succeeds; an error has the same itself."""


@dataclass
class Request:
    """One attempt, before it is sent. Names of headers are in lower case."""

    method: str
    url: str
    headers: dict[str, str]
    body: Union[Body, None]


class Response:
    """The head of an answer, and its body as it arrives."""

    deadline: Union[float, None] = None
    """When the whole body must be there (`time.monotonic()`); None: each piece may take as long as the head."""

    def __init__(
        self, status: int, headers: Mapping[str, str], chunks: Iterator[bytes], close: Callable[[], None]
    ) -> None:
        self.status = status
        self.headers = {name.lower(): value for name, value in headers.items()}
        self.chunks = chunks
        self.close = close

    def read(self) -> bytes:
        """All of the body. Raises TimeoutError when it is not there in time."""
        try:
            pieces: list[bytes] = []
            for chunk in self.chunks:
                if self.deadline is not None and monotonic() > self.deadline:
                    raise TimeoutError("the body took too long")
                pieces.append(chunk)
            return b"".join(pieces)
        finally:
            self.close()


class AsyncResponse:
    """The head of an answer, and its body as it arrives."""

    deadline: Union[float, None] = None
    """When the whole body must be there (`time.monotonic()`); None: it may take as long as it wants."""

    def __init__(
        self,
        status: int,
        headers: Mapping[str, str],
        chunks: AsyncIterator[bytes],
        close: Callable[[], Awaitable[None]],
    ) -> None:
        self.status = status
        self.headers = {name.lower(): value for name, value in headers.items()}
        self.chunks = chunks
        self.close = close

    async def read(self) -> bytes:
        """All of the body. Raises TimeoutError when it is not there in time."""

        async def pieces() -> bytes:
            return b"".join([chunk async for chunk in self.chunks])

        try:
            if self.deadline is None:
                return await pieces()
            # Loaded by whoever awaits already.
            from asyncio import TimeoutError as TooLate
            from asyncio import wait_for

            try:
                return await wait_for(pieces(), self.deadline - monotonic())
            except TooLate as error:
                # Before Python 3.11 they are two.
                raise TimeoutError("the body took too long") from error
        finally:
            await self.close()


class Transport(Protocol):
    """Sends one request. Raises OSError when there is no answer, TimeoutError when it takes too long."""

    def send(self, request: Request, timeout: float) -> Response: ...

    def close(self) -> None: ...


class AsyncTransport(Protocol):
    """Sends one request. Raises OSError when there is no answer, TimeoutError when it takes too long."""

    async def send(self, request: Request, timeout: float) -> AsyncResponse: ...

    async def close(self) -> None: ...


Middleware = Callable[[Request, Callable[[Request], Response], CallInfo], Response]
"""Stands around each attempt; the first of several is the outermost."""

AsyncMiddleware = Callable[[Request, Callable[[Request], Awaitable[AsyncResponse]], CallInfo], Awaitable[AsyncResponse]]
"""Stands around each attempt; the first of several is the outermost."""
