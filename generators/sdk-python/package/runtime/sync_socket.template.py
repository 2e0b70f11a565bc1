"""A WebSocket that opens itself again, for who waits: a loop in a thread of its own, and one for listeners."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from typing import TypeVar, Union

from .async_socket import LiveSocket, SocketOptions, State
from .socket_core import SocketApi, SocketError
from .socket_listening import SocketListening
from .threads import asked
from .types import AsyncCredential, CallInfo

T = TypeVar("T")

_MOST_WAITING = 10_000
"""Calls of listeners that may wait."""

_PATIENCE = 5.0
"""Seconds that a listener may take at the end."""


class SocketClient(SocketListening):
    """What is the same for every API; messages and events are in the class that is generated below it.

    Listeners are called one after the other in a thread of their own: they may send and wait for replies.
    """

    def __init__(self, api: SocketApi, options: SocketOptions, on_reopen: Callable[[], object]) -> None:
        self._loop: Union[asyncio.AbstractEventLoop, None] = None
        self._calls: queue.Queue[Union[Callable[[], None], None]] = queue.Queue(_MOST_WAITING)
        # Who waits may ask the network for credentials.
        credentials = {name: _threaded(given) for name, given in options.credentials.items()}
        threaded = replace(options, credentials=credentials)
        self._live = LiveSocket(api, threaded, lambda: self._in_turn(on_reopen))
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._is_closed = False

    @property
    def state(self) -> State:
        return self._live.state

    def open(self) -> None:
        """Opens the connection. Raises SocketError when no attempt is left."""
        with self._lock:
            if self._is_closed:
                raise SocketError("closed", "the connection is closed")
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._threads = [
                    threading.Thread(target=work, name=f"{type(self).__name__} {name}", daemon=True)
                    for name, work in (("connection", self._loop.run_forever), ("listeners", self._listen))
                ]
                for thread in self._threads:
                    thread.start()
        try:
            self._wait(self._live.open())
        except SocketError:
            self.close()
            raise

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Closes it for good."""
        with self._lock:
            loop, self._is_closed = None if self._is_closed else self._loop, True
        if loop is None:
            return
        asyncio.run_coroutine_threadsafe(self._live.close(code, reason), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        self._threads[0].join()
        loop.close()
        self._put(None)
        if self._threads[1] is not threading.current_thread():
            self._threads[1].join(_PATIENCE)

    def __repr__(self) -> str:
        # No credential.
        return f"<{type(self).__name__} {self.state}>"

    def _watch(self, what: str, listener: Callable[..., object]) -> Callable[[], None]:
        def tell(*values: object) -> None:
            self._later(what, listener, *values)

        return self._live.watchers.add(what, tell)

    def _on(self, event: str, listener: Callable[..., object]) -> Callable[[], None]:
        def tell(data: object) -> None:
            self._later(event, listener, data)

        return self._live.listeners.add(event, tell)

    def _events(self, event: str, limit: int) -> Iterator[object]:
        """From now on, until the connection is closed for good."""
        # One more place, for the end.
        events: queue.Queue[Union[tuple[object], None]] = queue.Queue(limit + 1)
        is_too_slow = False

        def put(data: object) -> None:
            nonlocal is_too_slow
            if events.qsize() < limit:
                events.put_nowait((data,))
            elif not is_too_slow:
                is_too_slow = True
                events.put_nowait(None)

        def end(_: object) -> None:
            if not is_too_slow:
                events.put_nowait(None)

        stops = [self._live.listeners.add(event, put), self._live.watchers.add("closed", end)]

        def read() -> Iterator[object]:
            try:
                while not (self._live.state == "closed" and events.empty()):
                    found = events.get()
                    if found is None:
                        break
                    yield found[0]
                if is_too_slow:
                    raise SocketError("queue-full", f"more than {limit} events were waiting to be read")
            finally:
                for stop in stops:
                    stop()

        return read()

    def _send(self, route: str, message: object) -> None:
        self._wait(self._live.send(route, message))

    def _request(self, route: str, message: object, timeout: Union[float, None]) -> object:
        return self._wait(self._live.request(route, message, timeout))

    def _wait(self, work: Coroutine[object, object, T]) -> T:
        loop = None if self._is_closed else self._loop
        if loop is None:
            work.close()
            state = "is closed" if self._is_closed else "was not opened"
            raise SocketError("closed", f"the connection {state}")
        future = asyncio.run_coroutine_threadsafe(work, loop)
        try:
            return future.result()
        except BaseException:
            # A key was pressed: nobody waits any more.
            future.cancel()
            raise

    def _listen(self) -> None:
        while True:
            call = self._calls.get()
            if call is None:
                return
            call()

    def _put(self, call: Union[Callable[[], None], None]) -> None:
        try:
            self._calls.put_nowait(call)
        except queue.Full:
            if call is None:
                # Whoever listens is stuck; the thread ends with the program.
                return
            raise SocketError("queue-full", f"more than {_MOST_WAITING} calls of listeners are waiting") from None

    def _later(self, what: str, listener: Callable[..., object], *values: object) -> None:
        def call() -> None:
            try:
                listener(*values)
            except Exception as error:
                self._live.blame(error, what)

        self._put(call)

    async def _in_turn(self, hook: Callable[[], object]) -> None:
        """Calls the hook in the thread of listeners, and waits for it."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()

        def settle(error: Union[Exception, None]) -> None:
            if done.done():
                return
            if error is None:
                done.set_result(None)
            else:
                done.set_exception(error)

        def call() -> None:
            problem: Union[Exception, None] = None
            try:
                hook()
            except Exception as error:
                problem = error
            loop.call_soon_threadsafe(settle, problem)

        self._put(call)
        await done


def _threaded(given: Union[AsyncCredential, None]) -> Union[AsyncCredential, None]:
    if not callable(given):
        return given

    async def ask(info: CallInfo) -> Union[str, None]:
        found = await asyncio.to_thread(given, info)
        return await asked(lambda _: found, info)

    return ask
