/** All errors of calls. A value that no request can carry is an IllegalArgumentException, before anything is sent. */
public class SdkException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String operation;
    private final int attempts;

    SdkException(String message, Throwable cause, String operation, int attempts) {
        super(message, cause);
        this.operation = operation;
        this.attempts = attempts;
    }

    /** The operation. */
    public String operation() {
        return operation;
    }

    /** How often the call was tried. */
    public int attempts() {
        return attempts;
    }
}
