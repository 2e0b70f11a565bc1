import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;

/**
 * Tokens of a Cognito user pool: signs in, keeps the token, and renews it a minute before its end. By a password (the flow
 * USER_PASSWORD_AUTH, which the app client must allow), or by a refresh token.
 */
public final class Cognito implements Credential {
    private static final Duration EARLY = Duration.ofMinutes(1);

    private final Builder settings;
    private String refresh;
    private String value;
    private Instant until = Instant.MIN;

    private Cognito(Builder settings) {
        this.settings = settings;
        this.refresh = settings.refreshToken;
    }

    /** Of an app client without a secret. */
    public static Builder builder(String region, String clientId) {
        return new Builder(region, clientId);
    }

    /** Says who signs in. */
    public static final class Builder {
        private final String clientId;
        private URI endpoint;
        private String username;
        private String password;
        private String refreshToken;
        private boolean isAccess;
        private HttpClient http;
        private Clock clock = Clock.systemUTC();

        private Builder(String region, String clientId) {
            this.clientId = clientId;
            this.endpoint = URI.create("https://cognito-idp." + region + ".amazonaws.com/");
        }

        /** Signs in by a password. */
        public Builder password(String user, String secret) {
            this.username = user;
            this.password = secret;
            return this;
        }

        /** In place of a password, or to begin with. */
        public Builder refreshToken(String token) {
            this.refreshToken = token;
            return this;
        }

        /** Sends the access token instead of the id token, for routes that ask for scopes. */
        public Builder accessToken() {
            this.isAccess = true;
            return this;
        }

        /** Asks another address than Cognito's. */
        public Builder endpoint(URI address) {
            this.endpoint = address;
            return this;
        }

        /** Asks by a client of one's own. */
        public Builder httpClient(HttpClient client) {
            this.http = client;
            return this;
        }

        /** Another clock than the system's. */
        public Builder clock(Clock other) {
            this.clock = other;
            return this;
        }

        /** The source of tokens. */
        public Cognito build() {
            if (http == null) http = HttpClient.newHttpClient();
            return new Cognito(this);
        }
    }

    /** One renewal for all calls that wait for it; one that fails is not kept. */
    @Override
    public synchronized String value(CallInfo info) {
        if (settings.clock.instant().isBefore(until)) return value;
        if (refresh != null) {
            try {
                return ask("REFRESH_TOKEN_AUTH", Map.of("REFRESH_TOKEN", refresh));
            } catch (IllegalStateException error) {
                if (settings.password == null) throw error;
                refresh = null;
            }
        }
        if (settings.password == null) throw new IllegalStateException("Cognito: neither a password nor a refresh token");
        return ask("USER_PASSWORD_AUTH", Map.of("USERNAME", settings.username, "PASSWORD", settings.password));
    }

    /** No secret. */
    @Override
    public String toString() {
        return "Cognito(" + settings.clientId + ")";
    }

    private String ask(String flow, Map<String, Object> parameters) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("AuthFlow", flow);
        body.put("ClientId", settings.clientId);
        body.put("AuthParameters", parameters);
        HttpRequest.Builder builder = HttpRequest.newBuilder(settings.endpoint);
        if ("http".equals(settings.endpoint.getScheme())) builder.version(HttpClient.Version.HTTP_1_1);
        HttpRequest request = builder
                .header("content-type", "application/x-amz-json-1.1")
                .header("x-amz-target", "AWSCognitoIdentityProviderService.InitiateAuth")
                .timeout(Duration.ofSeconds(30))
                .POST(HttpRequest.BodyPublishers.ofString(Json.write(body)))
                .build();
        try {
            HttpResponse<String> answer = settings.http.send(request, HttpResponse.BodyHandlers.ofString());
            return take(answer.statusCode(), answer.body());
        } catch (IOException error) {
            throw new IllegalStateException("Cognito: " + error, error);
        } catch (InterruptedException error) {
            Thread.currentThread().interrupt();
            throw (CancellationException) new CancellationException("interrupted").initCause(error);
        }
    }

    /** Keeps the tokens of an answer. */
    private String take(int status, String text) {
        Map<String, Object> answer;
        try {
            answer = Codec.object(Json.parse(text));
        } catch (IllegalArgumentException noJson) {
            answer = Map.of();
        }
        if (status != 200 || !(answer.get("AuthenticationResult") instanceof Map<?, ?> result)) {
            Object name = answer.getOrDefault("__type", answer.getOrDefault("ChallengeName", "status " + status));
            throw new IllegalStateException(("Cognito: " + name + " " + answer.getOrDefault("message", "")).strip());
        }
        if (!(result.get(settings.isAccess ? "AccessToken" : "IdToken") instanceof String token)) throw new IllegalStateException("Cognito: no token");
        if (result.get("RefreshToken") instanceof String next) refresh = next;
        long seconds = result.get("ExpiresIn") instanceof Long found ? found : 0;
        value = token;
        until = settings.clock.instant().plusSeconds(seconds).minus(EARLY);
        return token;
    }
}
