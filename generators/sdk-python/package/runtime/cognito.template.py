"""Tokens of a Cognito user pool."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from time import time
from typing import Literal, Union, cast

from .types import CallInfo, Request, Transport

_EARLY = 60.0
"""Seconds before its end that a token is not used any more."""


class Cognito:
    """A source of tokens: signs in, keeps the token, and renews it a minute before its end."""

    blocks = True
    """Whoever awaits asks it in a thread."""

    def __init__(
        self,
        *,
        region: str,
        client_id: str,
        username: Union[str, None] = None,
        password: Union[str, None] = None,
        refresh_token: Union[str, None] = None,
        token: Literal["id", "access"] = "id",
        endpoint: Union[str, None] = None,
        transport: Union[Transport, None] = None,
        now: Callable[[], float] = time,
    ) -> None:
        self._endpoint = endpoint or f"https://cognito-idp.{region}.amazonaws.com/"
        self._client_id = client_id
        self._username = username
        self._password = password
        self._refresh_token = refresh_token
        self._name = "AccessToken" if token == "access" else "IdToken"
        if transport is None:
            from .http import HttpTransport

            transport = HttpTransport()
        self._transport: Transport = transport
        self._now = now
        self._lock = threading.Lock()
        self._current: Union[tuple[str, float], None] = None

    def __call__(self, info: Union[CallInfo, None] = None) -> str:
        with self._lock:
            if self._current is None or self._now() > self._current[1] - _EARLY:
                self._current = self._renew()
            return self._current[0]

    def _renew(self) -> tuple[str, float]:
        if self._refresh_token:
            try:
                return self._ask("REFRESH_TOKEN_AUTH", {"REFRESH_TOKEN": self._refresh_token})
            except RuntimeError:
                if self._password is None:
                    raise
                self._refresh_token = None
        return self._ask("USER_PASSWORD_AUTH", {"USERNAME": self._username or "", "PASSWORD": self._password or ""})

    def _ask(self, flow: str, parameters: Mapping[str, str]) -> tuple[str, float]:
        body = json.dumps({"AuthFlow": flow, "ClientId": self._client_id, "AuthParameters": parameters}).encode()
        headers = {
            "content-type": "application/x-amz-json-1.1",
            "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth",
        }
        response = self._transport.send(Request("POST", self._endpoint, headers, body), 30.0)
        answer = cast("dict[str, object]", json.loads(response.read() or b"{}"))
        result = cast("dict[str, object] | None", answer.get("AuthenticationResult"))
        if response.status != 200 or not result:
            reason = answer.get("__type") or answer.get("ChallengeName") or response.status
            raise RuntimeError(f"Cognito: {reason} {answer.get('message', '')}".strip())
        refresh = result.get("RefreshToken")
        if isinstance(refresh, str):
            self._refresh_token = refresh
        return str(result[self._name]), self._now() + float(str(result["ExpiresIn"]))
