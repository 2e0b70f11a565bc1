package sdk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// socketDescription is what is known of the WebSocket API when the SDK is made.
type socketDescription struct {
	stage string
	urls  map[string]string
	// keyPath is where a message has the key of its route; nil: the caller sets what chooses it.
	keyPath      []string
	messageBytes int
	frameBytes   int
	auth         []credentialUse
	signed       bool
	events       map[string]func(json.RawMessage) (SocketEvent, error)
}

// SocketEvent is what the server sends on its own.
type SocketEvent interface{ isSocketEvent() }

// UnknownEvent is an event that is newer than this package, or whose data is not what the API declares.
type UnknownEvent struct {
	Event string
	Data  json.RawMessage
}

func (UnknownEvent) isSocketEvent() {}

// SocketLifeKind says what happens to a connection.
type SocketLifeKind string

// SocketOpened is the first handshake.
const SocketOpened SocketLifeKind = "opened"

// SocketReopened is a handshake after a loss or a roll-over, when the hook of WithOnReopen is done.
const SocketReopened SocketLifeKind = "reopened"

// SocketReconnecting is a connection that was lost, or could not be opened; Attempt and Pause say when it is tried again.
const SocketReconnecting SocketLifeKind = "reconnecting"

// SocketEnded is the end, for good.
const SocketEnded SocketLifeKind = "closed"

// SocketUnknown is a message that nobody waits for, an event that nobody listens to, or one that is not known; it is in Raw.
const SocketUnknown SocketLifeKind = "unknown"

// SocketFailed is an error of a message that nobody waits for, or of the hook of WithOnReopen.
const SocketFailed SocketLifeKind = "error"

// SocketLife is what Watch tells of.
type SocketLife struct {
	Kind    SocketLifeKind
	Err     error
	Attempt int
	Pause   time.Duration
	Raw     json.RawMessage
}

// pendingReply is a request that was sent.
type pendingReply struct {
	// id tells replies of one route apart; without one they come in the order of the requests.
	id     string
	conn   *wire
	answer chan socketReply
}

type socketReply struct {
	raw json.RawMessage
	err error
}

func (p *pendingReply) settle(raw json.RawMessage, err error) {
	select {
	case p.answer <- socketReply{raw, err}:
	default:
	}
}

type outgoing struct {
	text  []byte
	entry *pendingReply
}

// listening is a function that is told of something, in a place of its own, as functions cannot be compared.
type listening[F any] struct{ tell F }

// Socket is a connection to the WebSocket API that opens itself again. It may be used by many goroutines at once.
type Socket struct {
	settings *socketSettings
	// life ends with the socket.
	life  context.Context
	done  context.CancelFunc
	ready chan struct{}
	// told runs listeners one after the other, so that reading does not wait for them, unless very many events do.
	told chan func()

	mu         sync.Mutex
	hasStarted bool
	hasOpened  bool
	isFlushing bool
	end        *SocketError
	conn       *wire
	attempts   int
	lastID     int
	pending    []*pendingReply
	queue      []outgoing
	// listeners say whether an event was theirs.
	listeners []*listening[func(SocketEvent) bool]
	watchers  []*listening[func(SocketLife)]
}

// NewSocket makes a connection; Connect opens it. Listeners that are added in between miss nothing.
func NewSocket(options ...SocketOption) *Socket {
	life, done := context.WithCancel(context.Background())
	return &Socket{
		settings: newSocketSettings(options),
		life:     life,
		done:     done,
		ready:    make(chan struct{}),
		told:     make(chan func(), 1024),
	}
}

// Connect opens the connection, and waits until the first handshake is done; the context limits that alone. A refusal by a
// status such as 403 is final, everything else is tried again.
func (s *Socket) Connect(ctx context.Context) error {
	s.mu.Lock()
	isFirst := !s.hasStarted && s.end == nil
	s.hasStarted = s.hasStarted || isFirst
	s.mu.Unlock()
	if isFirst {
		go s.dispatch()
		go s.open()
	}
	select {
	case <-s.ready:
		return nil
	case <-s.life.Done():
		return s.ending()
	case <-ctx.Done():
		err := abortedError(ctx)
		s.finish(err)
		return err
	}
}

