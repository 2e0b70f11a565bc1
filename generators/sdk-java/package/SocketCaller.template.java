import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpTimeoutException;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** A connection to a WebSocket API that opens itself again; {@code E} is what the server sends on its own. */
final class SocketCaller<E> {
    /** How long a message of the server may be, in characters. */
    private static final int MAX_INCOMING = 16 << 20;
    /** Events that may wait for their listeners before the connection is not read any more. */
    private static final int MAX_TOLD = 1024;
    /** Messages that may be on their way at once. */
    private static final int MAX_WRITES = 1024;

    private static final ScheduledThreadPoolExecutor CLOCK = clock();

    String url;
    HttpClient http;
    SigV4 iam;
    final Map<String, Credential> credentials = new LinkedHashMap<>();
    final Map<String, String> query = new LinkedHashMap<>();
    final Map<String, String> headers = new LinkedHashMap<>();
    List<String> protocols = List.of();
    int attempts = 10;
    Duration delay = Duration.ofMillis(250);
    Duration maxDelay = Duration.ofSeconds(30);
    Duration heartbeat = Duration.ofMinutes(5);
    Duration rollOver = Duration.ofMinutes(110);
    Duration replyTimeout = Duration.ofSeconds(30);
    int queueLimit = 100;
    Supplier<CompletableFuture<?>> onReopen;

    private final Description description;
    private final BiFunction<String, Object, E> decode;
    private final Predicate<E> isUnknown;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    /** They say whether an event was theirs. */
    private final List<Predicate<? super E>> listeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<SocketLife>> watchers = new CopyOnWriteArrayList<>();

    // What stands below changes while the lock is held; nothing of others is called then.
    private final Object lock = new Object();
    private boolean hasStarted;
    private boolean hasOpened;
    private boolean isFlushing;
    private SocketException end;
    private Wire wire;
    private int tried;
    private long lastId;
    private final List<Pending> pending = new ArrayList<>();
    private final Deque<Outgoing> queue = new ArrayDeque<>();
    private CompletableFuture<?> told = CompletableFuture.completedFuture(null);
    private int tellings;
    private final List<Wire> unread = new ArrayList<>();

    /**
     * What is known of the WebSocket API when the SDK is made.
     *
     * @param keyPath where a message has the key of its route; empty: the caller sets what chooses it
     */
    record Description(List<String> keyPath, int messageBytes, int frameBytes, boolean signed, List<Operation.Use> auth) {}

    /** A request; one with an id is told apart by it, others have their replies in their order. */
    private static final class Pending {
        final String id;
        final CompletableFuture<Object> answer = new CompletableFuture<>();
        Object carrier;

        Pending(String id) {
            this.id = id;
        }
    }

    private record Outgoing(String text, Pending entry, CompletableFuture<Void> sent) {}

    SocketCaller(Description description, BiFunction<String, Object, E> decode, Predicate<E> isUnknown) {
        this.description = description;
        this.decode = decode;
        this.isUnknown = isUnknown;
    }

