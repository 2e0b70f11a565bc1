import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs requests for routes with IAM authorization (AWS Signature Version 4). */
public final class SigV4 {
    private final String region;
    private final Supplier<AwsCredentials> credentials;

    /** Credentials are asked before every attempt, so that they may be renewed. */
    public SigV4(String region, Supplier<AwsCredentials> credentials) {
        this.region = region;
        this.credentials = credentials;
    }

    /** Adds the signature's headers. */
    void sign(String method, URI uri, Map<String, String> headers, byte[] body) {
        AwsCredentials keys = credentials.get();
        String time = now();
        headers.put("x-amz-date", time);
        if (keys.sessionToken() != null) headers.put("x-amz-security-token", keys.sessionToken());
        Map<String, String> signed = new TreeMap<>();
        signed.put("host", host(uri));
        headers.forEach((name, value) -> {
            String lower = name.toLowerCase(java.util.Locale.ROOT);
            if (lower.equals("content-type") || lower.startsWith("x-amz-")) signed.put(lower, value.strip().replaceAll(" +", " "));
        });
        String names = String.join(";", signed.keySet());
        String scope = scope(time);
        String signature = signature(keys, time, scope, method, uri, signed, body);
        headers.put("authorization", "AWS4-HMAC-SHA256 Credential=" + keys.accessKeyId() + "/" + scope + ", SignedHeaders=" + names + ", Signature=" + signature);
    }

    /** An address with a signature in its query, for a GET or the handshake of a WebSocket by somebody else; it is good for five minutes. */
    public URI presign(URI address) {
        AwsCredentials keys = credentials.get();
        String time = now();
        String scope = scope(time);
        Map<String, String> pairs = new LinkedHashMap<>();
        pairs.put("X-Amz-Algorithm", "AWS4-HMAC-SHA256");
        pairs.put("X-Amz-Credential", keys.accessKeyId() + "/" + scope);
        pairs.put("X-Amz-Date", time);
        pairs.put("X-Amz-Expires", "300");
        pairs.put("X-Amz-SignedHeaders", "host");
        if (keys.sessionToken() != null) pairs.put("X-Amz-Security-Token", keys.sessionToken());
        StringBuilder out = new StringBuilder(address.toString());
        if (address.getRawPath().isEmpty()) out.append('/');
        String joint = address.getRawQuery() == null ? "?" : "&";
        for (Map.Entry<String, String> pair : pairs.entrySet()) {
            out.append(joint).append(pair.getKey()).append('=').append(Urls.escaped(pair.getValue(), "-_.~"));
            joint = "&";
        }
        URI whole = URI.create(out.toString());
        return URI.create(whole + "&X-Amz-Signature=" + signature(keys, time, scope, "GET", whole, Map.of("host", host(whole)), new byte[0]));
    }

    private static String now() {
        return DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC).format(Instant.now());
    }

    private String scope(String time) {
        return time.substring(0, 8) + "/" + region + "/execute-api/aws4_request";
    }

    private static String signature(AwsCredentials keys, String time, String scope, String method, URI uri, Map<String, String> signed, byte[] body) {
        StringBuilder lines = new StringBuilder();
        signed.forEach((name, value) -> lines.append(name).append(':').append(value).append('\n'));
        // The path as it is sent, escaped once more: every service but S3 wants it so.
        List<String> path = new ArrayList<>();
        for (String segment : uri.getRawPath().split("/", -1)) path.add(Urls.escaped(segment, "-_.~"));
        String canonical = String.join("\n", method, String.join("/", path), query(uri.getRawQuery()), lines.toString(), String.join(";", signed.keySet()), hash(body));
        String text = String.join("\n", "AWS4-HMAC-SHA256", time, scope, hash(canonical.getBytes(StandardCharsets.UTF_8)));
        byte[] key = ("AWS4" + keys.secretAccessKey()).getBytes(StandardCharsets.UTF_8);
        for (String part : scope.split("/")) key = hmac(key, part);
        return HexFormat.of().formatHex(hmac(key, text));
    }

    private static String host(URI uri) {
        boolean isUsual = uri.getPort() == -1 || uri.getPort() == (Set.of("https", "wss").contains(uri.getScheme()) ? 443 : 80);
        return isUsual ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
    }

    private static String query(String raw) {
        List<String> pairs = new ArrayList<>();
        for (String pair : (raw == null ? "" : raw).split("&")) {
            if (pair.isEmpty()) continue;
            String[] parts = pair.split("=", 2);
            pairs.add(again(parts[0]) + "\0" + again(parts.length > 1 ? parts[1] : ""));
        }
        Collections.sort(pairs);
        return String.join("&", pairs).replace('\0', '=');
    }

    private static String again(String text) {
        return Urls.escaped(URLDecoder.decode(text, StandardCharsets.UTF_8), "-_.~");
    }

    private static String hash(byte[] data) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data));
        } catch (GeneralSecurityException error) {
            throw new IllegalStateException(error);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException error) {
            throw new IllegalStateException(error);
        }
    }
}
