import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;

/** Stands around every attempt. Requests are signed before. */
@FunctionalInterface
public interface Middleware {
    /** Sends a request on by {@code next}, or answers itself. */
    CompletableFuture<HttpResponse<InputStream>> send(HttpRequest request, CallInfo info, Next next);

    /** What stands behind. */
    @FunctionalInterface
    interface Next {
        /** Sends the request. */
        CompletableFuture<HttpResponse<InputStream>> send(HttpRequest request);
    }
}
