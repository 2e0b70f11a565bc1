import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Stands around every attempt. Requests are signed before. */
@FunctionalInterface
public interface Middleware {
    /** Sends a request on by {@code next}, or answers itself. */
    CompletableFuture<HttpResponse<InputStream>> send(HttpRequest request, CallInfo info, Next next);

    /** An answer that nobody has sent, for tests: a middleware that returns it needs no server. */
    static CompletableFuture<HttpResponse<InputStream>> answer(HttpRequest request, int status, Map<String, String> headers, String body) {
        return CompletableFuture.completedFuture(Answered.of(request, status, headers, body));
    }

    /** What stands behind. */
    @FunctionalInterface
    interface Next {
        /** Sends the request. */
        CompletableFuture<HttpResponse<InputStream>> send(HttpRequest request);
    }
}
