package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"scenario"
)

// socketStep is what a step with a connection says.
type socketStep struct {
	Socket, Presign            string
	Connect                    *connectStep
	Request, Send, Event, Told string
	Message                    json.RawMessage
	Requests                   [][2]json.RawMessage
	TimeoutMs, Rest            int
	Close                      []any
}

type connectStep struct {
	URL         string
	Auth        map[string]json.RawMessage
	HeartbeatMs int
	Reconnect   json.RawMessage
	OnReopen    *struct{ Route string }
}

type opened struct {
	*scenario.Socket
	told map[string]chan any
}

// sockets are connections by name.
var sockets = map[string]*opened{}

func observeSocket(s socketStep) (map[string]any, error) {
	ctx := context.Background()
	if s.Connect != nil {
		sockets[s.Socket] = openSocket(s.Connect)
		err := sockets[s.Socket].Connect(ctx)
		return map[string]any{"ok": sockets[s.Socket].State()}, err
	}
	if s.TimeoutMs > 0 {
		limited, cancel := context.WithTimeout(ctx, time.Duration(s.TimeoutMs)*time.Millisecond)
		defer cancel()
		ctx = limited
	}
	socket := sockets[s.Socket]
	var message struct{ Bytes *int }
	_ = json.Unmarshal(s.Message, &message)
	if message.Bytes != nil {
		s.Message, _ = json.Marshal(map[string]string{"text": strings.Repeat("x", *message.Bytes)})
	}
	switch {
	case s.Request != "":
		ok, err := socket.request(ctx, s.Request, s.Message)
		return map[string]any{"ok": ok}, err
	case s.Requests != nil:
		return socket.requests(ctx, s.Requests)
	case s.Rest > 0:
		time.Sleep(time.Duration(s.Rest) * time.Millisecond)
		return map[string]any{"ok": nil}, nil
	case s.Event != "":
		return socket.next(s.Event)
	case s.Told != "":
		return socket.next(s.Told)
	case s.Close != nil:
		err := socket.CloseWith(int(s.Close[0].(float64)), s.Close[1].(string))
		return map[string]any{"ok": socket.State()}, err
	}
	err := socket.send(ctx, s.Send, s.Message)
	return map[string]any{"ok": socket.State()}, err
}

// credential is a text, or of a list the next text each time.
func credential(raw json.RawMessage) scenario.Credential {
	var texts []string
	if json.Unmarshal(raw, &texts) != nil {
		return scenario.Static(decoded[string](raw))
	}
	return scenario.CredentialFunc(func(context.Context, scenario.CallInfo) (string, error) {
		next := texts[0]
		texts = texts[1:]
		return next, nil
	})
}

func openSocket(c *connectStep) *opened {
	address := strings.Replace(os.Args[2], "http", "ws", 1)
	if c.URL != "" {
		address = c.URL
	}
	options := []scenario.SocketOption{scenario.WithSocketURL(address), scenario.WithXClient(credential(c.Auth["xClient"]))}
	if token, ok := c.Auth["token"]; ok {
		options = append(options, scenario.WithToken(credential(token)))
	}
	if c.HeartbeatMs > 0 {
		options = append(options, scenario.WithHeartbeat(time.Duration(c.HeartbeatMs)*time.Millisecond))
	}
	if string(c.Reconnect) == "false" {
		options = append(options, scenario.WithReconnect(scenario.Reconnect{}))
	} else if c.Reconnect != nil {
		given := decoded[struct{ Attempts, DelayMs int }](c.Reconnect)
		if given.Attempts == 0 {
			given.Attempts = 10
		}
		delay := time.Duration(given.DelayMs) * time.Millisecond
		options = append(options, scenario.WithReconnect(scenario.Reconnect{Attempts: given.Attempts, Delay: delay, MaxDelay: time.Second}))
	}
	if c.OnReopen != nil {
		options = append(options, scenario.WithOnReopen(func(ctx context.Context, socket *scenario.Socket) error {
			_, err := socket.RequestWhoAmI(ctx, nil)
			return err
		}))
	}
	made := &opened{scenario.NewSocket(options...), map[string]chan any{}}
	for _, name := range []string{"Said", "Ended", "Counted", "reopened", "closed", "unknown"} {
		made.told[name] = make(chan any, 100)
	}
	made.OnSaid(func(data scenario.SaidData) { made.told["Said"] <- data })
	made.OnEnded(func(data scenario.EndedData) { made.told["Ended"] <- data })
	made.OnCounted(func(data scenario.Exact) { made.told["Counted"] <- data })
	made.Watch(func(life scenario.SocketLife) {
		switch life.Kind {
		case scenario.SocketReopened:
			made.told["reopened"] <- nil
		case scenario.SocketEnded:
			made.told["closed"] <- life.Err
		case scenario.SocketUnknown:
			made.told["unknown"] <- life.Raw
		}
	})
	return made
}

