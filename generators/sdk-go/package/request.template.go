package sdk

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// operation is what is known of a call when the SDK is made.
type operation struct {
	name        string
	method      string
	path        []segment
	accept      string
	encoding    string
	contentType string
	binary      []int
	redirects   bool
	auth        []credentialUse
	signed      bool
	newKey      bool
	errors      map[int]func(json.RawMessage) (any, error)
	other       func(json.RawMessage) (any, error)
	pages       *paging
}

// segment of a path: a text, or the argument of a parameter.
type segment struct {
	text      string
	parameter string
	greedy    bool
}

type credentialUse struct {
	name       string
	inQuery    bool
	key        string
	authorizer string
}

// paging says where the cursor goes, and where an answer has the next one and its list.
type paging struct {
	cursor string
	header string
	next   []string
	items  []string
}

type place uint8

const (
	inPath place = iota
	inQuery
	inHeader
	inBody
	inMethod
)

// argument of a call, by its name on the wire.
type argument struct {
	in    place
	name  string
	value any
}

// template is what all attempts of a call have in common.
type template struct {
	method string
	url    string
	header http.Header
	body   []byte
	// stream is a body that can be read only once.
	stream io.Reader
	// size of the stream in bytes; 0 where it is not known.
	size int64
}

func (t *template) isRepeatable() bool {
	isSafe := t.method != http.MethodPost && t.method != http.MethodPatch || t.header.Get("Idempotency-Key") != ""
	return isSafe && t.stream == nil
}

// newTemplate makes the request of a call; an error says that a value cannot be sent as it is.
func newTemplate(base string, op *operation, args []argument, call *callSettings) (*template, error) {
	refuse := func(format string, values ...any) error {
		return &ParameterError{op.name, fmt.Sprintf(format, values...)}
	}
	t := &template{method: op.method, header: http.Header{}}
	t.header.Set("Accept", op.accept)
	path := map[string]string{}
	var query []string
	for name, values := range call.header {
		t.header[name] = slices.Clone(values)
	}
	for _, arg := range args {
		values, err := textsOf(arg)
		if err != nil {
			return nil, refuse("%s: %v", arg.name, err)
		}
		switch arg.in {
		case inPath:
			path[arg.name] = strings.Join(values, ",")
		case inQuery:
			for _, value := range values {
				query = append(query, escaped(arg.name)+"="+escaped(value))
			}
		case inHeader:
			if values != nil {
				t.header.Set(arg.name, strings.Join(values, ", "))
			}
		case inMethod:
			t.method = strings.ToUpper(strings.Join(values, ""))
		case inBody:
			if isNothing(arg.value) {
				continue
			}
			if err := t.setBody(op, arg.value, call.files); err != nil {
				return nil, refuse("the body: %v", err)
			}
		}
	}
	if call.idempotencyKey != "" {
		t.header.Set("Idempotency-Key", call.idempotencyKey)
	} else if op.newKey {
		t.header.Set("Idempotency-Key", newKey())
	}
	for name, values := range t.header {
		for _, value := range values {
			if strings.ContainsAny(value, "\r\n\x00") {
				return nil, refuse("the header %s cannot hold a line break", name)
			}
		}
	}
	t.url = strings.TrimSuffix(base, "/")
	for _, part := range op.path {
		t.url += "/"
		if part.parameter == "" {
			t.url += part.text
			continue
		}
		pieces := []string{path[part.parameter]}
		if part.greedy {
			pieces = strings.Split(path[part.parameter], "/")
		}
		for at, piece := range pieces {
			// Empty and dot segments would lead to another route.
			if piece == "." || piece == ".." || strings.Join(pieces, "") == "" {
				return nil, refuse("%s cannot be %q", part.parameter, path[part.parameter])
			}
			if at > 0 {
				t.url += "/"
			}
			t.url += escaped(piece)
		}
	}
	if len(op.path) == 0 {
		t.url += "/"
	}
	if len(query) > 0 {
		t.url += "?" + strings.Join(query, "&")
	}
	return t, nil
}

func (t *template) setBody(op *operation, value any, files map[string]formFile) error {
	contentType := op.contentType
	var err error
	switch op.encoding {
	case "json":
		t.body, err = encodeJSON(value)
	case "form":
		t.body, err = encodeForm(value)
	case "multipart":
		contentType, err = t.setMultipart(value, files)
	default:
		switch body := value.(type) {
		case *bytes.Buffer:
			t.body = body.Bytes()
		case *bytes.Reader, *strings.Reader:
			t.body, err = io.ReadAll(body.(io.Reader))
		case io.Reader:
			t.stream = body
		default:
			var texts []string
			texts, err = textsOf(argument{inQuery, "", value})
			t.body = []byte(strings.Join(texts, ","))
		}
	}
	if t.body == nil && t.stream == nil {
		t.body = []byte{}
	}
	if contentType != "" {
		t.header.Set("Content-Type", contentType)
	}
	return err
}

