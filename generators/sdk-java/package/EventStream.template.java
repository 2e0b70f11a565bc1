import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Server-sent events, one by one. Where the stream ends or breaks off, it is opened again with {@code Last-Event-ID}, until the server says that there is
 * no more (204), or does not answer. To be closed, by any thread; it can be walked through once.
 */
public final class EventStream implements Iterable<ServerEvent>, AutoCloseable {
    private static final int LONGEST = 1 << 20;

    private final String operation;
    private final Function<String, CompletableFuture<Caller.Answer>> open;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Iterator<ServerEvent> iterator = new Walk();
    private volatile CompletableFuture<Caller.Answer> opening;
    private volatile InputStream input;
    private String lastEventId = "";
    private long pauseMs = 3000;
    private boolean isAfterCr;
    private boolean isFirstLine;

    EventStream(Caller caller, Operation operation, Supplier<Arguments> arguments, RequestOptions options) {
        this.operation = operation.name;
        this.open = last -> {
            RequestOptions resumed = last.isEmpty() ? options : options.header("last-event-id", last);
            return caller.start(operation, arguments, resumed, true, Function.identity());
        };
    }

    @Override
    public Iterator<ServerEvent> iterator() {
        return iterator;
    }

    /** The same as a stream, which closes this when it is closed. */
    public Stream<ServerEvent> stream() {
        Spliterator<ServerEvent> events = Spliterators.spliteratorUnknownSize(iterator, Spliterator.ORDERED | Spliterator.NONNULL);
        return StreamSupport.stream(events, false).onClose(this::close);
    }

    /** Ends the request; whoever waits for the next event gets none. */
    @Override
    public void close() {
        closed.countDown();
        CompletableFuture<Caller.Answer> under = opening;
        if (under != null) under.cancel(true);
        hangUp();
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private void hangUp() {
        InputStream body = input;
        input = null;
        if (body == null) return;
        try {
            body.close();
        } catch (IOException endedAlready) {
            // So be it.
        }
    }

    private final class Walk implements Iterator<ServerEvent> {
        private ServerEvent found;
        private boolean isOver;

        @Override
        public boolean hasNext() {
            if (found == null && !isOver) {
                found = following();
                isOver = found == null;
            }
            return found != null;
        }

        @Override
        public ServerEvent next() {
            if (!hasNext()) throw new NoSuchElementException();
            ServerEvent event = found;
            found = null;
            return event;
        }
    }

    /** The next event; null: there is none any more. */
    private ServerEvent following() {
        while (!isClosed()) {
            if (input == null && !isOpened()) return null;
            InputStream body = input;
            try {
                ServerEvent event = body == null ? null : read(body);
                if (event != null) return event;
            } catch (IOException broken) {
                // It goes on where it broke off.
            }
            hangUp();
            try {
                if (closed.await(pauseMs, TimeUnit.MILLISECONDS)) return null;
            } catch (InterruptedException error) {
                close();
                Thread.currentThread().interrupt();
                throw (CancellationException) new CancellationException("interrupted").initCause(error);
            }
        }
        return null;
    }

    private boolean isOpened() {
        CompletableFuture<Caller.Answer> under = open.apply(lastEventId);
        opening = under;
        if (isClosed()) under.cancel(true);
        Caller.Answer answer;
        try {
            answer = Caller.join(under);
        } catch (CancellationException error) {
            if (isClosed()) return false;
            throw error;
        }
        input = new BufferedInputStream(answer.stream);
        isAfterCr = false;
        isFirstLine = true;
        if (answer.status != 204 && !isClosed()) return true;
        hangUp();
        return false;
    }

    /** The next event of this stream; null: it has ended. */
    private ServerEvent read(InputStream body) throws IOException {
        List<String> data = new ArrayList<>();
        String event = "";
        String id = lastEventId;
        int size = 0;
        for (String line = line(body); line != null; line = line(body)) {
            if (line.isEmpty()) {
                lastEventId = id;
                if (!data.isEmpty()) return new ServerEvent(event.isEmpty() ? "message" : event, String.join("\n", data), id);
                event = "";
                size = 0;
                continue;
            }
            size += line.length();
            if (size > LONGEST) throw tooLong();
            int colon = line.indexOf(':');
            String name = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(line.startsWith(" ", colon + 1) ? colon + 2 : colon + 1);
            switch (name) {
                case "data":
                    data.add(value);
                    break;
                case "event":
                    event = value;
                    break;
                case "id":
                    if (value.indexOf(0) < 0) id = value;
                    break;
                case "retry":
                    if (value.matches("[0-9]{1,9}")) pauseMs = Long.parseLong(value);
                    break;
                default:
                    // Comments, and what is newer than this package.
            }
        }
        return null;
    }

    /** Up to CR, LF or CR LF; null at the end, also where a line has none. */
    private String line(InputStream body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int next = body.read(); next >= 0; next = body.read()) {
            boolean isSecond = isAfterCr && next == '\n';
            isAfterCr = false;
            if (isSecond) continue;
            if (next == '\n' || next == '\r') {
                isAfterCr = next == '\r';
                String text = bytes.toString(StandardCharsets.UTF_8);
                boolean hasMark = isFirstLine && text.startsWith("\ufeff");
                isFirstLine = false;
                return hasMark ? text.substring(1) : text;
            }
            bytes.write(next);
            if (bytes.size() > LONGEST) throw tooLong();
        }
        return null;
    }

    private TransportException tooLong() {
        close();
        return new TransportException(TransportException.Kind.DECODE, operation, 1, new IOException("an event of more than " + LONGEST + " characters"));
    }
}
