package sdk

import "strings"

// GatewayResponse is which of API Gateway's own answers an error is, by API Gateway's names of them.
type GatewayResponse string

const (
	// GatewayAccessDenied is a caller that the authorizer or a policy refuses.
	GatewayAccessDenied GatewayResponse = "ACCESS_DENIED"
	// GatewayAPIConfigurationError is a gateway that is not set up as it should be.
	GatewayAPIConfigurationError GatewayResponse = "API_CONFIGURATION_ERROR"
	// GatewayAuthorizerConfigurationError is an authorizer that is not set up as it should be.
	GatewayAuthorizerConfigurationError GatewayResponse = "AUTHORIZER_CONFIGURATION_ERROR"
	// GatewayAuthorizerFailure is an authorizer that failed.
	GatewayAuthorizerFailure GatewayResponse = "AUTHORIZER_FAILURE"
	// GatewayBadRequestBody is a body that is not of its type.
	GatewayBadRequestBody GatewayResponse = "BAD_REQUEST_BODY"
	// GatewayBadRequestParameters is a parameter that is missing or wrong.
	GatewayBadRequestParameters GatewayResponse = "BAD_REQUEST_PARAMETERS"
	// GatewayDefault4XX is another request that the gateway refuses.
	GatewayDefault4XX GatewayResponse = "DEFAULT_4XX"
	// GatewayDefault5XX is another failure of the gateway, or of what is behind it.
	GatewayDefault5XX GatewayResponse = "DEFAULT_5XX"
	// GatewayExpiredToken is a signature whose session has ended.
	GatewayExpiredToken GatewayResponse = "EXPIRED_TOKEN"
	// GatewayIntegrationFailure is an operation whose backend is not there.
	GatewayIntegrationFailure GatewayResponse = "INTEGRATION_FAILURE"
	// GatewayIntegrationTimeout is an operation whose backend took too long.
	GatewayIntegrationTimeout GatewayResponse = "INTEGRATION_TIMEOUT"
	// GatewayInvalidAPIKey is an API key that is missing or not known. A firewall's refusal may look the same.
	GatewayInvalidAPIKey GatewayResponse = "INVALID_API_KEY"
	// GatewayInvalidSignature is a signature that is not that of the request.
	GatewayInvalidSignature GatewayResponse = "INVALID_SIGNATURE"
	// GatewayMissingAuthenticationToken is a signature that is missing, or an address that no operation has.
	GatewayMissingAuthenticationToken GatewayResponse = "MISSING_AUTHENTICATION_TOKEN"
	// GatewayQuotaExceeded is an API key whose quota is used up: the same call fails until the next period.
	GatewayQuotaExceeded GatewayResponse = "QUOTA_EXCEEDED"
	// GatewayRequestTooLarge is a body of more than 10 MB.
	GatewayRequestTooLarge GatewayResponse = "REQUEST_TOO_LARGE"
	// GatewayResourceNotFound is an address that no operation has.
	GatewayResourceNotFound GatewayResponse = "RESOURCE_NOT_FOUND"
	// GatewayThrottled is more calls than may come at once: later it works.
	GatewayThrottled GatewayResponse = "THROTTLED"
	// GatewayUnauthorized is a credential that is missing or not valid.
	GatewayUnauthorized GatewayResponse = "UNAUTHORIZED"
	// GatewayUnsupportedMediaType is a body of a media type that the operation does not take.
	GatewayUnsupportedMediaType GatewayResponse = "UNSUPPORTED_MEDIA_TYPE"
	// GatewayWAFFiltered is a request that a firewall refuses.
	GatewayWAFFiltered GatewayResponse = "WAF_FILTERED"
)

// Gateway is which of API Gateway's own answers this is; empty where what is behind the operation has answered.
func (e *APIError) Gateway() GatewayResponse {
	switch e.ErrorType() {
	case "AccessDeniedException":
		return GatewayAccessDenied
	case "ApiConfigurationException":
		return GatewayAPIConfigurationError
	case "AuthorizerConfigurationException":
		return GatewayAuthorizerConfigurationError
	case "AuthorizerFailureException":
		return GatewayAuthorizerFailure
	case "BadRequestException":
		return e.badRequest()
	case "ExpiredTokenException":
		return GatewayExpiredToken
	case "ForbiddenException":
		return GatewayInvalidAPIKey
	case "InternalServerErrorException":
		return e.internalError()
	case "IncompleteSignatureException", "InvalidSignatureException":
		return GatewayInvalidSignature
	case "LimitExceededException":
		return GatewayQuotaExceeded
	case "MissingAuthenticationTokenException":
		return GatewayMissingAuthenticationToken
	case "RequestTooLargeException":
		return GatewayRequestTooLarge
	case "ResourceNotFoundException":
		return GatewayResourceNotFound
	case "TooManyRequestsException":
		return GatewayThrottled
	case "UnauthorizedException":
		return GatewayUnauthorized
	case "WafFilteredException":
		return GatewayWAFFiltered
	}
	// HTTP APIs name no types.
	if e.Status == 429 && e.ErrorType() == "" && e.Message() == "Too Many Requests" {
		return GatewayThrottled
	}
	return ""
}

// What shares a name is told apart by its status, else by its message.
func (e *APIError) badRequest() GatewayResponse {
	switch message := e.Message(); {
	case e.Status == 415:
		return GatewayUnsupportedMediaType
	case strings.HasPrefix(message, "Invalid request body"):
		return GatewayBadRequestBody
	case strings.HasPrefix(message, "Missing required request parameters"):
		return GatewayBadRequestParameters
	}
	return GatewayDefault4XX
}

func (e *APIError) internalError() GatewayResponse {
	switch e.Message() {
	case "Endpoint request timed out":
		return GatewayIntegrationTimeout
	case "Network error communicating with endpoint":
		return GatewayIntegrationFailure
	}
	return GatewayDefault5XX
}
