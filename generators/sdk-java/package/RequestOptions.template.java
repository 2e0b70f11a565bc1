import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Settings of a call; what is not said is the client's. */
public final class RequestOptions {
    /** Nothing is said. */
    public static final RequestOptions NONE = new RequestOptions(null, null, null, Map.of());

    final Integer retries;
    final Duration timeout;
    final String idempotencyKey;
    final Map<String, String> headers;

    private RequestOptions(Integer retries, Duration timeout, String idempotencyKey, Map<String, String> headers) {
        this.retries = retries;
        this.timeout = timeout;
        this.idempotencyKey = idempotencyKey;
        this.headers = headers;
    }

    /** How often a call is tried again. */
    public RequestOptions retries(int count) {
        return new RequestOptions(count, timeout, idempotencyKey, headers);
    }

    /** Limits one attempt. */
    public RequestOptions timeout(Duration limit) {
        return new RequestOptions(retries, limit, idempotencyKey, headers);
    }

    /** Sends a key, so that a POST may be tried again. */
    public RequestOptions idempotencyKey(String key) {
        return new RequestOptions(retries, timeout, key, headers);
    }

    /** Sends a header besides. */
    public RequestOptions header(String name, String value) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(name, value);
        return new RequestOptions(retries, timeout, idempotencyKey, all);
    }
}
