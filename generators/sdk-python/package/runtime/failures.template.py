"""What goes wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypedDict, Union


class GatewayMessage(TypedDict):
    """Body of most answers that API Gateway gives itself."""

    message: Union[str, None]


class AccessDeniedMessage(TypedDict, total=False):
    """Body of a 403 that API Gateway gives itself; a policy's refusal is written with a capital."""

    message: Union[str, None]
    Message: Union[str, None]


class SdkError(Exception):
    """All errors of this package."""

    operation: str
    attempts: int


class ApiError(SdkError):
    """The server answered, and the status says that the call failed."""

    def __init__(
        self,
        operation: str,
        status: int,
        headers: Mapping[str, str],
        body: object,
        attempts: int,
        retry_after: Union[float, None],
    ) -> None:
        self.operation = operation
        self.attempts = attempts
        self._status = status
        self._body = body
        self.headers = headers
        """Names are in lower case."""
        self.retry_after = retry_after
        """Seconds that the server asks to wait."""
        super().__init__(f"{operation}: {status}{_clipped(body)}{_suffix(self.request_id)}")

    @property
    def status(self) -> int:
        return self._status

    @property
    def body(self) -> object:
        """Decoded by its content type: JSON, text or bytes."""
        return self._body

    @property
    def request_id(self) -> Union[str, None]:
        """API Gateway's id of the request, for its owner's logs."""
        return self.headers.get("x-amzn-requestid") or self.headers.get("apigw-requestid")

    @property
    def error_type(self) -> Union[str, None]:
        """API Gateway's name for an answer of its own, such as TooManyRequestsException."""
        value = self.headers.get("x-amzn-errortype")
        return value.split(":")[0] if value else None


class TransportError(SdkError):
    """There is no usable answer."""

    def __init__(
        self, kind: Literal["network", "timeout", "decode"], operation: str, attempts: int, reason: object
    ) -> None:
        super().__init__(f"{operation}: {kind} at attempt {attempts} ({reason})")
        self.kind: Literal["network", "timeout", "decode"] = kind
        self.operation = operation
        self.attempts = attempts


def _clipped(body: object) -> str:
    message: object = body
    if isinstance(body, dict):
        members: dict[str, object] = {str(key): value for key, value in body.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType, reportUnknownMemberType]
        message = members.get("message") or members.get("Message")
    return f" {message[:200]}" if isinstance(message, str) and message else ""


def _suffix(request_id: Union[str, None]) -> str:
    return f" (request {request_id})" if request_id else ""
