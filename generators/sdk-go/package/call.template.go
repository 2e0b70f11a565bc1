package sdk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// MaxBodyBytes is how much of a body is read into memory; streams have no limit.
const MaxBodyBytes = 64 << 20

var errAttemptTimeout = errors.New("no answer in time")

func newSettings(options []Option) *settings {
	s := &settings{
		baseURL:     baseURLs[defaultStage],
		call:        callSettings{retries: 2, timeout: 30 * time.Second, retryDelay: 200 * time.Millisecond, maxRetryDelay: 20 * time.Second},
		transport:   http.DefaultTransport,
		credentials: map[string]Credential{},
	}
	for _, option := range options {
		option.applyClient(s)
	}
	for _, layer := range slices.Backward(s.middleware) {
		s.transport = layer(s.transport)
	}
	return s
}

// answer is a success. Its body was read, unless a stream was asked for.
type answer struct {
	status   int
	header   http.Header
	body     []byte
	stream   io.ReadCloser
	attempts int
}

// call makes attempts until one succeeds, cannot be helped, or is the last.
func (s *settings) send(ctx context.Context, op *operation, args []argument, options []CallOption, asStream bool) (*answer, error) {
	call := s.call
	for _, option := range options {
		option.applyCall(&call)
	}
	t, err := newTemplate(s.baseURL, op, args, &call)
	if err != nil {
		return nil, err
	}
	if op.signed && s.iam != nil && t.stream != nil {
		// A signature covers the whole body.
		if t.body, err = io.ReadAll(t.stream); err != nil {
			return nil, err
		}
		t.stream = nil
	}
	for attempt := 1; ; attempt++ {
		found, err := s.attempt(ctx, op, t, &call, attempt, asStream)
		if err == nil {
			if call.response != nil {
				*call.response = Response{found.status, found.header, attempt}
			}
			return found, nil
		}
		wish, isTransient := transient(err)
		if attempt > call.retries || !isTransient || !t.isRepeatable() || ctx.Err() != nil {
			return nil, err
		}
		wait := pause(&call, wish, attempt)
		if end, ok := ctx.Deadline(); ok && time.Now().Add(wait).After(end) {
			return nil, err
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil, transportError(ctx, op, attempt, ctx.Err())
		case <-timer.C:
		}
	}
}

func (s *settings) attempt(ctx context.Context, op *operation, t *template, call *callSettings, attempt int, asStream bool) (found *answer, err error) {
	info := CallInfo{Operation: op.name, Attempt: attempt}
	ctx, cancel := context.WithCancelCause(context.WithValue(ctx, callInfoKey{}, info))
	defer func() {
		if found == nil || found.stream == nil {
			cancel(nil)
		}
	}()
	if call.timeout > 0 {
		timer := time.AfterFunc(call.timeout, func() { cancel(errAttemptTimeout) })
		// A stream may take longer, once its head is there.
		defer timer.Stop()
	}
	request, err := s.request(ctx, op, t, call, info)
	if err != nil {
		return nil, err
	}
	response, err := s.transport.RoundTrip(request)
	if err != nil {
		return nil, transportError(ctx, op, attempt, err)
	}
	body := response.Body
	if call.onDownload != nil {
		body = &told{body, 0, func(passed int64) { call.onDownload(passed, response.ContentLength) }}
	}
	found = &answer{status: response.StatusCode, header: response.Header, attempts: attempt}
	success := isSuccess(op, response.StatusCode)
	if success && asStream {
		found.stream = &closing{body, func() { cancel(nil) }}
		return found, nil
	}
	defer body.Close()
	found.body, err = io.ReadAll(io.LimitReader(body, MaxBodyBytes+1))
	if err != nil {
		return nil, transportError(ctx, op, attempt, err)
	}
	if len(found.body) > MaxBodyBytes {
		return nil, &TransportError{TransportDecode, op.name, attempt, fmt.Errorf("the body has more than %d bytes", MaxBodyBytes)}
	}
	if success {
		return found, nil
	}
	return nil, byStatus(apiError(op, found))
}

// accepting are options that ask for a media type besides.
func accepting(options []CallOption, mediaType string) []CallOption {
	return append(slices.Clone(options), WithHeader("Accept", mediaType))
}

func isSuccess(op *operation, status int) bool {
	return status >= 200 && (status < 300 || op.redirects && status < 400)
}

