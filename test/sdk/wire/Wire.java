package wire;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** Makes the calls of wire.test.ts by the Java SDK, and prints what comes of each: Wire, address, mode. */
final class Wire {
    private static boolean isAsync;
    private static WireClient api;

    public static void main(String[] args) throws Exception {
        isAsync = args[1].equals("async");
        api = client(args[0]);
        show("escaped", order(GetOrderRequest.builder().id("a/b c?").build()).url());
        int before = Integer.parseInt(order("count"));
        for (String id : List.of("..", ".", "")) show("path " + id, said(() -> order(GetOrderRequest.builder().id(id).build()).url()));
        show("sent", Integer.parseInt(order("count")) - before);
        Seen seen = order(GetOrderRequest.builder().id("1").tags(List.of("a", "b,c")).xTags(List.of("d", "e")).build());
        show("list", seen.url() + " " + seen.headers().get("x-tags"));
        String absent = api.addOrder(new AddOrderRequest(AddOrderBody.builder().name("n").build())).body();
        AddOrderBody nulls = AddOrderBody.builder().name("n").extra(Maybe.of(null)).note(Maybe.of(null)).build();
        show("absent and null", absent + " " + api.addOrder(new AddOrderRequest(nulls)).body());
        show("credentials", seen.headers().get("authorization") + " " + seen.headers().get("x-api-key"));
        seen = api.open();
        show("public", seen.headers().containsKey("authorization") || seen.headers().containsKey("x-api-key") ? "some" : "none");
        show("names itself", seen.headers().containsKey("user-agent"));
        show("html", order("html", RequestOptions.NONE.retries(0)));
        show("html as JSON", order("html that says it is JSON"));
        show("declared error", order("problem"));
        show("broken JSON", order("broken"));
        show("bytes", HexFormat.of().formatHex(api.getPdf()));
        try (InputStream stream = api.getPdfStream()) {
            show("bytes as a stream", HexFormat.of().formatHex(stream.readAllBytes()));
        }
        String csv = isAsync ? api.getReportAsTextCsvAsync().join() : api.getReportAsTextCsv();
        String pdf = HexFormat.of().formatHex(api.getReportAsApplicationPdf());
        show("further media types", api.getReport().code() + ", " + csv + ", " + pdf + ", " + api.getReportAsApplicationVndListJson().get(0).code());
        show("empty bytes, empty text", api.getReportAsApplicationPdf(doing("empty")).length + ", " + api.getReportAsTextCsv(doing("empty")).length());
        UploadBody body = UploadBody.builder().title("ü").file(new byte[] {0x61, 0x0d, 0x0a}).tags(List.of("x", "y")).build();
        Seen form = api.upload(UploadRequest.builder().body(body).build());
        String boundary = form.headers().get("content-type").split("boundary=")[1];
        List<String> parts = new ArrayList<>();
        String[] pieces = form.body().split("--" + boundary);
        for (int at = 1; at < pieces.length - 1; at++) {
            String[] part = pieces[at].split("\r\n\r\n", 2);
            parts.add(part[0].split("name=\"")[1].split("\"")[0] + "=" + (part[1].getBytes(StandardCharsets.UTF_8).length - 2));
        }
        show("multipart", String.join(", ", parts));
        UploadBody small = UploadBody.builder().title("t").file(new byte[] {0x78}).build();
        String named = api.upload(new UploadRequest(small), RequestOptions.NONE.file("file", "a \"ü\".png", "image/png")).body();
        show("a named file", named.replaceAll("(?is).*(filename=\"[^\"]*\").*content-type: (\\S+).*", "$1 $2"));
        Path big = Files.createTempFile("gateway-wire", ".bin");
        Files.writeString(big, "y".repeat(200_000));
        form = api.upload(new UploadRequest(small), RequestOptions.NONE.file("file", "big.bin", "text/x", BodyPublishers.ofFile(big)));
        Files.delete(big);
        List<String> sizes = new ArrayList<>(List.of(form.headers().containsKey("content-length") ? "known length" : "no length"));
        pieces = form.body().split("--" + form.headers().get("content-type").split("boundary=")[1]);
        for (int at = 1; at < pieces.length - 1; at++) {
            String[] part = pieces[at].split("\r\n\r\n", 2);
            sizes.add(part[0].split("name=\"")[1].split("\"")[0] + "=" + (part[1].length() - 2));
        }
        show("a file that is read as it is sent", String.join(", ", sizes) + ", " + form.body().replaceAll("(?is).*filename=\"([^\"]*)\".*content-type: (\\S+).*", "$1 $2"));
        show("503, then 200", order("unavailable once"));
        show("Retry-After", order("unavailable, then after a second"));
        show("throttled", order("throttled once"));
        show("quota", order("quota"));
        show("network", said(() -> client("http://127.0.0.1:1").getOrder(new GetOrderRequest("1", null, null)).url()));
        show("cut off", order("cut"));
        show("no head in time", order("no head", RequestOptions.NONE.retries(1).timeout(Duration.ofMillis(200))));
        show("half a body in time", order("half a body", RequestOptions.NONE.retries(0).timeout(Duration.ofMillis(300))));
        show("drop by drop", order("drops", RequestOptions.NONE.retries(0).timeout(Duration.ofMillis(300))));
        show("no time for another", order("unavailable", RequestOptions.NONE.totalTimeout(Duration.ofMillis(1500))));
        AddOrderRequest added = AddOrderRequest.builder().body(AddOrderBody.builder().name("n").build()).build();
        show("hung up on", said(() -> api.addOrder(added, doing("hang up")).url()));
        show("asked", order("seen hang up"));
        show("connections left", order("open"));
        try (InputStream stream = api.getPdfStream(doing("cut bytes"))) {
            show("a stream that is cut off", stream.readAllBytes().length);
        } catch (IOException error) {
            show("a stream that is cut off", "IOException");
        }
        try (InputStream stream = api.getPdfStream(doing("slow bytes").timeout(Duration.ofMillis(400)))) {
            show("a stream that takes its time", stream.readAllBytes().length);
        }
        List<ResponseInfo> told = new ArrayList<>();
        order(GetOrderRequest.builder().id("1").build(), RequestOptions.NONE.onResponse(told::add));
        ResponseInfo info = told.get(0);
        show("the answer itself", info.status() + " " + info.headers().firstValue("etag").get() + " " + info.requestId().get() + " " + info.attempts());
        List<String> events = new ArrayList<>();
        try (EventStream stream = api.watchEvents(RequestOptions.NONE.header("x-own", "me"))) {
            for (ServerEvent event : stream) events.add(event.event() + " \"" + event.data().replace("\n", "\\n") + "\" " + event.lastEventId());
        }
        show("events", String.join(", ", events));
        try (EventStream stream = api.watchEvents(doing("problem"))) {
            show("events that are refused", said(() -> stream.iterator().next().data()));
        }
        show("given up", isAsync ? cancelled() : interrupted());
        try (EventStream stream = api.watchEvents()) {
            show("first event", stream.iterator().next().data().split("\n")[0]);
        }
        // Another thread ends a loop that waits.
        EventStream waiting = api.watchEvents(doing("no head"));
        CompletableFuture<Boolean> hasNext = CompletableFuture.supplyAsync(() -> waiting.iterator().hasNext());
        Thread.sleep(200);
        waiting.close();
        if (hasNext.join()) System.out.println("an event after the end");
        show("connections left at the end", order("open"));
    }

