/**
 * The attempt that a credential or a middleware serves.
 *
 * @param operation name of the operation
 * @param attempt 1 is the first
 * @param authorizer reads the credential; empty for the API key
 */
public record CallInfo(String operation, int attempt, String authorizer) {}