// String tells no secret.
func (s *Socket) String() string { return "Socket(" + s.State() + ")" }

// GoString tells none either.
func (s *Socket) GoString() string { return s.String() }

// State is connecting, open or closed.
func (s *Socket) State() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.end != nil:
		return "closed"
	case s.conn != nil:
		return "open"
	default:
		return "connecting"
	}
}

// Close ends the connection for good.
func (s *Socket) Close() error { return s.CloseWith(1000, "") }

// CloseWith ends the connection for good, with a code (1000, or 3000 to 4999) and a reason.
func (s *Socket) CloseWith(code int, reason string) error {
	if code != 1000 && (code < 3000 || code > 4999) {
		return fmt.Errorf("a client cannot close with %d", code)
	}
	s.finish(&SocketError{Kind: SocketClosed, Code: code, Reason: reason, Meaning: meaningOf(code)})
	return nil
}

// OnEvent listens to all events. Listeners are called one after the other; what is returned ends it.
func (s *Socket) OnEvent(listener func(SocketEvent)) (stop func()) {
	return s.onEvent(func(event SocketEvent) bool {
		listener(event)
		return true
	})
}

// onEvent adds a listener that says whether an event was its own.
func (s *Socket) onEvent(listener func(SocketEvent) bool) (stop func()) {
	return listen(s, &s.listeners, listener)
}

// Watch listens to the life of the connection. What is returned ends it.
func (s *Socket) Watch(watcher func(SocketLife)) (stop func()) {
	return listen(s, &s.watchers, watcher)
}

// Events are the events from the beginning of the loop on, until the context or the connection ends.
func (s *Socket) Events(ctx context.Context) iter.Seq[SocketEvent] {
	return func(yield func(SocketEvent) bool) {
		over := make(chan struct{})
		found := make(chan SocketEvent)
		stop := s.OnEvent(func(event SocketEvent) {
			select {
			case found <- event:
			case <-over:
			case <-ctx.Done():
			}
		})
		ended := make(chan struct{})
		var once sync.Once
		stopWatching := s.Watch(func(life SocketLife) {
			if life.Kind == SocketEnded {
				once.Do(func() { close(ended) })
			}
		})
		defer stopWatching()
		defer stop()
		defer close(over)
		if s.State() == "closed" {
			return
		}
		for {
			select {
			case event := <-found:
				if !yield(event) {
					return
				}
			case <-ended:
				return
			case <-ctx.Done():
				return
			}
		}
	}
}

func listen[F any](s *Socket, all *[]*listening[F], tell F) func() {
	entry := &listening[F]{tell}
	s.mu.Lock()
	defer s.mu.Unlock()
	*all = append(slices.Clone(*all), entry)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		*all = slices.DeleteFunc(slices.Clone(*all), func(other *listening[F]) bool { return other == entry })
	}
}

func (s *Socket) dispatch() {
	for tell := range s.told {
		if tell == nil {
			return
		}
		tell()
	}
}

// tell has something done after all that was told before.
func (s *Socket) tell(what func()) {
	select {
	case s.told <- what:
	case <-s.life.Done():
	}
}

func (s *Socket) watched(life SocketLife) {
	s.tell(func() { s.tellWatchers(life) })
}

func (s *Socket) tellWatchers(life SocketLife) {
	s.mu.Lock()
	watchers := s.watchers
	s.mu.Unlock()
	for _, watcher := range watchers {
		watcher.tell(life)
	}
}

func (s *Socket) ending() *SocketError {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.end
}

// finish ends everything, once.
func (s *Socket) finish(err *SocketError) {
	s.mu.Lock()
	if s.end != nil {
		s.mu.Unlock()
		return
	}
	s.end = err
	conn, pending, hasStarted := s.conn, s.pending, s.hasStarted
	for _, waiting := range s.queue {
		if waiting.entry != nil {
			pending = append(pending, waiting.entry)
		}
	}
	s.conn, s.pending, s.queue = nil, nil, nil
	s.mu.Unlock()
	s.done()
	for _, entry := range pending {
		entry.settle(nil, err)
	}
	if conn != nil {
		code, reason := 1000, ""
		if err.Kind == SocketClosed && err.Code != 1006 {
			code, reason = err.Code, err.Reason
		}
		conn.close(code, reason)
	}
	if hasStarted {
		go func() {
			s.told <- func() { s.tellWatchers(SocketLife{Kind: SocketEnded, Err: err}) }
			s.told <- nil
		}()
	}
}