    private static WireClient client(String address) {
        return WireClient.builder()
                .baseUrl(address)
                .bearer(Credential.of("secret"))
                .apiKey(Credential.of("key"))
                .retryDelay(Duration.ofMillis(1), Duration.ofSeconds(20))
                .build();
    }

    private static RequestOptions doing(String what) {
        return RequestOptions.NONE.header("x-do", what);
    }

    private static Seen order(GetOrderRequest request) {
        return order(request, RequestOptions.NONE);
    }

    private static Seen order(GetOrderRequest request, RequestOptions options) {
        if (!isAsync) return api.getOrder(request, options);
        try {
            return api.getOrderAsync(request, options).join();
        } catch (CompletionException error) {
            throw (RuntimeException) error.getCause();
        }
    }

    private static String order(String what) {
        return order(what, RequestOptions.NONE);
    }

    private static String order(String what, RequestOptions options) {
        return said(() -> {
            Seen seen = order(new GetOrderRequest("1", null, null), options.header("x-do", what));
            return seen.body() + seen.url();
        });
    }

    private static String said(Supplier<String> call) {
        try {
            return call.get();
        } catch (ApiException error) {
            String body = new String(error.bytes(), StandardCharsets.UTF_8);
            String words = error.body(Problem.class).map(problem -> problem.code() + ", " + problem.message())
                    .orElse(body.startsWith("{") ? body.replaceAll(".*\"message\":\"([^\"]*)\".*", "$1") : "\"" + body + "\"");
            String own = error.gateway().map(Enum::name).orElse("none");
            return error.status() + " after " + error.attempts() + ": " + words + " " + error.requestId().orElse("none") + " " + own;
        } catch (TransportException error) {
            return error.kind().name().toLowerCase() + " after " + error.attempts();
        } catch (IllegalArgumentException error) {
            return "refused";
        }
    }

    private static String cancelled() throws Exception {
        CompletableFuture<Seen> given = api.getOrderAsync(new GetOrderRequest("1", null, null), doing("no head"));
        Thread.sleep(200);
        return given.cancel(true) ? "cancelled" : "too late";
    }

    private static String interrupted() throws Exception {
        CompletableFuture<String> seen = new CompletableFuture<>();
        Thread waiting = new Thread(() -> {
            try {
                seen.complete(order("no head"));
            } catch (CancellationException error) {
                seen.complete(Thread.currentThread().isInterrupted() ? "cancelled" : "not told");
            }
        });
        waiting.start();
        Thread.sleep(200);
        waiting.interrupt();
        return seen.join();
    }

    private static void show(String name, Object value) {
        System.out.println(name + ": " + value);
    }
}
