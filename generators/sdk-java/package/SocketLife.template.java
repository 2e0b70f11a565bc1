import java.time.Duration;

/**
 * What happens to a WebSocket connection.
 *
 * @param kind what it is
 * @param error of {@code RECONNECTING}, {@code CLOSED} and {@code ERROR}, else null
 * @param attempt of {@code RECONNECTING}; 1 is the first
 * @param pause of {@code RECONNECTING}
 * @param message of {@code UNKNOWN}, as JSON values
 */
public record SocketLife(Kind kind, Throwable error, int attempt, Duration pause, Object message) {
    /** What it may be. */
    public enum Kind {
        /** The first handshake. */
        OPENED,
        /** A handshake after a loss or a roll-over, when {@code onReopen} is done. */
        REOPENED,
        /** A connection that was lost, or could not be opened, and is tried again. */
        RECONNECTING,
        /** The end, for good. */
        CLOSED,
        /** A message that nobody waits for, an event that nobody listens to, or one that is not known. */
        UNKNOWN,
        /** An error of a message that nobody waits for, of {@code onReopen} or of a listener. */
        ERROR
    }

    /** Where a connection is. */
    public enum State {
        /** No handshake is done, or another one is needed. */
        CONNECTING,
        /** Messages go out at once. */
        OPEN,
        /** For good. */
        CLOSED
    }

    static SocketLife of(Kind kind) {
        return new SocketLife(kind, null, 0, Duration.ZERO, null);
    }

    static SocketLife of(Kind kind, Throwable error) {
        return new SocketLife(kind, error, 0, Duration.ZERO, null);
    }
}
