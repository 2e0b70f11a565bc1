// Makes the calls of wire.test.ts by the Go SDK, and prints what comes of each: main <address>
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"wire"
)

var ctx, stop = context.WithTimeout(context.Background(), 60*time.Second)

func client(address string) *wire.Client {
	return wire.New(
		wire.WithBaseURL(address),
		wire.WithBearer(wire.Static("secret")),
		wire.WithAPIKey(wire.Static("key")),
		wire.WithRetryDelay(time.Millisecond, 20*time.Second),
	)
}

// said is an error in the words of wire.test.ts.
func said(err error) string {
	var api *wire.APIError
	var transport *wire.TransportError
	var parameter *wire.ParameterError
	switch {
	case err == nil:
		return "nothing"
	case errors.As(err, &api):
		body := strconv.Quote(string(api.Body))
		if problem, ok := wire.ErrorBody[wire.Problem](err); ok {
			body = fmt.Sprint(problem.Code, ", ", problem.Message)
		} else if api.Message() != string(api.Body) {
			body = api.Message()
		}
		return fmt.Sprintf("%d after %d: %s %s %s", api.Status, api.Attempts, body, or(api.RequestID()), or(string(api.Gateway())))
	case errors.As(err, &transport):
		return fmt.Sprintf("%s after %d", transport.Kind, transport.Attempts)
	case errors.As(err, &parameter):
		return "refused"
	}
	return err.Error()
}

func or(text string) string {
	if text == "" {
		return "none"
	}
	return text
}

func show(name string, value ...any) { fmt.Println(name+":", fmt.Sprint(value...)) }

func order(api *wire.Client, what string, options ...wire.CallOption) string {
	return orderIn(ctx, api, what, options...)
}

