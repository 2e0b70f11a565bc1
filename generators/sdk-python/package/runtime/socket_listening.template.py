"""What is listened to, typed once for both kinds of clients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, overload

from .socket_core import Reconnecting, SocketError


class SocketListening:
    """How a listener is called is the client's own; one that is awaited may be a coroutine function."""

    @overload
    def watch(self, what: Literal["opened", "reopened"], listener: Callable[[], object]) -> Callable[[], None]: ...

    @overload
    def watch(
        self, what: Literal["reconnecting"], listener: Callable[[Reconnecting], object]
    ) -> Callable[[], None]: ...

    @overload
    def watch(self, what: Literal["closed"], listener: Callable[[SocketError], object]) -> Callable[[], None]: ...

    @overload
    def watch(self, what: Literal["unknown", "error"], listener: Callable[[object], object]) -> Callable[[], None]: ...

    def watch(self, what: str, listener: Callable[..., object]) -> Callable[[], None]:
        """Listens to the life of the connection. What it returns ends that.

        `reopened` comes after a loss or a roll-over, when `on_reopen` is done; `closed` is for good; `unknown` is an event that
        nobody listens to, or a message that nobody waits for; `error` that of a message that nobody waits for, of a listener or
        of `on_reopen`.
        """
        return self._watch(what, listener)

    def _watch(self, what: str, listener: Callable[..., object]) -> Callable[[], None]:
        raise NotImplementedError

    def _on(self, event: str, listener: Callable[..., object]) -> Callable[[], None]:
        raise NotImplementedError