// open makes a handshake, now or after pauses.
func (s *Socket) open() {
	conn, err := s.dial()
	if err != nil {
		s.failed(err)
		return
	}
	s.opened(conn)
}

func (s *Socket) dial() (*wire, error) {
	ctx, cancel := context.WithTimeout(s.life, s.settings.handshakeTimeout)
	defer cancel()
	request, err := s.settings.handshake(ctx)
	if err != nil {
		return nil, &SocketError{Kind: SocketRefused, Err: err}
	}
	conn, err := dialWire(s.settings.transport, request, s.settings.protocols)
	var refused *refusedHandshake
	if errors.As(err, &refused) {
		return nil, &SocketError{Kind: SocketRefused, Status: refused.status, Err: err}
	}
	if err != nil {
		return nil, &SocketError{Kind: SocketRefused, Err: err}
	}
	return conn, nil
}

// opened puts a connection in place of the one before, if there is one.
func (s *Socket) opened(conn *wire) {
	s.mu.Lock()
	if s.end != nil {
		s.mu.Unlock()
		conn.close(1000, "")
		return
	}
	previous, isAgain := s.conn, s.hasOpened
	s.conn, s.hasOpened, s.isFlushing, s.attempts = conn, true, false, 0
	s.mu.Unlock()
	go s.read(conn)
	go s.keepAlive(conn)
	// Before what has been waiting: it may need what the hook subscribes to.
	if isAgain && s.settings.onReopen != nil {
		if err := s.settings.onReopen(s.life, s); err != nil {
			s.watched(SocketLife{Kind: SocketFailed, Err: err})
		}
	}
	s.flush(conn)
	kind := SocketOpened
	if isAgain {
		kind = SocketReopened
	} else {
		close(s.ready)
	}
	s.watched(SocketLife{Kind: kind})
	if previous != nil {
		go s.retire(previous)
	}
}

// flush sends what has been waiting for a connection.
func (s *Socket) flush(conn *wire) {
	for {
		s.mu.Lock()
		if s.conn != conn || s.end != nil {
			s.mu.Unlock()
			return
		}
		s.isFlushing = len(s.queue) > 0
		if !s.isFlushing {
			s.mu.Unlock()
			return
		}
		next := s.queue[0]
		s.queue = s.queue[1:]
		s.mu.Unlock()
		if err := s.write(s.life, conn, next); err != nil {
			s.mu.Lock()
			s.queue = append([]outgoing{next}, s.queue...)
			s.mu.Unlock()
			return
		}
	}
}

// retire closes an old connection when its requests have their replies.
func (s *Socket) retire(conn *wire) {
	for {
		s.mu.Lock()
		isWaiting := slices.ContainsFunc(s.pending, func(entry *pendingReply) bool { return entry.conn == conn })
		s.mu.Unlock()
		if !isWaiting {
			conn.close(1000, "")
			return
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-conn.gone:
			return
		}
	}
}

// keepAlive keeps within the gateway's limits: ten minutes without a message, two hours in all. A peer that answers no ping is gone.
func (s *Socket) keepAlive(conn *wire) {
	beat := newTicks(s.settings.heartbeat)
	defer beat.Stop()
	age := newTicks(s.settings.rollOver)
	defer age.Stop()
	for {
		select {
		case <-conn.gone:
			return
		case <-beat.C:
			if !conn.heard.Swap(false) || conn.ping(s.settings.heartbeat) != nil {
				conn.drop()
				return
			}
		case <-age.C:
			s.mu.Lock()
			isCurrent := s.conn == conn
			s.mu.Unlock()
			if !isCurrent {
				return
			}
			if next, err := s.dial(); err == nil {
				s.opened(next)
			} else {
				// The old one serves on.
				age.Reset(max(s.settings.rollOver/100, time.Second))
			}
		}
	}
}

