/** A problem of a WebSocket connection. */
public final class SocketException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Kind {
        /** The connection has ended; code, reason and meaning say why. */
        CLOSED,
        /** The gateway answered a message with an error; the request's id finds it in the logs. */
        FAILED,
        /** A message too many that would wait. */
        QUEUE_FULL,
        /** The connection could not be opened; the status is that of the answer, 0 where there was none. */
        REFUSED,
        /** A reply that did not come in time. */
        TIMEOUT,
        /** A message that is longer than the gateway takes. */
        TOO_LARGE,
        /** A reply that is not what the API declares. */
        DECODE
    }

    /** Why a connection ended, in API Gateway's terms. */
    public enum Meaning {
        /** 1000. */
        NORMAL,
        /** 1001: ten minutes without a message, two hours in all, or the server goes down. */
        GOING_AWAY,
        /** 1002. */
        PROTOCOL_ERROR,
        /** 1003. */
        NOT_TEXT,
        /** 1006: without a word. */
        LOST,
        /** 1007. */
        NOT_UTF8,
        /** 1008. */
        REFUSED,
        /** 1009: a message of more than 128 KB, or a frame of more than 32 KB. */
        TOO_BIG,
        /** 1011. */
        SERVER_ERROR,
        /** From 4000 on. */
        APPLICATION,
        /** Any other code. */
        OTHER;

        static Meaning of(int code) {
            switch (code) {
                case 1000:
                    return NORMAL;
                case 1001:
                    return GOING_AWAY;
                case 1002:
                    return PROTOCOL_ERROR;
                case 1003:
                    return NOT_TEXT;
                case 1006:
                    return LOST;
                case 1007:
                    return NOT_UTF8;
                case 1008:
                    return REFUSED;
                case 1009:
                    return TOO_BIG;
                case 1011:
                    return SERVER_ERROR;
                default:
                    return code >= 4000 ? APPLICATION : OTHER;
            }
        }
    }

    private final Kind kind;
    private final int code;
    private final String reason;
    private final int status;
    private final String requestId;

    private SocketException(Kind kind, String message, Throwable cause, int code, String reason, int status, String requestId) {
        super(message, cause);
        this.kind = kind;
        this.code = code;
        this.reason = reason;
        this.status = status;
        this.requestId = requestId;
    }

    static SocketException of(Kind kind, String message, Throwable cause) {
        return new SocketException(kind, message, cause, 0, "", 0, "");
    }

    static SocketException closed(int code, String reason, Throwable cause) {
        String message = "the connection ended: " + code + " " + (reason.isEmpty() ? Meaning.of(code) : reason);
        return new SocketException(Kind.CLOSED, message, cause, code, reason, 0, "");
    }

    static SocketException refused(int status, Throwable cause) {
        String message = "the connection could not be opened" + (status == 0 ? "" : ": the handshake was answered by " + status);
        return new SocketException(Kind.REFUSED, message, cause, 0, "", status, "");
    }

    static SocketException failed(String message, String requestId) {
        return new SocketException(Kind.FAILED, message, null, 0, "", 0, requestId);
    }

    /** What is wrong. */
    public Kind kind() {
        return kind;
    }

    /** Of {@code CLOSED}. */
    public int code() {
        return code;
    }

    /** Of {@code CLOSED}. */
    public String reason() {
        return reason;
    }

    /** Of {@code CLOSED}. */
    public Meaning meaning() {
        return Meaning.of(code);
    }

    /** Of {@code REFUSED}. */
    public int status() {
        return status;
    }

    /** Of {@code FAILED}. */
    public String requestId() {
        return requestId;
    }
}
