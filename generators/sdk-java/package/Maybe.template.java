/** A member that may be absent, null, or a value. */
public final class Maybe<T> {
    private static final Maybe<?> ABSENT = new Maybe<>(null, false);
    private final T value;
    private final boolean present;

    private Maybe(T value, boolean present) {
        this.value = value;
        this.present = present;
    }

    /** Nothing is sent. */
    @SuppressWarnings("unchecked")
    public static <T> Maybe<T> absent() {
        return (Maybe<T>) ABSENT;
    }

    /** A value, or null, which is sent as null. */
    public static <T> Maybe<T> of(@Nullable T value) {
        return new Maybe<>(value, true);
    }

    /** Whether the member is there, be it null. */
    public boolean isPresent() {
        return present;
    }

    /** The value; null where it is null or absent. */
    @Nullable
    public T orNull() {
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Maybe<?> that && present == that.present && java.util.Objects.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return java.util.Objects.hash(present, value);
    }

    @Override
    public String toString() {
        return present ? "Maybe(" + value + ")" : "Maybe()";
    }
}
