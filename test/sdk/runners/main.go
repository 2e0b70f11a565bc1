// Makes the calls of scenario.json by the Go SDK: main <scenario.json> <address>
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"time"

	"scenario"
)

type step struct {
	Name, Client, Call, Items, Pages, Stream string
	socketStep
	Input   map[string]json.RawMessage
	Options struct {
		Retries        *int
		IdempotencyKey string
	}
	Limit   int
	Observe map[string]json.RawMessage
}

type keys struct {
	Bearer, APIKey, BaseURL string
	IAM                     *struct{ AccessKeyID, SecretAccessKey, Region string }
}

func main() {
	data, err := os.ReadFile(os.Args[1])
	if err != nil {
		panic(err)
	}
	var story struct {
		Clients map[string]keys
		Steps   []step
	}
	if err := json.Unmarshal(data, &story); err != nil {
		panic(err)
	}
	for _, s := range story.Steps {
		if s.Client == "" {
			s.Client = "plain"
		}
		var seen map[string]any
		switch {
		case s.Socket != "":
			seen, err = observeSocket(s.socketStep)
		case s.Presign != "":
			seen, err = observeSigned(signerOf(story.Clients[s.Client]), s.Presign)
		default:
			seen, err = observe(clientOf(story.Clients[s.Client]), s)
		}
		if err != nil {
			seen = failure(err)
		}
		seen["name"] = s.Name
		line, err := json.Marshal(seen)
		if err != nil {
			panic(err)
		}
		fmt.Println(string(line))
	}
}

func clientOf(k keys) *scenario.Client {
	address := os.Args[2]
	if k.BaseURL != "" {
		address = k.BaseURL
	}
	options := []scenario.Option{scenario.WithBaseURL(address), scenario.WithRetryDelay(time.Millisecond, time.Second)}
	if k.Bearer != "" {
		options = append(options, scenario.WithBearer(scenario.Static(k.Bearer)))
	}
	if k.APIKey != "" {
		options = append(options, scenario.WithAPIKey(scenario.Static(k.APIKey)))
	}
	if k.IAM != nil {
		options = append(options, scenario.WithIAM(signerOf(k)))
	}
	return scenario.New(options...)
}

func signerOf(k keys) scenario.SigV4 {
	credentials := scenario.StaticAWS(scenario.AWSCredentials{AccessKeyID: k.IAM.AccessKeyID, SecretAccessKey: k.IAM.SecretAccessKey})
	return scenario.SigV4{Region: k.IAM.Region, Credentials: credentials}
}

// input reads one parameter; what is not there stays the zero value.
func input[T any](s step, name string) T {
	var value T
	if raw, ok := s.Input[name]; ok {
		if err := json.Unmarshal(raw, &value); err != nil {
			panic(fmt.Sprint(s.Name, " ", name, ": ", err))
		}
	}
	return value
}

func summed(data []byte) map[string]int {
	sum := 0
	for _, b := range data {
		sum += int(b)
	}
	return map[string]int{"bytes": len(data), "sum": sum}
}

func observe(api *scenario.Client, s step) (map[string]any, error) {
	ctx := context.Background()
	var options []scenario.CallOption
	if s.Options.Retries != nil {
		options = append(options, scenario.WithRetries(*s.Options.Retries))
	}
	if s.Options.IdempotencyKey != "" {
		options = append(options, scenario.WithIdempotencyKey(s.Options.IdempotencyKey))
	}
	if s.Items == "listFar" {
		items := []int64{}
		for item, err := range api.ListFarItems(ctx, scenario.ListFarParams{}, options...) {
			if err != nil {
				return nil, err
			}
			items = append(items, item)
		}
		return map[string]any{"items": items}, nil
	}
	list := scenario.ListItemsParams{Size: input[*int64](s, "size")}
	if s.Items != "" {
		items := []scenario.Item{}
		for item, err := range api.ListItemsItems(ctx, list, options...) {
			if err != nil {
				return nil, err
			}
			items = append(items, item)
			if len(items) == s.Limit {
				break
			}
		}
		return map[string]any{"items": items}, nil
	}
	if s.Pages != "" {
		pages := []int{}
		for page, err := range api.ListItemsPages(ctx, list, options...) {
			if err != nil {
				return nil, err
			}
			pages = append(pages, len(page.Page.Items))
		}
		return map[string]any{"pages": pages}, nil
	}
	if s.Stream != "" {
		stream, err := api.ReadBytesStream(ctx, scenario.ReadBytesParams{Count: input[int64](s, "count")}, options...)
		if err != nil {
			return nil, err
		}
		defer stream.Close()
		data, err := io.ReadAll(stream)
		return map[string]any{"ok": summed(data)}, err
	}
	ok, err := call(ctx, api, s, options)
	if _, isForm := s.Observe["form"]; isForm {
		return map[string]any{"form": ok}, err
	}
	return map[string]any{"ok": ok}, err
}

