"""Transports that answer by themselves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Union

from .core import json_text
from .types import AsyncResponse, Request, Response


def answered(
    status: int = 200, body: object = None, headers: Union[Mapping[str, str], None] = None
) -> Response:
    """An answer: bytes and texts are sent as they are, None is no body, and all else is JSON."""
    if body is None:
        kind, data = None, b""
    elif isinstance(body, bytes):
        kind, data = "application/octet-stream", body
    elif isinstance(body, str):
        kind, data = "text/plain; charset=utf-8", body.encode()
    else:
        kind, data = "application/json", json_text(body).encode()
    all_headers = {**({"content-type": kind} if kind else {}), **{name.lower(): value for name, value in (headers or {}).items()}}
    return Response(status, all_headers, iter([data] if data else []), lambda: None)


class MockTransport:
    """Answers by a function, which may raise ConnectionError or TimeoutError as well."""

    def __init__(self, answer: Callable[[Request], Response]) -> None:
        self._answer = answer
        self.requests: list[Request] = []
        """What was sent, attempt by attempt."""

    def send(self, request: Request, timeout: float) -> Response:
        self.requests.append(request)
        return self._answer(request)

    def close(self) -> None:
        pass


class AsyncMockTransport:
    """The same for clients that are awaited."""

    def __init__(self, answer: Callable[[Request], Response]) -> None:
        self._answer = answer
        self.requests: list[Request] = []
        """What was sent, attempt by attempt."""

    async def send(self, request: Request, timeout: float) -> AsyncResponse:
        self.requests.append(request)
        response = self._answer(request)

        async def chunks() -> AsyncIterator[bytes]:
            for chunk in response.chunks:
                yield chunk

        async def close() -> None:
            response.close()

        return AsyncResponse(response.status, response.headers, chunks(), close)

    async def close(self) -> None:
        pass
