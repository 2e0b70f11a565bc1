"""A WebSocket that opens itself again, for who awaits."""

from __future__ import annotations

import asyncio
import inspect
import logging
import ssl
import threading
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Union, cast

from .core import put_credential
from .frames import (
    Answer,
    FrameReader,
    Handshake,
    ProtocolError,
    answer_of,
    close_frame,
    handshake_of,
    ping_frame,
    pong_frame,
    text_frames,
)
from .proxies import proxy_of, tunnel
from .sigv4 import SigV4
from .socket_core import (
    Reconnect,
    Reconnecting,
    SocketApi,
    SocketClosed,
    SocketError,
    SocketFailed,
    SocketRefused,
    incoming,
    with_query,
)
from .socket_listening import SocketListening
from .threads import asked
from .types import AsyncCredential, CallInfo, Request

_log = logging.getLogger(__name__)

_CHUNK = 64 * 1024
_GOODBYE = 2.0
"""Seconds that the server has to answer a close frame."""

State = Literal["connecting", "open", "closed"]

Listener = Callable[..., object]


@dataclass(frozen=True)
class SocketOptions:
    """Times are seconds."""

    url: Union[str, None]
    stage: Union[str, None]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    protocols: Sequence[str]
    credentials: Mapping[str, Union[AsyncCredential, None]]
    iam: Union[SigV4, None]
    reconnect: Union[Reconnect, None]
    heartbeat: float
    roll_over: float
    timeout: float
    open_timeout: float
    queue_limit: int
    ssl_context: Union[ssl.SSLContext, None]


