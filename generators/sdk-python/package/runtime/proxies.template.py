"""The proxy that the environment names: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, as urllib reads them."""

from __future__ import annotations

import os
from base64 import b64encode
from dataclasses import dataclass
from typing import Union
from urllib.parse import unquote, urlsplit


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
