import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the caller gives, as JSON values by their names on the wire. */
final class Arguments {
    final Map<String, Object> path = new LinkedHashMap<>();
    final Map<String, Object> query = new LinkedHashMap<>();
    final Map<String, Object> headers = new LinkedHashMap<>();
    String method;
    Object body;
    HttpRequest.BodyPublisher raw;

    <T> Arguments path(String name, Codec<T> codec, T value) {
        path.put(name, codec.encode(value));
        return this;
    }

    <T> Arguments query(String name, Codec<T> codec, T value) {
        if (value != null) query.put(name, codec.encode(value));
        return this;
    }

    <T> Arguments header(String name, Codec<T> codec, T value) {
        if (value != null) headers.put(name, codec.encode(value));
        return this;
    }

    <T> Arguments body(Codec<T> codec, T value) {
        body = codec.encode(value);
        return this;
    }

    Arguments raw(HttpRequest.BodyPublisher publisher) {
        raw = publisher;
        return this;
    }

    Arguments method(String name) {
        method = name;
        return this;
    }

    /** Each item of a list by itself; what has no text of its own is JSON. */
    static List<String> texts(Object value) {
        List<String> out = new ArrayList<>();
        if (value instanceof List<?> items) for (Object item : items) out.add(text(item));
        else if (value != null) out.add(text(value));
        return out;
    }

    static String text(Object value) {
        if (value instanceof String text) return text;
        if (value instanceof Double number) return Json.numberText(number);
        return Json.write(value);
    }
}