func orderIn(ctx context.Context, api *wire.Client, what string, options ...wire.CallOption) string {
	found, err := api.GetOrder(ctx, wire.GetOrderParams{ID: "1"}, append(options, wire.WithHeader("X-Do", what))...)
	if err != nil {
		return said(err)
	}
	return found.Body + found.URL
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func number(text string) int {
	value, err := strconv.Atoi(text)
	check(err)
	return value
}

func bytesOf(stream io.ReadCloser, err error) ([]byte, error) {
	check(err)
	defer stream.Close()
	return io.ReadAll(stream)
}

func main() {
	defer stop()
	api := client(os.Args[1])
	seen, err := api.GetOrder(ctx, wire.GetOrderParams{ID: "a/b c?"})
	check(err)
	show("escaped", seen.URL)
	before := number(order(api, "count"))
	for _, id := range []string{"..", ".", ""} {
		_, err := api.GetOrder(ctx, wire.GetOrderParams{ID: id})
		show("path "+id, said(err))
	}
	show("sent", number(order(api, "count"))-before)
	seen, err = api.GetOrder(ctx, wire.GetOrderParams{ID: "1", Tags: []string{"a", "b,c"}, XTags: []string{"d", "e"}})
	check(err)
	show("list", seen.URL, " ", seen.Headers["x-tags"])
	var bodies []string
	for _, body := range []wire.AddOrderBody{{Name: "n"}, {Name: "n", Extra: wire.Null[any](), Note: wire.Null[string]()}} {
		added, err := api.AddOrder(ctx, wire.AddOrderParams{Body: body})
		check(err)
		bodies = append(bodies, added.Body)
	}
	show("absent and null", strings.Join(bodies, " "))
	show("credentials", seen.Headers["authorization"], " ", seen.Headers["x-api-key"])
	seen, err = api.Open(ctx)
	check(err)
	show("public", or(seen.Headers["authorization"]+seen.Headers["x-api-key"]))
	show("names itself", seen.Headers["user-agent"] != "")
	show("html", order(api, "html", wire.WithRetries(0)))
	show("html as JSON", order(api, "html that says it is JSON"))
	show("declared error", order(api, "problem"))
	show("broken JSON", order(api, "broken"))
	pdf, err := api.GetPdf(ctx)
	check(err)
	show("bytes", fmt.Sprintf("%x", pdf))
	pdf, err = bytesOf(api.GetPdfStream(ctx))
	check(err)
	show("bytes as a stream", fmt.Sprintf("%x", pdf))
	first, err := api.GetReport(ctx)
	check(err)
	csv, err := api.GetReportAsTextCSV(ctx)
	check(err)
	pdf, err = api.GetReportAsApplicationPDF(ctx)
	check(err)
	list, err := api.GetReportAsApplicationVndListJSON(ctx)
	check(err)
	show("further media types", first.Code, ", ", csv, ", ", fmt.Sprintf("%x", pdf), ", ", list[0].Code)
	pdf, err = api.GetReportAsApplicationPDF(ctx, wire.WithHeader("X-Do", "empty"))
	check(err)
	csv, err = api.GetReportAsTextCSV(ctx, wire.WithHeader("X-Do", "empty"))
	check(err)
	show("empty bytes, empty text", len(pdf), ", ", len(csv))
	form, err := api.Upload(ctx, wire.UploadParams{Body: wire.UploadBody{Title: "ü", File: []byte("a\r\n"), Tags: []string{"x", "y"}}})
	check(err)
	_, boundary, _ := strings.Cut(form.Headers["content-type"], "boundary=")
	var parts []string
	pieces := strings.Split(form.Body, "--"+boundary)
	for _, piece := range pieces[1 : len(pieces)-1] {
		head, text, _ := strings.Cut(piece, "\r\n\r\n")
		_, name, _ := strings.Cut(head, `name="`)
		name, _, _ = strings.Cut(name, `"`)
		parts = append(parts, fmt.Sprint(name, "=", len(text)-2))
	}
	show("multipart", strings.Join(parts, ", "))
	form, err = api.Upload(ctx, wire.UploadParams{Body: wire.UploadBody{Title: "t", File: []byte("x")}}, wire.WithFile("file", `a "ü".png`, "image/png"))
	check(err)
	named := regexp.MustCompile(`(?is)(filename="[^"]*").*content-type: (\S+)`).FindStringSubmatch(form.Body)
	show("a named file", named[1], " ", named[2])
	big := strings.NewReader(strings.Repeat("y", 200_000))
	form, err = api.Upload(ctx, wire.UploadParams{Body: wire.UploadBody{Title: "t"}}, wire.WithFileFrom("file", "big.bin", "text/x", io.MultiReader(big), big.Size()))
	check(err)
	_, boundary, _ = strings.Cut(form.Headers["content-type"], "boundary=")
	sizes := []string{"no length"}
	if form.Headers["content-length"] != "" {
		sizes[0] = "known length"
	}
	pieces = strings.Split(form.Body, "--"+boundary)
	for _, piece := range pieces[1 : len(pieces)-1] {
		head, text, _ := strings.Cut(piece, "\r\n\r\n")
		_, name, _ := strings.Cut(head, `name="`)
		name, _, _ = strings.Cut(name, `"`)
		sizes = append(sizes, fmt.Sprint(name, "=", len(text)-2))
	}
	named = regexp.MustCompile(`(?is)filename="([^"]*)".*content-type: (\S+)`).FindStringSubmatch(form.Body)
	show("a file that is read as it is sent", strings.Join(sizes, ", "), ", ", named[1], " ", named[2])
	show("503, then 200", order(api, "unavailable once"))
	show("Retry-After", order(api, "unavailable, then after a second"))
	show("throttled", order(api, "throttled once"))
	show("quota", order(api, "quota"))
	_, err = client("http://127.0.0.1:1").GetOrder(ctx, wire.GetOrderParams{ID: "1"})
	show("network", said(err))
	show("cut off", order(api, "cut"))
	show("no head in time", order(api, "no head", wire.WithRetries(1), wire.WithTimeout(200*time.Millisecond)))
	show("half a body in time", order(api, "half a body", wire.WithRetries(0), wire.WithTimeout(300*time.Millisecond)))
	show("drop by drop", order(api, "drops", wire.WithRetries(0), wire.WithTimeout(300*time.Millisecond)))
	short, end := context.WithTimeout(ctx, 1500*time.Millisecond)
	show("no time for another", orderIn(short, api, "unavailable"))
	end()
	_, err = api.AddOrder(ctx, wire.AddOrderParams{Body: wire.AddOrderBody{Name: "n"}}, wire.WithHeader("X-Do", "hang up"))
	show("hung up on", said(err))
	show("asked", order(api, "seen hang up"))
	show("connections left", order(api, "open"))
	pdf, err = bytesOf(api.GetPdfStream(ctx, wire.WithHeader("X-Do", "cut bytes")))
	show("a stream that is cut off", len(pdf), " ", errors.Is(err, io.ErrUnexpectedEOF))
	pdf, err = bytesOf(api.GetPdfStream(ctx, wire.WithHeader("X-Do", "slow bytes"), wire.WithTimeout(400*time.Millisecond)))
	check(err)
	show("a stream that takes its time", len(pdf))
	var told wire.Response
	_, err = api.GetOrder(ctx, wire.GetOrderParams{ID: "1"}, wire.CaptureResponse(&told))
	check(err)
	show("the answer itself", told.Status, " ", told.Header.Get("ETag"), " ", told.RequestID(), " ", told.Attempts)
	var events []string
	for event, err := range api.WatchEvents(ctx, wire.WithHeader("X-Own", "me")) {
		check(err)
		events = append(events, fmt.Sprintf("%s %q %s", event.Event, event.Data, event.LastEventID))
	}
	show("events", strings.Join(events, ", "))
	for _, err := range api.WatchEvents(ctx, wire.WithHeader("X-Do", "problem")) {
		show("events that are refused", said(err))
	}
	given, cancel := context.WithCancel(ctx)
	time.AfterFunc(200*time.Millisecond, cancel)
	show("given up", orderIn(given, api, "no head"))
	for event, err := range api.WatchEvents(ctx) {
		check(err)
		first, _, _ := strings.Cut(event.Data, "\n")
		show("first event", first)
		break
	}
	show("connections left at the end", order(api, "open"))
}
