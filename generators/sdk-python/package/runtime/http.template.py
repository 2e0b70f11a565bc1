"""HTTP by the standard library, with connections that are kept."""

from __future__ import annotations

import http.client
import selectors
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from time import monotonic
from typing import Union
from urllib.parse import urlsplit

from .core import is_repeatable
from .proxies import Proxy, proxy_of
from .types import Request, Response

_CHUNK = 64 * 1024
_MOST_KEPT = 16

Connection = Union[http.client.HTTPConnection, http.client.HTTPSConnection]


class HttpTransport:
    """Keeps connections and may be used by many threads. Goes through the proxy that the environment names."""

    def __init__(self, context: Union[ssl.SSLContext, None] = None) -> None:
        self._context = context
        self._kept: dict[tuple[str, str], list[Connection]] = {}
        self._running: dict[int, Connection] = {}
        """Connections whose answer is waited for, by the request's identity."""
        self._lock = threading.Lock()

    def send(self, request: Request, timeout: float) -> Response:
        parts = urlsplit(request.url)
        key = (parts.scheme, parts.netloc)
        proxy = proxy_of(parts.scheme, parts.netloc.rpartition("@")[2])
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        extra: Mapping[str, str] = {}
        if proxy is not None and parts.scheme == "http":
            target, extra = f"http://{parts.netloc.rpartition('@')[2]}{target}", proxy.headers
        connection = self._take(key)
        answer = None
        try:
            if connection is not None:
                self._running[id(request)] = connection
                answer = self._try_kept(connection, request, target, timeout, extra)
                if answer is None and id(request) not in self._running:
                    raise ConnectionError("aborted")
            if answer is None:
                connection = self._open(parts.scheme, parts.netloc, timeout, proxy)
                self._running[id(request)] = connection
                try:
                    answer = _exchange(connection, request, target, timeout, extra)
                except BaseException:
                    connection.close()
                    raise
        finally:
            self._running.pop(id(request), None)
        assert connection is not None
        return self._response(answer, connection, key, timeout)

    def abort(self, request: Request) -> None:
        """Ends a request that another thread waits for."""
        connection = self._running.pop(id(request), None)
        if connection is not None:
            _hang_up(connection)

    def close(self) -> None:
        with self._lock:
            kept, self._kept = self._kept, {}
        for connections in kept.values():
            for connection in connections:
                connection.close()

    def _try_kept(
        self, connection: Connection, request: Request, target: str, timeout: float, extra: Mapping[str, str]
    ) -> Union[http.client.HTTPResponse, None]:
        """None when the server has closed the connection meanwhile, and the request may be sent anew."""
        try:
            return _exchange(connection, request, target, timeout, extra)
        except (ConnectionError, http.client.RemoteDisconnected):
            connection.close()
            # The server may have taken it before it closed the connection (RFC 9110, 9.2.2).
            if not is_repeatable(request):
                raise
            return None
        except BaseException:
            connection.close()
            raise

    def _take(self, key: tuple[str, str]) -> Union[Connection, None]:
        while True:
            with self._lock:
                kept = self._kept.get(key)
                connection = kept.pop() if kept else None
            if connection is None or not _is_over(connection):
                return connection
            connection.close()

    def _keep(self, key: tuple[str, str], connection: Connection) -> None:
        with self._lock:
            kept = self._kept.setdefault(key, [])
            if len(kept) < _MOST_KEPT:
                kept.append(connection)
                return
        connection.close()

    def _open(self, scheme: str, netloc: str, timeout: float, proxy: Union[Proxy, None]) -> Connection:
        host = netloc.rpartition("@")[2]
        if scheme == "https":
            if self._context is None:
                # Authorities are read once, not for each connection.
                self._context = ssl.create_default_context()
                self._context.set_alpn_protocols(["http/1.1"])
            if proxy is None:
                return http.client.HTTPSConnection(host, timeout=timeout, context=self._context)
            tunnel = http.client.HTTPSConnection(proxy.host, proxy.port, timeout=timeout, context=self._context)
            tunnel.set_tunnel(host, headers=proxy.headers)
            return tunnel
        if scheme == "http":
            if proxy is not None:
                return http.client.HTTPConnection(proxy.host, proxy.port, timeout=timeout)
            return http.client.HTTPConnection(host, timeout=timeout)
        raise ValueError(f"{scheme} is neither http nor https")

    def _response(
        self, answer: http.client.HTTPResponse, connection: Connection, key: tuple[str, str], timeout: float
    ) -> Response:
        headers: dict[str, str] = {}
        for name, value in answer.getheaders():
            known = headers.get(name.lower())
            headers[name.lower()] = value if known is None else f"{known}, {value}"

        is_done = False

        def close() -> None:
            nonlocal is_done
            if is_done:
                return
            is_done = True
            if answer.isclosed() and not answer.will_close:
                self._keep(key, connection)
            else:
                _hang_up(connection)
                connection.close()

        response = Response(answer.status, headers, iter(()), close)
        response.chunks = _chunks(answer, connection, timeout, response)
        return response


def _hang_up(connection: Connection) -> None:
    """Unlike `close`, wakes a thread that waits for what comes."""
    try:
        if connection.sock is not None:  # pyright: ignore[reportUnnecessaryComparison]
            connection.sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        # It has ended by itself.
        pass


def _is_over(connection: Connection) -> bool:
    """Whether the server has closed a kept connection, or says what nobody has asked for."""
    if connection.sock is None:  # pyright: ignore[reportUnnecessaryComparison]
        return True
    with selectors.DefaultSelector() as selector:
        selector.register(connection.sock, selectors.EVENT_READ)
        return bool(selector.select(0))


def _exchange(
    connection: Connection, request: Request, target: str, timeout: float, extra: Mapping[str, str]
) -> http.client.HTTPResponse:
    connection.timeout = timeout
    if connection.sock is not None:  # pyright: ignore[reportUnnecessaryComparison]
        connection.sock.settimeout(timeout)
    try:
        connection.putrequest(request.method, target, skip_accept_encoding=True)
        for name, value in extra.items():
            connection.putheader(name, value)
        body = request.body
        has_length = "content-length" in request.headers
        for name, value in request.headers.items():
            connection.putheader(name, value.encode("utf-8"))
        is_chunked = body is not None and not isinstance(body, bytes) and not has_length
        if is_chunked:
            connection.putheader("transfer-encoding", "chunked")
        elif not has_length and (isinstance(body, bytes) or request.method in ("POST", "PUT", "PATCH")):
            connection.putheader("content-length", str(len(body) if isinstance(body, bytes) else 0))
        connection.endheaders(body, encode_chunked=is_chunked)
        return connection.getresponse()
    except http.client.RemoteDisconnected:
        raise
    except http.client.HTTPException as error:
        raise ConnectionError(str(error) or type(error).__name__) from error


def _chunks(
    answer: http.client.HTTPResponse, connection: Connection, timeout: float, response: Response
) -> Iterator[bytes]:
    while True:
        left = timeout if response.deadline is None else min(timeout, response.deadline - monotonic())
        if left <= 0:
            raise TimeoutError("the body took too long")
        if connection.sock is not None:  # pyright: ignore[reportUnnecessaryComparison]
            connection.sock.settimeout(left)
        try:
            chunk = answer.read1(_CHUNK)
        except http.client.HTTPException as error:
            raise ConnectionError(str(error) or type(error).__name__) from error
        if not chunk:
            if answer.length:
                raise ConnectionError("the answer broke off")
            return
        yield chunk
