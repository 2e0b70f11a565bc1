"""AWS Signature Version 4 in headers."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable
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
        parts = urlsplit(request.url)
        time = self._now().strftime("%Y%m%dT%H%M%SZ")
        headers = request.headers
        headers["x-amz-date"] = time
        if keys.session_token:
            headers["x-amz-security-token"] = keys.session_token
        names = [name for name in headers if name == "content-type" or name.startswith("x-amz-")]
        signed = sorted([("host", _host(parts.scheme, parts.netloc)), *((name, headers[name]) for name in names)])
        pairs = sorted((_escaped(name), _escaped(value)) for name, value in parse_qsl(parts.query, True))
        list_of_names = ";".join(name for name, _ in signed)
        canonical = "\n".join(
            [
                request.method,
                # The path as it is sent, escaped once more: every service but S3 wants it so.
                "/".join(_escaped(segment) for segment in parts.path.split("/")),
                "&".join(f"{name}={value}" for name, value in pairs),
                *(f"{name}:{re.sub(' +', ' ', value.strip())}" for name, value in signed),
                "",
                list_of_names,
                hashlib.sha256(request.body or b"").hexdigest(),
            ]
        )
        scope = f"{time[:8]}/{self._region}/{self._service}/aws4_request"
        text = f"AWS4-HMAC-SHA256\n{time}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        key = f"AWS4{keys.secret_access_key}".encode()
        for part in [*scope.split("/"), text]:
            key = hmac.digest(key, part.encode(), "sha256")
        credential = f"Credential={keys.access_key_id}/{scope}"
        headers["authorization"] = (
            f"AWS4-HMAC-SHA256 {credential}, SignedHeaders={list_of_names}, Signature={key.hex()}"
        )


def _host(scheme: str, netloc: str) -> str:
    return re.sub(r":443$" if scheme == "https" else r":80$", "", netloc.rpartition("@")[2])


def _escaped(text: str) -> str:
    return quote(text, safe="-_.~")
