import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** An answer whose status says that the call failed; its subclasses are those of well-known statuses. */
public class ApiException extends SdkException {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final transient HttpHeaders headers;
    private final byte[] bytes;
    private final transient Object body;
    private final Duration retryAfter;

    ApiException(Details details) {
        super(details.text(), null, details.operation, details.attempts);
        status = details.status;
        headers = details.headers;
        bytes = details.bytes.clone();
        body = details.body;
        retryAfter = details.retryAfter;
    }

    /** The status. */
    public int status() {
        return status;
    }

    /** The headers. */
    public HttpHeaders headers() {
        return headers;
    }

    /** The body as it came. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The body as the type that the operation declares for the status; empty where it is another. */
    public <T> Optional<T> body(Class<T> type) {
        return type.isInstance(body) ? Optional.of(type.cast(body)) : Optional.empty();
    }

    /** How long the server asks to wait. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** API Gateway's id of the request, for its owner's logs. */
    public Optional<String> requestId() {
        return headers.firstValue("x-amzn-requestid").or(() -> headers.firstValue("apigw-requestid"));
    }

    /** API Gateway's name for an answer of its own, such as TooManyRequestsException. */
    public Optional<String> errorType() {
        return headers.firstValue("x-amzn-errortype").map(text -> text.split(":", 2)[0]);
    }

    /** Which of API Gateway's own answers this is; empty where what is behind the operation has answered. */
    public Optional<GatewayResponse> gateway() {
        return GatewayResponse.of(status, errorType().orElse(""), message(bytes).stripLeading());
    }

    static ApiException of(Details details) {
        switch (details.status) {
            case 400:
                return new BadRequest(details);
            case 401:
                return new Unauthorized(details);
            case 402:
                return new PaymentRequired(details);
            case 403:
                return new Forbidden(details);
            case 404:
                return new NotFound(details);
            case 409:
                return new Conflict(details);
            case 410:
                return new Gone(details);
            case 412:
                return new PreconditionFailed(details);
            case 413:
                return new ContentTooLarge(details);
            case 415:
                return new UnsupportedMediaType(details);
            case 422:
                return new UnprocessableContent(details);
            case 429:
                return new TooManyRequests(details);
            default:
                return details.status >= 500 ? new ServerError(details) : new ApiException(details);
        }
    }

    static final class Details {
        final String operation;
        final int attempts;
        final int status;
        final HttpHeaders headers;
        final byte[] bytes;
        final Object body;
        final Duration retryAfter;

        Details(String operation, int attempts, int status, HttpHeaders headers, byte[] bytes, Object body, Duration retryAfter) {
            this.operation = operation;
            this.attempts = attempts;
            this.status = status;
            this.headers = headers;
            this.bytes = bytes;
            this.body = body;
            this.retryAfter = retryAfter;
        }

        private String text() {
            String id = headers.firstValue("x-amzn-requestid").or(() -> headers.firstValue("apigw-requestid")).map(value -> " (request " + value + ")").orElse("");
            return operation + ": " + status + message(bytes) + id;
        }
    }

    /** What the body says, at most 200 characters of it. */
    static String message(byte[] bytes) {
        String text = new String(bytes, 0, Math.min(bytes.length, 100_000), StandardCharsets.UTF_8);
        try {
            if (Json.parse(text) instanceof Map<?, ?> members) {
                Object found = members.get("message") == null ? members.get("Message") : members.get("message");
                text = found instanceof String said ? said : "";
            }
        } catch (IllegalArgumentException notJson) {
            // A text says itself.
        }
        return text.isEmpty() ? "" : " " + text.substring(0, Math.min(text.length(), 200));
    }

    /** A 400. */
    public static final class BadRequest extends ApiException {
        private static final long serialVersionUID = 1L;

        BadRequest(Details details) {
            super(details);
        }
    }

    /** A 401. */
    public static final class Unauthorized extends ApiException {
        private static final long serialVersionUID = 1L;

        Unauthorized(Details details) {
            super(details);
        }
    }

    /** A 402. */
    public static final class PaymentRequired extends ApiException {
        private static final long serialVersionUID = 1L;

        PaymentRequired(Details details) {
            super(details);
        }
    }

    /** A 403. */
    public static final class Forbidden extends ApiException {
        private static final long serialVersionUID = 1L;

        Forbidden(Details details) {
            super(details);
        }
    }

    /** A 404. */
    public static final class NotFound extends ApiException {
        private static final long serialVersionUID = 1L;

        NotFound(Details details) {
            super(details);
        }
    }

    /** A 409. */
    public static final class Conflict extends ApiException {
        private static final long serialVersionUID = 1L;

        Conflict(Details details) {
            super(details);
        }
    }

    /** A 410. */
    public static final class Gone extends ApiException {
        private static final long serialVersionUID = 1L;

        Gone(Details details) {
            super(details);
        }
    }

    /** A 412. */
    public static final class PreconditionFailed extends ApiException {
        private static final long serialVersionUID = 1L;

        PreconditionFailed(Details details) {
            super(details);
        }
    }

    /** A 413. */
    public static final class ContentTooLarge extends ApiException {
        private static final long serialVersionUID = 1L;

        ContentTooLarge(Details details) {
            super(details);
        }
    }

    /** A 415. */
    public static final class UnsupportedMediaType extends ApiException {
        private static final long serialVersionUID = 1L;

        UnsupportedMediaType(Details details) {
            super(details);
        }
    }

    /** A 422. */
    public static final class UnprocessableContent extends ApiException {
        private static final long serialVersionUID = 1L;

        UnprocessableContent(Details details) {
            super(details);
        }
    }

    /** A 429: throttled, or a quota that is used up, which {@link #gateway()} tells apart. */
    public static final class TooManyRequests extends ApiException {
        private static final long serialVersionUID = 1L;

        TooManyRequests(Details details) {
            super(details);
        }
    }

    /** A status from 500 on. */
    public static final class ServerError extends ApiException {
        private static final long serialVersionUID = 1L;

        ServerError(Details details) {
            super(details);
        }
    }
}
