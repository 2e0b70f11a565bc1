package sdk

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
)

// presence says what becomes of a member that holds nothing.
type presence uint8

const (
	required presence = iota
	nullable
	optional
)

// member is one member of an object as it is sent.
type member struct {
	name  string
	value any
	when  presence
}

// object is a model that is sent as an object.
type object interface{ members() []member }

// isNothing tells whether a value is nil, or an Optional without a value.
func isNothing(value any) bool {
	if o, ok := value.(optionalValue); ok {
		_, state := o.optionalValue()
		return state == 0
	}
	switch v := reflect.ValueOf(value); v.Kind() {
	case reflect.Invalid:
		return true
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface:
		return v.IsNil()
	default:
		return false
	}
}

// writeObject writes members in their order; optional ones only where they hold something.
func writeObject(members []member) ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for _, m := range members {
		nothing := isNothing(m.value)
		if nothing && m.when == optional {
			continue
		}
		value, err := encodeJSON(m.value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.name, err)
		}
		if nothing && m.when == required {
			// A list or map that was never made is an empty one.
			switch reflect.ValueOf(m.value).Kind() {
			case reflect.Slice:
				value = []byte("[]")
			case reflect.Map:
				value = []byte("{}")
			}
		}
		if out.Len() > 1 {
			out.WriteByte(',')
		}
		name, err := encodeJSON(m.name)
		if err != nil {
			return nil, err
		}
		out.Write(name)
		out.WriteByte(':')
		out.Write(value)
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// withMore adds the members that are not listed, as an object with an index signature has them.
func withMore[T any](members []member, more map[string]T) []member {
	listed := make(map[string]bool, len(members))
	for _, m := range members {
		listed[m.name] = true
	}
	for _, name := range sortedKeys(more) {
		if !listed[name] {
			members = append(members, member{name, more[name], nullable})
		}
	}
	return members
}

// encodeJSON writes a value without the escapes that HTML needs.
func encodeJSON(value any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimRight(out.Bytes(), "\n"), nil
}

// decoder makes a value of JSON.
type decoder[T any] func(json.RawMessage) (T, error)

// plain decodes what encoding/json can decode by itself. Numbers of no declared type are json.Number, so that none loses digits.
func plain[T any](raw json.RawMessage) (T, error) {
	var value T
	reader := json.NewDecoder(bytes.NewReader(raw))
	reader.UseNumber()
	if err := reader.Decode(&value); err != nil {
		return value, err
	}
	if _, err := reader.Token(); !errors.Is(err, io.EOF) {
		return value, errors.New("text behind the JSON")
	}
	return value, nil
}

func isNull(raw json.RawMessage) bool {
	return len(raw) == 0 || string(bytes.TrimSpace(raw)) == "null"
}

func pointer[T any](decode decoder[T]) decoder[*T] {
	return func(raw json.RawMessage) (*T, error) {
		if isNull(raw) {
			return nil, nil
		}
		value, err := decode(raw)
		return &value, err
	}
}

func optionalOf[T any](decode decoder[T]) decoder[Optional[T]] {
	return func(raw json.RawMessage) (Optional[T], error) {
		if isNull(raw) {
			return Null[T](), nil
		}
		value, err := decode(raw)
		return Some(value), err
	}
}

func listOf[T any](decode decoder[T]) decoder[[]T] {
	return func(raw json.RawMessage) ([]T, error) {
		items, err := plain[[]json.RawMessage](raw)
		if err != nil || items == nil {
			return nil, err
		}
		out := make([]T, len(items))
		for at, item := range items {
			if out[at], err = decode(item); err != nil {
				return nil, fmt.Errorf("[%d]: %w", at, err)
			}
		}
		return out, nil
	}
}

func mapOf[T any](decode decoder[T]) decoder[map[string]T] {
	return func(raw json.RawMessage) (map[string]T, error) {
		items, err := plain[map[string]json.RawMessage](raw)
		if err != nil || items == nil {
			return nil, err
		}
		out := make(map[string]T, len(items))
		for name, item := range items {
			if out[name], err = decode(item); err != nil {
				return nil, fmt.Errorf("%q: %w", name, err)
			}
		}
		return out, nil
	}
}

// fill fills a named type by the decoder of what it is made of.
func fill[T any](target *T, raw json.RawMessage, decode decoder[T]) error {
	value, err := decode(raw)
	if err == nil {
		*target = value
	}
	return err
}

// fields are the members of an object that is being decoded, and the first error.
type fields struct {
	members map[string]json.RawMessage
	err     error
}

func readObject(data []byte) *fields {
	members, err := plain[map[string]json.RawMessage](data)
	return &fields{members, err}
}

// read decodes one member. What is absent, or null where that says nothing, stays as it is.
func read[T any](f *fields, name string, target *T, decode decoder[T]) {
	raw, ok := f.members[name]
	if !ok || f.err != nil {
		return
	}
	value, err := decode(raw)
	if err != nil {
		f.err = fmt.Errorf("%s: %w", name, err)
		return
	}
	*target = value
}

// readMore decodes the members that are not listed.
func readMore[T any](f *fields, target *map[string]T, decode decoder[T], listed ...string) {
	if f.err != nil {
		return
	}
	more := make(map[string]T)
	isListed := make(map[string]bool, len(listed))
	for _, name := range listed {
		isListed[name] = true
	}
	for name := range f.members {
		if !isListed[name] {
			var value T
			read(f, name, &value, decode)
			more[name] = value
		}
	}
	*target = more
}

// isObject tells whether JSON is an object that has some members.
func isObject(raw json.RawMessage, names ...string) bool {
	if !isKind(raw, '{') {
		return false
	}
	members, err := plain[map[string]json.RawMessage](raw)
	for _, name := range names {
		if _, ok := members[name]; !ok {
			return false
		}
	}
	return err == nil
}

// hasTag tells whether a member of an object is a certain text.
func hasTag(raw json.RawMessage, name, value string) bool {
	if !isKind(raw, '{') {
		return false
	}
	members, err := plain[map[string]json.RawMessage](raw)
	if err != nil {
		return false
	}
	found, err := plain[any](members[name])
	return err == nil && fmt.Sprint(found) == value
}

// isKind tells the kind of a JSON value by how it begins: { [ " t (true or false) or 0 (a number).
func isKind(raw json.RawMessage, kind byte) bool {
	text := bytes.TrimLeft(raw, " \t\r\n")
	if len(text) == 0 {
		return false
	}
	switch first := text[0]; kind {
	case 't':
		return first == 't' || first == 'f'
	case '0':
		return first == '-' || first >= '0' && first <= '9'
	default:
		return first == kind
	}
}

// at follows a path of members.
func at(raw json.RawMessage, path []string) json.RawMessage {
	for _, name := range path {
		if !isKind(raw, '{') {
			return nil
		}
		members, err := plain[map[string]json.RawMessage](raw)
		if err != nil {
			return nil
		}
		raw = members[name]
	}
	return raw
}
