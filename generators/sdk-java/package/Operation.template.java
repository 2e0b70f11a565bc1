import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is known of a call when the SDK is made. */
final class Operation {
    final String name;
    final String method;
    final String accept;
    final List<Segment> path;
    String encoding;
    String contentType;
    Set<Integer> binary = Set.of();
    boolean redirects;
    boolean signed;
    boolean newKey;
    Pages pages;
    List<Use> auth = List.of();
    final Map<Integer, Codec<?>> errors = new LinkedHashMap<>();
    Codec<?> other;

    /** A text, or the argument of a parameter. */
    record Segment(String text, String parameter, boolean greedy) {}

    /** Where a credential is sent. */
    record Use(String name, boolean inQuery, String key, String authorizer) {}

    /** Where the cursor goes, and where an answer has the next one and its list. */
    record Pages(String cursor, String header, List<String> next, List<String> items) {}

    Operation(String name, String method, String accept, Segment... path) {
        this.name = name;
        this.method = method;
        this.accept = accept;
        this.path = List.of(path);
    }

    Operation body(String encodedAs, String type) {
        encoding = encodedAs;
        contentType = type;
        return this;
    }

    Operation binary(Integer... statuses) {
        binary = Set.of(statuses);
        return this;
    }

    Operation redirects() {
        redirects = true;
        return this;
    }

    Operation signed() {
        signed = true;
        return this;
    }

    Operation newKey() {
        newKey = true;
        return this;
    }

    Operation pages(Pages found) {
        pages = found;
        return this;
    }

    Operation auth(Use... uses) {
        auth = List.of(uses);
        return this;
    }

    Operation error(int status, Codec<?> codec) {
        errors.put(status, codec);
        return this;
    }

    Operation other(Codec<?> codec) {
        other = codec;
        return this;
    }

    boolean isSuccess(int status) {
        return status >= 200 && status < (redirects ? 400 : 300);
    }
}
