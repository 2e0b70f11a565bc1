package sdk

import (
	"context"
	"io"
	"net/http"
	"time"
)

// Option is a setting of a client, for New.
type Option interface{ applyClient(*settings) }

// CallOption is a setting of one call.
type CallOption interface{ applyCall(*callSettings) }

// SharedOption is a setting of a client and of one call alike.
type SharedOption func(*callSettings)

func (o SharedOption) applyClient(s *settings)   { o(&s.call) }
func (o SharedOption) applyCall(c *callSettings) { o(c) }

type clientOption func(*settings)

func (o clientOption) applyClient(s *settings) { o(s) }

type callOption func(*callSettings)

func (o callOption) applyCall(c *callSettings) { o(c) }

type callSettings struct {
	retries        int
	timeout        time.Duration
	retryDelay     time.Duration
	maxRetryDelay  time.Duration
	header         http.Header
	idempotencyKey string
	files          map[string]formFile
	response       *Response
	onUpload       func(sent int64)
	onDownload     func(received, total int64)
}

type settings struct {
	baseURL     string
	call        callSettings
	transport   http.RoundTripper
	middleware  []func(http.RoundTripper) http.RoundTripper
	credentials map[string]Credential
	iam         *SigV4
}

// CallInfo is the attempt that a credential or a middleware serves.
type CallInfo struct {
	Operation string
	Attempt   int
	// Authorizer reads the credential; empty for the API key.
	Authorizer string
}

type callInfoKey struct{}

// CallInfoOf is the attempt that a request belongs to, for middleware.
func CallInfoOf(request *http.Request) CallInfo {
	info, _ := request.Context().Value(callInfoKey{}).(CallInfo)
	return info
}

// Credential is asked before every attempt.
type Credential interface {
	Credential(ctx context.Context, info CallInfo) (string, error)
}

// CredentialFunc is a function that is a Credential.
type CredentialFunc func(ctx context.Context, info CallInfo) (string, error)

// Credential calls the function.
func (f CredentialFunc) Credential(ctx context.Context, info CallInfo) (string, error) {
	return f(ctx, info)
}

// Static is a Credential that stays the same.
type Static string

// Credential is the text.
func (s Static) Credential(context.Context, CallInfo) (string, error) { return string(s), nil }

// String hides the text, so that no log has it.
func (s Static) String() string { return "Static(…)" }

// GoString hides the text as well.
func (s Static) GoString() string { return "Static(…)" }

// CredentialOption is a credential by its name.
type CredentialOption struct {
	name       string
	credential Credential
}

func (o CredentialOption) applyClient(s *settings) { s.credentials[o.name] = o.credential }

// String hides the credential, so that no log has it.
func (o CredentialOption) String() string { return "CredentialOption(" + o.name + ")" }

// GoString hides the credential as well.
func (o CredentialOption) GoString() string { return o.String() }

// IAMOption is a signer of requests.
type IAMOption struct{ signer SigV4 }

func (o IAMOption) applyClient(s *settings) { s.iam = &o.signer }

// WithBaseURL calls another address than the stage's.
func WithBaseURL(address string) Option {
	return clientOption(func(s *settings) { s.baseURL = address })
}

// WithStage calls a stage by its name.
func WithStage(stage Stage) Option {
	return clientOption(func(s *settings) { s.baseURL = baseURLs[stage] })
}

// WithTransport sends requests by another transport than http.DefaultTransport.
func WithTransport(transport http.RoundTripper) Option {
	return clientOption(func(s *settings) { s.transport = transport })
}

// RoundTripFunc is a function that is an http.RoundTripper: a middleware, or a transport of a test.
type RoundTripFunc func(*http.Request) (*http.Response, error)

// RoundTrip calls the function.
func (f RoundTripFunc) RoundTrip(request *http.Request) (*http.Response, error) { return f(request) }

// WithMiddleware puts a layer around every attempt; the first one that is given is the outermost. Requests are signed before.
func WithMiddleware(layer func(http.RoundTripper) http.RoundTripper) Option {
	return clientOption(func(s *settings) { s.middleware = append(s.middleware, layer) })
}

// WithRetries says how often a call is tried again; the default is 2.
func WithRetries(retries int) SharedOption {
	return func(c *callSettings) { c.retries = retries }
}

// WithTimeout limits one attempt; the default is 30 seconds, 0 is no limit. The context limits the whole call.
func WithTimeout(timeout time.Duration) SharedOption {
	return func(c *callSettings) { c.timeout = timeout }
}

// WithRetryDelay says how long the first pause is at most, and how long any; the defaults are 200 ms and 20 s.
func WithRetryDelay(first, longest time.Duration) SharedOption {
	return func(c *callSettings) { c.retryDelay, c.maxRetryDelay = first, longest }
}

// WithHeader sends a header besides.
func WithHeader(name, value string) SharedOption {
	return func(c *callSettings) {
		header := c.header.Clone()
		if header == nil {
			header = http.Header{}
		}
		header.Set(name, value)
		c.header = header
	}
}

// WithIdempotencyKey sends a key, so that a POST may be tried again.
func WithIdempotencyKey(key string) CallOption {
	return callOption(func(c *callSettings) { c.idempotencyKey = key })
}

type formFile struct {
	name, mediaType string
	content         io.Reader
	size            int64
}

// WithFile gives bytes in a multipart form a file name and a media type, by their member; without it they are called as the member.
func WithFile(member, filename, mediaType string) CallOption {
	return withFile(member, formFile{filename, mediaType, nil, 0})
}

// WithFileFrom sends a member of a multipart form as it is read, in the place of bytes that are in memory. Its size is in bytes, or -1
// where it is not known: the request then has no Content-Length. Such a call is not tried again, and one that is signed is read whole.
func WithFileFrom(member, filename, mediaType string, content io.Reader, size int64) CallOption {
	return withFile(member, formFile{filename, mediaType, content, size})
}

func withFile(member string, given formFile) CallOption {
	return callOption(func(c *callSettings) {
		files := map[string]formFile{member: given}
		for other, file := range c.files {
			if other != member {
				files[other] = file
			}
		}
		c.files = files
	})
}

// Response is what an answer has besides its body.
type Response struct {
	Status   int
	Header   http.Header
	Attempts int
}

// RequestID is API Gateway's id of the request, for its owner's logs.
func (r Response) RequestID() string { return requestID(r.Header) }

// CaptureResponse fills a Response when the call succeeds.
func CaptureResponse(target *Response) CallOption {
	return callOption(func(c *callSettings) { c.response = target })
}

// OnUpload is told how many bytes of the body are sent.
func OnUpload(tell func(sent int64)) CallOption {
	return callOption(func(c *callSettings) { c.onUpload = tell })
}

// OnDownload is told how many bytes have come, and of how many; -1 where that is not known.
func OnDownload(tell func(received, total int64)) CallOption {
	return callOption(func(c *callSettings) { c.onDownload = tell })
}
