"""The proxy that the environment names: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, as urllib reads them."""

from __future__ import annotations

import os
import time
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Union
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from socket import socket

_LONGEST_HEAD = 16 * 1024


@dataclass(frozen=True)
class Proxy:
    host: str
    port: int
    headers: dict[str, str]
    """What the proxy wants to know, and nobody else may."""


def proxy_of(scheme: str, host: str) -> Union[Proxy, None]:
    """None where the environment names none for the host. Raises ValueError for one that is no proxy for HTTP."""
    if not any(name.lower().endswith("_proxy") for name in os.environ):
        return None
    # Only those who have a proxy load it.
    from urllib.request import getproxies, proxy_bypass

    proxies = getproxies()
    address = proxies.get(scheme) or proxies.get("all")
    if not address or proxy_bypass(host):
        return None
    parts = urlsplit(address if "://" in address else f"http://{address}")
    if parts.scheme != "http" or not parts.hostname:
        raise ValueError(f"the {parts.scheme} proxy of the environment is none that this transport can use; httpx may")
    headers: dict[str, str] = {}
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["proxy-authorization"] = "Basic " + b64encode(pair.encode()).decode()
    return Proxy(parts.hostname, parts.port or 80, headers)


def tunnel(proxy: Proxy, host: str, port: int, timeout: float) -> socket:
    """A connection to a host through the proxy (RFC 9110, 9.3.6). Raises OSError where it makes none within so many seconds."""
    from socket import create_connection

    end = time.monotonic() + timeout
    target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}", *(f"{name}: {value}" for name, value in proxy.headers.items())]
    connection = create_connection((proxy.host, proxy.port), timeout)
    try:
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        head = b""
        # What comes behind the head is the host's.
        while not head.endswith(b"\r\n\r\n"):
            left = end - time.monotonic()
            if left <= 0:
                raise TimeoutError("the proxy did not answer in time")
            connection.settimeout(left)
            byte = connection.recv(1)
            if not byte or len(head) == _LONGEST_HEAD:
                raise ConnectionError("the proxy gave no answer")
            head += byte
        status = head.split(b"\r\n", 1)[0].decode("ascii", "replace").partition(" ")[2]
        if not status.startswith("2"):
            raise ConnectionError(f"the proxy answered {status}")
        connection.setblocking(False)
        return connection
    except BaseException:
        connection.close()
        raise
