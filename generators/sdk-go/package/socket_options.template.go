package sdk

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// SocketOption is a setting of a WebSocket client, for NewSocket. Credentials of calls are settings of it as well.
type SocketOption interface{ applySocket(*socketSettings) }

type socketOption func(*socketSettings)

func (o socketOption) applySocket(s *socketSettings) { o(s) }

func (o CredentialOption) applySocket(s *socketSettings) { s.credentials[o.name] = o.credential }

func (o IAMOption) applySocket(s *socketSettings) { s.iam = &o.signer }

type socketSettings struct {
	url              string
	query            url.Values
	header           http.Header
	protocols        []string
	transport        http.RoundTripper
	credentials      map[string]Credential
	iam              *SigV4
	reconnect        Reconnect
	heartbeat        time.Duration
	rollOver         time.Duration
	replyTimeout     time.Duration
	handshakeTimeout time.Duration
	queueLimit       int
	onReopen         func(context.Context, *Socket) error
}

func newSocketSettings(options []SocketOption) *socketSettings {
	s := &socketSettings{
		url:              socketAPI.urls[socketAPI.stage],
		query:            url.Values{},
		header:           http.Header{},
		transport:        http.DefaultTransport,
		credentials:      map[string]Credential{},
		reconnect:        Reconnect{Attempts: 10, Delay: 250 * time.Millisecond, MaxDelay: 30 * time.Second},
		heartbeat:        5 * time.Minute,
		rollOver:         110 * time.Minute,
		replyTimeout:     30 * time.Second,
		handshakeTimeout: 30 * time.Second,
		queueLimit:       100,
	}
	for _, option := range options {
		option.applySocket(s)
	}
	return s
}

// Reconnect says how often a connection is opened again in a row, how long the first pause is at most, and how long any.
type Reconnect struct {
	Attempts int
	Delay    time.Duration
	MaxDelay time.Duration
}

// WithSocketURL connects to another address than the stage's: wss://…, with the stage.
func WithSocketURL(address string) SocketOption {
	return socketOption(func(s *socketSettings) { s.url = address })
}

// WithSocketStage connects to a stage by its name.
func WithSocketStage(stage Stage) SocketOption {
	return socketOption(func(s *socketSettings) { s.url = socketAPI.urls[string(stage)] })
}

// WithSocketQuery sends a parameter with the handshake.
func WithSocketQuery(name, value string) SocketOption {
	return socketOption(func(s *socketSettings) { s.query.Add(name, value) })
}

// WithSocketHeader sends a header with the handshake.
func WithSocketHeader(name, value string) SocketOption {
	return socketOption(func(s *socketSettings) { s.header.Set(name, value) })
}

// WithSocketProtocols offers subprotocols.
func WithSocketProtocols(protocols ...string) SocketOption {
	return socketOption(func(s *socketSettings) { s.protocols = protocols })
}

// WithSocketTransport makes handshakes by another transport than http.DefaultTransport; it must hand over the connection with a 101.
func WithSocketTransport(transport http.RoundTripper) SocketOption {
	return socketOption(func(s *socketSettings) { s.transport = transport })
}

// WithReconnect says how a lost connection is opened again; the default is ten attempts, 250 ms, doubled each time, 30 s.
func WithReconnect(again Reconnect) SocketOption {
	return socketOption(func(s *socketSettings) { s.reconnect = again })
}

// WithHeartbeat is the pause between two pings, below the gateway's ten minutes; the default is five minutes, 0 is none.
func WithHeartbeat(every time.Duration) SocketOption {
	return socketOption(func(s *socketSettings) { s.heartbeat = every })
}

// WithRollOver is the age at which another connection takes over, below the gateway's two hours; the default is 110 minutes, 0 is never.
func WithRollOver(age time.Duration) SocketOption {
	return socketOption(func(s *socketSettings) { s.rollOver = age })
}

// WithReplyTimeout says how long replies are waited for; the default is 30 seconds.
func WithReplyTimeout(limit time.Duration) SocketOption {
	return socketOption(func(s *socketSettings) { s.replyTimeout = limit })
}

