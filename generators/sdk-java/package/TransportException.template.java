/** There is no usable answer. */
public final class TransportException extends SdkException {
    private static final long serialVersionUID = 1L;

    /** Why there is none. */
    public enum Kind {
        /** A connection that failed. */
        NETWORK,
        /** An answer that did not come in time. */
        TIMEOUT,
        /** A success whose body is not what the operation declares. */
        DECODE
    }

    private final Kind kind;

    TransportException(Kind kind, String operation, int attempts, Throwable cause) {
        super(operation + ": " + kind + " at attempt " + attempts + ": " + cause.getMessage(), cause, operation, attempts);
        this.kind = kind;
    }

    /** Why there is no answer. */
    public Kind kind() {
        return kind;
    }
}
