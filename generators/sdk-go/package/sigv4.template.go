package sdk

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// AWSCredentials are the keys that requests are signed with.
type AWSCredentials struct {
	AccessKeyID     string
	SecretAccessKey string
	SessionToken    string
}

// String hides the secrets, so that no log has them.
func (c AWSCredentials) String() string { return "AWSCredentials(" + c.AccessKeyID + ")" }

// GoString hides the secrets as well.
func (c AWSCredentials) GoString() string { return c.String() }

// SigV4 signs requests for routes with IAM authorization (AWS Signature Version 4).
type SigV4 struct {
	Region string
	// Credentials are asked before every attempt, so that they may be renewed.
	Credentials func(context.Context) (AWSCredentials, error)
	// Service is execute-api where it is empty.
	Service string
	// Now is time.Now where it is nil.
	Now func() time.Time
}

// StaticAWS are credentials that stay the same.
func StaticAWS(credentials AWSCredentials) func(context.Context) (AWSCredentials, error) {
	return func(context.Context) (AWSCredentials, error) { return credentials, nil }
}

func (s *SigV4) sign(request *http.Request, body []byte) error {
	keys, err := s.Credentials(request.Context())
	if err != nil {
		return err
	}
	stamp, scope := s.scope()
	request.Header.Set("x-amz-date", stamp)
	if keys.SessionToken != "" {
		request.Header.Set("x-amz-security-token", keys.SessionToken)
	}
	signed := []string{"host:" + signedHost(request.URL)}
	for name, values := range request.Header {
		if lower := strings.ToLower(name); lower == "content-type" || strings.HasPrefix(lower, "x-amz-") {
			value := strings.TrimSpace(strings.Join(values, ","))
			for strings.Contains(value, "  ") {
				value = strings.ReplaceAll(value, "  ", " ")
			}
			signed = append(signed, lower+":"+value)
		}
	}
	slices.Sort(signed)
	names := make([]string, len(signed))
	for at, line := range signed {
		names[at], _, _ = strings.Cut(line, ":")
	}
	value, err := signature(keys, stamp, scope, request.Method, request.URL, signed, strings.Join(names, ";"), body)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", fmt.Sprintf(
		"AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s", keys.AccessKeyID, scope, strings.Join(names, ";"), value))
	return nil
}

// Presign puts a signature into the query of an address, for a GET or the handshake of a WebSocket by somebody else; it is good for five minutes.
func (s SigV4) Presign(ctx context.Context, address string) (string, error) {
	keys, err := s.Credentials(ctx)
	if err != nil {
		return "", err
	}
	whole, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	if whole.Path == "" {
		whole.Path = "/"
	}
	stamp, scope := s.scope()
	pairs := [][2]string{
		{"X-Amz-Algorithm", "AWS4-HMAC-SHA256"},
		{"X-Amz-Credential", keys.AccessKeyID + "/" + scope},
		{"X-Amz-Date", stamp},
		{"X-Amz-Expires", "300"},
		{"X-Amz-SignedHeaders", "host"},
	}
	if keys.SessionToken != "" {
		pairs = append(pairs, [2]string{"X-Amz-Security-Token", keys.SessionToken})
	}
	query := whole.RawQuery
	for _, pair := range pairs {
		query += "&" + pair[0] + "=" + awsEscaped(pair[1])
	}
	whole.RawQuery = strings.TrimPrefix(query, "&")
	value, err := signature(keys, stamp, scope, http.MethodGet, whole, []string{"host:" + signedHost(whole)}, "host", nil)
	if err != nil {
		return "", err
	}
	whole.RawQuery += "&X-Amz-Signature=" + value
	return whole.String(), nil
}

// scope is the time of a signature, and what it is good for.
func (s *SigV4) scope() (stamp, scope string) {
	now, service := time.Now, "execute-api"
	if s.Now != nil {
		now = s.Now
	}
	if s.Service != "" {
		service = s.Service
	}
	stamp = now().UTC().Format("20060102T150405Z")
	return stamp, fmt.Sprintf("%s/%s/%s/aws4_request", stamp[:8], s.Region, service)
}

// signature signs the lines of the signed headers and all else that the request is made of.
func signature(keys AWSCredentials, stamp, scope, method string, address *url.URL, signed []string, names string, body []byte) (string, error) {
	// The path as it is sent, escaped once more: every service but S3 wants it so.
	path := strings.Split(address.EscapedPath(), "/")
	for at, segment := range path {
		path[at] = awsEscaped(segment)
	}
	query, err := canonicalQuery(address.RawQuery)
	if err != nil {
		return "", err
	}
	canonical := strings.Join([]string{method, strings.Join(path, "/"), query, strings.Join(signed, "\n"), "", names, hexHash(body)}, "\n")
	text := strings.Join([]string{"AWS4-HMAC-SHA256", stamp, scope, hexHash([]byte(canonical))}, "\n")
	key := []byte("AWS4" + keys.SecretAccessKey)
	for _, part := range append(strings.Split(scope, "/"), text) {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(part))
		key = mac.Sum(nil)
	}
	return hex.EncodeToString(key), nil
}

func hexHash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func signedHost(address *url.URL) string {
	port := map[string]string{"https": ":443", "wss": ":443", "http": ":80", "ws": ":80"}[address.Scheme]
	return strings.TrimSuffix(address.Host, port)
}

// canonicalQuery sorts the pairs and escapes them as AWS does.
func canonicalQuery(raw string) (string, error) {
	var pairs [][2]string
	for _, pair := range strings.Split(raw, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		plainName, err := url.QueryUnescape(name)
		if err != nil {
			return "", err
		}
		plainValue, err := url.QueryUnescape(value)
		if err != nil {
			return "", err
		}
		pairs = append(pairs, [2]string{awsEscaped(plainName), awsEscaped(plainValue)})
	}
	slices.SortFunc(pairs, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	out := make([]string, len(pairs))
	for at, pair := range pairs {
		out[at] = pair[0] + "=" + pair[1]
	}
	return strings.Join(out, "&"), nil
}

func awsEscaped(text string) string { return escapedBut(text, "-_.~") }

// escapedBut escapes all bytes but letters, digits and those that are named.
func escapedBut(text, safe string) string {
	var out strings.Builder
	for at := 0; at < len(text); at++ {
		c := text[at]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte(safe, c) >= 0 {
			out.WriteByte(c)
		} else {
			fmt.Fprintf(&out, "%%%02X", c)
		}
	}
	return out.String()
}