func call(ctx context.Context, api *scenario.Client, s step, options []scenario.CallOption) (any, error) {
	id, fails, status := input[string](s, "id"), input[int64](s, "fails"), input[int64](s, "status")
	switch s.Call {
	case "echo":
		return api.Echo(ctx, scenario.EchoParams{
			Name:   input[string](s, "name"),
			Q:      input[*string](s, "q"),
			List:   input[[]string](s, "list"),
			N:      input[*float64](s, "n"),
			Flag:   input[*bool](s, "flag"),
			Colour: input[*scenario.Colour](s, "colour"),
			XNote:  input[*string](s, "X-Note"),
			Body:   input[scenario.Everything](s, "body"),
		}, options...)
	case "exact":
		return api.Exact(ctx, scenario.ExactParams{
			Number: input[int64](s, "number"),
			N:      input[int64](s, "n"),
			All:    input[[]int64](s, "all"),
			XCount: input[*int64](s, "X-Count"),
			Body:   input[scenario.Exact](s, "body"),
		}, options...)
	case "readPath":
		return api.ReadPath(ctx, scenario.ReadPathParams{Path: input[string](s, "path")}, options...)
	case "flaky":
		return api.Flaky(ctx, scenario.FlakyParams{ID: id, Fails: fails, Status: status}, options...)
	case "flakyPost":
		return api.FlakyPost(ctx, scenario.FlakyPostParams{ID: id, Fails: fails, Status: status}, options...)
	case "keyed":
		return api.Keyed(ctx, scenario.KeyedParams{ID: id, Fails: fails, Status: status}, options...)
	case "unkeyed":
		return api.Unkeyed(ctx, scenario.UnkeyedParams{ID: id, Fails: fails, Status: status}, options...)
	case "fail":
		return nil, api.Fail(ctx, scenario.FailParams{Status: status}, options...)
	case "failAtAll":
		return api.FailAtAll(ctx, scenario.FailAtAllParams{Status: status}, options...)
	case "readBytes":
		data, err := api.ReadBytes(ctx, scenario.ReadBytesParams{Count: input[int64](s, "count")}, options...)
		return summed(data), err
	case "writeBytes":
		body := make([]byte, input[struct{ Bytes int }](s, "body").Bytes)
		for at := range body {
			body[at] = byte(at % 256)
		}
		return api.WriteBytes(ctx, scenario.WriteBytesParams{Body: bytes.NewReader(body)}, options...)
	case "sendForm":
		answer, err := api.SendForm(ctx, scenario.SendFormParams{Body: input[scenario.SendFormBody](s, "body")}, options...)
		if err != nil {
			return nil, err
		}
		form, err := url.ParseQuery(answer.Text)
		return form, err
	case "readText":
		return api.ReadText(ctx, options...)
	case "whoToken":
		return api.WhoToken(ctx, options...)
	case "whoKey":
		return api.WhoKey(ctx, options...)
	case "whoSigned":
		return api.WhoSigned(ctx, scenario.WhoSignedParams{Path: input[string](s, "path"), Q: input[*string](s, "q")}, options...)
	case "open":
		return api.Open(ctx, options...)
	}
	return nil, errors.New("no such call")
}

func failure(err error) map[string]any {
	var refused *scenario.ParameterError
	var transport *scenario.TransportError
	var api *scenario.APIError
	var problem *scenario.SocketError
	switch {
	case errors.As(err, &problem):
		return problemOf(problem)
	case errors.As(err, &refused):
		return map[string]any{"refused": true}
	case errors.As(err, &transport):
		return map[string]any{"transport": map[string]any{"kind": transport.Kind, "attempts": transport.Attempts}}
	case errors.As(err, &api):
		_, isProblem := scenario.ErrorBody[scenario.Problem](err)
		_, isConflict := scenario.ErrorBody[scenario.Fail409Body](err)
		_, isLate := scenario.ErrorBody[scenario.TooLate](err)
		var body any
		decoder := json.NewDecoder(bytes.NewReader(api.Body))
		decoder.UseNumber()
		_ = decoder.Decode(&body)
		var gateway any
		if name := api.Gateway(); name != "" {
			gateway = name
		}
		return map[string]any{"error": map[string]any{
			"status": api.Status, "body": body, "hasRequestId": api.RequestID() != "", "attempts": api.Attempts, "gateway": gateway, "typed": isProblem || isConflict || isLate,
		}}
	}
	return map[string]any{"refused": false, "reason": err.Error()}
}