func (o *opened) next(name string) (map[string]any, error) {
	select {
	case found := <-o.told[name]:
		if err, isError := found.(error); isError {
			return nil, err
		}
		return map[string]any{"ok": found}, nil
	case <-time.After(10 * time.Second):
		return nil, errors.New("nothing was told of " + name)
	}
}

func decoded[T any](raw json.RawMessage) T {
	var value T
	if err := json.Unmarshal(raw, &value); err != nil {
		panic(fmt.Sprint(string(raw), ": ", err))
	}
	return value
}

func (o *opened) request(ctx context.Context, route string, message json.RawMessage) (any, error) {
	switch route {
	case "echo":
		return o.RequestEcho(ctx, decoded[scenario.EchoMessage](message))
	case "exact":
		return o.RequestExact(ctx, decoded[scenario.ExactMessage](message))
	case "wait":
		return o.RequestWait(ctx, decoded[scenario.WaitMessage](message))
	case "whoAmI":
		return o.RequestWhoAmI(ctx, nil)
	case "count":
		return o.RequestCount(ctx, decoded[scenario.CountMessage](message))
	case "watch":
		return o.RequestWatch(ctx, nil)
	case "fail":
		return o.RequestFail(ctx, map[string]any{})
	case "version":
		return o.RequestVersion(ctx, nil)
	}
	return nil, errors.New("no such route")
}

func (o *opened) requests(ctx context.Context, all [][2]json.RawMessage) (map[string]any, error) {
	found, failed := make([]any, len(all)), make([]error, len(all))
	var group sync.WaitGroup
	for at, one := range all {
		group.Add(1)
		go func() {
			defer group.Done()
			found[at], failed[at] = o.request(ctx, decoded[string](one[0]), one[1])
		}()
	}
	group.Wait()
	return map[string]any{"ok": found}, errors.Join(failed...)
}

func (o *opened) send(ctx context.Context, route string, message json.RawMessage) error {
	switch route {
	case "say":
		return o.SendSay(ctx, decoded[scenario.SayMessage](message))
	case "tell":
		return o.SendTell(ctx, decoded[scenario.TellMessage](message))
	case "drop":
		return o.SendDrop(ctx, nil)
	}
	return errors.New("no such route")
}

func problemOf(problem *scenario.SocketError) map[string]any {
	message := problem.Error()
	if problem.Kind == scenario.SocketRejected {
		message = problem.Err.Error()
	}
	return map[string]any{"problem": map[string]any{
		"kind": problem.Kind, "message": message, "code": problem.Code, "meaning": problem.Meaning,
		"status": problem.Status, "hasRequestId": problem.RequestID != "",
	}}
}

// observeSigned asks an address that was signed as that of a WebSocket by a plain request.
func observeSigned(signer scenario.SigV4, path string) (map[string]any, error) {
	address, err := signer.Presign(context.Background(), strings.Replace(os.Args[2], "http", "ws", 1)+path)
	if err != nil {
		return nil, err
	}
	response, err := http.Get(strings.Replace(address, "ws", "http", 1))
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return map[string]any{"ok": json.RawMessage(text)}, err
}
