package scenario;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes the calls of scenario.json by the Java SDK: Main scenario.json address sync|async */
public class Main {
    private static boolean isAsync;

    public static void main(String[] args) throws Exception {
        Map<String, Object> story = Codec.object(Json.parse(Files.readString(Path.of(args[0]))));
        isAsync = args[2].equals("async");
        for (Object entry : (List<?>) story.get("steps")) {
            Map<String, Object> step = Codec.object(entry);
            Object keys = Codec.object(story.get("clients")).get(step.getOrDefault("client", "plain"));
            Map<String, Object> seen = new LinkedHashMap<>();
            seen.put("name", step.get("name"));
            try {
                if (step.containsKey("socket")) seen.putAll(Sockets.observe(step, args[1]));
                else if (step.containsKey("presign")) seen.putAll(Sockets.observeSigned(signerOf(Codec.object(Codec.object(keys).get("iam"))), args[1] + step.get("presign")));
                else seen.putAll(observe(clientOf(Codec.object(keys), args[1]), step));
            } catch (RuntimeException error) {
                seen.putAll(failure(error));
            }
            System.out.write((Json.write(seen) + "\n").getBytes(StandardCharsets.UTF_8));
            System.out.flush();
        }
    }

    private static ScenarioClient clientOf(Map<String, Object> keys, String address) {
        ScenarioClient.Builder builder = ScenarioClient.builder()
                .baseUrl((String) keys.getOrDefault("baseUrl", address))
                .retryDelay(Duration.ofMillis(1), Duration.ofSeconds(1));
        if (keys.get("bearer") instanceof String token) builder.bearer(Credential.of(token));
        if (keys.get("apiKey") instanceof String key) builder.apiKey(Credential.of(key));
        if (keys.get("iam") instanceof Map<?, ?> iam) builder.iam(signerOf(Codec.object(iam)));
        return builder.build();
    }

    private static SigV4 signerOf(Map<String, Object> iam) {
        AwsCredentials aws = new AwsCredentials((String) iam.get("accessKeyId"), (String) iam.get("secretAccessKey"));
        return new SigV4((String) iam.get("region"), () -> aws);
    }

    private static Map<String, Object> observe(ScenarioClient api, Map<String, Object> step) {
        Map<String, Object> in = Codec.object(step.get("input"));
        RequestOptions options = RequestOptions.NONE;
        if (step.get("options") instanceof Map<?, ?> given) {
            if (given.get("retries") instanceof Long count) options = options.retries(count.intValue());
            if (given.get("idempotencyKey") instanceof String key) options = options.idempotencyKey(key);
        }
        if ("listFar".equals(step.get("items")))
            return Map.of("items", api.listFarItems(ListFarRequest.builder().build()).stream().toList());
        ListItemsRequest list = ListItemsRequest.builder().size((Long) in.get("size")).build();
        if (step.containsKey("items")) {
            long limit = step.get("limit") instanceof Long most ? most : Long.MAX_VALUE;
            return Map.of("items", api.listItemsItems(list).stream().limit(limit).map(Item::toJson).toList());
        }
        if (step.containsKey("pages")) {
            List<Object> pages = new ArrayList<>();
            for (ListItemsResult page : api.listItemsPages(list)) pages.add((long) page.page().items().size());
            return Map.of("pages", pages);
        }
        if (step.containsKey("stream")) {
            try (var stream = api.readBytesStream(new ReadBytesRequest((Long) in.get("count")))) {
                return Map.of("ok", summed(stream.readAllBytes()));
            } catch (java.io.IOException error) {
                throw new java.io.UncheckedIOException(error);
            }
        }
        Map<String, Object> out = new LinkedHashMap<>();
        Object ok = call(api, (String) step.get("call"), in, options);
        boolean isForm = Codec.object(step.get("observe")).containsKey("form");
        out.put(isForm ? "form" : "ok", isForm ? form(((SendFormResult) ok).text()) : jsonOf(ok));
        return out;
    }

    private static Object jsonOf(Object ok) {
        if (ok == null || ok instanceof String || ok instanceof Map<?, ?>) return ok;
        if (ok instanceof byte[] bytes) return summed(bytes);
        try {
            return ok.getClass().getMethod("toJson").invoke(ok);
        } catch (ReflectiveOperationException error) {
            throw new IllegalStateException(error);
        }
    }

