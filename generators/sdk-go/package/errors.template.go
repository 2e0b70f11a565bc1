package sdk

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// APIError is an answer whose status says that the call failed. The error types by status wrap it, so that errors.As finds both.
type APIError struct {
	Operation string
	Status    int
	Header    http.Header
	// Body is the answer's body as it came.
	Body []byte
	// Attempts is how often the call was tried.
	Attempts int
	// RetryAfter is how long the server asks to wait; -1 where it does not.
	RetryAfter time.Duration

	decoded any
}

// Error is one line: operation, status, message and id of the request.
func (e *APIError) Error() string {
	text := fmt.Sprintf("%s: %d", e.Operation, e.Status)
	if message := e.Message(); message != "" {
		text += " " + message
	}
	if id := e.RequestID(); id != "" {
		text += " (request " + id + ")"
	}
	return text
}

// Message is the text that the body says, at most 200 bytes of it.
func (e *APIError) Message() string {
	text := string(e.Body)
	if isKind(e.Body, '{') {
		members, _ := plain[map[string]json.RawMessage](e.Body)
		text = ""
		for _, name := range []string{"message", "Message"} {
			if found, err := plain[string](members[name]); err == nil && text == "" {
				text = found
			}
		}
	}
	if len(text) > 200 {
		text = strings.ToValidUTF8(text[:200], "")
	}
	return text
}

// RequestID is API Gateway's id of the request, for its owner's logs.
func (e *APIError) RequestID() string {
	return requestID(e.Header)
}

func requestID(header http.Header) string {
	if id := header.Get("x-amzn-requestid"); id != "" {
		return id
	}
	return header.Get("apigw-requestid")
}

// ErrorType is API Gateway's name for an answer of its own, such as TooManyRequestsException.
func (e *APIError) ErrorType() string {
	name, _, _ := strings.Cut(e.Header.Get("x-amzn-errortype"), ":")
	return name
}

// ErrorBody is the body of a failed call as the type that the operation declares for the status; false where it is another.
func ErrorBody[T any](err error) (T, bool) {
	var api *APIError
	if errors.As(err, &api) {
		body, ok := api.decoded.(T)
		return body, ok
	}
	var none T
	return none, false
}

// GatewayMessage is the body of most answers that API Gateway gives itself.
type GatewayMessage struct {
	Message string `json:"message"`
}

// BadRequestError is a 400.
type BadRequestError struct{ *APIError }

// UnauthorizedError is a 401.
type UnauthorizedError struct{ *APIError }

// PaymentRequiredError is a 402.
type PaymentRequiredError struct{ *APIError }

// ForbiddenError is a 403.
type ForbiddenError struct{ *APIError }

// NotFoundError is a 404.
type NotFoundError struct{ *APIError }

// ConflictError is a 409.
type ConflictError struct{ *APIError }

// GoneError is a 410.
type GoneError struct{ *APIError }

// PreconditionFailedError is a 412.
type PreconditionFailedError struct{ *APIError }

// ContentTooLargeError is a 413.
type ContentTooLargeError struct{ *APIError }

// UnsupportedMediaTypeError is a 415.
type UnsupportedMediaTypeError struct{ *APIError }

// UnprocessableContentError is a 422.
type UnprocessableContentError struct{ *APIError }

// TooManyRequestsError is a 429: throttled, or a quota that is used up, which Gateway tells apart.
type TooManyRequestsError struct{ *APIError }

// ServerError is any status from 500 on.
type ServerError struct{ *APIError }

// Unwrap is the answer that all errors by status are made of.
func (e *BadRequestError) Unwrap() error { return e.APIError }

// Unwrap is the answer that all errors by status are made of.
func (e *UnauthorizedError) Unwrap() error { return e.APIError }

// Unwrap is the answer that all errors by status are made of.
func (e *PaymentRequiredError) Unwrap() error { return e.APIError }

// Unwrap is the answer that all errors by status are made of.
func (e *ForbiddenError) Unwrap() error { return e.APIError }

// Unwrap is the answer that all errors by status are made of.
func (e *NotFoundError) Unwrap() error { return e.APIError }

// Unwrap is the answer that all errors by status are made of.
func (e *ConflictError) Unwrap() error { return e.APIError }

// Unwrap is the answer that all errors by status are made of.
func (e *GoneError) Unwrap() error { return e.APIError }

// Unwrap is the answer that all errors by status are made of.
func (e *PreconditionFailedError) Unwrap() error { return e.APIError }

// Unwrap is the answer that all errors by status are made of.
func (e *ContentTooLargeError) Unwrap() error { return e.APIError }

// Unwrap is the answer that all errors by status are made of.
func (e *UnsupportedMediaTypeError) Unwrap() error { return e.APIError }

// Unwrap is the answer that all errors by status are made of.
func (e *UnprocessableContentError) Unwrap() error { return e.APIError }

// Unwrap is the answer that all errors by status are made of.
func (e *TooManyRequestsError) Unwrap() error { return e.APIError }

// Unwrap is the answer that all errors by status are made of.
func (e *ServerError) Unwrap() error { return e.APIError }

func byStatus(e *APIError) error {
	switch e.Status {
	case 400:
		return &BadRequestError{e}
	case 401:
		return &UnauthorizedError{e}
	case 402:
		return &PaymentRequiredError{e}
	case 403:
		return &ForbiddenError{e}
	case 404:
		return &NotFoundError{e}
	case 409:
		return &ConflictError{e}
	case 410:
		return &GoneError{e}
	case 412:
		return &PreconditionFailedError{e}
	case 413:
		return &ContentTooLargeError{e}
	case 415:
		return &UnsupportedMediaTypeError{e}
	case 422:
		return &UnprocessableContentError{e}
	case 429:
		return &TooManyRequestsError{e}
	}
	if e.Status >= 500 {
		return &ServerError{e}
	}
	return e
}

// TransportKind says why there is no usable answer.
type TransportKind string

// TransportNetwork is a connection that failed.
const TransportNetwork TransportKind = "network"

// TransportTimeout is an answer that did not come in time.
const TransportTimeout TransportKind = "timeout"

// TransportCanceled is a context that was canceled.
const TransportCanceled TransportKind = "canceled"

// TransportDecode is a success whose body is not what the operation declares.
const TransportDecode TransportKind = "decode"

// TransportError says that there is no usable answer.
type TransportError struct {
	Kind      TransportKind
	Operation string
	Attempts  int
	Err       error
}

// Error is one line.
func (e *TransportError) Error() string {
	return fmt.Sprintf("%s: %s at attempt %d: %v", e.Operation, e.Kind, e.Attempts, e.Err)
}

// Unwrap is the cause.
func (e *TransportError) Unwrap() error { return e.Err }

// ParameterError is a call that was refused before anything was sent: a value that no request can carry.
type ParameterError struct {
	Operation string
	Reason    string
}

// Error is one line.
func (e *ParameterError) Error() string { return e.Operation + ": " + e.Reason }
