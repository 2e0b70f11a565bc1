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
import java.util.List;
import java.util.Map;
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
        String time = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC).format(Instant.now());
        headers.put("x-amz-date", time);
        if (keys.sessionToken() != null) headers.put("x-amz-security-token", keys.sessionToken());
        Map<String, String> signed = new TreeMap<>();
        signed.put("host", host(uri));
        headers.forEach((name, value) -> {
            String lower = name.toLowerCase(java.util.Locale.ROOT);
            if (lower.equals("content-type") || lower.startsWith("x-amz-")) signed.put(lower, value.strip().replaceAll(" +", " "));
        });
        String names = String.join(";", signed.keySet());
        StringBuilder lines = new StringBuilder();
        signed.forEach((name, value) -> lines.append(name).append(':').append(value).append('\n'));
        // The path as it is sent, escaped once more: every service but S3 wants it so.
        List<String> path = new ArrayList<>();
        for (String segment : uri.getRawPath().split("/", -1)) path.add(Urls.escaped(segment, "-_.~"));
        String canonical = String.join("\n", method, String.join("/", path), query(uri.getRawQuery()), lines.toString(), names, hash(body));
        String scope = time.substring(0, 8) + "/" + region + "/execute-api/aws4_request";
        String text = String.join("\n", "AWS4-HMAC-SHA256", time, scope, hash(canonical.getBytes(StandardCharsets.UTF_8)));
        byte[] key = ("AWS4" + keys.secretAccessKey()).getBytes(StandardCharsets.UTF_8);
        for (String part : scope.split("/")) key = hmac(key, part);
        String signature = HexFormat.of().formatHex(hmac(key, text));
        headers.put("authorization", "AWS4-HMAC-SHA256 Credential=" + keys.accessKeyId() + "/" + scope + ", SignedHeaders=" + names + ", Signature=" + signature);
    }

    private static String host(URI uri) {
        boolean isUsual = uri.getPort() == -1 || uri.getPort() == ("https".equals(uri.getScheme()) ? 443 : 80);
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
