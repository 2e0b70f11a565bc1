import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

/** Makes calls: attempts, until one succeeds, cannot be helped, or is the last. */
final class Caller {
    /** How much of a body is read into memory; streams have no limit. */
    static final int MAX_BODY_BYTES = 64 << 20;

    String baseUrl;
    int retries = 2;
    Duration timeout = Duration.ofSeconds(30);
    Duration totalTimeout;
    Duration retryDelay = Duration.ofMillis(200);
    Duration maxRetryDelay = Duration.ofSeconds(20);
    HttpClient http;
    SigV4 iam;
    final Map<String, Credential> credentials = new LinkedHashMap<>();
    final Map<String, String> headers = new LinkedHashMap<>();
    final List<Middleware> middleware = new ArrayList<>();

    /** A success; {@code stream} where one was asked for. */
    static final class Answer {
        final String operation;
        final int attempts;
        final int status;
        final HttpHeaders headers;
        final byte[] bytes;
        final InputStream stream;

        Answer(String operation, int attempts, int status, HttpHeaders headers, byte[] bytes, InputStream stream) {
            this.operation = operation;
            this.attempts = attempts;
            this.status = status;
            this.headers = headers;
            this.bytes = bytes;
            this.stream = stream;
        }

        private String kind() {
            return headers.firstValue("content-type").orElse("").toLowerCase(Locale.ROOT);
        }

        private boolean isJson() {
            return kind().matches("[^;]+[/+]json *(;.*)?");
        }

        /** JSON; a text is a string, nothing is null. */
        Object json() {
            if (isJson()) return Json.parse(new String(bytes, StandardCharsets.UTF_8));
            return bytes.length == 0 && !kind().startsWith("text/") ? null : new String(bytes, StandardCharsets.UTF_8);
        }

        /** Where nothing is declared: JSON, text or bytes, by the content type. */
        Object anything() {
            boolean isText = kind().isEmpty() || kind().startsWith("text/") || kind().contains("xml") || isJson();
            return bytes.length == 0 || isText ? decoded(Codec.ANY) : bytes;
        }

        <T> T decoded(Codec<T> codec) {
            try {
                return codec.decode(json());
            } catch (IllegalArgumentException error) {
                throw new TransportException(TransportException.Kind.DECODE, operation, attempts, error);
            }
        }
    }

    /** What all attempts have in common. */
    private static final class Draft {
        String method;
        String url;
        final Map<String, String> headers = new LinkedHashMap<>();
        byte[] body;
        BodyPublisher publisher = BodyPublishers.noBody();

        boolean isRepeatable() {
            boolean isSafe = !Set.of("POST", "PATCH").contains(method) || headers.containsKey("idempotency-key");
            return isSafe;
        }
    }

