package sdk

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ServerEvent is one of the server-sent events of a stream (HTML, section 9.2).
type ServerEvent struct {
	// Event is "message" where the server names none.
	Event string
	Data  string
	// LastEventID is where the stream goes on when it is opened again.
	LastEventID string
}

const longestEvent = 1 << 20

var errLongEvent = errors.New("an event of more than a megabyte")

// events opens a stream, and again where it ends or breaks off, until the server says that there is no more, or does not answer.
func (s *settings) events(ctx context.Context, op *operation, args []argument, options []CallOption) iter.Seq2[ServerEvent, error] {
	return func(yield func(ServerEvent, error) bool) {
		reader := eventReader{pause: 3 * time.Second}
		for {
			sent := options
			if reader.lastEventID != "" {
				sent = append(slices.Clone(options), WithHeader("Last-Event-ID", reader.lastEventID))
			}
			found, err := s.send(ctx, op, args, sent, true)
			if err != nil {
				yield(ServerEvent{}, err)
				return
			}
			over := found.status == 204 || !reader.read(found.stream, yield)
			found.stream.Close()
			if reader.tooLong {
				yield(ServerEvent{}, &TransportError{TransportDecode, op.name, found.attempts, errLongEvent})
			}
			if over || reader.tooLong {
				return
			}
			timer := time.NewTimer(reader.pause)
			select {
			case <-ctx.Done():
				timer.Stop()
				yield(ServerEvent{}, transportError(ctx, op, found.attempts, ctx.Err()))
				return
			case <-timer.C:
			}
		}
	}
}

// eventReader remembers what a stream has said for the one that goes on.
type eventReader struct {
	lastEventID string
	pause       time.Duration
	tooLong     bool
}

// read yields the events of one stream; false: nobody wants more.
func (r *eventReader) read(stream io.Reader, yield func(ServerEvent, error) bool) bool {
	lines := bufio.NewScanner(stream)
	lines.Buffer(nil, longestEvent)
	lines.Split(eventLines())
	var event ServerEvent
	var data []string
	id, size, isFirst := r.lastEventID, 0, true
	for lines.Scan() {
		line := strings.ToValidUTF8(lines.Text(), "\uFFFD")
		if isFirst {
			line, isFirst = strings.TrimPrefix(line, "\uFEFF"), false
		}
		if line == "" {
			r.lastEventID = id
			if data != nil {
				if event.Event == "" {
					event.Event = "message"
				}
				event.Data, event.LastEventID = strings.Join(data, "\n"), id
				if !yield(event, nil) {
					return false
				}
			}
			event, data, size = ServerEvent{}, nil, 0
			continue
		}
		if size += len(line); size > longestEvent {
			r.tooLong = true
			return true
		}
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch name {
		case "data":
			data = append(data, value)
		case "event":
			event.Event = value
		case "id":
			if !strings.Contains(value, "\x00") {
				id = value
			}
		case "retry":
			if ms, err := strconv.ParseUint(value, 10, 31); err == nil {
				r.pause = time.Duration(ms) * time.Millisecond
			}
		}
	}
	r.tooLong = errors.Is(lines.Err(), bufio.ErrTooLong)
	return true
}

// eventLines splits at CR, LF and CR LF; a line that has no end is none.
func eventLines() bufio.SplitFunc {
	afterCR := false
	return func(data []byte, atEOF bool) (int, []byte, error) {
		from := 0
		if afterCR && len(data) > 0 && data[0] == '\n' {
			from = 1
		}
		at := bytes.IndexAny(data[from:], "\r\n")
		switch {
		case at >= 0:
			afterCR = data[from+at] == '\r'
			return from + at + 1, data[from : from+at], nil
		case atEOF:
			return len(data), nil, nil
		case from > 0:
			afterCR = false
			return from, nil, nil
		}
		return 0, nil, nil
	}
}
