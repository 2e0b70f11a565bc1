package live;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Says what the peer of peer.ts wants to hear, by the Java SDK, and prints what comes back: Live address */
public class Live {
    private static String address;

    public static void main(String[] args) throws Exception {
        System.setOut(new java.io.PrintStream(System.out, true, "UTF-8"));
        address = args[0];
        conversation();
        replies();
        reconnecting();
        limits();
        ends();
        tokens();
        System.out.println("secrets " + socketOf("hidden").build().toString().contains("hidden"));
    }

    private static Settings socketOf(String token) {
        return new Settings(token);
    }

    /** The builder with the address and the token. */
    private static final class Settings {
        final LiveSocket.Builder builder;

        Settings(String token) {
            builder = LiveSocket.builder().url(address).token(Credential.of(token));
        }

        LiveSocket build() {
            return builder.build();
        }
    }

    private static <T> T take(BlockingQueue<T> from) throws InterruptedException {
        T found = from.poll(60, TimeUnit.SECONDS);
        if (found == null) throw new IllegalStateException("nothing came");
        return found;
    }

    private static String kind(Throwable thrown) {
        Throwable error = thrown instanceof CompletionException ? thrown.getCause() : thrown;
        if (!(error instanceof SocketException found)) return String.valueOf(error);
        switch (found.kind()) {
            case CLOSED:
                return "closed " + found.code() + " " + name(found.meaning()) + " " + found.reason();
            case FAILED:
                return "failed " + found.requestId();
            case REFUSED:
                return "refused " + found.status();
            default:
                return name(found.kind());
        }
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    private static void say(LiveSocket socket, String text) {
        socket.sendSay(new Say(text)).join();
    }

    private static String failure(CompletableFuture<?> future) {
        return future.handle((done, thrown) -> thrown == null ? "done" : kind(thrown)).join();
    }

    private static String join(LiveSocket socket, String room) {
        return socket.requestJoin(new Join(room)).handle((reply, thrown) -> thrown == null ? reply.joined() : kind(thrown)).join();
    }

    private static LiveSocket connected(Settings settings) {
        LiveSocket socket = settings.build();
        socket.connect().join();
        return socket;
    }

    private static void conversation() throws Exception {
        Settings settings = socketOf("main");
        settings.builder.xWho(Credential.of("me")).apiKey(Credential.of("key")).query("a b", "c&d").header("X-Extra", "more").subprotocols(List.of("v1", "v2"));
        LiveSocket socket = settings.build();
        System.out.println(name(socket.state()));
        BlockingQueue<Moved> moved = new LinkedBlockingQueue<>();
        BlockingQueue<String> others = new LinkedBlockingQueue<>();
        socket.onMoved(moved::add);
        socket.onEvent(event -> {
            if (event instanceof LiveSocket.Event.UnknownEvent other) others.add("unknown event " + other.event() + " " + Json.write(other.data()));
        });
        socket.watch(life -> {
            if (life.kind() == SocketLife.Kind.UNKNOWN) others.add("unknown " + Json.write(life.message()));
        });
        CompletableFuture<Void> early = socket.sendSay(new Say("early"));
        socket.connect().join();
        early.join();
        System.out.println(name(socket.state()) + " " + take(moved).id());
        System.out.println(join(socket, "ü"));
        say(socket, "push:one");
        System.out.println(take(moved).id());
        say(socket, "ü".repeat(60000));
        System.out.println(take(moved).at());
        say(socket, "pieces:");
        System.out.println(take(moved).id());
        for (String text : List.of("later:", "wrong:x", "stray:")) {
            say(socket, text);
            System.out.println(take(others));
            if (!text.equals("stray:")) System.out.println(take(others));
        }
        System.out.println(join(socket, "log"));
        socket.close(4000, "done");
        System.out.println(name(socket.state()) + " " + failure(socket.sendSay(new Say("late"))));
        System.out.println("the peer saw " + join(connected(socketOf("closes")), "close of main"));
    }

    private static void replies() throws Exception {
        Settings settings = socketOf("replies");
        settings.builder.replyTimeout(Duration.ofSeconds(2));
        LiveSocket socket = connected(settings);
        List<CompletableFuture<Boolean>> own = new ArrayList<>();
        for (long n = 0; n < 20; n++) {
            long mine = n;
            own.add(socket.requestConstant(Map.of("n", n)).thenApply(reply -> reply.n() == mine));
        }
        System.out.println("own replies " + own.stream().filter(CompletableFuture::join).count());
        System.out.println(join(socket, "refused"));
        System.out.println(join(socket, "silent"));
        CompletableFuture<JoinReply> given = socket.requestJoin(new Join("silent"));
        System.out.println(given.cancel(true) ? "aborted" : "not aborted");
        // A listener may wait for a reply.
        BlockingQueue<String> inside = new LinkedBlockingQueue<>();
        socket.onMoved(event -> inside.add(join(socket, "inside")));
        say(socket, "push:x");
        System.out.println(take(inside));
        socket.close();
    }

    private static void reconnecting() throws Exception {
        BlockingQueue<String> lives = new LinkedBlockingQueue<>();
        Settings settings = again("main");
        settings.builder.onReopen(opened -> opened.requestJoin(new Join("hook")).thenCompose(reply -> opened.sendSay(new Say("from the hook"))));
        try (LiveSocket socket = watched(settings, lives)) {
            say(socket, "close:1001");
            System.out.println(take(lives));
            say(socket, "after the loss");
            System.out.println(take(lives));
            List<String> log = List.of(join(socket, "log").split(","));
            System.out.println(String.join(", ", log.subList(log.size() - 3, log.size())));
        }
        // A late word of the one before is not taken for its successor's.
        lives = new LinkedBlockingQueue<>();
        settings = again("mute");
        settings.builder.heartbeat(Duration.ofMillis(400));
        try (LiveSocket socket = watched(settings, lives)) {
            say(socket, "mute:");
            System.out.println(take(lives));
            System.out.println(take(lives));
        }
        lives = new LinkedBlockingQueue<>();
        settings = again("rolls");
        settings.builder.rollOver(Duration.ofMillis(500));
        try (LiveSocket socket = watched(settings, lives)) {
            System.out.println(join(socket, "slow") + " " + take(lives));
        }
    }

    private static Settings again(String token) {
        Settings settings = socketOf(token);
        settings.builder.reconnect(5, Duration.ofMillis(1), Duration.ofSeconds(1));
        return settings;
    }

    private static LiveSocket watched(Settings settings, BlockingQueue<String> lives) {
        LiveSocket socket = settings.build();
        socket.watch(life -> {
            if (life.kind() == SocketLife.Kind.RECONNECTING) lives.add("reconnecting " + kind(life.error()));
            else if (Set.of(SocketLife.Kind.REOPENED, SocketLife.Kind.ERROR).contains(life.kind())) lives.add(name(life.kind()));
        });
        socket.connect().join();
        return socket;
    }

    private static void limits() throws Exception {
        LiveSocket socket = connected(socketOf("limits"));
        System.out.println(failure(socket.sendSay(new Say("ü".repeat(70000)))));
        socket.close();
        Settings apart = socketOf("limits");
        apart.builder.queueLimit(1);
        LiveSocket waiting = apart.build();
        waiting.sendSay(new Say("waits"));
        System.out.println(failure(waiting.sendSay(new Say("does not"))));
        waiting.close();
        System.out.println(failure(socketOf("bad").build().connect()));
        for (String what : List.of("masked", "reserved", "utf8", "control", "continuation", "opcode")) {
            LiveSocket one = connected(ending("raw-" + what));
            BlockingQueue<String> ended = ended(one);
            say(one, "raw:" + what);
            System.out.println(what + ": " + take(ended));
        }
    }

    private static Settings ending(String token) {
        Settings settings = socketOf(token);
        settings.builder.reconnect(0, Duration.ZERO, Duration.ZERO);
        return settings;
    }

    private static BlockingQueue<String> ended(LiveSocket socket) {
        BlockingQueue<String> ended = new LinkedBlockingQueue<>();
        socket.watch(life -> {
            if (life.kind() == SocketLife.Kind.CLOSED) ended.add(kind(life.error()));
        });
        return ended;
    }

    private static void ends() throws Exception {
        LiveSocket socket = connected(ending("ends"));
        BlockingQueue<String> ended = ended(socket);
        say(socket, "close:4001");
        System.out.println(take(ended));
        System.out.println(failure(socket.sendSay(new Say("late"))));
    }

    /** Those of a user pool, of which the peer plays the part. */
    private static void tokens() throws Exception {
        URI pool = URI.create(address.replaceFirst("ws", "http"));
        long[] passed = {0};
        Clock clock = new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return Instant.ofEpochSecond(passed[0]);
            }
        };
        Cognito source = Cognito.builder("eu-west-1", "c").password("u", "hidden").endpoint(pool).clock(clock).build();
        CallInfo info = new CallInfo("x", 1, "");
        CompletableFuture<String> other = CompletableFuture.supplyAsync(() -> source.value(info));
        System.out.println(source.value(info) + " " + other.join());
        passed[0] = 3541;
        System.out.println(source.value(info));
        passed[0] += 3600;
        System.out.println(source.value(info));
        HttpRequest flows = HttpRequest.newBuilder(pool).version(HttpClient.Version.HTTP_1_1).build();
        System.out.println(HttpClient.newHttpClient().send(flows, HttpResponse.BodyHandlers.ofString()).body());
        try {
            Cognito.builder("eu-west-1", "c").password("u", "wrong").accessToken().endpoint(pool).build().value(info);
        } catch (IllegalStateException error) {
            System.out.println(error.getMessage());
        }
        System.out.println(source.toString().contains("hidden"));
    }
}