// newTicks never ticks where the time is zero.
func newTicks(every time.Duration) *time.Ticker {
	if every > 0 {
		return time.NewTicker(every)
	}
	ticker := time.NewTicker(time.Hour)
	ticker.Stop()
	return ticker
}

func (s *Socket) read(conn *wire) {
	for {
		message, err := conn.read()
		if err != nil {
			s.lost(conn, err)
			return
		}
		s.received(conn, message)
	}
}

func (s *Socket) lost(conn *wire, err error) {
	found := closedError(err)
	s.mu.Lock()
	var left []*pendingReply
	for _, entry := range s.pending {
		if entry.conn == conn {
			entry.settle(nil, found)
		} else {
			left = append(left, entry)
		}
	}
	s.pending = left
	isCurrent := s.conn == conn
	if isCurrent {
		s.conn, s.isFlushing = nil, false
	}
	s.mu.Unlock()
	if isCurrent {
		s.failed(found)
	}
}

// failed tries again after a pause that grows, a random part of it.
func (s *Socket) failed(err error) {
	var found *SocketError
	if !errors.As(err, &found) {
		found = &SocketError{Kind: SocketRefused, Err: err}
	}
	s.mu.Lock()
	again := s.settings.reconnect
	isFinal := !s.hasOpened && found.Status >= 400 && found.Status < 500 && found.Status != 408 && found.Status != 429
	if s.end != nil || isFinal || s.attempts >= again.Attempts {
		s.mu.Unlock()
		s.finish(found)
		return
	}
	span := float64(again.Delay) * math.Pow(2, float64(s.attempts))
	pause := time.Duration(rand.Float64() * min(span, float64(again.MaxDelay)))
	s.attempts++
	attempt := s.attempts
	s.mu.Unlock()
	s.watched(SocketLife{Kind: SocketReconnecting, Err: found, Attempt: attempt, Pause: pause})
	go func() {
		select {
		case <-time.After(pause):
			s.open()
		case <-s.life.Done():
		}
	}()
}

// send sends a message to a route; it waits where there is no connection.
func (s *Socket) send(ctx context.Context, route string, message any) error {
	text, err := s.textOf(route, message, "")
	if err != nil {
		return err
	}
	return s.sendText(ctx, outgoing{text, nil})
}

// request sends a message to a route and waits for its reply.
func (s *Socket) request(ctx context.Context, route string, message any, isCorrelated bool) (json.RawMessage, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, s.settings.replyTimeout, errNoReply)
	defer cancel()
	entry := &pendingReply{answer: make(chan socketReply, 1)}
	if isCorrelated {
		s.mu.Lock()
		s.lastID++
		entry.id = strconv.Itoa(s.lastID)
		s.mu.Unlock()
	}
	text, err := s.textOf(route, message, entry.id)
	if err != nil {
		return nil, err
	}
	defer s.forget(entry)
	if err := s.sendText(ctx, outgoing{text, entry}); err != nil {
		return nil, err
	}
	select {
	case found := <-entry.answer:
		return found.raw, found.err
	case <-ctx.Done():
		return nil, abortedError(ctx)
	}
}

// replied is the reply to a message as its declared type.
func replied[T any](ctx context.Context, s *Socket, route string, message any, isCorrelated bool, decode decoder[T]) (T, error) {
	var value T
	raw, err := s.request(ctx, route, message, isCorrelated)
	if err != nil || isNull(raw) {
		return value, err
	}
	if value, err = decode(raw); err != nil {
		err = &SocketError{Kind: SocketDecode, Err: err}
	}
	return value, err
}

func (s *Socket) forget(entry *pendingReply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending = slices.DeleteFunc(slices.Clone(s.pending), func(other *pendingReply) bool { return other == entry })
	s.queue = slices.DeleteFunc(slices.Clone(s.queue), func(other outgoing) bool { return other.entry == entry && entry != nil })
}

