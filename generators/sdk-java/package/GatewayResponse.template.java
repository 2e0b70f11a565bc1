import java.util.Optional;

/** Which of API Gateway's own answers an error is, by API Gateway's names of them. */
public enum GatewayResponse {
    /** The authorizer or a policy refuses the caller. */
    ACCESS_DENIED,
    /** The gateway is not set up as it should be. */
    API_CONFIGURATION_ERROR,
    /** The authorizer is not set up as it should be. */
    AUTHORIZER_CONFIGURATION_ERROR,
    /** The authorizer failed. */
    AUTHORIZER_FAILURE,
    /** The body is not of its type. */
    BAD_REQUEST_BODY,
    /** A parameter is missing or wrong. */
    BAD_REQUEST_PARAMETERS,
    /** Another request that the gateway refuses. */
    DEFAULT_4XX,
    /** Another failure of the gateway, or of what is behind it. */
    DEFAULT_5XX,
    /** The session of the signature has ended. */
    EXPIRED_TOKEN,
    /** What is behind the operation is not there. */
    INTEGRATION_FAILURE,
    /** What is behind the operation took too long. */
    INTEGRATION_TIMEOUT,
    /** The API key is missing or not known. A firewall's refusal may look the same. */
    INVALID_API_KEY,
    /** The signature is not that of the request. */
    INVALID_SIGNATURE,
    /** The signature is missing, or no operation has the address. */
    MISSING_AUTHENTICATION_TOKEN,
    /** The quota of the API key is used up: the same call fails until the next period. */
    QUOTA_EXCEEDED,
    /** The body has more than 10 MB. */
    REQUEST_TOO_LARGE,
    /** No operation has the address. */
    RESOURCE_NOT_FOUND,
    /** More calls than may come at once: later it works. */
    THROTTLED,
    /** The credential is missing or not valid. */
    UNAUTHORIZED,
    /** The operation takes no body of this media type. */
    UNSUPPORTED_MEDIA_TYPE,
    /** A firewall refuses the request. */
    WAF_FILTERED;

    /** Empty where what is behind the operation has answered. */
    static Optional<GatewayResponse> of(int status, String errorType, String message) {
        return Optional.ofNullable(find(status, errorType, message));
    }

    private static GatewayResponse find(int status, String errorType, String message) {
        switch (errorType) {
            case "AccessDeniedException":
                return ACCESS_DENIED;
            case "ApiConfigurationException":
                return API_CONFIGURATION_ERROR;
            case "AuthorizerConfigurationException":
                return AUTHORIZER_CONFIGURATION_ERROR;
            case "AuthorizerFailureException":
                return AUTHORIZER_FAILURE;
            case "BadRequestException":
                return badRequest(status, message);
            case "ExpiredTokenException":
                return EXPIRED_TOKEN;
            case "ForbiddenException":
                return INVALID_API_KEY;
            case "InternalServerErrorException":
                return internalError(message);
            case "IncompleteSignatureException":
            case "InvalidSignatureException":
                return INVALID_SIGNATURE;
            case "LimitExceededException":
                return QUOTA_EXCEEDED;
            case "MissingAuthenticationTokenException":
                return MISSING_AUTHENTICATION_TOKEN;
            case "RequestTooLargeException":
                return REQUEST_TOO_LARGE;
            case "ResourceNotFoundException":
                return RESOURCE_NOT_FOUND;
            case "TooManyRequestsException":
                return THROTTLED;
            case "UnauthorizedException":
                return UNAUTHORIZED;
            case "WafFilteredException":
                return WAF_FILTERED;
            case "":
                // HTTP APIs name no types.
                return status == 429 && message.equals("Too Many Requests") ? THROTTLED : null;
            default:
                return null;
        }
    }

    /** What shares a name is told apart by its status, else by its message. */
    private static GatewayResponse badRequest(int status, String message) {
        if (status == 415)
            return UNSUPPORTED_MEDIA_TYPE;
        if (message.startsWith("Invalid request body"))
            return BAD_REQUEST_BODY;
        return message.startsWith("Missing required request parameters") ? BAD_REQUEST_PARAMETERS : DEFAULT_4XX;
    }

    private static GatewayResponse internalError(String message) {
        switch (message) {
            case "Endpoint request timed out":
                return INTEGRATION_TIMEOUT;
            case "Network error communicating with endpoint":
                return INTEGRATION_FAILURE;
            default:
                return DEFAULT_5XX;
        }
    }
}