class Connection:
    """One connection, from its handshake to its end."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._frames = FrameReader()
        self._is_leaving = False
        self.is_open = True

    async def read(self, on_text: Callable[[str], None]) -> SocketClosed:
        """Until the connection ends; says why."""
        try:
            while True:
                data = await self._reader.read(_CHUNK)
                if not data:
                    return SocketClosed(1006, "")
                for frame in self._frames.feed(data):
                    if frame.kind == "text":
                        on_text(frame.text)
                    elif frame.kind == "ping":
                        self._writer.write(pong_frame(frame.data))
                    elif frame.kind == "close":
                        self._say_goodbye(frame.code, frame.text)
                        return SocketClosed(frame.code, frame.text)
        except ProtocolError as error:
            self._say_goodbye(error.code, str(error))
            return SocketClosed(error.code, str(error))
        except OSError as error:
            return SocketClosed(1006, str(error))
        finally:
            self.is_open = False
            self._writer.close()

    def write(self, data: bytes) -> None:
        self._writer.write(data)

    async def drain(self) -> None:
        try:
            await self._writer.drain()
        except OSError:
            # Whoever reads hears of it.
            pass

    def close(self, code: int, reason: str) -> None:
        """Asks the server to end it, and does not wait forever."""
        if self.is_open and not self._is_leaving:
            self._say_goodbye(code, reason)
            asyncio.get_running_loop().call_later(_GOODBYE, self._writer.close)

    def _say_goodbye(self, code: int, reason: str) -> None:
        if not self._is_leaving:
            self._is_leaving = True
            self._writer.write(close_frame(code, reason))


@dataclass
class _Pending:
    identity: Union[str, None]
    future: asyncio.Future[object]
    connection: Union[Connection, None] = None


@dataclass
class _Waiting:
    """A message that waits for a connection."""

    text: str
    pending: Union[_Pending, None]


@dataclass
class Listeners:
    """Who listens to what. May be changed by any thread."""

    _all: dict[str, tuple[Listener, ...]] = field(default_factory=lambda: {})
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, name: str, listener: Listener) -> Callable[[], None]:
        with self._lock:
            self._all[name] = (*self._all.get(name, ()), listener)
        return lambda: self._remove(name, listener)

    def _remove(self, name: str, listener: Listener) -> None:
        with self._lock:
            left = list(self._all.get(name, ()))
            if listener in left:
                left.remove(listener)
            self._all[name] = tuple(left)

    def of(self, name: str) -> tuple[Listener, ...]:
        return self._all.get(name, ())


class LiveSocket:
    """The connection of a loop, behind both kinds of clients."""

    def __init__(self, api: SocketApi, options: SocketOptions, on_reopen: Callable[[], object]) -> None:
        self._api = api
        self._options = options
        self._on_reopen = on_reopen
        self.listeners = Listeners()
        self.watchers = Listeners()
        self._connection: Union[Connection, None] = None
        self._pending: list[_Pending] = []
        self._queue: list[_Waiting] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._last_id = 0
        self._attempts = 0
        self._has_opened = False
        self._ended = asyncio.Event()
        self._end_error: Union[SocketError, None] = None
        self._ready: Union[asyncio.Future[None], None] = None

    @property
    def state(self) -> State:
        if self._end_error is not None:
            return "closed"
        return "open" if self._connection is not None and self._connection.is_open else "connecting"

    async def open(self) -> None:
        """Until the first handshake is done. Raises SocketError when no attempt is left."""
        if self._ready is None:
            self._ready = asyncio.get_running_loop().create_future()
            # It is told to whoever opens, and to watchers.
            self._ready.add_done_callback(lambda ready: ready.cancelled() or ready.exception())
            self._start(self._connect())
        await asyncio.shield(self._ready)

    async def send(self, route: str, message: object) -> None:
        self._send(self._api.text(route, message, None), None)
        if self._connection is not None:
            await self._connection.drain()

    async def request(self, route: str, message: object, timeout: Union[float, None]) -> object:
        identity: Union[str, None] = None
        if route in self._api.correlated:
            self._last_id += 1
            identity = str(self._last_id)
        text = self._api.text(route, message, identity)
        limit = self._options.timeout if timeout is None else timeout
        pending = _Pending(identity, asyncio.get_running_loop().create_future())
        self._pending.append(pending)
        try:
            self._send(text, pending)
            value = await asyncio.wait_for(pending.future, limit)
        except (TimeoutError, asyncio.TimeoutError):
            raise SocketError("timeout", f"no reply to {route!r} within {limit} s") from None
        finally:
            self._pending.remove(pending)
            self._queue = [waiting for waiting in self._queue if waiting.pending is not pending]
        try:
            decode = self._api.replies.get(route)
            return decode(value) if decode else value
        except (ValueError, KeyError, TypeError) as error:
            raise SocketFailed(f"the reply to {route!r} is none of its type", None) from error

    async def close(self, code: int, reason: str) -> None:
        connection = self._connection
        self._finish(SocketClosed(code, reason, "the connection was closed"))
        if connection is not None:
            connection.close(code, reason)
        others = self._tasks - {asyncio.current_task()}
        if others:
            await asyncio.wait(others, timeout=_GOODBYE * 2)

    def tell(self, what: str, *values: object) -> bool:
        """Calls those who watch. False: nobody does."""
        return self._call(self.watchers.of(what), *values)

    def _call(self, listeners: Sequence[Listener], *values: object) -> bool:
        for listener in listeners:
            try:
                result = listener(*values)
                if inspect.isawaitable(result):
                    self._start(self._guarded(result))
            except Exception as error:
                self.blame(error)
        return len(listeners) > 0

    async def _guarded(self, work: Awaitable[object]) -> None:
        try:
            await work
        except Exception as error:
            self.blame(error)

    def blame(self, error: Exception, where: str = "") -> None:
        """A listener's own failure ends nothing."""
        watchers = self.watchers.of("error") if where != "error" else ()
        if not watchers:
            _log.error("a listener of a WebSocket failed", exc_info=error)
        for watcher in watchers:
            try:
                watcher(error)
            except Exception:
                _log.exception("a watcher of a WebSocket failed")

    def _start(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _sleep(self, seconds: float) -> None:
        """Or until the end."""
        try:
            await asyncio.wait_for(self._ended.wait(), seconds)
        except (TimeoutError, asyncio.TimeoutError):
            pass

    async def _connect(self) -> None:
        while self._end_error is None:
            try:
                connection = await self._dial()
            except SocketError as error:
                await self._pause(error)
                continue
            self._adopt(connection)
            return

    def _adopt(self, connection: Connection) -> None:
        self._connection = connection
        if self._end_error is not None:
            connection.close(1000, "")
        self._start(self._read(connection))
        self._start(self._opened(connection))
        if self._options.heartbeat > 0:
            self._start(self._beat(connection))
        if self._options.roll_over > 0:
            self._start(self._roll_over(connection))

    async def _read(self, connection: Connection) -> None:
        error = await connection.read(lambda text: self._received(connection, text))
        for pending in self._waiting_on(connection):
            pending.future.set_exception(error)
        # Meanwhile another may have taken over.
        if connection is self._connection and self._end_error is None:
            await self._pause(error)
            await self._connect()

    async def _opened(self, connection: Connection) -> None:
        is_again, self._has_opened, self._attempts = self._has_opened, True, 0
        if is_again:
            # Before what has been waiting: it may need what the hook subscribes to.
            waiting, self._queue = self._queue, []
            try:
                result = self._on_reopen()
                if inspect.isawaitable(result):
                    await result
            except Exception as error:
                self.blame(error)
            self._queue = waiting + self._queue
        if not connection.is_open or self._end_error is not None:
            return
        waiting, self._queue = self._queue, []
        for message in waiting:
            self._write(connection, message.text, message.pending)
        if self._ready is not None and not self._ready.done():
            self._ready.set_result(None)
        self.tell("reopened" if is_again else "opened")

    async def _beat(self, connection: Connection) -> None:
        """Within the gateway's ten minutes without a message."""
        while connection.is_open and self._end_error is None:
            await self._sleep(self._options.heartbeat)
            if connection.is_open:
                connection.write(ping_frame())

    async def _roll_over(self, connection: Connection) -> None:
        """Within the gateway's two hours in all: another takes over, and the old one gives its replies before it goes."""
        await self._sleep(self._options.roll_over)
        if connection is not self._connection or not connection.is_open or self._end_error is not None:
            return
        try:
            following = await self._dial()
        except SocketError:
            # The one that is there goes on until it is ended.
            return
        self._adopt(following)
        while connection.is_open and self._waiting_on(connection):
            await self._sleep(0.05)
        connection.close(1000, "")

    async def _pause(self, error: SocketError) -> None:
        reconnect = self._options.reconnect
        status = error.status if isinstance(error, SocketRefused) else None
        # Nothing gets better by trying where the first handshake was refused by a 4xx.
        is_hopeless = not self._has_opened and status is not None and 400 <= status < 500 and status != 429
        if is_hopeless or reconnect is None or self._attempts >= reconnect.attempts:
            self._finish(error)
            return
        pause = reconnect.pause(self._attempts)
        self._attempts += 1
        self.tell("reconnecting", Reconnecting(error, self._attempts, pause))
        await self._sleep(pause)

    def _finish(self, error: SocketError) -> None:
        if self._end_error is not None:
            return
        self._end_error = error
        self._ended.set()
        self._queue = []
        for pending in self._pending:
            if not pending.future.done():
                pending.future.set_exception(error)
        if self._ready is not None and not self._ready.done():
            self._ready.set_exception(error)
        self.tell("closed", error)

    def _send(self, text: str, pending: Union[_Pending, None]) -> None:
        if self._end_error is not None:
            raise SocketError("closed", "the connection is closed")
        self._api.check(text)
        connection = self._connection
        if connection is not None and connection.is_open and not self._queue:
            self._write(connection, text, pending)
        elif len(self._queue) < self._options.queue_limit:
            self._queue.append(_Waiting(text, pending))
        else:
            raise SocketError("queue-full", f"{len(self._queue)} messages wait for the connection already")

    def _write(self, connection: Connection, text: str, pending: Union[_Pending, None]) -> None:
        if pending is not None:
            pending.connection = connection
        connection.write(text_frames(text, self._api.frame_bytes))

    def _waiting_on(self, connection: Connection) -> list[_Pending]:
        return [entry for entry in self._pending if entry.connection is connection and not entry.future.done()]

    def _received(self, connection: Connection, text: str) -> None:
        message = incoming(text)
        waiting = self._waiting_on(connection)
        if message.kind == "event":
            self._event(message.name, message.value)
        elif message.kind == "reply":
            for pending in waiting:
                if pending.identity == message.name:
                    pending.future.set_result(message.value)
        elif message.kind == "error":
            failed = SocketFailed(message.name, message.request_id)
            # The gateway does not say which message has failed: it is taken for the one that has waited longest.
            if waiting:
                waiting[0].future.set_exception(failed)
            else:
                self.tell("error", failed)
        else:
            untold = [pending for pending in waiting if pending.identity is None]
            if untold:
                untold[0].future.set_result(message.value)
            else:
                self.tell("unknown", message.value)

    def _event(self, name: str, message: object) -> None:
        listeners = self.listeners.of(name)
        if not listeners or not isinstance(message, dict):
            self.tell("unknown", message)
            return
        members = cast("dict[str, object]", message)
        try:
            decode = self._api.events.get(name)
            data = decode(members["data"]) if decode else members["data"]
        except (ValueError, KeyError, TypeError) as error:
            self.blame(error)
            return
        self._call(listeners, data)

    async def _dial(self) -> Connection:
        """Raises SocketRefused."""
        try:
            handshake = await self._handshake()
        except Exception as error:
            raise SocketRefused(str(error)) from error
        try:
            return await asyncio.wait_for(self._shake_hands(handshake), self._options.open_timeout)
        except (TimeoutError, asyncio.TimeoutError) as error:
            raise SocketRefused(f"no answer within {self._options.open_timeout} s") from error
        except (OSError, EOFError, ValueError, asyncio.LimitOverrunError) as error:
            raise SocketRefused(str(error) or type(error).__name__) from error

    async def _handshake(self) -> Handshake:
        """Credentials are asked for again each time."""
        options = self._options
        url = with_query(self._api.url(options.url, options.stage), list(options.query.items()))
        request = Request("GET", url, {name.lower(): value for name, value in options.headers.items()}, None)
        for name, place, wire, authorizer in self._api.auth:
            info = CallInfo("$connect", "GET", self._attempts + 1, authorizer)
            value = await asked(options.credentials.get(name), info)
            if value is not None:
                put_credential(request, place, wire, value)
        if options.iam is not None:
            # Credentials may come from the disk or the network.
            request.url = await asyncio.to_thread(options.iam.presign, request.url)
        return handshake_of(request.url, request.headers, options.protocols)

    async def _shake_hands(self, handshake: Handshake) -> Connection:
        context: Union[ssl.SSLContext, None] = None
        if handshake.is_secure:
            context = self._options.ssl_context or ssl.create_default_context()
        reader, writer = await self._streams(handshake, context)
        try:
            writer.write(handshake.request)
            answer = answer_of((await reader.readuntil(b"\r\n\r\n"))[:-4])
            if answer.status != 101:
                raise SocketRefused(await _refusal(answer, reader), answer.status)
            problem = answer.problem(handshake)
            if problem is not None:
                raise SocketRefused(problem)
        except BaseException:
            writer.close()
            raise
        return Connection(reader, writer)


    async def _streams(
        self, handshake: Handshake, context: Union[ssl.SSLContext, None]
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """To the server, or through the proxy that the environment names for it."""
        host, port = handshake.host, handshake.port
        proxy = proxy_of("https" if handshake.is_secure else "http", host)
        if proxy is None:
            return await asyncio.open_connection(host, port, ssl=context)
        made = await asyncio.to_thread(tunnel, proxy, host, port, self._options.open_timeout)
        return await asyncio.open_connection(sock=made, ssl=context, server_hostname=host if context else None)


async def _refusal(answer: Answer, reader: asyncio.StreamReader) -> str:
    """The status, and the beginning of what is said with it."""
    length = answer.headers.get("content-length", "")
    size = min(int(length), 500) if length.isascii() and length.isdigit() else 0
    try:
        body = (await reader.readexactly(size)).decode("utf-8", "replace")
    except (OSError, EOFError):
        body = ""
    return f"the answer was {answer.status} {body}".rstrip()


class AsyncSocketClient(SocketListening):
    """What is the same for every API; messages and events are in the class that is generated below it."""

    def __init__(self, live: LiveSocket) -> None:
        self._live = live

    @property
    def state(self) -> State:
        return self._live.state

    async def open(self) -> None:
        """Opens the connection. Raises SocketError when no attempt is left."""
        await self._live.open()

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Closes it for good."""
        await self._live.close(code, reason)

    def __repr__(self) -> str:
        # No credential.
        return f"<{type(self).__name__} {self.state}>"

    def _watch(self, what: str, listener: Callable[..., object]) -> Callable[[], None]:
        return self._live.watchers.add(what, listener)

    def _on(self, event: str, listener: Callable[..., object]) -> Callable[[], None]:
        return self._live.listeners.add(event, listener)

    def _events(self, event: str, limit: int) -> AsyncIterator[object]:
        """From now on, until the connection is closed for good."""
        events: deque[object] = deque()
        news = asyncio.Event()
        is_too_slow = False

        def put(data: object) -> None:
            nonlocal is_too_slow
            if len(events) < limit:
                events.append(data)
            else:
                is_too_slow = True
            news.set()

        def end(_: object) -> None:
            news.set()

        stops = [self._live.listeners.add(event, put), self._live.watchers.add("closed", end)]

        async def read() -> AsyncIterator[object]:
            try:
                while True:
                    while events:
                        yield events.popleft()
                    if is_too_slow:
                        raise SocketError("queue-full", f"more than {limit} events were waiting to be read")
                    if self._live.state == "closed":
                        return
                    news.clear()
                    await news.wait()
            finally:
                for stop in stops:
                    stop()

        return read()
