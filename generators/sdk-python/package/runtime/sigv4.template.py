"""AWS Signature Version 4 in headers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Union
from urllib.parse import parse_qsl, quote, urlsplit

from .types import Request


@dataclass(frozen=True)
class AwsCredentials:
    access_key_id: str
    secret_access_key: str
    session_token: Union[str, None] = None

    def __repr__(self) -> str:
        # No secret.
        return f"AwsCredentials({self.access_key_id})"


class SigV4:
    """Signs requests for routes with IAM authorization."""

    def __init__(
        self,
        region: str,
        credentials: Union[AwsCredentials, Callable[[], AwsCredentials]],
        service: str = "execute-api",
        now: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
    ) -> None:
        self._region = region
        self._credentials = credentials
        self._service = service
        self._now = now

    def sign(self, request: Request) -> None:
        """Adds the signature's headers. A body that is no bytes is read for it."""
        keys = self._credentials() if callable(self._credentials) else self._credentials
        if request.body is not None and not isinstance(request.body, bytes):
            request.body = b"".join(request.body)
        time = self._now().strftime("%Y%m%dT%H%M%SZ")
        headers = request.headers
        headers["x-amz-date"] = time
        if keys.session_token:
            headers["x-amz-security-token"] = keys.session_token
        names = [name for name in headers if name == "content-type" or name.startswith("x-amz-")]
        signed = [(name, headers[name]) for name in names]
        scope = self._scope(time)
        list_of_names, signature = _signature(keys, scope, time, request.method, request.url, signed, request.body or b"")
        credential = f"Credential={keys.access_key_id}/{scope}"
        headers["authorization"] = f"AWS4-HMAC-SHA256 {credential}, SignedHeaders={list_of_names}, Signature={signature}"

    def presign(self, url: str, expires: int = 300) -> str:
        """The address with a signature in its query, for GET and for WebSockets; good for so many seconds."""
        keys = self._credentials() if callable(self._credentials) else self._credentials
        time = self._now().strftime("%Y%m%dT%H%M%SZ")
        scope = self._scope(time)
        query = {
            "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
            "X-Amz-Credential": f"{keys.access_key_id}/{scope}",
            "X-Amz-Date": time,
            "X-Amz-Expires": str(expires),
            "X-Amz-SignedHeaders": "host",
            **({"X-Amz-Security-Token": keys.session_token} if keys.session_token else {}),
        }
        joint = "&" if urlsplit(url).query else "?"
        whole = url + joint + "&".join(f"{name}={_escaped(value)}" for name, value in query.items())
        _, signature = _signature(keys, scope, time, "GET", whole, [], b"")
        return f"{whole}&X-Amz-Signature={signature}"

    def _scope(self, time: str) -> str:
        return f"{time[:8]}/{self._region}/{self._service}/aws4_request"


def _signature(
    keys: AwsCredentials,
    scope: str,
    time: str,
    method: str,
    url: str,
    headers: Sequence[tuple[str, str]],
    body: bytes,
) -> tuple[str, str]:
    """Names of the signed headers, host among them, and the signature."""
    import hashlib
    import hmac

    parts = urlsplit(url)
    signed = sorted([("host", _host(parts.scheme, parts.netloc)), *headers])
    pairs = sorted((_escaped(name), _escaped(value)) for name, value in parse_qsl(parts.query, True))
    names = ";".join(name for name, _ in signed)
    canonical = "\n".join(
        [
            method,
            # The path as it is sent, escaped once more: every service but S3 wants it so.
            "/".join(_escaped(segment) for segment in parts.path.split("/")) or "/",
            "&".join(f"{name}={value}" for name, value in pairs),
            *(f"{name}:{re.sub(' +', ' ', value.strip())}" for name, value in signed),
            "",
            names,
            hashlib.sha256(body).hexdigest(),
        ]
    )
    text = f"AWS4-HMAC-SHA256\n{time}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"AWS4{keys.secret_access_key}".encode()
    for part in [*scope.split("/"), text]:
        key = hmac.digest(key, part.encode(), "sha256")
    return names, key.hex()


def _host(scheme: str, netloc: str) -> str:
    return re.sub(r":443$" if scheme in ("https", "wss") else r":80$", "", netloc.rpartition("@")[2])


def _escaped(text: str) -> str:
    return quote(text, safe="-_.~")
