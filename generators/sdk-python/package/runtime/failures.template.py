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


GatewayResponse = Literal[
    "ACCESS_DENIED",
    "API_CONFIGURATION_ERROR",
    "AUTHORIZER_CONFIGURATION_ERROR",
    "AUTHORIZER_FAILURE",
    "BAD_REQUEST_BODY",
    "BAD_REQUEST_PARAMETERS",
    "DEFAULT_4XX",
    "DEFAULT_5XX",
    "EXPIRED_TOKEN",
    "INTEGRATION_FAILURE",
    "INTEGRATION_TIMEOUT",
    "INVALID_API_KEY",
    "INVALID_SIGNATURE",
    "MISSING_AUTHENTICATION_TOKEN",
    "QUOTA_EXCEEDED",
    "REQUEST_TOO_LARGE",
    "RESOURCE_NOT_FOUND",
    "THROTTLED",
    "UNAUTHORIZED",
    "UNSUPPORTED_MEDIA_TYPE",
    "WAF_FILTERED",
]
"""Which of API Gateway's own answers an error is, by API Gateway's names of them."""

_GATEWAY: Mapping[str, GatewayResponse] = {
    "AccessDeniedException": "ACCESS_DENIED",
    "ApiConfigurationException": "API_CONFIGURATION_ERROR",
    "AuthorizerConfigurationException": "AUTHORIZER_CONFIGURATION_ERROR",
    "AuthorizerFailureException": "AUTHORIZER_FAILURE",
    "BadRequestException": "DEFAULT_4XX",
    "ExpiredTokenException": "EXPIRED_TOKEN",
    # A firewall's refusal may look the same.
    "ForbiddenException": "INVALID_API_KEY",
    "InternalServerErrorException": "DEFAULT_5XX",
    "IncompleteSignatureException": "INVALID_SIGNATURE",
    "InvalidSignatureException": "INVALID_SIGNATURE",
    "LimitExceededException": "QUOTA_EXCEEDED",
    "MissingAuthenticationTokenException": "MISSING_AUTHENTICATION_TOKEN",
    "RequestTooLargeException": "REQUEST_TOO_LARGE",
    "ResourceNotFoundException": "RESOURCE_NOT_FOUND",
    "TooManyRequestsException": "THROTTLED",
    "UnauthorizedException": "UNAUTHORIZED",
    "WafFilteredException": "WAF_FILTERED",
}

# What shares a name is told apart by its message.
_BY_MESSAGE: tuple[tuple[GatewayResponse, str, GatewayResponse], ...] = (
    ("DEFAULT_4XX", "Invalid request body", "BAD_REQUEST_BODY"),
    ("DEFAULT_4XX", "Missing required request parameters", "BAD_REQUEST_PARAMETERS"),
    ("DEFAULT_5XX", "Endpoint request timed out", "INTEGRATION_TIMEOUT"),
    ("DEFAULT_5XX", "Network error communicating with endpoint", "INTEGRATION_FAILURE"),
)


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

    @property
    def gateway(self) -> Union[GatewayResponse, None]:
        """Which of API Gateway's own answers this is; None where what is behind the operation has answered.

        `THROTTLED` works later, `QUOTA_EXCEEDED` not before the next period.
        """
        kind, message = self.error_type, _clipped(self._body).lstrip()
        if kind is None:
            # HTTP APIs name no types.
            return "THROTTLED" if self._status == 429 and message == "Too Many Requests" else None
        found = _GATEWAY.get(kind)
        if found == "DEFAULT_4XX" and self._status == 415:
            return "UNSUPPORTED_MEDIA_TYPE"
        for name, start, better in _BY_MESSAGE:
            if found == name and message.startswith(start):
                return better
        return found


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
