package sdk

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"
)

// maxIncomingBytes is how long a message of the server may be.
const maxIncomingBytes = 16 << 20

// Opcodes of frames (RFC 6455, 5.2).
const (
	opcodeContinuation = 0x0
	opcodeText         = 0x1
	opcodeBinary       = 0x2
	opcodeClose        = 0x8
	opcodePing         = 0x9
	opcodePong         = 0xa
)

// closeFrame ends a connection: the peer's code and reason, or what we found wrong.
type closeFrame struct {
	code   int
	reason string
}

func (e *closeFrame) Error() string { return fmt.Sprintf("closed: %d %s", e.code, e.reason) }

// refusedHandshake is an answer to a handshake that is no connection.
type refusedHandshake struct{ status int }

func (e *refusedHandshake) Error() string {
	return fmt.Sprintf("the handshake was answered by %d", e.status)
}

// wire is one WebSocket: frames there and back (RFC 6455).
type wire struct {
	stream io.ReadWriteCloser
	reader *bufio.Reader
	// token is held by whoever writes.
	token chan struct{}
	// gone is closed when the connection is.
	gone     chan struct{}
	once     sync.Once
	isClosed atomic.Bool
	// asked is the last ping that was not answered yet.
	asked atomic.Pointer[[]byte]
	// heard tells whether something has come since it was last asked.
	heard atomic.Bool
}

// dialWire makes the handshake. The transport gives up the connection with the answer 101; the context ends with the handshake.
func dialWire(transport http.RoundTripper, request *http.Request, protocols []string) (*wire, error) {
	var nonce [16]byte
	if _, err := rand.Read(nonce[:]); err != nil {
		return nil, err
	}
	key := base64.StdEncoding.EncodeToString(nonce[:])
	request.Header.Set("Connection", "Upgrade")
	request.Header.Set("Upgrade", "websocket")
	request.Header.Set("Sec-WebSocket-Version", "13")
	request.Header.Set("Sec-WebSocket-Key", key)
	if len(protocols) > 0 {
		request.Header.Set("Sec-WebSocket-Protocol", strings.Join(protocols, ", "))
	}
	response, err := transport.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	stream, isStream := response.Body.(io.ReadWriteCloser)
	if err := checkHandshake(response, key, protocols); err != nil || !isStream {
		response.Body.Close()
		if err == nil {
			err = errors.New("the transport does not hand over connections")
		}
		return nil, err
	}
	w := &wire{stream: stream, reader: bufio.NewReader(stream), token: make(chan struct{}, 1), gone: make(chan struct{})}
	w.heard.Store(true)
	return w, nil
}

func checkHandshake(response *http.Response, key string, protocols []string) error {
	if response.StatusCode != http.StatusSwitchingProtocols {
		return &refusedHandshake{response.StatusCode}
	}
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	if response.Header.Get("Sec-WebSocket-Accept") != base64.StdEncoding.EncodeToString(sum[:]) {
		return errors.New("the handshake was answered by something else than a WebSocket server")
	}
	if response.Header.Get("Sec-WebSocket-Extensions") != "" {
		return errors.New("the server chose an extension that was not offered")
	}
	if chosen := response.Header.Get("Sec-WebSocket-Protocol"); chosen != "" && !slices.Contains(protocols, chosen) {
		return errors.New("the server chose a subprotocol that was not offered")
	}
	return nil
}

// drop closes the connection without a word.
func (w *wire) drop() {
	w.once.Do(func() {
		close(w.gone)
		w.stream.Close()
	})
}

