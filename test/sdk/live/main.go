// Says what the peer of peer.ts wants to hear, by the Go SDK, and prints what comes back: main <address>
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
	"sync/atomic"
	"time"

	"live"
)

var ctx, stop = context.WithTimeout(context.Background(), 60*time.Second)

func main() {
	defer stop()
	conversation()
	replies()
	reconnecting()
	limits()
	ends()
	tokens()
	token := live.WithToken(live.Static("hidden"))
	said := fmt.Sprintf("%v %#v %+v", token, token, live.NewSocket(token))
	fmt.Println("secrets", strings.Contains(said, "hidden"))
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func socketOf(token string, options ...live.SocketOption) *live.Socket {
	all := []live.SocketOption{live.WithSocketURL(os.Args[1]), live.WithToken(live.Static(token))}
	return live.NewSocket(append(all, options...)...)
}

func say(socket *live.Socket, text string) { check(socket.SendSay(ctx, live.Say{Text: text})) }

func join(socket *live.Socket, room string) string {
	reply, err := socket.RequestJoin(ctx, live.Join{Room: room})
	if err != nil {
		return kind(err)
	}
	return reply.Joined
}

func kind(err error) string {
	var found *live.SocketError
	if !errors.As(err, &found) {
		return err.Error()
	}
	switch found.Kind {
	case live.SocketClosed:
		return fmt.Sprint("closed ", found.Code, " ", found.Meaning, " ", found.Reason)
	case live.SocketRejected:
		return fmt.Sprint("failed ", found.RequestID)
	case live.SocketRefused:
		return fmt.Sprint("refused ", found.Status)
	}
	return string(found.Kind)
}

func conversation() {
	socket := socketOf("main", live.WithXWho(live.Static("me")), live.WithAPIKey(live.Static("key")),
		live.WithSocketQuery("a b", "c&d"), live.WithSocketHeader("X-Extra", "more"), live.WithSocketProtocols("v1", "v2"))
	fmt.Println(socket.State())
	moved := make(chan live.Moved, 10)
	defer socket.OnMoved(func(m live.Moved) { moved <- m })()
	others := make(chan string, 10)
	defer socket.OnEvent(func(event live.SocketEvent) {
		if other, ok := event.(live.UnknownEvent); ok {
			others <- fmt.Sprint("unknown event ", other.Event, " ", string(other.Data))
		}
	})()
	defer socket.Watch(func(life live.SocketLife) {
		if life.Kind == live.SocketUnknown {
			others <- "unknown " + string(life.Raw)
		}
	})()
	check(socket.SendSay(ctx, live.Say{Text: "early"}))
	check(socket.Connect(ctx))
	fmt.Println(socket.State(), (<-moved).ID)
	fmt.Println(join(socket, "ü"))
	say(socket, "push:one")
	fmt.Println((<-moved).ID)
	say(socket, strings.Repeat("ü", 60000))
	fmt.Println((<-moved).At)
	say(socket, "pieces:")
	fmt.Println((<-moved).ID)
	for _, text := range []string{"later:", "wrong:x", "stray:"} {
		say(socket, text)
		fmt.Println(<-others)
		if text != "stray:" {
			fmt.Println(<-others)
		}
	}
	fmt.Println(join(socket, "log"))
	check(socket.CloseWith(4000, "done"))
	fmt.Println(socket.State(), kind(socket.SendSay(ctx, live.Say{Text: "late"})))
	fmt.Println("the peer saw", join(connected("closes"), "close of main"))
}

func connected(token string, options ...live.SocketOption) *live.Socket {
	socket := socketOf(token, options...)
	check(socket.Connect(ctx))
	return socket
}

func replies() {
	socket := connected("replies", live.WithReplyTimeout(2*time.Second))
	var all sync.WaitGroup
	var mine sync.Map
	for n := range int64(20) {
		all.Add(1)
		go func() {
			defer all.Done()
			reply, err := socket.RequestConstant(ctx, map[string]int64{"n": n})
			check(err)
			mine.Store(reply.N, reply.N == n)
		}()
	}
	all.Wait()
	count := 0
	mine.Range(func(_, isOwn any) bool {
		if isOwn == true {
			count++
		}
		return true
	})
	fmt.Println("own replies", count)
	fmt.Println(join(socket, "refused"))
	fmt.Println(join(socket, "silent"))
	short, cancel := context.WithCancel(ctx)
	cancel()
	_, err := socket.RequestJoin(short, live.Join{Room: "silent"})
	fmt.Println(kind(err))
	// A listener may wait for a reply.
	inside := make(chan string)
	socket.OnMoved(func(live.Moved) { inside <- join(socket, "inside") })
	say(socket, "push:x")
	fmt.Println(<-inside)
	check(socket.Close())
}

func reconnecting() {
	var socket *live.Socket
	// A channel a socket: a late word of the one before is not taken for its successor's.
	watch := func(socket *live.Socket) <-chan string {
		lives := make(chan string, 100)
		socket.Watch(func(life live.SocketLife) {
			switch life.Kind {
			case live.SocketReconnecting:
				lives <- "reconnecting " + kind(life.Err)
			case live.SocketReopened, live.SocketFailed:
				lives <- string(life.Kind)
			}
		})
		return lives
	}
	again := live.WithReconnect(live.Reconnect{Attempts: 5, Delay: time.Millisecond, MaxDelay: time.Second})
	socket = socketOf("main", again, live.WithOnReopen(func(ctx context.Context, socket *live.Socket) error {
		if got := join(socket, "hook"); got != "hook" {
			return errors.New(got)
		}
		return socket.SendSay(ctx, live.Say{Text: "from the hook"})
	}))
	lives := watch(socket)
	check(socket.Connect(ctx))
	say(socket, "close:1001")
	fmt.Println(<-lives)
	say(socket, "after the loss")
	fmt.Println(<-lives)
	log := strings.Split(join(socket, "log"), ",")
	fmt.Println(strings.Join(log[len(log)-3:], ", "))
	check(socket.Close())

	socket = socketOf("mute", again, live.WithHeartbeat(400*time.Millisecond))
	lives = watch(socket)
	check(socket.Connect(ctx))
	say(socket, "mute:")
	fmt.Println(<-lives)
	fmt.Println(<-lives)
	check(socket.Close())

	socket = socketOf("rolls", live.WithRollOver(500*time.Millisecond))
	lives = watch(socket)
	check(socket.Connect(ctx))
	fmt.Println(join(socket, "slow"), <-lives)
	check(socket.Close())
}

func limits() {
	socket := connected("limits", live.WithQueueLimit(1))
	fmt.Println(kind(socket.SendSay(ctx, live.Say{Text: strings.Repeat("ü", 70000)})))
	check(socket.Close())
	apart := socketOf("limits", live.WithQueueLimit(1))
	check(apart.SendSay(ctx, live.Say{Text: "waits"}))
	fmt.Println(kind(apart.SendSay(ctx, live.Say{Text: "does not"})))
	check(apart.Close())
	fmt.Println(kind(socketOf("bad").Connect(ctx)))
	short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	fmt.Println(kind(live.NewSocket(live.WithSocketURL("ws://127.0.0.1:1/dev")).Connect(short)))
	watcher := connected("codes")
	for _, what := range []string{"masked", "reserved", "utf8", "control", "continuation", "opcode"} {
		socket := connected("raw-"+what, live.WithReconnect(live.Reconnect{}))
		ended := make(chan error, 1)
		socket.Watch(func(life live.SocketLife) {
			if life.Kind == live.SocketEnded {
				ended <- life.Err
			}
		})
		say(socket, "raw:"+what)
		<-ended
		fmt.Println(what, join(watcher, "close of raw-"+what))
	}
	check(watcher.Close())
}

func ends() {
	socket := connected("ends", live.WithReconnect(live.Reconnect{}))
	var seen []string
	var hasBegun atomic.Bool
	events := make(chan struct{})
	go func() {
		defer close(events)
		for event := range socket.Events(ctx) {
			if moved, ok := event.(live.MovedEvent); ok {
				seen = append(seen, moved.Data.ID)
				hasBegun.Store(true)
			}
		}
	}()
	ended := make(chan string, 1)
	socket.Watch(func(life live.SocketLife) {
		if life.Kind == live.SocketEnded {
			ended <- kind(life.Err)
		}
	})
	// The loop listens when the first event of many has come.
	for !hasBegun.Load() && ctx.Err() == nil {
		say(socket, "push:a")
		join(socket, "wait")
	}
	say(socket, "close:4001")
	fmt.Println(<-ended)
	<-events
	fmt.Println("the loop ends", seen[len(seen)-1])
	fmt.Println(kind(socket.SendSay(ctx, live.Say{Text: "late"})))
	raw, err := json.Marshal(live.Join{Room: "r"})
	fmt.Println(string(raw), err)
}

// tokens are those of a user pool, of which the peer plays the part.
func tokens() {
	address := strings.Replace(os.Args[1], "ws", "http", 1)
	var passed atomic.Int64
	options := live.CognitoOptions{
		Region: "eu-west-1", ClientID: "c", Username: "u", Password: "hidden", Endpoint: address,
		Now: func() time.Time { return time.Unix(passed.Load(), 0) },
	}
	source := live.Cognito(options)
	ask := func() string {
		token, err := source.Credential(ctx, live.CallInfo{})
		if err != nil {
			return err.Error()
		}
		return token
	}
	both := make(chan string)
	go func() { both <- ask() }()
	fmt.Println(ask(), <-both)
	passed.Store(3541)
	fmt.Println(ask())
	passed.Add(3600)
	fmt.Println(ask())
	response, err := http.Get(address)
	check(err)
	flows, err := io.ReadAll(response.Body)
	check(err)
	fmt.Println(string(flows))
	options.Password, options.Token = "wrong", live.CognitoAccessToken
	wrong := live.Cognito(options)
	_, err = wrong.Credential(ctx, live.CallInfo{})
	fmt.Println(err)
	fmt.Println(strings.Contains(fmt.Sprintf("%v %#v %+v %v", source, source, source, options), "hidden"))
}
