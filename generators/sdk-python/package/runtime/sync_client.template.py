"""Calls that wait."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
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
from .types import CallInfo, CallOptions, Credential, Middleware, Request, Response, ResponseInfo, Transport

if TYPE_CHECKING:
    from .events import ServerEvent


class SyncClient:
    """Makes calls; the operations are in the class that is generated below it."""

    def __init__(
        self,
        settings: Settings,
        credentials: Mapping[str, Union[Credential, None]],
        iam: Union[SigV4, None],
        middleware: Sequence[Middleware],
        transport: Union[Transport, None],
    ) -> None:
        self._settings = settings
        self._credentials = credentials
        self._iam = iam
        self._middleware = middleware
        self._transport: Transport = transport or _default_transport()

    def close(self) -> None:
        """Closes the connections that are kept."""
        self._transport.close()

    def __repr__(self) -> str:
        # No credential.
        return f"<{type(self).__name__} {self._settings.base_url}>"

    def _call(self, operation: Operation, arguments: Mapping[str, object], options: Union[CallOptions, None]) -> object:
        return self._answer(operation, arguments, options or NO_OPTIONS).body

    def _answer(self, operation: Operation, arguments: Mapping[str, object], options: CallOptions) -> Answer:
        def read(response: Response, info: CallInfo) -> Answer:
            body = response.read()
            try:
                decoded = decode_body(operation, response.status, response.headers, body)
                result = result_of(operation, response.status, response.headers, decoded)
            except (ValueError, KeyError, TypeError) as error:
                raise TransportError("decode", operation.name, info.attempt, error) from error
            return Answer(response.status, response.headers, result, decoded)

        return self._send(operation, arguments, options, read)

    def _stream(
        self, operation: Operation, arguments: Mapping[str, object], options: Union[CallOptions, None]
    ) -> Iterator[bytes]:
        response, attempt = self._opened(operation, arguments, options or NO_OPTIONS)
        return self._chunks(operation, response, attempt)

    def _opened(
        self, operation: Operation, arguments: Mapping[str, object], options: CallOptions
    ) -> tuple[Response, int]:
        """An answer whose body is still to come, and the attempt that got it."""
        attempt = 0

        def head(response: Response, info: CallInfo) -> Answer:
            nonlocal attempt
            attempt = info.attempt
            # It may take longer, once its head is there.
            response.deadline = None
            return Answer(response.status, response.headers, response, None)

        response = self._send(operation, arguments, options, head).body
        assert isinstance(response, Response)
        return response, attempt

    @staticmethod
    def _chunks(operation: Operation, response: Response, attempt: int) -> Iterator[bytes]:
        try:
            yield from response.chunks
        except OSError as error:
            raise transport_error(operation, attempt, error) from error
        finally:
            response.close()

    def _events(
        self, operation: Operation, arguments: Mapping[str, object], options: Union[CallOptions, None]
    ) -> Iterator[ServerEvent]:
        # Only those who ask for events load it.
        from .events import EventReader, resumed

        reader = EventReader(operation.name)
        while True:
            response, _ = self._opened(operation, arguments, resumed(options or NO_OPTIONS, reader.last_event_id))
            try:
                if response.status == 204:
                    return
                for chunk in response.chunks:
                    yield from reader.read(chunk)
            except OSError:
                # It goes on where it broke off.
                pass
            finally:
                response.close()
            time.sleep(reader.over())

    def _pages(
        self, operation: Operation, arguments: Mapping[str, object], options: Union[CallOptions, None]
    ) -> Iterator[Answer]:
        assert operation.pages is not None
        sent = dict(arguments)
        while True:
            answer = self._answer(operation, sent, options or NO_OPTIONS)
            yield answer
            cursor = next_cursor(operation.pages, answer)
            if cursor is None:
                return
            # A server that forgets to move on would be asked forever.
            if cursor == sent.get(operation.pages.cursor):
                raise RuntimeError(f"{operation.name}: the cursor does not move")
            sent[operation.pages.cursor] = cursor

    def _items(
        self, operation: Operation, arguments: Mapping[str, object], options: Union[CallOptions, None]
    ) -> Iterator[object]:
        assert operation.pages is not None
        decode = operation.pages_items
        for answer in self._pages(operation, arguments, options):
            found = at(answer.raw, operation.pages.items)
            for item in items_of(found) if found is not None else ():
                yield decode(item) if decode else item

    def _send(
        self,
        operation: Operation,
        arguments: Mapping[str, object],
        options: CallOptions,
        read: Callable[[Response, CallInfo], Answer],
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
                answer = self._attempt(operation, template, info, limit, options, read)
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
            time.sleep(wait)

    def _attempt(
        self,
        operation: Operation,
        template: Request,
        info: CallInfo,
        limit: float,
        options: CallOptions,
        read: Callable[[Response, CallInfo], Answer],
    ) -> Answer:
        request = Request(template.method, template.url, dict(template.headers), template.body)
        for name, place, wire, authorizer in operation.auth:
            given = self._credentials.get(name)
            asked = CallInfo(info.operation, info.method, info.attempt, authorizer)
            value = given(asked) if callable(given) else given
            if value is not None:
                put_credential(request, place, wire, value)
        if operation.iam and self._iam:
            self._iam.sign(request)
        if options.on_upload and request.body is not None:
            request = counted(request, options.on_upload)

        end = time.monotonic() + limit

        def send(sent: Request) -> Response:
            hops = 0
            while True:
                left = end - time.monotonic()
                if left <= 0:
                    raise TimeoutError("no time is left")
                response = self._transport.send(sent, left)
                following = redirected(operation, sent, response.status, response.headers)
                if following is None or hops == MOST_REDIRECTS:
                    return response
                response.close()
                sent, hops = following, hops + 1

        chain: Callable[[Request], Response] = send
        for layer in reversed(self._middleware):
            chain = _around(layer, chain, info)
        try:
            response = chain(request)
            response.deadline = end
            if options.on_download:
                total = response.headers.get("content-length")
                known = int(total) if total and total.isdigit() else None
                response.chunks = _told(response.chunks, known, options.on_download)
            if is_success(operation, response.status):
                return read(response, info)
            body = response.read()
        except OSError as error:
            raise transport_error(operation, info.attempt, error) from error
        raise error_of(operation, response.status, response.headers, body, info.attempt)


def _default_transport() -> Transport:
    # Not needed by whoever brings another.
    from .http import HttpTransport

    return HttpTransport()


def _around(
    layer: Middleware, following: Callable[[Request], Response], info: CallInfo
) -> Callable[[Request], Response]:
    return lambda request: layer(request, following, info)


def _told(
    chunks: Iterator[bytes], total: Union[int, None], tell: Callable[[int, Union[int, None]], None]
) -> Iterator[bytes]:
    passed = 0
    for chunk in chunks:
        passed += len(chunk)
        tell(passed, total)
        yield chunk
