"""Calls that are awaited."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Union

from .core import (
    MOST_REDIRECTS,
    NO_OPTIONS,
    Answer,
    Operation,
    Settings,
    at,
    build_request,
    decode_body,
    error_of,
    is_repeatable,
    is_success,
    is_transient,
    items_of,
    next_cursor,
    pause,
    put_credential,
    redirected,
    result_of,
    transport_error,
    with_options,
)
from .failures import ApiError, SdkError, TransportError
from .progress import counted
from .sigv4 import SigV4
from .threads import ThreadTransport, asked
from .types import AsyncCredential, AsyncMiddleware, AsyncResponse, AsyncTransport, CallInfo, CallOptions, Request, ResponseInfo

if TYPE_CHECKING:
    from .events import ServerEvent


class AsyncClient:
    """Makes calls; the operations are in the class that is generated below it."""

    def __init__(
        self,
        settings: Settings,
        credentials: Mapping[str, Union[AsyncCredential, None]],
        iam: Union[SigV4, None],
        middleware: Sequence[AsyncMiddleware],
        transport: Union[AsyncTransport, None],
    ) -> None:
        self._settings = settings
        self._credentials = credentials
        self._iam = iam
        self._middleware = middleware
        self._transport: AsyncTransport = transport or ThreadTransport()

    async def close(self) -> None:
        """Closes the connections that are kept."""
        await self._transport.close()

    def __repr__(self) -> str:
        # No credential.
        return f"<{type(self).__name__} {self._settings.base_url}>"

    async def _call(self, operation: Operation, arguments: Mapping[str, object], options: Union[CallOptions, None]) -> object:
        return (await self._answer(operation, arguments, options or NO_OPTIONS)).body

    async def _answer(self, operation: Operation, arguments: Mapping[str, object], options: CallOptions) -> Answer:
        async def read(response: AsyncResponse, info: CallInfo) -> Answer:
            body = await response.read()
            try:
                decoded = decode_body(operation, response.status, response.headers, body)
                result = result_of(operation, response.status, response.headers, decoded)
            except (ValueError, KeyError, TypeError) as error:
                raise TransportError("decode", operation.name, info.attempt, error) from error
            return Answer(response.status, response.headers, result, decoded)

        return await self._send(operation, arguments, options, read)

    async def _stream(
        self, operation: Operation, arguments: Mapping[str, object], options: Union[CallOptions, None]
    ) -> AsyncIterator[bytes]:
        response, attempt = await self._opened(operation, arguments, options or NO_OPTIONS)
        try:
            async for chunk in response.chunks:
                yield chunk
        except OSError as error:
            raise transport_error(operation, attempt, error) from error
        finally:
            await response.close()

    async def _opened(
        self, operation: Operation, arguments: Mapping[str, object], options: CallOptions
    ) -> tuple[AsyncResponse, int]:
        """An answer whose body is still to come, and the attempt that got it."""
        attempt = 0

        async def head(response: AsyncResponse, info: CallInfo) -> Answer:
            nonlocal attempt
            attempt = info.attempt
            # It may take longer, once its head is there.
            response.deadline = None
            return Answer(response.status, response.headers, response, None)

        response = (await self._send(operation, arguments, options, head)).body
        assert isinstance(response, AsyncResponse)
        return response, attempt

    async def _events(
        self, operation: Operation, arguments: Mapping[str, object], options: Union[CallOptions, None]
    ) -> AsyncIterator[ServerEvent]:
        # Only those who ask for events load it.
        from .events import EventReader, resumed

        reader = EventReader(operation.name)
        while True:
            response, _ = await self._opened(operation, arguments, resumed(options or NO_OPTIONS, reader.last_event_id))
            try:
                if response.status == 204:
                    return
                async for chunk in response.chunks:
                    for event in reader.read(chunk):
                        yield event
            except OSError:
                # It goes on where it broke off.
                pass
            finally:
                await response.close()
            await asyncio.sleep(reader.over())

    async def _pages(
        self, operation: Operation, arguments: Mapping[str, object], options: Union[CallOptions, None]
    ) -> AsyncIterator[Answer]:
        assert operation.pages is not None
        sent = dict(arguments)
        while True:
            answer = await self._answer(operation, sent, options or NO_OPTIONS)
            yield answer
            cursor = next_cursor(operation.pages, answer)
            if cursor is None:
                return
            # A server that forgets to move on would be asked forever.
            if cursor == sent.get(operation.pages.cursor):
                raise RuntimeError(f"{operation.name}: the cursor does not move")
            sent[operation.pages.cursor] = cursor

    async def _items(
        self, operation: Operation, arguments: Mapping[str, object], options: Union[CallOptions, None]
    ) -> AsyncIterator[object]:
        assert operation.pages is not None
        decode = operation.pages_items
        async for answer in self._pages(operation, arguments, options):
            found = at(answer.raw, operation.pages.items)
            for item in items_of(found) if found is not None else ():
                yield decode(item) if decode else item

    async def _send(
        self,
        operation: Operation,
        arguments: Mapping[str, object],
        options: CallOptions,
        read: Callable[[AsyncResponse, CallInfo], Awaitable[Answer]],
    ) -> Answer:
        """Attempts, until one succeeds, cannot be helped, or is the last."""
        settings = with_options(self._settings, options)
        template = build_request(operation, settings, arguments, options)
        end = None if settings.total_timeout is None else time.monotonic() + settings.total_timeout
        attempt = 0
        while True:
            attempt += 1
            limit = settings.timeout if end is None else min(settings.timeout, end - time.monotonic())
            info = CallInfo(operation.name, template.method, attempt)
            try:
                answer = await self._attempt(operation, template, info, limit, options, read)
                if options.on_response:
                    options.on_response(ResponseInfo(answer.status, answer.headers, attempt))
                return answer
            except SdkError as error:
                wish: Union[float, None] = None
                if isinstance(error, ApiError):
                    wish = error.retry_after
                    retry = is_transient(error)
                else:
                    retry = not (isinstance(error, TransportError) and error.kind == "decode")
                if attempt > settings.retries or not retry or not is_repeatable(template):
                    raise
                wait = pause(settings, wish, attempt)
                if end is not None and time.monotonic() + wait >= end:
                    raise
            await asyncio.sleep(wait)

    async def _attempt(
        self,
        operation: Operation,
        template: Request,
        info: CallInfo,
        limit: float,
        options: CallOptions,
        read: Callable[[AsyncResponse, CallInfo], Awaitable[Answer]],
    ) -> Answer:
        request = Request(template.method, template.url, dict(template.headers), template.body)
        for name, place, wire, authorizer in operation.auth:
            reader = CallInfo(info.operation, info.method, info.attempt, authorizer)
            value = await asked(self._credentials.get(name), reader)
            if value is not None:
                put_credential(request, place, wire, value)
        if operation.iam and self._iam:
            # Credentials may come from the disk or the network.
            await asyncio.to_thread(self._iam.sign, request)
        if options.on_upload and request.body is not None:
            request = counted(request, options.on_upload)

        end = time.monotonic() + limit

        async def send(sent: Request) -> AsyncResponse:
            hops = 0
            while True:
                left = end - time.monotonic()
                if left <= 0:
                    raise TimeoutError("no time is left")
                response = await self._transport.send(sent, left)
                following = redirected(operation, sent, response.status, response.headers)
                if following is None or hops == MOST_REDIRECTS:
                    return response
                await response.close()
                sent, hops = following, hops + 1

        chain: Callable[[Request], Awaitable[AsyncResponse]] = send
        for layer in reversed(self._middleware):
            chain = _around(layer, chain, info)
        try:
            response = await chain(request)
            response.deadline = end
            if options.on_download:
                total = response.headers.get("content-length")
                known = int(total) if total and total.isdigit() else None
                response.chunks = _told(response.chunks, known, options.on_download)
            if is_success(operation, response.status):
                return await read(response, info)
            body = await response.read()
        except OSError as error:
            raise transport_error(operation, info.attempt, error) from error
        raise error_of(operation, response.status, response.headers, body, info.attempt)


def _around(
    layer: AsyncMiddleware, following: Callable[[Request], Awaitable[AsyncResponse]], info: CallInfo
) -> Callable[[Request], Awaitable[AsyncResponse]]:
    return lambda request: layer(request, following, info)


async def _told(
    chunks: AsyncIterator[bytes], total: Union[int, None], tell: Callable[[int, Union[int, None]], None]
) -> AsyncIterator[bytes]:
    passed = 0
    async for chunk in chunks:
        passed += len(chunk)
        tell(passed, total)
        yield chunk
