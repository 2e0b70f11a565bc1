package sdk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

// CognitoToken says which token of a user pool is sent.
type CognitoToken string

// CognitoIDToken is the default.
const CognitoIDToken CognitoToken = "id"

// CognitoAccessToken is for routes that ask for scopes.
const CognitoAccessToken CognitoToken = "access"

// CognitoOptions say who signs in where: by a password (the flow USER_PASSWORD_AUTH, which the app client must allow), or by a refresh token.
type CognitoOptions struct {
	Region string
	// ClientID is that of an app client without a secret.
	ClientID     string
	Username     string
	Password     string
	RefreshToken string
	Token        CognitoToken
	// Endpoint is https://cognito-idp.<region>.amazonaws.com/ where it is empty.
	Endpoint string
	// Transport is http.DefaultTransport where it is nil.
	Transport http.RoundTripper
	// Now is time.Now where it is nil.
	Now func() time.Time
}

// String hides the secrets, so that no log has them.
func (o CognitoOptions) String() string { return "CognitoOptions(" + o.ClientID + ")" }

// GoString hides the secrets as well.
func (o CognitoOptions) GoString() string { return o.String() }

// Cognito is a Credential that signs in to a user pool, keeps the token, and renews it a minute before its end.
func Cognito(options CognitoOptions) Credential {
	if options.Endpoint == "" {
		options.Endpoint = "https://cognito-idp." + options.Region + ".amazonaws.com/"
	}
	if options.Transport == nil {
		options.Transport = http.DefaultTransport
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	return &cognitoSource{options: options, refresh: options.RefreshToken, turn: make(chan struct{}, 1)}
}

type cognitoSource struct {
	options CognitoOptions
	// turn is held by whoever renews the token: the others wait for it.
	turn    chan struct{}
	refresh string

	mu    sync.Mutex
	value string
	until time.Time
}

// String hides the secrets.
func (c *cognitoSource) String() string { return "Cognito(" + c.options.ClientID + ")" }

// GoString hides the secrets as well.
func (c *cognitoSource) GoString() string { return c.String() }

func (c *cognitoSource) Credential(ctx context.Context, _ CallInfo) (string, error) {
	if value := c.current(); value != "" {
		return value, nil
	}
	select {
	case c.turn <- struct{}{}:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	defer func() { <-c.turn }()
	if value := c.current(); value != "" {
		return value, nil
	}
	if c.refresh != "" {
		value, err := c.ask(ctx, "REFRESH_TOKEN_AUTH", map[string]string{"REFRESH_TOKEN": c.refresh})
		if err == nil || c.options.Password == "" || ctx.Err() != nil {
			return value, err
		}
		c.refresh = ""
	}
	return c.ask(ctx, "USER_PASSWORD_AUTH", map[string]string{"USERNAME": c.options.Username, "PASSWORD": c.options.Password})
}

func (c *cognitoSource) current() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.options.Now().After(c.until.Add(-time.Minute)) {
		return ""
	}
	return c.value
}

func (c *cognitoSource) ask(ctx context.Context, flow string, parameters map[string]string) (string, error) {
	body, err := encodeJSON(map[string]any{"AuthFlow": flow, "ClientId": c.options.ClientID, "AuthParameters": parameters})
	if err != nil {
		return "", err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.options.Endpoint, bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/x-amz-json-1.1")
	request.Header.Set("X-Amz-Target", "AWSCognitoIdentityProviderService.InitiateAuth")
	response, err := c.options.Transport.RoundTrip(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return "", err
	}
	return c.take(response.StatusCode, text)
}

// take keeps the tokens of an answer.
func (c *cognitoSource) take(status int, text []byte) (string, error) {
	var answer struct {
		Type                 string `json:"__type"`
		Message              string `json:"message"`
		ChallengeName        string
		AuthenticationResult *struct {
			IdToken, AccessToken, RefreshToken string
			ExpiresIn                          int64
		}
	}
	err := json.Unmarshal(text, &answer)
	result := answer.AuthenticationResult
	if status != http.StatusOK || err != nil || result == nil {
		for _, name := range []string{answer.Type, answer.ChallengeName} {
			if name != "" {
				return "", fmt.Errorf("Cognito: %s %s", name, answer.Message)
			}
		}
		return "", fmt.Errorf("Cognito: status %d", status)
	}
	value := result.IdToken
	if c.options.Token == CognitoAccessToken {
		value = result.AccessToken
	}
	if value == "" {
		return "", errors.New("Cognito: no token")
	}
	if result.RefreshToken != "" {
		c.refresh = result.RefreshToken
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.value, c.until = value, c.options.Now().Add(time.Duration(result.ExpiresIn)*time.Second)
	return value, nil
}
