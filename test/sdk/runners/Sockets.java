package scenario;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The steps of WebSockets. */
final class Sockets {
    private static final Map<String, Sockets> ALL = new LinkedHashMap<>();

    private final ScenarioSocket socket;
    private final Map<String, BlockingQueue<Map<String, Object>>> told = new LinkedHashMap<>();

    private Sockets(Map<String, Object> options, String address) {
        ScenarioSocket.Builder builder = ScenarioSocket.builder().url((String) options.getOrDefault("url", address.replaceFirst("http", "ws")));
        Map<String, Object> auth = Codec.object(options.get("auth"));
        builder.xClient(credential(auth.get("xClient")));
        if (auth.containsKey("token")) builder.token(credential(auth.get("token")));
        if (options.get("heartbeatMs") instanceof Long every) builder.heartbeat(Duration.ofMillis(every));
        if (Boolean.FALSE.equals(options.get("reconnect"))) builder.reconnect(0, Duration.ZERO, Duration.ZERO);
        if (options.get("reconnect") instanceof Map<?, ?> again) {
            int attempts = again.get("attempts") instanceof Long given ? given.intValue() : 10;
            builder.reconnect(attempts, Duration.ofMillis((Long) again.get("delayMs")), Duration.ofSeconds(1));
        }
        if (options.containsKey("onReopen")) builder.onReopen(opened -> opened.requestWhoAmI(null));
        socket = builder.build();
        // It keeps the next one from nothing.
        socket.onSaid(data -> {
            throw new IllegalStateException("a listener that fails");
        });
        socket.onSaid(data -> tell("Said", ok(data.toJson())));
        socket.onEnded(data -> tell("Ended", ok(data.toJson())));
        socket.onCounted(data -> tell("Counted", ok(data.toJson())));
        socket.watch(life -> {
            if (life.kind() == SocketLife.Kind.REOPENED) tell("reopened", ok(null));
            if (life.kind() == SocketLife.Kind.UNKNOWN) tell("unknown", ok(life.message()));
            if (life.kind() == SocketLife.Kind.CLOSED) tell("closed", problem((SocketException) life.error()));
        });
    }

    static Map<String, Object> observe(Map<String, Object> step, String address) {
        try {
            return of(step, address);
        } catch (CompletionException error) {
            if (error.getCause() instanceof SocketException problem) return problem(problem);
            throw error;
        }
    }

    private static Map<String, Object> of(Map<String, Object> step, String address) {
        String name = (String) step.get("socket");
        if (step.containsKey("connect")) {
            ALL.put(name, new Sockets(Codec.object(step.get("connect")), address));
            ALL.get(name).socket.connect().join();
            return ALL.get(name).state();
        }
        return ALL.get(name).observe(step);
    }

    private Map<String, Object> observe(Map<String, Object> step) {
        Map<String, Object> message = step.containsKey("message") ? Codec.object(step.get("message")) : new LinkedHashMap<>();
        if (message.get("bytes") instanceof Long count) message = Map.of("text", "x".repeat(count.intValue()));
        Duration limit = step.get("timeoutMs") instanceof Long time ? Duration.ofMillis(time) : Duration.ofSeconds(30);
        if (step.get("request") instanceof String route) return ok(request(route, message, limit).join());
        if (step.get("requests") instanceof List<?> all) {
            List<CompletableFuture<Object>> replies = new ArrayList<>();
            for (Object one : all) replies.add(request((String) ((List<?>) one).get(0), Codec.object(((List<?>) one).get(1)), limit));
            return ok(replies.stream().map(CompletableFuture::join).toList());
        }
        if (step.get("rest") instanceof Long time) return rest(time);
        if (step.get("event") instanceof String event) return next(event);
        if (step.get("told") instanceof String what) return next(what);
        if (step.get("close") instanceof List<?> end) socket.close(((Long) end.get(0)).intValue(), (String) end.get(1));
        else send((String) step.get("send"), message).join();
        return state();
    }

    private static Credential credential(Object given) {
        if (given instanceof String text) return Credential.of(text);
        Deque<Object> left = new ArrayDeque<>((List<?>) given);
        return info -> (String) left.poll();
    }

    private Map<String, Object> state() {
        return ok(socket.state().name().toLowerCase(java.util.Locale.ROOT));
    }

    private static Map<String, Object> rest(long time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException error) {
            throw new IllegalStateException(error);
        }
        return ok(null);
    }

    private static Map<String, Object> ok(Object value) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("ok", value);
        return out;
    }

    private synchronized BlockingQueue<Map<String, Object>> about(String name) {
        return told.computeIfAbsent(name, first -> new LinkedBlockingQueue<>());
    }

    private void tell(String name, Map<String, Object> seen) {
        about(name).add(seen);
    }

    private Map<String, Object> next(String name) {
        try {
            Map<String, Object> found = about(name).poll(10, TimeUnit.SECONDS);
            if (found == null) throw new IllegalStateException("nothing was told of " + name);
            return found;
        } catch (InterruptedException error) {
            throw new IllegalStateException(error);
        }
    }

    private CompletableFuture<Object> request(String route, Map<String, Object> message, Duration limit) {
        switch (route) {
            case "echo":
                return socket.requestEcho(EchoMessage.CODEC.decode(message), limit).thenApply(Everything::toJson);
            case "exact":
                return socket.requestExact(ExactMessage.CODEC.decode(message), limit).thenApply(Exact::toJson);
            case "wait":
                return socket.requestWait(WaitMessage.CODEC.decode(message), limit).thenApply(WaitReply::toJson);
            case "whoAmI":
                return socket.requestWhoAmI(null, limit).thenApply(WhoAmIReply::toJson);
            case "count":
                return socket.requestCount(CountMessage.CODEC.decode(message), limit).thenApply(CountReply::toJson);
            case "watch":
                return socket.requestWatch(null, limit).thenApply(WatchReply::toJson);
            case "fail":
                return socket.requestFail(Map.of(), limit).thenApply(FailReply::toJson);
            case "version":
                return socket.requestVersion(null, limit).thenApply(VersionReply::toJson);
            default:
                throw new IllegalStateException("no such route");
        }
    }

    private CompletableFuture<Void> send(String route, Map<String, Object> message) {
        switch (route) {
            case "say":
                return socket.sendSay(SayMessage.CODEC.decode(message));
            case "tell":
                return socket.sendTell(TellMessage.CODEC.decode(message));
            case "drop":
                return socket.sendDrop(null);
            default:
                throw new IllegalStateException("no such route");
        }
    }

    static Map<String, Object> problem(SocketException error) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("kind", name(error.kind()));
        out.put("message", error.getMessage());
        out.put("code", (long) error.code());
        out.put("meaning", name(error.meaning()));
        out.put("status", (long) error.status());
        out.put("hasRequestId", !error.requestId().isEmpty());
        return Map.of("problem", out);
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    /** A plain request of an address that was signed as that of a WebSocket. */
    static Map<String, Object> observeSigned(SigV4 signer, String address) {
        URI signed = URI.create(signer.presign(URI.create(address.replaceFirst("http", "ws"))).toString().replaceFirst("ws", "http"));
        try {
            HttpResponse<String> answer = HttpClient.newHttpClient().send(HttpRequest.newBuilder(signed).build(), HttpResponse.BodyHandlers.ofString());
            return ok(Json.parse(answer.body()));
        } catch (IOException | InterruptedException error) {
            throw new IllegalStateException(error);
        }
    }
}