    /** Waits for an answer. */
    static <T> T join(CompletableFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException error) {
            future.cancel(true);
            Thread.currentThread().interrupt();
            throw (CancellationException) new CancellationException("interrupted").initCause(error);
        } catch (ExecutionException error) {
            Throwable cause = bare(error);
            if (cause instanceof RuntimeException known) throw known;
            if (cause instanceof Error known) throw known;
            throw new CompletionException(cause);
        }
    }

    /** A call and what is made of its answer; a value that no request can carry fails the future. */
    <T> CompletableFuture<T> start(Operation operation, Supplier<Arguments> arguments, RequestOptions options, boolean asStream, Function<Answer, T> read) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Call call;
        try {
            call = new Call(operation, draftOf(operation, arguments.get(), options), options, asStream);
        } catch (RuntimeException error) {
            result.completeExceptionally(error);
            return result;
        }
        call.attempts(1).thenApply(read).whenComplete((value, thrown) -> {
            call.isOver = true;
            if (thrown == null) result.complete(value);
            else result.completeExceptionally(bare(thrown));
        });
        // Whoever gives up, or has no more time, ends the request as well.
        result.whenComplete((value, thrown) -> {
            if (!call.isOver) call.abort();
        });
        return result;
    }

    /** A call that is under way. */
    private final class Call {
        final Operation operation;
        final Draft draft;
        final RequestOptions options;
        final boolean asStream;
        /** When the call with all its attempts has to be over, by {@code System.nanoTime()}; null: whenever. */
        final Long end;
        volatile boolean isOver;
        private volatile CompletableFuture<HttpResponse<InputStream>> sent;
        private volatile CompletableFuture<HttpResponse<InputStream>> exchange;

        Call(Operation operation, Draft draft, RequestOptions options, boolean asStream) {
            this.operation = operation;
            this.draft = draft;
            this.options = options;
            this.asStream = asStream;
            Duration whole = options.totalTimeout == null ? totalTimeout : options.totalTimeout;
            end = whole == null ? null : System.nanoTime() + whole.toNanos();
        }

        /** Ends the attempt that is under way; there will be no other. */
        void abort() {
            isOver = true;
            hangUp();
        }

        private void hangUp() {
            CompletableFuture<HttpResponse<InputStream>> request = sent;
            CompletableFuture<HttpResponse<InputStream>> answer = exchange;
            if (request != null) request.cancel(true);
            if (answer == null || answer.cancel(true) || answer.isCompletedExceptionally()) return;
            try {
                // Somebody may be waiting for the rest of the body.
                answer.join().body().close();
            } catch (IOException closedAlready) {
                // So be it.
            }
        }

        CompletableFuture<Answer> attempts(int attempt) {
            int last = options.retries == null ? retries : options.retries;
            return attempt(attempt).handle((answer, thrown) -> {
                if (thrown == null) {
                    if (options.onResponse != null) options.onResponse.accept(new ResponseInfo(answer.status, answer.headers, attempt));
                    return CompletableFuture.completedFuture(answer);
                }
                Throwable error = bare(thrown);
                long wait = pause(error, attempt).toMillis();
                boolean isLate = end != null && System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(wait) - end >= 0;
                if (attempt > last || isOver || isLate || !isTransient(error) || !draft.isRepeatable()) return CompletableFuture.<Answer>failedFuture(error);
                return CompletableFuture.supplyAsync(() -> true, CompletableFuture.delayedExecutor(wait, TimeUnit.MILLISECONDS))
                        .thenCompose(go -> isOver ? CompletableFuture.<Answer>failedFuture(error) : attempts(attempt + 1));
            }).thenCompose(Function.identity());
        }

        private CompletableFuture<Answer> attempt(int attempt) {
            Duration limit = options.timeout == null ? timeout : options.timeout;
            if (end != null) {
                Duration left = Duration.ofNanos(Math.max(1_000_000, end - System.nanoTime()));
                if (left.compareTo(limit) < 0) limit = left;
            }
            HttpRequest request;
            CallInfo info = new CallInfo(operation.name, attempt, "");
            try {
                request = requestOf(operation, draft, info, limit);
            } catch (RuntimeException error) {
                return CompletableFuture.failedFuture(error);
            }
            Middleware.Next next = given -> {
                CompletableFuture<HttpResponse<InputStream>> started = http.sendAsync(given, HttpResponse.BodyHandlers.ofInputStream());
                sent = started;
                if (isOver) started.cancel(true);
                return started;
            };
            for (int at = middleware.size() - 1; at >= 0; at--) {
                Middleware layer = middleware.get(at);
                Middleware.Next behind = next;
                next = given -> layer.send(given, info, behind);
            }
            CompletableFuture<HttpResponse<InputStream>> answered;
            try {
                answered = next.send(request);
            } catch (RuntimeException error) {
                return CompletableFuture.failedFuture(error);
            }
            exchange = answered;
            return answered.thenApplyAsync(response -> read(operation, response, attempt, asStream))
                    .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                    .handle((answer, thrown) -> {
                        if (thrown == null) return answer;
                        // What came too late keeps no connection.
                        hangUp();
                        throw new CompletionException(failure(operation, attempt, bare(thrown)));
                    });
        }
    }

    private static Throwable failure(Operation operation, int attempt, Throwable error) {
        if (error instanceof HttpTimeoutException || error instanceof TimeoutException)
            return new TransportException(TransportException.Kind.TIMEOUT, operation.name, attempt, error);
        if (error instanceof IOException || error instanceof UncheckedIOException)
            return new TransportException(TransportException.Kind.NETWORK, operation.name, attempt, error);
        return error;
    }

    private static Answer read(Operation operation, HttpResponse<InputStream> response, int attempt, boolean asStream) {
        int status = response.statusCode();
        boolean isSuccess = operation.isSuccess(status);
        if (isSuccess && asStream) return new Answer(operation.name, attempt, status, response.headers(), new byte[0], response.body());
        byte[] bytes;
        try (InputStream body = response.body()) {
            bytes = body.readNBytes(MAX_BODY_BYTES + 1);
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
        if (bytes.length > MAX_BODY_BYTES)
            throw new TransportException(TransportException.Kind.DECODE, operation.name, attempt, new IOException("the body has more than " + MAX_BODY_BYTES + " bytes"));
        Answer answer = new Answer(operation.name, attempt, status, response.headers(), bytes, null);
        if (isSuccess) return answer;
        Object body = null;
        Codec<?> codec = operation.errors.getOrDefault(status, operation.other);
        try {
            if (codec != null) body = codec.decode(answer.json());
        } catch (IllegalArgumentException undeclared) {
            // What no one declared stays as it came.
        }
        Duration wish = retryAfter(response.headers().firstValue("retry-after").orElse(""));
        throw ApiException.of(new ApiException.Details(operation.name, attempt, status, response.headers(), bytes, body, wish));
    }

    private static Throwable bare(Throwable thrown) {
        Throwable error = thrown;
        while ((error instanceof CompletionException || error instanceof ExecutionException) && error.getCause() != null) error = error.getCause();
        return error;
    }

    /** Networks, timeouts, throttling and failures of the server. A quota that is used up stays so. */
    private static boolean isTransient(Throwable error) {
        if (error instanceof TransportException transport) return transport.kind() != TransportException.Kind.DECODE;
        if (!(error instanceof ApiException answer)) return false;
        if (answer.status() == 429)
            return answer.gateway().orElse(null) != GatewayResponse.QUOTA_EXCEEDED && !ApiException.message(answer.bytes()).startsWith(" Limit Exceeded");
        return answer.status() >= 500 && answer.status() != 501;
    }

    /** The server's wish, or full jitter over an exponentially growing span. */
    private Duration pause(Throwable error, int attempt) {
        Duration wish = error instanceof ApiException answer ? answer.retryAfter().orElse(null) : null;
        double span = Math.min(retryDelay.toMillis() * Math.pow(2, attempt - 1), maxRetryDelay.toMillis());
        Duration wait = wish != null ? wish : Duration.ofMillis((long) (ThreadLocalRandom.current().nextDouble() * span));
        return wait.compareTo(maxRetryDelay) > 0 ? maxRetryDelay : wait;
    }

    /** Seconds or an HTTP date (RFC 9110, 10.2.3). */
    private static Duration retryAfter(String value) {
        if (value.matches("[0-9]{1,9}")) return Duration.ofSeconds(Long.parseLong(value));
        try {
            Duration wait = Duration.between(Instant.now(), ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (DateTimeParseException error) {
            return null;
        }
    }

    private Draft draftOf(Operation operation, Arguments arguments, RequestOptions options) {
        Draft draft = new Draft();
        draft.method = operation.method == null ? String.valueOf(arguments.method).toUpperCase(Locale.ROOT) : operation.method;
        draft.headers.put("accept", operation.accept);
        setBody(operation, arguments, options, draft);
        put(draft, headers);
        arguments.headers.forEach((name, value) -> put(draft, Map.of(name, String.join(", ", Arguments.texts(value)))));
        if (options.idempotencyKey != null) draft.headers.put("idempotency-key", options.idempotencyKey);
        else if (operation.newKey) draft.headers.put("idempotency-key", UUID.randomUUID().toString());
        put(draft, options.headers);
        draft.headers.forEach((name, value) -> checkHeader(operation.name, name, value));
        draft.url = baseUrl.replaceAll("/+$", "") + pathOf(operation, arguments) + queryOf(arguments);
        return draft;
    }

    private static void put(Draft draft, Map<String, String> values) {
        values.forEach((name, value) -> draft.headers.put(name.toLowerCase(Locale.ROOT), value));
    }

    private static void checkHeader(String operation, String name, String value) {
        if (value.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0))
            throw new IllegalArgumentException(operation + ": the header " + name + " cannot hold a line break");
    }

    private static String pathOf(Operation operation, Arguments arguments) {
        StringBuilder out = new StringBuilder();
        for (Operation.Segment segment : operation.path) {
            if (segment.parameter() == null) {
                out.append('/').append(segment.text());
                continue;
            }
            String value = String.join(",", Arguments.texts(arguments.path.get(segment.parameter())));
            String[] parts = segment.greedy() ? value.split("/", -1) : new String[] {value};
            for (String part : parts) {
                // Empty and dot segments would lead to another route.
                if (part.equals(".") || part.equals("..") || String.join("", parts).isEmpty())
                    throw new IllegalArgumentException(operation.name + ": " + segment.parameter() + " cannot be \"" + value + "\"");
                out.append('/').append(Urls.escaped(part));
            }
        }
        return out.length() == 0 ? "/" : out.toString();
    }

    private static String queryOf(Arguments arguments) {
        List<String> pairs = pairs(arguments.query);
        return pairs.isEmpty() ? "" : "?" + String.join("&", pairs);
    }

    private static List<String> pairs(Map<String, Object> members) {
        List<String> pairs = new ArrayList<>();
        members.forEach((name, value) -> {
            for (String text : Arguments.texts(value)) pairs.add(Urls.escaped(name) + "=" + Urls.escaped(text));
        });
        return pairs;
    }

    private static void setBody(Operation operation, Arguments arguments, RequestOptions options, Draft draft) {
        if (arguments.raw != null) {
            draft.publisher = arguments.raw;
            if (operation.contentType != null) draft.headers.put("content-type", operation.contentType);
            return;
        }
        if (operation.encoding == null || arguments.body == null) return;
        String type = operation.contentType;
        switch (operation.encoding) {
            case "json":
                draft.body = Json.write(arguments.body).getBytes(StandardCharsets.UTF_8);
                break;
            case "form":
                draft.body = String.join("&", pairs(Codec.object(arguments.body))).getBytes(StandardCharsets.UTF_8);
                break;
            case "multipart":
                String boundary = UUID.randomUUID().toString();
                type = "multipart/form-data; boundary=" + boundary;
                List<BodyPublisher> pieces = multipart(operation.name, Codec.object(arguments.body), boundary, options);
                draft.publisher = BodyPublishers.concat(pieces.toArray(BodyPublisher[]::new));
                draft.headers.put("content-type", type);
                return;
            default:
                draft.body = Arguments.text(arguments.body).getBytes(StandardCharsets.UTF_8);
        }
        draft.publisher = BodyPublishers.ofByteArray(draft.body);
        if (type != null) draft.headers.put("content-type", type);
    }

    /** The parts of a form that are in memory, then those that are read as they are sent. */
    private static List<BodyPublisher> multipart(String operation, Map<String, Object> members, String boundary, RequestOptions options) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        members.forEach((name, value) -> {
            RequestOptions.FormFile file = options.files.getOrDefault(name, new RequestOptions.FormFile(name, "application/octet-stream", null));
            if (file.content() != null) return;
            if (value instanceof byte[] bytes) {
                write(out, partHead(boundary, name) + fileHead(operation, file));
                out.writeBytes(bytes);
                write(out, "\r\n");
                return;
            }
            for (String text : Arguments.texts(value)) write(out, partHead(boundary, name) + "\r\n\r\n" + text + "\r\n");
        });
        List<BodyPublisher> pieces = new ArrayList<>();
        options.files.forEach((name, file) -> {
            if (file.content() == null) return;
            write(out, partHead(boundary, name) + fileHead(operation, file));
            pieces.add(BodyPublishers.ofByteArray(out.toByteArray()));
            pieces.add(file.content());
            out.reset();
            write(out, "\r\n");
        });
        write(out, "--" + boundary + "--\r\n");
        pieces.add(BodyPublishers.ofByteArray(out.toByteArray()));
        return pieces;
    }

    private static void write(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String partHead(String boundary, String name) {
        return "--" + boundary + "\r\ncontent-disposition: form-data; name=\"" + label(name) + "\"";
    }

    private static String fileHead(String operation, RequestOptions.FormFile file) {
        checkHeader(operation, "content-type", file.mediaType());
        return "; filename=\"" + label(file.name()) + "\"\r\ncontent-type: " + file.mediaType() + "\r\n\r\n";
    }

    /** As browsers write it (HTML, multipart/form-data encoding algorithm). */
    private static String label(String text) {
        return text.replace("\"", "%22").replace("\r", "%0D").replace("\n", "%0A");
    }

    private HttpRequest requestOf(Operation operation, Draft draft, CallInfo info, Duration limit) {
        String url = draft.url;
        Map<String, String> sent = new LinkedHashMap<>(draft.headers);
        url = carry(operation.name, info.attempt(), operation.auth, credentials, url, sent);
        URI uri = URI.create(url);
        BodyPublisher publisher = draft.publisher;
        if (operation.signed && iam != null) {
            byte[] body = draft.body == null ? collected(publisher) : draft.body;
            if (body.length > 0) publisher = BodyPublishers.ofByteArray(body);
            iam.sign(draft.method, uri, sent, body);
        }
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri).method(draft.method, publisher).timeout(limit);
        if ("http".equals(uri.getScheme())) builder.version(HttpClient.Version.HTTP_1_1);
        sent.forEach(builder::header);
        return builder.build();
    }

    /** Asks the credentials and puts them into the headers; the address with those that it carries. */
    static String carry(String operation, int attempt, List<Operation.Use> uses, Map<String, Credential> credentials, String address, Map<String, String> sent) {
        String url = address;
        for (Operation.Use use : uses) {
            Credential credential = credentials.get(use.name());
            String value = credential == null ? null : credential.value(new CallInfo(operation, attempt, use.authorizer()));
            if (value == null) continue;
            checkHeader(operation, use.key(), value);
            String name = use.key().toLowerCase(Locale.ROOT);
            if (use.inQuery()) url += (url.contains("?") ? "&" : "?") + Urls.escaped(use.key()) + "=" + Urls.escaped(value);
            else sent.putIfAbsent(name, name.equals("authorization") && !value.contains(" ") ? "Bearer " + value : value);
        }
        return url;
    }

    /** A signature covers the whole body. */
    private static byte[] collected(BodyPublisher publisher) {
        CompletableFuture<byte[]> done = new CompletableFuture<>();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        publisher.subscribe(new Flow.Subscriber<ByteBuffer>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(ByteBuffer piece) {
                byte[] bytes = new byte[piece.remaining()];
                piece.get(bytes);
                out.writeBytes(bytes);
            }

            @Override
            public void onError(Throwable error) {
                done.completeExceptionally(error);
            }

            @Override
            public void onComplete() {
                done.complete(out.toByteArray());
            }
        });
        return join(done);
    }

    /** The pages of a route, as long as they last. */
    <T> PageIterable<T> pages(Operation operation, Supplier<Arguments> arguments, RequestOptions options, Function<Answer, T> decode) {
        return new PageIterable<>(() -> {
            Arguments sent = arguments.get();
            boolean[] isOver = {false};
            return () -> {
                if (isOver[0]) return null;
                Answer answer = join(start(operation, () -> sent, options, false, Function.identity()));
                T page = decode.apply(answer);
                Object cursor = nextCursor(operation.pages, answer);
                isOver[0] = cursor == null || cursor.equals("");
                // A server that forgets to move on would be asked forever.
                if (!isOver[0] && cursor.equals(sent.query.get(operation.pages.cursor())))
                    throw new TransportException(TransportException.Kind.DECODE, operation.name, answer.attempts, new IOException("the cursor does not move"));
                sent.query.put(operation.pages.cursor(), cursor);
                return page;
            };
        });
    }

    /** What the pages of a route list, one after the other. */
    <T> PageIterable<T> items(Operation operation, Supplier<Arguments> arguments, RequestOptions options, Codec<T> item) {
        Codec<List<T>> list = Codec.list(item);
        PageIterable<List<T>> pages = pages(operation, arguments, options, answer -> {
            Object found = at(answer.decoded(Codec.ANY), operation.pages.items());
            return found == null ? List.of() : answer.decoded(Codec.of(json -> list.decode(found), value -> null));
        });
        return new PageIterable<>(() -> {
            var walk = pages.stream().flatMap(List::stream).iterator();
            return () -> walk.hasNext() ? walk.next() : null;
        });
    }

    private static Object nextCursor(Operation.Pages pages, Answer answer) {
        if (pages.header() != null) return answer.headers.firstValue(pages.header()).orElse(null);
        return at(answer.decoded(Codec.ANY), pages.next());
    }

    private static Object at(Object json, List<String> path) {
        Object value = json;
        for (String name : path) value = value instanceof Map<?, ?> members ? members.get(name) : null;
        return value;
    }
}
