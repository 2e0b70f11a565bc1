package sdk

import (
	"encoding/json"
	"fmt"
	"time"
)

// Optional is a member that may be absent, null, or a value. The zero Optional is absent.
type Optional[T any] struct {
	value *T
	state uint8
}

const (
	stateNull  = 1
	stateValue = 2
)

// Some is an Optional with a value.
func Some[T any](value T) Optional[T] { return Optional[T]{value: &value, state: stateValue} }

// Null is an Optional that is sent as null.
func Null[T any]() Optional[T] { return Optional[T]{state: stateNull} }

// Get returns the value, and whether there is one.
func (o Optional[T]) Get() (T, bool) {
	if o.state != stateValue {
		var none T
		return none, false
	}
	return *o.value, true
}

// IsNull tells whether null was given.
func (o Optional[T]) IsNull() bool { return o.state == stateNull }

// IsZero tells whether nothing was given at all.
func (o Optional[T]) IsZero() bool { return o.state == 0 }

// MarshalJSON writes the value, or null.
func (o Optional[T]) MarshalJSON() ([]byte, error) {
	if o.state != stateValue {
		return []byte("null"), nil
	}
	return encodeJSON(*o.value)
}

// String is the value as fmt prints it, "null", or nothing at all.
func (o Optional[T]) String() string {
	switch o.state {
	case stateValue:
		return fmt.Sprint(*o.value)
	case stateNull:
		return "null"
	}
	return ""
}

func (o Optional[T]) optionalValue() (any, uint8) {
	if o.state != stateValue {
		return nil, o.state
	}
	return *o.value, o.state
}

type optionalValue interface{ optionalValue() (any, uint8) }

// Ptr is a pointer to a value, for members that may be absent.
func Ptr[T any](value T) *T { return &value }

// Date is a day without a time.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf is the day of a time, in the time's own zone.
func DateOf(t time.Time) Date {
	year, month, day := t.Date()
	return Date{year, month, day}
}

// ParseDate reads a day as RFC 3339 writes it: 2026-02-28.
func ParseDate(text string) (Date, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return Date{}, fmt.Errorf("%q is no date", text)
	}
	return DateOf(t), nil
}

// String writes the day as RFC 3339 does.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day) }

// In is the beginning of the day in a zone.
func (d Date) In(zone *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, zone)
}

// MarshalJSON writes the day as a string.
func (d Date) MarshalJSON() ([]byte, error) { return json.Marshal(d.String()) }

// UnmarshalJSON reads the day from a string.
func (d *Date) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	date, err := ParseDate(text)
	if err == nil {
		*d = date
	}
	return err
}
