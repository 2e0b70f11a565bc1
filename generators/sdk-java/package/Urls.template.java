import java.nio.charset.StandardCharsets;

/** Text in addresses. */
final class Urls {
    private Urls() {}

    static String escaped(String text) {
        return escaped(text, "-_.!~*'()");
    }

    /** All bytes but letters, digits and those that are named. */
    static String escaped(String text, String safe) {
        StringBuilder out = new StringBuilder();
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (each & 0xff);
            boolean isPlain = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || safe.indexOf(c) >= 0;
            if (isPlain) out.append(c);
            else out.append(String.format("%%%02X", (int) c));
        }
        return out.toString();
    }
}