// formMembers are the members of a form, in their order.
func formMembers(value any) ([]member, error) {
	if form, ok := value.(object); ok {
		return form.members(), nil
	}
	v := reflect.ValueOf(value)
	if v.Kind() == reflect.Pointer {
		return formMembers(v.Elem().Interface())
	}
	if v.Kind() != reflect.Map || v.Type().Key().Kind() != reflect.String {
		return nil, fmt.Errorf("a %T is no form", value)
	}
	var out []member
	for _, key := range v.MapKeys() {
		out = append(out, member{key.String(), v.MapIndex(key).Interface(), optional})
	}
	slices.SortFunc(out, func(a, b member) int { return strings.Compare(a.name, b.name) })
	return out, nil
}

func encodeForm(value any) ([]byte, error) {
	members, err := formMembers(value)
	if err != nil {
		return nil, err
	}
	var pairs []string
	for _, m := range members {
		values, err := textsOf(argument{inQuery, m.name, m.value})
		if err != nil {
			return nil, err
		}
		for _, value := range values {
			pairs = append(pairs, escaped(m.name)+"="+escaped(value))
		}
	}
	return []byte(strings.Join(pairs, "&")), nil
}

// setMultipart makes a body of a form, or, where a file of it is read as it is sent, a stream. It returns the media type.
func (t *template) setMultipart(value any, files map[string]formFile) (string, error) {
	members, err := formMembers(value)
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	writer := multipart.NewWriter(&out)
	for _, m := range members {
		file, named := files[m.name]
		if file.content != nil {
			continue
		}
		if data, ok := m.value.([]byte); ok {
			if data == nil {
				continue
			}
			if !named {
				file = formFile{m.name, "application/octet-stream", nil, 0}
			}
			part, err := createPart(writer, m.name, file)
			if err != nil {
				return "", err
			}
			if _, err := part.Write(data); err != nil {
				return "", err
			}
			continue
		}
		values, err := textsOf(argument{inQuery, m.name, m.value})
		if err != nil {
			return "", err
		}
		for _, value := range values {
			if err := writer.WriteField(m.name, value); err != nil {
				return "", err
			}
		}
	}
	var pieces []io.Reader
	size := int64(0)
	take := func() {
		pieces = append(pieces, bytes.NewReader(slices.Clone(out.Bytes())))
		out.Reset()
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		file := files[name]
		if file.content == nil {
			continue
		}
		if _, err := createPart(writer, name, file); err != nil {
			return "", err
		}
		if size += int64(out.Len()) + file.size; file.size < 0 {
			size = math.MinInt64 / 2
		}
		take()
		pieces = append(pieces, file.content)
	}
	if err := writer.Close(); err != nil {
		return "", err
	}
	if pieces == nil {
		t.body = out.Bytes()
		return writer.FormDataContentType(), nil
	}
	size += int64(out.Len())
	take()
	t.stream, t.size = io.MultiReader(pieces...), max(size, 0)
	return writer.FormDataContentType(), nil
}

func createPart(writer *multipart.Writer, name string, file formFile) (io.Writer, error) {
	if strings.ContainsAny(file.mediaType, "\r\n\x00") {
		return nil, fmt.Errorf("the media type of %s cannot hold a line break", name)
	}
	return writer.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {fmt.Sprintf(`form-data; name="%s"; filename="%s"`, formLabel.Replace(name), formLabel.Replace(file.name))},
		"Content-Type":        {file.mediaType},
	})
}

// formLabel writes names as browsers do (HTML, multipart/form-data encoding algorithm).
var formLabel = strings.NewReplacer(`"`, "%22", "\r", "%0D", "\n", "%0A")

// textsOf writes a parameter: each item of a list by itself, nothing for what is absent.
func textsOf(arg argument) ([]string, error) {
	if arg.in == inBody {
		return nil, nil
	}
	if o, ok := arg.value.(optionalValue); ok {
		value, state := o.optionalValue()
		if state != stateValue {
			return nil, nil
		}
		return textsOf(argument{arg.in, arg.name, value})
	}
	if isNothing(arg.value) {
		return nil, nil
	}
	v := reflect.ValueOf(arg.value)
	if v.Kind() == reflect.Pointer {
		return textsOf(argument{arg.in, arg.name, v.Elem().Interface()})
	}
	if v.Kind() == reflect.Slice && v.Type().Elem().Kind() != reflect.Uint8 {
		out := make([]string, 0, v.Len())
		for at := range v.Len() {
			text, err := textOf(v.Index(at).Interface())
			if err != nil {
				return nil, err
			}
			out = append(out, text)
		}
		return out, nil
	}
	text, err := textOf(arg.value)
	return []string{text}, err
}

// textOf writes one value; what has no text of its own is JSON.
func textOf(value any) (string, error) {
	switch value := value.(type) {
	case time.Time:
		return value.Format(time.RFC3339Nano), nil
	case Date:
		return value.String(), nil
	case json.Number:
		return value.String(), nil
	case []byte:
		return string(value), nil
	}
	switch v := reflect.ValueOf(value); v.Kind() {
	case reflect.String:
		return v.String(), nil
	case reflect.Bool:
		return strconv.FormatBool(v.Bool()), nil
	case reflect.Int, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10), nil
	default:
		text, err := encodeJSON(value)
		return string(text), err
	}
}

func escaped(text string) string { return escapedBut(text, "-_.!~*'()") }

// newKey is a random UUID (RFC 9562, version 4).
func newKey() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func sortedKeys[T any](values map[string]T) []string {
	keys := make([]string, 0, len(values))
	for key := range values {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