// request of one attempt, with credentials and signature.
func (s *settings) request(ctx context.Context, op *operation, t *template, call *callSettings, info CallInfo) (*http.Request, error) {
	header := t.header.Clone()
	address, err := carry(ctx, info, op.auth, s.credentials, t.url, header)
	if err != nil {
		return nil, err
	}
	var body io.Reader
	if t.stream != nil {
		body = t.stream
	} else if t.body != nil {
		body = bytes.NewReader(t.body)
	}
	request, err := http.NewRequestWithContext(ctx, t.method, address, body)
	if err != nil {
		return nil, &ParameterError{op.name, err.Error()}
	}
	if t.stream != nil && t.size > 0 {
		request.ContentLength = t.size
	}
	request.Header = header
	if op.signed && s.iam != nil {
		if err := s.iam.sign(request, t.body); err != nil {
			return nil, fmt.Errorf("%s: the signature: %w", op.name, err)
		}
	}
	if call.onUpload != nil && request.Body != nil {
		request.Body = &told{request.Body, 0, call.onUpload}
	}
	return request, nil
}

// carry asks the credentials, puts them into the header, and returns the address with those that it carries.
func carry(ctx context.Context, info CallInfo, uses []credentialUse, credentials map[string]Credential, address string, header http.Header) (string, error) {
	for _, use := range uses {
		credential := credentials[use.name]
		if credential == nil {
			continue
		}
		info.Authorizer = use.authorizer
		value, err := credential.Credential(ctx, info)
		if err != nil {
			return "", fmt.Errorf("%s: the credential %s: %w", info.Operation, use.name, err)
		}
		if strings.ContainsAny(value, "\r\n\x00") {
			return "", &ParameterError{info.Operation, "the credential " + use.name + " cannot hold a line break"}
		}
		switch {
		case value == "":
		case use.inQuery:
			joint := "?"
			if strings.Contains(address, "?") {
				joint = "&"
			}
			address += joint + escaped(use.key) + "=" + escaped(value)
		case header.Get(use.key) == "":
			if strings.EqualFold(use.key, "authorization") && !strings.Contains(value, " ") {
				value = "Bearer " + value
			}
			header.Set(use.key, value)
		}
	}
	return address, nil
}

// told tells how many bytes have passed.
type told struct {
	io.ReadCloser
	passed int64
	tell   func(int64)
}

func (r *told) Read(into []byte) (int, error) {
	count, err := r.ReadCloser.Read(into)
	if count > 0 {
		r.passed += int64(count)
		r.tell(r.passed)
	}
	return count, err
}

// closing does one thing more when it is closed.
type closing struct {
	io.ReadCloser
	after func()
}

func (c *closing) Close() error {
	defer c.after()
	return c.ReadCloser.Close()
}

func transportError(ctx context.Context, op *operation, attempt int, err error) error {
	kind := TransportNetwork
	var network net.Error
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errAttemptTimeout):
		kind, err = TransportTimeout, errAttemptTimeout
	case errors.Is(cause, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		kind = TransportTimeout
	case cause != nil:
		kind = TransportCanceled
	}
	return &TransportError{kind, op.name, attempt, err}
}

func apiError(op *operation, found *answer) *APIError {
	e := &APIError{
		Operation:  op.name,
		Status:     found.status,
		Header:     found.header,
		Body:       found.body,
		Attempts:   found.attempts,
		RetryAfter: retryAfter(found.header.Get("Retry-After")),
	}
	decode := op.errors[found.status]
	if decode == nil {
		decode = op.other
	}
	if decode != nil {
		// What no one declared stays as it came.
		if body, err := decode(jsonOf(found)); err == nil {
			e.decoded = body
		}
	}
	return e
}

// retryAfter reads seconds or an HTTP date (RFC 9110, 10.2.3); -1 where there is neither.
func retryAfter(value string) time.Duration {
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if date, err := http.ParseTime(value); err == nil {
		return max(0, time.Until(date))
	}
	return -1
}

// transient tells whether another attempt may help: networks, timeouts, throttling and failures of the server. A quota that is used up stays so.
func transient(err error) (wish time.Duration, again bool) {
	var transport *TransportError
	if errors.As(err, &transport) {
		return -1, transport.Kind == TransportNetwork || transport.Kind == TransportTimeout
	}
	var api *APIError
	if !errors.As(err, &api) {
		return -1, false
	}
	if api.Status == 429 {
		quota := api.Gateway() == GatewayQuotaExceeded || strings.HasPrefix(api.Message(), "Limit Exceeded")
		return api.RetryAfter, !quota
	}
	return api.RetryAfter, api.Status >= 500 && api.Status != 501
}

