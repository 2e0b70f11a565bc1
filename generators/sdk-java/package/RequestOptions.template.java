import java.net.http.HttpRequest.BodyPublisher;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Settings of a call; what is not said is the client's. */
public final class RequestOptions {
    /** Nothing is said. */
    public static final RequestOptions NONE = new RequestOptions(null, null, null, null, Map.of(), Map.of(), null);

    final Integer retries;
    final Duration timeout;
    final Duration totalTimeout;
    final String idempotencyKey;
    final Map<String, String> headers;
    final Map<String, FormFile> files;
    final Consumer<? super ResponseInfo> onResponse;

    private RequestOptions(
            Integer retries,
            Duration timeout,
            Duration totalTimeout,
            String idempotencyKey,
            Map<String, String> headers,
            Map<String, FormFile> files,
            Consumer<? super ResponseInfo> onResponse) {
        this.retries = retries;
        this.timeout = timeout;
        this.totalTimeout = totalTimeout;
        this.idempotencyKey = idempotencyKey;
        this.headers = headers;
        this.files = files;
        this.onResponse = onResponse;
    }

    /** How often a call is tried again. */
    public RequestOptions retries(int count) {
        return new RequestOptions(count, timeout, totalTimeout, idempotencyKey, headers, files, onResponse);
    }

    /** Limits one attempt. */
    public RequestOptions timeout(Duration limit) {
        return new RequestOptions(retries, limit, totalTimeout, idempotencyKey, headers, files, onResponse);
    }

    /** Limits the call with its attempts and pauses. */
    public RequestOptions totalTimeout(Duration limit) {
        return new RequestOptions(retries, timeout, limit, idempotencyKey, headers, files, onResponse);
    }

    /** Sends a key, so that a POST may be tried again. */
    public RequestOptions idempotencyKey(String key) {
        return new RequestOptions(retries, timeout, totalTimeout, key, headers, files, onResponse);
    }

    /** Sends a header besides. */
    public RequestOptions header(String name, String value) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(name, value);
        return new RequestOptions(retries, timeout, totalTimeout, idempotencyKey, all, files, onResponse);
    }

    /** What bytes in a multipart form are called, and what sends them where they are not in memory. */
    record FormFile(String name, String mediaType, BodyPublisher content) {}

    /** Gives bytes in a multipart form a file name and a media type, by their member; without it they are called as the member. */
    public RequestOptions file(String member, String filename, String mediaType) {
        return file(member, filename, mediaType, null);
    }

    /**
     * Sends a member of a multipart form as it is read, such as {@code BodyPublishers.ofFile(path)}, in the place of bytes that are in
     * memory. A call that is signed is read whole.
     */
    public RequestOptions file(String member, String filename, String mediaType, BodyPublisher content) {
        Map<String, FormFile> all = new LinkedHashMap<>(files);
        all.put(member, new FormFile(filename, mediaType, content));
        return new RequestOptions(retries, timeout, totalTimeout, idempotencyKey, headers, all, onResponse);
    }

    /** Tells of the answer of a call that succeeds; an exception has the same itself. */
    public RequestOptions onResponse(Consumer<? super ResponseInfo> tell) {
        return new RequestOptions(retries, timeout, totalTimeout, idempotencyKey, headers, files, tell);
    }
}
