import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Both directions between a type and JSON. */
public interface Codec<T> {
    /** Throws IllegalArgumentException where JSON is not of the type. */
    T decode(Object json);

    /** Null is null. */
    Object encode(T value);

    /** Of two functions; null stays null. */
    static <T> Codec<T> of(Function<Object, T> decode, Function<T, Object> encode) {
        return new Codec<>() {
            @Override
            public T decode(Object json) {
                return json == null ? null : decode.apply(json);
            }

            @Override
            public Object encode(T value) {
                return value == null ? null : encode.apply(value);
            }
        };
    }

    /** JSON as it is. */
    Codec<Object> ANY = of(json -> json, value -> value);
    /** Texts. */
    Codec<String> STRING = of(json -> as(String.class, json), value -> value);
    /** Whole numbers. */
    Codec<Long> LONG = of(Codec::wholeOf, value -> value);
    /** Numbers. */
    Codec<Double> DOUBLE = of(json -> as(Number.class, json).doubleValue(), value -> value);
    /** True or false. */
    Codec<Boolean> BOOLEAN = of(json -> as(Boolean.class, json), value -> value);
    /** Times with their offset (RFC 3339). */
    Codec<OffsetDateTime> TIME = of(json -> timeOf(as(String.class, json)), Codec::timeText);
    /** Days. */
    Codec<LocalDate> DAY = of(json -> dayOf(as(String.class, json)), LocalDate::toString);
    /** Bytes, in forms; in JSON they are Base64. */
    Codec<byte[]> BYTES = of(json -> java.util.Base64.getDecoder().decode(as(String.class, json)), value -> value);

    /** Lists. */
    static <T> Codec<List<T>> list(Codec<T> item) {
        return of(
                json -> {
                    List<T> out = new ArrayList<>();
                    for (Object entry : as(List.class, json)) out.add(item.decode(entry));
                    return java.util.Collections.unmodifiableList(out);
                },
                value -> {
                    List<Object> out = new ArrayList<>();
                    for (T entry : value) out.add(item.encode(entry));
                    return out;
                });
    }

    /** Objects whose members are alike. */
    static <T> Codec<Map<String, T>> map(Codec<T> item) {
        return of(
                json -> {
                    Map<String, T> out = new LinkedHashMap<>();
                    object(json).forEach((name, entry) -> out.put(name, item.decode(entry)));
                    return java.util.Collections.unmodifiableMap(out);
                },
                value -> {
                    Map<String, Object> out = new LinkedHashMap<>();
                    value.forEach((name, entry) -> out.put(name, item.encode(entry)));
                    return out;
                });
    }

    /** An object, with its names. */
    static Map<String, Object> object(Object json) {
        Map<String, Object> out = new LinkedHashMap<>();
        Map<?, ?> members = as(Map.class, json);
        for (Map.Entry<?, ?> entry : members.entrySet()) out.put(String.valueOf(entry.getKey()), entry.getValue());
        return out;
    }

    /** One member. */
    static <T> T read(Map<String, Object> members, String name, Codec<T> codec) {
        try {
            return codec.decode(members.get(name));
        } catch (IllegalArgumentException error) {
            throw new IllegalArgumentException(name + ": " + error.getMessage(), error);
        }
    }

    /** One member, or what it is when it is not there. */
    static <T> T read(Map<String, Object> members, String name, Codec<T> codec, T missing) {
        T found = read(members, name, codec);
        return found == null ? missing : found;
    }

    /** One member that may be absent. */
    static <T> Maybe<T> readMaybe(Map<String, Object> members, String name, Codec<T> codec) {
        return members.containsKey(name) ? Maybe.of(read(members, name, codec)) : Maybe.absent();
    }

    /** Writes a member. */
    static <T> void put(Map<String, Object> members, String name, Codec<T> codec, T value) {
        members.put(name, codec.encode(value));
    }

    /** Writes a member that has to be there. */
    static <T> void putRequired(Map<String, Object> members, String name, Codec<T> codec, T value) {
        if (value == null) throw new IllegalArgumentException(name + " is required");
        members.put(name, codec.encode(value));
    }

    /** Writes a member that is there. */
    static <T> void putOptional(Map<String, Object> members, String name, Codec<T> codec, T value) {
        if (value != null) members.put(name, codec.encode(value));
    }

    /** Writes a member that may be absent. */
    static <T> void putMaybe(Map<String, Object> members, String name, Codec<T> codec, Maybe<T> value) {
        if (value != null && value.isPresent()) members.put(name, codec.encode(value.orNull()));
    }

    /** Whether a member is a certain text. */
    static boolean hasTag(Object json, String name, String value) {
        return json instanceof Map<?, ?> members && value.equals(String.valueOf(members.get(name)));
    }

    /** Whether JSON is an object with these members. */
    static boolean isObject(Object json, String... names) {
        if (!(json instanceof Map<?, ?> members)) return false;
        for (String name : names) if (!members.containsKey(name)) return false;
        return true;
    }

    private static <T> T as(Class<T> kind, Object json) {
        if (kind.isInstance(json)) return kind.cast(json);
        throw new IllegalArgumentException("no " + kind.getSimpleName());
    }

    private static Long wholeOf(Object json) {
        Number number = as(Number.class, json);
        if (number instanceof Long whole) return whole;
        try {
            return new BigDecimal(number.toString()).longValueExact();
        } catch (ArithmeticException error) {
            throw new IllegalArgumentException("no whole number of 64 bits", error);
        }
    }

    private static OffsetDateTime timeOf(String text) {
        try {
            return OffsetDateTime.parse(text);
        } catch (java.time.format.DateTimeParseException error) {
            throw new IllegalArgumentException("no time", error);
        }
    }

    private static LocalDate dayOf(String text) {
        try {
            return LocalDate.parse(text);
        } catch (java.time.format.DateTimeParseException error) {
            throw new IllegalArgumentException("no date", error);
        }
    }

    /** RFC 3339, with seconds always. */
    private static Object timeText(OffsetDateTime value) {
        return java.time.format.DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(value);
    }
}