// pause is the server's wish, or full jitter over an exponentially growing span.
func pause(call *callSettings, wish time.Duration, attempt int) time.Duration {
	if wish < 0 {
		span := float64(call.retryDelay) * math.Pow(2, float64(attempt-1))
		wish = time.Duration(rand.Float64() * min(span, float64(call.maxRetryDelay)))
	}
	return min(wish, call.maxRetryDelay)
}

var jsonType = regexp.MustCompile(`(?i)^[^;]+[/+]json *(;|$)`)

// jsonOf is the body as JSON; a text is a string.
func jsonOf(found *answer) json.RawMessage {
	kind := found.header.Get("Content-Type")
	if jsonType.MatchString(kind) {
		return found.body
	}
	if len(found.body) == 0 && !strings.HasPrefix(strings.ToLower(kind), "text/") {
		return json.RawMessage("null")
	}
	text, _ := encodeJSON(string(found.body))
	return text
}

// decoded is the body of a success by its declared type. Some statuses have none.
func decoded[T any](op *operation, found *answer, decode decoder[T]) (T, error) {
	var value T
	body := jsonOf(found)
	if isNull(body) {
		return value, nil
	}
	value, err := decode(body)
	if err != nil {
		return value, &TransportError{TransportDecode, op.name, found.attempts, err}
	}
	return value, nil
}

// result makes a call whose success has a body.
func result[T any](ctx context.Context, s *settings, op *operation, args []argument, options []CallOption, decode decoder[T]) (T, error) {
	found, err := s.send(ctx, op, args, options, false)
	if err != nil {
		var none T
		return none, err
	}
	return decoded(op, found, decode)
}

// anything is the body where an operation declares nothing: JSON, text or bytes, by its content type.
func anything(op *operation, found *answer) (any, error) {
	kind := strings.ToLower(found.header.Get("Content-Type"))
	isText := kind == "" || strings.HasPrefix(kind, "text/") || strings.Contains(kind, "xml") || jsonType.MatchString(kind)
	if len(found.body) > 0 && !isText {
		return found.body, nil
	}
	return decoded(op, found, plain[any])
}

// walk yields the pages of a route.
func walk[T any](ctx context.Context, s *settings, op *operation, args []argument, options []CallOption, decode func(*answer) (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		sent := slices.Clone(args)
		last := ""
		for {
			var none T
			found, err := s.send(ctx, op, sent, options, false)
			if err != nil {
				yield(none, err)
				return
			}
			page, err := decode(found)
			if !yield(page, err) || err != nil {
				return
			}
			cursor := nextCursor(op.pages, found)
			if cursor == "" {
				return
			}
			if cursor == last {
				// A server that forgets to move on would be asked forever.
				yield(none, &TransportError{TransportDecode, op.name, found.attempts, errors.New("the cursor does not move")})
				return
			}
			last = cursor
			sent = slices.DeleteFunc(sent, func(arg argument) bool { return arg.in == inQuery && arg.name == op.pages.cursor })
			sent = append(sent, argument{inQuery, op.pages.cursor, cursor})
		}
	}
}

// walkItems yields what the pages of a route list, one after the other.
func walkItems[T any](ctx context.Context, s *settings, op *operation, args []argument, options []CallOption, decode decoder[T]) iter.Seq2[T, error] {
	pages := walk(ctx, s, op, args, options, func(found *answer) ([]T, error) {
		list := at(jsonOf(found), op.pages.items)
		if isNull(list) {
			return nil, nil
		}
		items, err := listOf(decode)(list)
		if err != nil {
			err = &TransportError{TransportDecode, op.name, found.attempts, err}
		}
		return items, err
	})
	return func(yield func(T, error) bool) {
		for items, err := range pages {
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range items {
				if !yield(item, nil) {
					return
				}
			}
		}
	}
}

func nextCursor(pages *paging, found *answer) string {
	if pages.header != "" {
		return found.header.Get(pages.header)
	}
	cursor, err := plain[any](at(jsonOf(found), pages.next))
	if err != nil || cursor == nil {
		return ""
	}
	text, err := textOf(cursor)
	if err != nil {
		return ""
	}
	return text
}