// WithQueueLimit says how many messages may wait for the connection; the default is 100.
func WithQueueLimit(messages int) SocketOption {
	return socketOption(func(s *socketSettings) { s.queueLimit = messages })
}

// WithOnReopen subscribes again after a loss or a roll-over, before messages that have been waiting are sent.
func WithOnReopen(hook func(ctx context.Context, socket *Socket) error) SocketOption {
	return socketOption(func(s *socketSettings) { s.onReopen = hook })
}

// SocketErrorKind says what is wrong.
type SocketErrorKind string

// SocketAborted is a context that was canceled.
const SocketAborted SocketErrorKind = "aborted"

// SocketClosed is a connection that has ended; Code, Reason and Meaning say why.
const SocketClosed SocketErrorKind = "closed"

// SocketRejected is a message that the gateway answered with an error; RequestID finds it in the logs.
const SocketRejected SocketErrorKind = "failed"

// SocketQueueFull is a message too many that would wait for the connection.
const SocketQueueFull SocketErrorKind = "queue-full"

// SocketRefused is a connection that could not be opened; Status is that of the answer, 0 where there was none.
const SocketRefused SocketErrorKind = "refused"

// SocketTimeout is a reply that did not come in time.
const SocketTimeout SocketErrorKind = "timeout"

// SocketTooLarge is a message that is longer than the gateway takes.
const SocketTooLarge SocketErrorKind = "too-large"

// SocketDecode is a reply that is not what the API declares.
const SocketDecode SocketErrorKind = "decode"

// CloseMeaning says why a connection ended, in API Gateway's terms.
type CloseMeaning string

// CloseNormal is 1000.
const CloseNormal CloseMeaning = "normal"

// CloseGoingAway is 1001: ten minutes without a message, two hours in all, or the server goes down.
const CloseGoingAway CloseMeaning = "going-away"

// CloseProtocolError is 1002.
const CloseProtocolError CloseMeaning = "protocol-error"

// CloseNotText is 1003.
const CloseNotText CloseMeaning = "not-text"

// CloseLost is 1006: without a word.
const CloseLost CloseMeaning = "lost"

// CloseNotUTF8 is 1007.
const CloseNotUTF8 CloseMeaning = "not-utf8"

// CloseRefused is 1008.
const CloseRefused CloseMeaning = "refused"

// CloseTooBig is 1009: a message of more than 128 KB, or a frame of more than 32 KB.
const CloseTooBig CloseMeaning = "too-big"

// CloseServerError is 1011.
const CloseServerError CloseMeaning = "server-error"

// CloseApplication is a code from 4000 on.
const CloseApplication CloseMeaning = "application"

// CloseOther is any other code.
const CloseOther CloseMeaning = "other"

var closeMeanings = map[int]CloseMeaning{
	1000: CloseNormal,
	1001: CloseGoingAway,
	1002: CloseProtocolError,
	1003: CloseNotText,
	1006: CloseLost,
	1007: CloseNotUTF8,
	1008: CloseRefused,
	1009: CloseTooBig,
	1011: CloseServerError,
}

func meaningOf(code int) CloseMeaning {
	if meaning, ok := closeMeanings[code]; ok {
		return meaning
	}
	if code >= 4000 {
		return CloseApplication
	}
	return CloseOther
}

// SocketError is a problem of a connection. Kind tells which.
type SocketError struct {
	Kind SocketErrorKind
	// Code, Reason and Meaning are those of SocketClosed.
	Code    int
	Reason  string
	Meaning CloseMeaning
	// Status is that of SocketRefused.
	Status int
	// RequestID is that of SocketRejected.
	RequestID string
	Err       error
}

// Error is one line.
func (e *SocketError) Error() string {
	text := "websocket: " + string(e.Kind)
	if e.Kind == SocketClosed {
		text += fmt.Sprintf(": %d %s", e.Code, e.Meaning)
		if e.Reason != "" {
			text += " " + e.Reason
		}
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap is the cause.
func (e *SocketError) Unwrap() error { return e.Err }
