/**
 * One of the server-sent events of a stream (HTML, section 9.2).
 *
 * @param event {@code message} where the server names none
 * @param data the data
 * @param lastEventId where the stream goes on when it is opened again
 */
public record ServerEvent(String event, String data, String lastEventId) {}
