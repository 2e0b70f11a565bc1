"""The standard library's HTTP behind threads, for who awaits."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Iterator
from typing import Protocol, Union, runtime_checkable

from .types import AsyncCredential, AsyncResponse, CallInfo, Request, Transport


@runtime_checkable
class Abortable(Protocol):
    """A transport whose requests can be ended by another thread."""

    def abort(self, request: Request) -> None: ...


class ThreadTransport:
    """Each request waits in a thread of the loop's pool. The httpx transport needs none."""

    def __init__(self, transport: Union[Transport, None] = None) -> None:
        if transport is None:
            # Not needed by whoever brings another.
            from .http import HttpTransport

            transport = HttpTransport()
        self._transport: Transport = transport

    async def send(self, request: Request, timeout: float) -> AsyncResponse:
        try:
            response = await asyncio.to_thread(self._transport.send, request, timeout)
        except asyncio.CancelledError:
            # The thread would go on waiting.
            if isinstance(self._transport, Abortable):
                self._transport.abort(request)
            raise

        async def close() -> None:
            await asyncio.to_thread(response.close)

        return AsyncResponse(response.status, response.headers, _threaded(response.chunks), close)

    async def close(self) -> None:
        await asyncio.to_thread(self._transport.close)


async def _threaded(chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    while True:
        chunk = await asyncio.to_thread(next, chunks, None)
        if chunk is None:
            return
        yield chunk


async def asked(given: Union[AsyncCredential, None], info: CallInfo) -> Union[str, None]:
    """A credential by whatever way it is given; a source that says that it `blocks` is asked in a thread."""
    if not callable(given):
        return given
    found = await asyncio.to_thread(given, info) if getattr(given, "blocks", False) else given(info)
    return await found if inspect.isawaitable(found) else found