    private static ScheduledThreadPoolExecutor clock() {
        ScheduledThreadPoolExecutor made = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "websocket-clock");
            thread.setDaemon(true);
            return thread;
        });
        made.setRemoveOnCancelPolicy(true);
        return made;
    }

    private static ScheduledFuture<?> after(Duration time, Runnable action) {
        // The clock's one thread waits for nobody.
        return CLOCK.schedule(() -> CompletableFuture.runAsync(action), time.toMillis(), TimeUnit.MILLISECONDS);
    }

    CompletableFuture<Void> connect() {
        synchronized (lock) {
            if (hasStarted || end != null) return ready.copy();
            hasStarted = true;
        }
        open();
        return ready.copy();
    }

    SocketLife.State state() {
        synchronized (lock) {
            if (end != null) return SocketLife.State.CLOSED;
            return wire == null ? SocketLife.State.CONNECTING : SocketLife.State.OPEN;
        }
    }

    Runnable onEvent(Predicate<? super E> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    Runnable watch(Consumer<SocketLife> watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    /** Waits a moment, so that a program that ends at once has said so. */
    void close(int code, String reason) {
        if (code != 1000 && (code < 3000 || code > 4999)) throw new IllegalArgumentException("a client cannot close with " + code);
        finish(SocketException.closed(code, reason, null));
    }

    private void finish(SocketException error) {
        Wire last;
        List<Pending> left;
        List<Outgoing> unsent;
        synchronized (lock) {
            if (end != null) return;
            end = error;
            last = wire;
            wire = null;
            left = new ArrayList<>(pending);
            pending.clear();
            unsent = new ArrayList<>(queue);
            queue.clear();
        }
        for (Outgoing message : unsent) message.sent().completeExceptionally(error);
        for (Pending entry : left) entry.answer.completeExceptionally(error);
        ready.completeExceptionally(error);
        if (last != null) last.close(error.code() == 0 || error.code() == 1006 ? 1000 : error.code(), error.reason());
        tell(() -> tellWatchers(SocketLife.of(SocketLife.Kind.CLOSED, error)));
    }

    /** Has something done after all that was told before, so that a listener may wait for a reply. */
    private void tell(Runnable what) {
        synchronized (lock) {
            tellings++;
            told = told.handleAsync((done, thrown) -> {
                try {
                    what.run();
                } catch (RuntimeException error) {
                    tellWatchersOfListener(error);
                }
                List<Wire> again = List.of();
                synchronized (lock) {
                    tellings--;
                    if (tellings < MAX_TOLD && !unread.isEmpty()) {
                        again = new ArrayList<>(unread);
                        unread.clear();
                    }
                }
                for (Wire waiting : again) waiting.socket.request(1);
                return null;
            });
        }
    }

    private void tellWatchers(SocketLife life) {
        for (Consumer<SocketLife> watcher : watchers) watcher.accept(life);
    }

    private void tellWatchersOfListener(RuntimeException error) {
        try {
            tellWatchers(SocketLife.of(SocketLife.Kind.ERROR, error));
        } catch (RuntimeException again) {
            // A watcher that fails at its own failure has been told.
        }
    }

    private void watched(SocketLife life) {
        tell(() -> tellWatchers(life));
    }

    private void open() {
        dial().whenComplete((made, thrown) -> {
            if (thrown == null) opened(made);
            else failed(refusal(thrown));
        });
    }

    /** Credentials are asked again each time. */
    private CompletableFuture<Wire> dial() {
        try {
            URI plain = address();
            Map<String, String> sent = new LinkedHashMap<>();
            headers.forEach((name, value) -> sent.put(name.toLowerCase(java.util.Locale.ROOT), value));
            String whole = Caller.carry("$connect", 1, description.auth(), credentials, plain.toString(), sent);
            URI uri = URI.create(whole);
            if (description.signed() && iam != null) iam.sign("GET", uri, sent, new byte[0]);
            WebSocket.Builder builder = http.newWebSocketBuilder().connectTimeout(Duration.ofSeconds(30));
            sent.forEach(builder::header);
            if (!protocols.isEmpty()) builder.subprotocols(protocols.get(0), protocols.subList(1, protocols.size()).toArray(String[]::new));
            Wire made = new Wire();
            return builder.buildAsync(uri, made).thenApply(socket -> made);
        } catch (RuntimeException error) {
            return CompletableFuture.failedFuture(error);
        }
    }

    private URI address() {
        if (url == null || !url.startsWith("ws")) throw new IllegalArgumentException(url + " is no address of a WebSocket");
        URI given = URI.create(url);
        StringBuilder out = new StringBuilder(url);
        if (given.getRawPath().isEmpty()) out.append('/');
        String joint = given.getRawQuery() == null ? "?" : "&";
        for (Map.Entry<String, String> pair : query.entrySet()) {
            out.append(joint).append(Urls.escaped(pair.getKey())).append('=').append(Urls.escaped(pair.getValue()));
            joint = "&";
        }
        return URI.create(out.toString());
    }

    private static SocketException refusal(Throwable thrown) {
        Throwable error = thrown;
        while ((error instanceof CompletionException || error instanceof ExecutionException) && error.getCause() != null) error = error.getCause();
        if (error instanceof SocketException known) return known;
        if (error instanceof WebSocketHandshakeException answer && answer.getResponse() != null)
            return SocketException.refused(answer.getResponse().statusCode(), error);
        return SocketException.refused(0, error);
    }

    /** Puts a connection in place of the one before, if there is one. */
    private void opened(Wire made) {
        Wire previous;
        boolean isAgain;
        synchronized (lock) {
            previous = wire;
            isAgain = hasOpened;
            if (end == null) {
                wire = made;
                hasOpened = true;
                isFlushing = false;
                tried = 0;
            }
        }
        if (state() == SocketLife.State.CLOSED) {
            made.close(1000, "");
            return;
        }
        made.begin();
        CompletableFuture<?> hook = CompletableFuture.completedFuture(null);
        if (isAgain && onReopen != null) {
            // Before what has been waiting: it may need what the hook subscribes to.
            hook = CompletableFuture.supplyAsync(onReopen).thenCompose(found -> found.thenApply(done -> null));
        }
        hook.whenComplete((done, thrown) -> {
            if (thrown != null) watched(SocketLife.of(SocketLife.Kind.ERROR, thrown instanceof CompletionException ? thrown.getCause() : thrown));
            flush(made);
            ready.complete(null);
            watched(SocketLife.of(isAgain ? SocketLife.Kind.REOPENED : SocketLife.Kind.OPENED));
            if (previous != null) retire(previous);
        });
    }

    /** Sends what has been waiting for a connection. */
    private void flush(Wire to) {
        Outgoing next;
        synchronized (lock) {
            if (wire != to) return;
            next = queue.poll();
            isFlushing = next != null;
        }
        if (next == null) return;
        write(to, next).whenComplete((done, thrown) -> {
            if (thrown == null) {
                next.sent().complete(null);
                flush(to);
                return;
            }
            boolean isOver;
            synchronized (lock) {
                isOver = end != null;
                if (!isOver) queue.addFirst(next);
            }
            if (isOver) next.sent().completeExceptionally(thrown);
        });
    }

    /** An old connection gives its replies before it goes. */
    private void retire(Wire old) {
        boolean isWaiting;
        synchronized (lock) {
            isWaiting = pending.stream().anyMatch(entry -> entry.carrier == old);
        }
        if (isWaiting) after(Duration.ofMillis(100), () -> retire(old));
        else old.close(1000, "");
    }

    private void lost(Wire gone, SocketException error) {
        List<Pending> left = new ArrayList<>();
        boolean isCurrent;
        synchronized (lock) {
            for (Pending entry : pending) if (entry.carrier == gone) left.add(entry);
            pending.removeAll(left);
            unread.remove(gone);
            isCurrent = wire == gone;
            if (isCurrent) {
                wire = null;
                isFlushing = false;
            }
        }
        for (Pending entry : left) entry.answer.completeExceptionally(error);
        if (isCurrent) failed(error);
    }

    /** Tries again after a pause that grows, a random part of it. */
    private void failed(SocketException error) {
        int attempt;
        Duration pause;
        synchronized (lock) {
            int status = error.status();
            boolean isFinal = !hasOpened && status >= 400 && status < 500 && status != 408 && status != 429;
            attempt = isFinal || tried >= attempts || end != null ? 0 : ++tried;
            double span = Math.min(delay.toMillis() * Math.pow(2, tried - 1), maxDelay.toMillis());
            pause = Duration.ofMillis((long) (ThreadLocalRandom.current().nextDouble() * span));
        }
        if (attempt == 0) {
            finish(error);
            return;
        }
        watched(new SocketLife(SocketLife.Kind.RECONNECTING, error, attempt, pause, null));
        after(pause, () -> {
            if (state() != SocketLife.State.CLOSED) open();
        });
    }

    /** Sends a message; it waits where there is no connection. */
    CompletableFuture<Void> send(String route, Object message) {
        return sendText(textOf(route, message, null), null);
    }

    /** Sends a message and waits for the reply. */
    <T> CompletableFuture<T> request(String route, Object message, boolean isCorrelated, Codec<T> codec, Duration timeout) {
        Duration time = timeout == null ? replyTimeout : timeout;
        Pending entry;
        synchronized (lock) {
            entry = new Pending(isCorrelated ? String.valueOf(++lastId) : null);
        }
        ScheduledFuture<?> limit = after(
                time,
                () -> entry.answer.completeExceptionally(SocketException.of(SocketException.Kind.TIMEOUT, "no reply to \"" + route + "\" within " + time.toMillis() + " ms", null)));
        entry.answer.whenComplete((found, thrown) -> {
            limit.cancel(false);
            synchronized (lock) {
                pending.remove(entry);
                queue.removeIf(waiting -> waiting.entry() == entry);
            }
        });
        sendText(textOf(route, message, entry.id), entry).whenComplete((sent, thrown) -> {
            if (thrown != null) entry.answer.completeExceptionally(thrown);
        });
        CompletableFuture<T> reply = entry.answer.thenApply(json -> {
            try {
                return codec.decode(json);
            } catch (IllegalArgumentException error) {
                throw SocketException.of(SocketException.Kind.DECODE, "the reply to \"" + route + "\": " + error.getMessage(), error);
            }
        });
        reply.whenComplete((found, thrown) -> {
            if (reply.isCancelled()) entry.answer.cancel(true);
        });
        return reply;
    }

    private String textOf(String route, Object message, String id) {
        if (description.keyPath().isEmpty() || route.equals("$default")) {
            if (message instanceof String text) return text;
            return Json.write(message instanceof Map<?, ?> && id != null ? with(message, List.of("$id"), id) : message);
        }
        Object whole = with(message, description.keyPath(), route);
        return Json.write(id == null ? whole : with(whole, List.of("$id"), id));
    }

    /** Sets a text in an object; what is no object on the way becomes one. */
    private static Object with(Object json, List<String> path, String value) {
        if (path.isEmpty()) return value;
        Map<String, Object> members = json instanceof Map<?, ?> ? Codec.object(json) : new LinkedHashMap<>();
        members.put(path.get(0), with(members.get(path.get(0)), path.subList(1, path.size()), value));
        return members;
    }

    private CompletableFuture<Void> sendText(String text, Pending entry) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > description.messageBytes())
            return refuse(SocketException.Kind.TOO_LARGE, "a message of " + bytes + " bytes; at most " + description.messageBytes() + " may be sent");
        Outgoing message = new Outgoing(text, entry, new CompletableFuture<>());
        Wire to;
        synchronized (lock) {
            if (end != null) return CompletableFuture.failedFuture(end);
            to = isFlushing ? null : wire;
            if (to == null) {
                if (queue.size() >= queueLimit) return refuse(SocketException.Kind.QUEUE_FULL, queue.size() + " messages wait for the connection already");
                queue.add(message);
                return message.sent();
            }
        }
        return write(to, message);
    }

    private static CompletableFuture<Void> refuse(SocketException.Kind kind, String why) {
        return CompletableFuture.failedFuture(SocketException.of(kind, why, null));
    }

    /** Messages go one after the other, and replies come in that order. */
    private CompletableFuture<Void> write(Wire to, Outgoing message) {
        return to.inTurn(() -> {
            if (message.entry() != null) {
                synchronized (lock) {
                    message.entry().carrier = to;
                    if (!message.entry().answer.isDone()) pending.add(message.entry());
                }
            }
            return to.text(message.text());
        });
    }

    /** Finds out who waits for a message: the reply to a request, an event, the failure of a message. */
    private void received(Wire from, String text) {
        Object json;
        try {
            json = Json.parse(text);
        } catch (IllegalArgumentException noJson) {
            json = text;
        }
        if (json instanceof Map<?, ?> members) {
            if (members.get("$id") instanceof String id && members.containsKey("reply")) {
                Pending entry = waiting(candidate -> id.equals(candidate.id));
                if (entry != null) entry.answer.complete(members.get("reply"));
                return;
            }
            if (members.get("event") instanceof String name && members.containsKey("data")) {
                happened(name, members.get("data"), json);
                return;
            }
            if (members.get("message") instanceof String message && members.get("connectionId") instanceof String) {
                Object id = members.get("requestId") == null ? members.get("messageId") : members.get("requestId");
                failedAt(from, SocketException.failed(message, id instanceof String found ? found : ""));
                return;
            }
        }
        Pending next = waiting(candidate -> candidate.id == null && candidate.carrier == from);
        if (next != null) next.answer.complete(json);
        else watched(new SocketLife(SocketLife.Kind.UNKNOWN, null, 0, Duration.ZERO, json));
    }

    /** The gateway does not say which message has failed: it is taken for the one that has waited longest. */
    private void failedAt(Wire from, SocketException error) {
        Pending next = waiting(candidate -> candidate.carrier == from);
        if (next != null) next.answer.completeExceptionally(error);
        else watched(SocketLife.of(SocketLife.Kind.ERROR, error));
    }

    private void happened(String name, Object data, Object whole) {
        E event = decode.apply(name, data);
        tell(() -> {
            boolean isHeard = false;
            for (Predicate<? super E> listener : listeners) {
                try {
                    isHeard |= listener.test(event);
                } catch (RuntimeException error) {
                    isHeard = true;
                    tellWatchersOfListener(error);
                }
            }
            if (!isHeard || isUnknown.test(event)) tellWatchers(new SocketLife(SocketLife.Kind.UNKNOWN, null, 0, Duration.ZERO, whole));
        });
    }

    private Pending waiting(Predicate<Pending> isIt) {
        synchronized (lock) {
            for (Pending entry : pending) {
                if (!isIt.test(entry)) continue;
                pending.remove(entry);
                return entry;
            }
            return null;
        }
    }

    /** One WebSocket. */
    private final class Wire implements WebSocket.Listener {
        private volatile WebSocket socket;
        private volatile boolean heard = true;
        private volatile boolean isOver;
        private final StringBuilder parts = new StringBuilder();
        private CompletableFuture<Void> writes = CompletableFuture.completedFuture(null);
        private int writing;
        private ScheduledFuture<?> beat;
        private ScheduledFuture<?> age;

        /** Nothing is read before {@code begin}. */
        @Override
        public void onOpen(WebSocket opened) {
            socket = opened;
        }

        void begin() {
            synchronized (this) {
                if (!heartbeat.isZero()) beat = after(heartbeat, this::beat);
                if (!rollOver.isZero()) age = after(rollOver, this::rollOver);
            }
            socket.request(1);
        }

        /** Within the gateway's ten minutes without a message. A peer that answers no ping is gone. */
        private void beat() {
            if (isOver) return;
            if (!heard) {
                over(SocketException.closed(1006, "", new HttpTimeoutException("no answer to a ping")));
                socket.abort();
                return;
            }
            heard = false;
            inTurn(() -> socket.sendPing(ByteBuffer.allocate(0)));
            synchronized (this) {
                if (!isOver) beat = after(heartbeat, this::beat);
            }
        }

        /** Within the gateway's two hours in all: another connection takes over, or the old one serves on. */
        private void rollOver() {
            synchronized (lock) {
                if (wire != this) return;
            }
            dial().whenComplete((made, thrown) -> {
                if (thrown == null) {
                    opened(made);
                    return;
                }
                synchronized (this) {
                    if (!isOver) age = after(rollOver.dividedBy(100).plusSeconds(1), this::rollOver);
                }
            });
        }

        /** One message after the other, as the JDK wants it. */
        synchronized CompletableFuture<Void> inTurn(Supplier<CompletableFuture<?>> write) {
            if (isOver) return CompletableFuture.failedFuture(SocketException.closed(1006, "", null));
            if (writing >= MAX_WRITES) return refuse(SocketException.Kind.QUEUE_FULL, writing + " messages are on their way already");
            writing++;
            CompletableFuture<Void> turn = writes.handle((before, thrown) -> null)
                    .thenCompose(go -> write.get().thenApply(done -> null))
                    .handle((sent, thrown) -> {
                        synchronized (this) {
                            writing--;
                        }
                        if (thrown == null) return null;
                        throw SocketException.closed(1006, "", thrown);
                    });
            writes = turn;
            return turn;
        }

        /** The JDK makes frames of at most 16 KB; smaller ones are ours to make. */
        CompletableFuture<?> text(String text) {
            int most = Math.max(16, description.frameBytes() / 3);
            if (text.length() <= most || description.frameBytes() >= 32_768) return socket.sendText(text, true);
            int cut = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
            return socket.sendText(text.substring(0, cut), false).thenCompose(sent -> text(text.substring(cut)));
        }

        void close(int code, String reason) {
            if (isOver) return;
            CompletableFuture<Void> said = inTurn(() -> socket.sendClose(code, reason));
            try {
                said.get(1, TimeUnit.SECONDS);
            } catch (InterruptedException error) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException error) {
                socket.abort();
            }
            after(Duration.ofSeconds(5), socket::abort);
        }

        private void over(SocketException error) {
            synchronized (this) {
                if (isOver) return;
                isOver = true;
                if (beat != null) beat.cancel(false);
                if (age != null) age.cancel(false);
            }
            lost(this, error);
        }

        private void readOn() {
            synchronized (lock) {
                if (tellings >= MAX_TOLD) {
                    unread.add(this);
                    return;
                }
            }
            socket.request(1);
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            heard = true;
            parts.append(data);
            if (parts.length() > MAX_INCOMING) {
                close(1009, "the message is too big");
                over(SocketException.closed(1009, "the message is too big", null));
                return null;
            }
            if (last) {
                String text = parts.toString();
                parts.setLength(0);
                received(this, text);
            }
            readOn();
            return null;
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
            return onText(from, StandardCharsets.UTF_8.decode(data), last);
        }

        @Override
        public CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
            heard = true;
            readOn();
            return null;
        }

        @Override
        public CompletionStage<?> onPong(WebSocket from, ByteBuffer message) {
            heard = true;
            readOn();
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            over(SocketException.closed(code, reason, null));
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            over(SocketException.closed(1006, "", error));
        }
    }
}
