"""HTTP by httpx (the extra `httpx`)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Union

import httpx

from .types import AsyncResponse, Request, Response


class HttpxTransport:
    """Sends by a client of httpx, one of its own where none is given."""

    def __init__(self, client: Union[httpx.Client, None] = None) -> None:
        self._client = client or httpx.Client()

    def send(self, request: Request, timeout: float) -> Response:
        sent = self._client.build_request(
            request.method, request.url, headers=request.headers, content=request.body, timeout=timeout
        )
        try:
            response = self._client.send(sent, stream=True, follow_redirects=False)
        except httpx.TimeoutException as error:
            raise TimeoutError(str(error)) from error
        except httpx.RequestError as error:
            raise ConnectionError(str(error)) from error
        return Response(response.status_code, response.headers, _pieces(response.iter_bytes()), response.close)

    def close(self) -> None:
        self._client.close()


class AsyncHttpxTransport:
    """Sends by an asynchronous client of httpx, one of its own where none is given."""

    def __init__(self, client: Union[httpx.AsyncClient, None] = None) -> None:
        self._client = client or httpx.AsyncClient()

    async def send(self, request: Request, timeout: float) -> AsyncResponse:
        body = request.body
        content = body if body is None or isinstance(body, bytes) else _later(body)
        sent = self._client.build_request(
            request.method, request.url, headers=request.headers, content=content, timeout=timeout
        )
        try:
            response = await self._client.send(sent, stream=True, follow_redirects=False)
        except httpx.TimeoutException as error:
            raise TimeoutError(str(error)) from error
        except httpx.RequestError as error:
            raise ConnectionError(str(error)) from error
        return AsyncResponse(
            response.status_code, response.headers, _async_pieces(response.aiter_bytes()), response.aclose
        )

    async def close(self) -> None:
        await self._client.aclose()


def _pieces(chunks: Iterator[bytes]) -> Iterator[bytes]:
    try:
        yield from chunks
    except httpx.TimeoutException as error:
        raise TimeoutError(str(error)) from error
    except httpx.RequestError as error:
        raise ConnectionError(str(error)) from error


async def _async_pieces(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    try:
        async for chunk in chunks:
            yield chunk
    except httpx.TimeoutException as error:
        raise TimeoutError(str(error)) from error
    except httpx.RequestError as error:
        raise ConnectionError(str(error)) from error


async def _later(body: Iterable[bytes]) -> AsyncIterator[bytes]:
    for piece in body:
        yield piece