// textOf is a message with the key of its route, and with the id that its reply will have.
func (s *Socket) textOf(route string, message any, id string) ([]byte, error) {
	body, err := encodeJSON(message)
	if err != nil {
		return nil, err
	}
	if len(socketAPI.keyPath) == 0 || route == "$default" {
		if text, err := plain[string](body); err == nil {
			return []byte(text), nil
		}
		if isKind(body, '{') && id != "" {
			return withMember(body, []string{"$id"}, id)
		}
		return body, nil
	}
	if body, err = withMember(body, socketAPI.keyPath, route); err != nil || id == "" {
		return body, err
	}
	return withMember(body, []string{"$id"}, id)
}

// withMember sets a text in an object; what is no object on the way becomes one.
func withMember(raw json.RawMessage, path []string, value string) (json.RawMessage, error) {
	if len(path) == 0 {
		return encodeJSON(value)
	}
	members := map[string]json.RawMessage{}
	if isKind(raw, '{') {
		found, err := plain[map[string]json.RawMessage](raw)
		if err != nil {
			return nil, err
		}
		members = found
	}
	inner, err := withMember(members[path[0]], path[1:], value)
	if err != nil {
		return nil, err
	}
	members[path[0]] = inner
	return encodeJSON(members)
}

func (s *Socket) sendText(ctx context.Context, message outgoing) error {
	if most := socketAPI.messageBytes; len(message.text) > most {
		return &SocketError{Kind: SocketTooLarge, Err: fmt.Errorf("a message of %d bytes; at most %d may be sent", len(message.text), most)}
	}
	s.mu.Lock()
	if s.end != nil {
		defer s.mu.Unlock()
		return s.end
	}
	conn := s.conn
	if conn == nil || s.isFlushing {
		defer s.mu.Unlock()
		if len(s.queue) >= s.settings.queueLimit {
			return &SocketError{Kind: SocketQueueFull, Err: fmt.Errorf("%d messages wait for the connection already", len(s.queue))}
		}
		s.queue = append(s.queue, message)
		return nil
	}
	s.mu.Unlock()
	return s.write(ctx, conn, message)
}

// write writes a message. A context that ends meanwhile does not break the connection: the rest of the message goes out without the caller.
func (s *Socket) write(ctx context.Context, conn *wire, message outgoing) error {
	if err := conn.acquire(ctx); err != nil {
		if ctx.Err() != nil {
			return abortedError(ctx)
		}
		return closedError(err)
	}
	if ctx.Err() != nil {
		conn.release()
		return abortedError(ctx)
	}
	if message.entry != nil {
		s.mu.Lock()
		message.entry.conn = conn
		s.pending = append(slices.Clone(s.pending), message.entry)
		s.mu.Unlock()
	}
	done := make(chan error, 1)
	go func() {
		err := conn.text(message.text, socketAPI.frameBytes)
		conn.release()
		done <- err
	}()
	select {
	case err := <-done:
		if err != nil {
			return closedError(err)
		}
		return nil
	case <-ctx.Done():
		return abortedError(ctx)
	}
}

// received finds out who waits for a message: the reply to a request, an event, the failure of a message.
func (s *Socket) received(conn *wire, text []byte) {
	raw := json.RawMessage(text)
	if !json.Valid(text) {
		raw, _ = encodeJSON(string(text))
	}
	if isKind(raw, '{') {
		members, _ := plain[map[string]json.RawMessage](raw)
		id, hasID := textMember(members, "$id")
		event, isEvent := textMember(members, "event")
		reply, hasReply := members["reply"]
		data, hasData := members["data"]
		switch {
		case hasID && hasReply:
			if entry := s.waiting(func(entry *pendingReply) bool { return entry.id == id }); entry != nil {
				entry.settle(reply, nil)
			}
			return
		case isEvent && hasData:
			s.happened(event, data, raw)
			return
		}
		if s.isFailure(conn, members) {
			return
		}
	}
	if entry := s.waiting(func(entry *pendingReply) bool { return entry.id == "" && entry.conn == conn }); entry != nil {
		entry.settle(raw, nil)
		return
	}
	s.watched(SocketLife{Kind: SocketUnknown, Raw: raw})
}