// close says why the connection ends, and drops it when the peer has not answered after a while.
func (w *wire) close(code int, reason string) {
	if w.isClosed.Swap(true) {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if w.acquire(ctx) != nil {
		w.drop()
		return
	}
	body := append(binary.BigEndian.AppendUint16(nil, uint16(code)), reason...)
	err := w.write(ctx, opcodeClose, true, body[:min(len(body), 125)])
	<-w.token
	if err != nil {
		w.drop()
		return
	}
	time.AfterFunc(5*time.Second, w.drop)
}

// ping asks the peer whether it is there.
func (w *wire) ping(limit time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	if err := w.acquire(ctx); err != nil {
		return err
	}
	defer w.release()
	return w.write(ctx, opcodePing, true, nil)
}

// acquire waits until nobody else writes.
func (w *wire) acquire(ctx context.Context) error {
	select {
	case w.token <- struct{}{}:
		return nil
	case <-w.gone:
		return io.ErrClosedPipe
	case <-ctx.Done():
		return ctx.Err()
	}
}

// release lets others write, after a ping that came in between was answered.
func (w *wire) release() {
	<-w.token
	w.answerPing()
}

// answerPing answers a ping unless somebody writes, who does it afterwards: reading never waits for writing.
func (w *wire) answerPing() {
	for w.asked.Load() != nil {
		select {
		case w.token <- struct{}{}:
		default:
			return
		}
		if payload := w.asked.Swap(nil); payload != nil && w.write(context.Background(), opcodePong, true, *payload) != nil {
			w.drop()
		}
		<-w.token
	}
}

// text writes a message, in frames of a certain length at most. Whoever calls it has the token.
func (w *wire) text(message []byte, frameBytes int) error {
	op := byte(opcodeText)
	for {
		part := message[:min(len(message), frameBytes)]
		message = message[len(part):]
		if err := w.write(context.Background(), op, len(message) == 0, part); err != nil {
			return err
		}
		if len(message) == 0 {
			return nil
		}
		op = opcodeContinuation
	}
}

// write writes a frame. A frame that is not written before the context ends is the end of the connection.
func (w *wire) write(ctx context.Context, op byte, isLast bool, payload []byte) error {
	frame := make([]byte, 0, len(payload)+14)
	if isLast {
		op |= 0x80
	}
	switch length := len(payload); {
	case length < 126:
		frame = append(frame, op, 0x80|byte(length))
	case length <= 0xffff:
		frame = binary.BigEndian.AppendUint16(append(frame, op, 0x80|126), uint16(length))
	default:
		frame = binary.BigEndian.AppendUint64(append(frame, op, 0x80|127), uint64(length))
	}
	var mask [4]byte
	if _, err := rand.Read(mask[:]); err != nil {
		return err
	}
	frame = append(frame, mask[:]...)
	for at, b := range payload {
		frame = append(frame, b^mask[at%4])
	}
	stop := context.AfterFunc(ctx, w.drop)
	_, err := w.stream.Write(frame)
	if !stop() {
		return context.Cause(ctx)
	}
	if err != nil {
		w.drop()
	}
	return err
}

// read reads the next message; a *closeFrame is the end.
func (w *wire) read() ([]byte, error) {
	var message []byte
	var kind byte
	for {
		op, isLast, payload, err := w.frame(maxIncomingBytes - len(message))
		if err != nil {
			return nil, w.failed(err)
		}
		w.heard.Store(true)
		switch {
		case op == opcodePing:
			w.asked.Store(&payload)
			w.answerPing()
		case op == opcodePong:
		case op == opcodeClose:
			return nil, w.closed(payload)
		case op == opcodeContinuation && kind == 0, op != opcodeContinuation && kind != 0, op > opcodeBinary:
			return nil, w.failed(&closeFrame{1002, "a frame out of order"})
		default:
			if op != opcodeContinuation {
				kind = op
			}
			message = append(message, payload...)
			if !isLast {
				continue
			}
			if kind == opcodeText && !utf8.Valid(message) {
				return nil, w.failed(&closeFrame{1007, "no UTF-8"})
			}
			return message, nil
		}
	}
}

// frame reads one frame, of a certain length at most.
func (w *wire) frame(limit int) (op byte, isLast bool, payload []byte, err error) {
	var head [8]byte
	if _, err = io.ReadFull(w.reader, head[:2]); err != nil {
		return
	}
	op, isLast = head[0]&0x0f, head[0]&0x80 != 0
	length, isControl := uint64(head[1]), head[0]&0x08 != 0
	if head[0]&0x70 != 0 || length > 127 || isControl && (!isLast || length > 125) {
		return 0, false, nil, &closeFrame{1002, "a malformed frame"}
	}
	switch length {
	case 126:
		_, err = io.ReadFull(w.reader, head[:2])
		length = uint64(binary.BigEndian.Uint16(head[:2]))
	case 127:
		_, err = io.ReadFull(w.reader, head[:])
		length = binary.BigEndian.Uint64(head[:])
	}
	if err != nil {
		return
	}
	if length > uint64(limit) {
		return 0, false, nil, &closeFrame{1009, "the message is too big"}
	}
	payload = make([]byte, length)
	_, err = io.ReadFull(w.reader, payload)
	return
}

// closed answers the peer's last frame.
func (w *wire) closed(payload []byte) error {
	end := &closeFrame{1005, ""}
	if len(payload) >= 2 {
		end = &closeFrame{int(binary.BigEndian.Uint16(payload)), strings.ToValidUTF8(string(payload[2:]), "\ufffd")}
	}
	code := end.code
	if code == 1005 {
		code = 1000
	}
	w.close(code, "")
	w.drop()
	return end
}

// failed tells the peer what it did wrong, if it was that.
func (w *wire) failed(err error) error {
	var wrong *closeFrame
	if errors.As(err, &wrong) {
		w.close(wrong.code, wrong.reason)
	}
	w.drop()
	return err
}
