/**
 * The keys that requests are signed with.
 *
 * @param accessKeyId may be shown
 * @param secretAccessKey never shown
 * @param sessionToken null where there is none
 */
public record AwsCredentials(String accessKeyId, String secretAccessKey, String sessionToken) {
    /** Without a session. */
    public AwsCredentials(String accessKeyId, String secretAccessKey) {
        this(accessKeyId, secretAccessKey, null);
    }

    /** No secret. */
    @Override
    public String toString() {
        return "AwsCredentials(" + accessKeyId + ")";
    }
}