func (s *Socket) happened(name string, data, raw json.RawMessage) {
	var event SocketEvent = UnknownEvent{name, data}
	if decode, ok := socketAPI.events[name]; ok {
		if found, err := decode(data); err == nil {
			event = found
		}
	}
	s.tell(func() {
		s.mu.Lock()
		listeners := s.listeners
		s.mu.Unlock()
		isHeard := false
		for _, listener := range listeners {
			isHeard = listener.tell(event) || isHeard
		}
		if _, isUnknown := event.(UnknownEvent); isUnknown || !isHeard {
			s.tellWatchers(SocketLife{Kind: SocketUnknown, Raw: raw})
		}
	})
}

// isFailure takes an error of the gateway for the message that has waited longest: it does not say which one has failed.
func (s *Socket) isFailure(conn *wire, members map[string]json.RawMessage) bool {
	message, hasMessage := textMember(members, "message")
	_, hasConnection := textMember(members, "connectionId")
	if !hasMessage || !hasConnection {
		return false
	}
	id, hasID := textMember(members, "requestId")
	if !hasID {
		id, _ = textMember(members, "messageId")
	}
	err := &SocketError{Kind: SocketRejected, RequestID: id, Err: errors.New(message)}
	if entry := s.waiting(func(entry *pendingReply) bool { return entry.conn == conn }); entry != nil {
		entry.settle(nil, err)
	} else {
		s.watched(SocketLife{Kind: SocketFailed, Err: err})
	}
	return true
}

// waiting takes the first request of a kind out of those that wait.
func (s *Socket) waiting(isIt func(*pendingReply) bool) *pendingReply {
	s.mu.Lock()
	defer s.mu.Unlock()
	place := slices.IndexFunc(s.pending, isIt)
	if place < 0 {
		return nil
	}
	entry := s.pending[place]
	s.pending = slices.Delete(slices.Clone(s.pending), place, place+1)
	return entry
}

func textMember(members map[string]json.RawMessage, name string) (string, bool) {
	if !isKind(members[name], '"') {
		return "", false
	}
	text, err := plain[string](members[name])
	return text, err == nil
}

// handshake is the request that opens a connection; credentials are asked anew each time.
func (c *socketSettings) handshake(ctx context.Context) (*http.Request, error) {
	address, err := url.Parse(strings.Replace(c.url, "ws", "http", 1))
	if err != nil || !strings.HasPrefix(c.url, "ws") {
		return nil, fmt.Errorf("%q is no address of a WebSocket", c.url)
	}
	if address.Path == "" {
		address.Path = "/"
	}
	var query []string
	if address.RawQuery != "" {
		query = append(query, address.RawQuery)
	}
	for _, name := range sortedKeys(c.query) {
		for _, value := range c.query[name] {
			query = append(query, escaped(name)+"="+escaped(value))
		}
	}
	address.RawQuery = strings.Join(query, "&")
	header := c.header.Clone()
	if header == nil {
		header = http.Header{}
	}
	info := CallInfo{Operation: "$connect", Attempt: 1}
	whole, err := carry(ctx, info, socketAPI.auth, c.credentials, address.String(), header)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, whole, nil)
	if err != nil {
		return nil, err
	}
	request.Header = header
	if socketAPI.signed && c.iam != nil {
		err = c.iam.sign(request, nil)
	}
	return request, err
}

var errNoReply = errors.New("no reply in time")

func abortedError(ctx context.Context) *SocketError {
	cause := context.Cause(ctx)
	if errors.Is(cause, errNoReply) || errors.Is(cause, context.DeadlineExceeded) {
		return &SocketError{Kind: SocketTimeout, Err: cause}
	}
	return &SocketError{Kind: SocketAborted, Err: cause}
}

func closedError(err error) *SocketError {
	var end *closeFrame
	if errors.As(err, &end) {
		return &SocketError{Kind: SocketClosed, Code: end.code, Reason: end.reason, Meaning: meaningOf(end.code)}
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return &SocketError{Kind: SocketClosed, Code: 1006, Meaning: CloseLost, Err: err}
}