    private static Map<String, Object> form(String text) {
        Map<String, Object> out = new LinkedHashMap<>();
        for (String pair : text.split("&")) {
            String[] parts = pair.split("=", 2);
            List<Object> values = new ArrayList<>();
            if (out.get(parts[0]) instanceof List<?> before) values.addAll(before);
            values.add(java.net.URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
            out.put(parts[0], values);
        }
        return out;
    }

    private static Map<String, Object> summed(byte[] bytes) {
        long sum = 0;
        for (byte each : bytes) sum += each & 0xff;
        return Map.of("bytes", (long) bytes.length, "sum", sum);
    }

    private static Object call(ScenarioClient api, String name, Map<String, Object> in, RequestOptions options) {
        String id = (String) in.get("id");
        Long fails = (Long) in.get("fails");
        Long status = (Long) in.get("status");
        switch (name) {
            case "echo":
                EchoRequest request = EchoRequest.builder()
                        .name((String) in.get("name"))
                        .q((String) in.get("q"))
                        .list(Codec.list(Codec.STRING).decode(in.get("list")))
                        .n(Codec.DOUBLE.decode(in.get("n")))
                        .flag((Boolean) in.get("flag"))
                        .colour(Colour.CODEC.decode(in.get("colour")))
                        .xNote((String) in.get("X-Note"))
                        .body(Everything.CODEC.decode(in.get("body")))
                        .build();
                return isAsync ? Caller.join(api.echoAsync(request, options)) : api.echo(request, options);
            case "exact":
                ExactRequest exact = ExactRequest.builder()
                        .number((Long) in.get("number"))
                        .n((Long) in.get("n"))
                        .all(Codec.list(Codec.LONG).decode(in.get("all")))
                        .xCount((Long) in.get("X-Count"))
                        .body(Exact.CODEC.decode(in.get("body")))
                        .build();
                return isAsync ? Caller.join(api.exactAsync(exact, options)) : api.exact(exact, options);
            case "readPath":
                return api.readPath(new ReadPathRequest((String) in.get("path")), options);
            case "flaky":
                FlakyRequest flaky = new FlakyRequest(id, fails, status);
                return isAsync ? Caller.join(api.flakyAsync(flaky, options)) : api.flaky(flaky, options);
            case "flakyPost":
                return api.flakyPost(new FlakyPostRequest(id, fails, status), options);
            case "keyed":
                return api.keyed(new KeyedRequest(id, fails, status), options);
            case "unkeyed":
                return api.unkeyed(new UnkeyedRequest(id, fails, status), options);
            case "fail":
                api.fail(new FailRequest(status), options);
                return null;
            case "failAtAll":
                return api.failAtAll(new FailAtAllRequest(status), options);
            case "readBytes":
                return api.readBytes(new ReadBytesRequest((Long) in.get("count")), options);
            case "writeBytes":
                byte[] body = new byte[((Long) Codec.object(in.get("body")).get("bytes")).intValue()];
                for (int at = 0; at < body.length; at++) body[at] = (byte) at;
                return api.writeBytes(new WriteBytesRequest(BodyPublishers.ofByteArray(body)), options);
            case "sendForm":
                return api.sendForm(new SendFormRequest(SendFormBody.CODEC.decode(in.get("body"))), options);
            case "readText":
                return api.readText(options);
            case "whoToken":
                return api.whoToken(options);
            case "whoKey":
                return api.whoKey(options);
            case "whoSigned":
                return api.whoSigned(new WhoSignedRequest((String) in.get("path"), (String) in.get("q")), options);
            case "open":
                return api.open(options);
            default:
                throw new IllegalStateException("no such call");
        }
    }

    private static Map<String, Object> failure(RuntimeException error) {
        if (error instanceof SocketException problem) return Sockets.problem(problem);
        if (error instanceof TransportException transport)
            return Map.of("transport", Map.of("kind", transport.kind().name().toLowerCase(java.util.Locale.ROOT), "attempts", (long) transport.attempts()));
        if (error instanceof ApiException answer) {
            Map<String, Object> out = new LinkedHashMap<>();
            out.put("status", (long) answer.status());
            out.put("body", Json.parse(new String(answer.bytes(), StandardCharsets.UTF_8)));
            out.put("gateway", answer.gateway().map(Enum::name).orElse(null));
            out.put("hasRequestId", answer.requestId().isPresent());
            out.put("attempts", (long) answer.attempts());
            out.put("typed", answer.body(Problem.class).isPresent() || answer.body(TooLate.class).isPresent() || answer.body(Fail409Body.class).isPresent());
            return Map.of("error", out);
        }
        return Map.of("refused", error instanceof IllegalArgumentException, "reason", String.valueOf(error));
    }
}
