import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What a walk over pages yields; each walk asks anew, a page when it is needed. */
public final class PageIterable<T> implements Iterable<T> {
    private final Supplier<Supplier<T>> walks;

    /** A walk yields null at its end. */
    PageIterable(Supplier<Supplier<T>> walks) {
        this.walks = walks;
    }

    /** As a stream. */
    public Stream<T> stream() {
        return StreamSupport.stream(spliterator(), false);
    }

    @Override
    public Iterator<T> iterator() {
        Supplier<T> walk = walks.get();
        return new Iterator<>() {
            private T ahead;
            private boolean isOver;

            @Override
            public boolean hasNext() {
                if (ahead == null && !isOver) {
                    ahead = walk.get();
                    isOver = ahead == null;
                }
                return ahead != null;
            }

            @Override
            public T next() {
                if (!hasNext()) throw new NoSuchElementException();
                T found = ahead;
                ahead = null;
                return found;
            }
        };
    }
}
