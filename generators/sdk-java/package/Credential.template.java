/** Asked before every attempt. */
@FunctionalInterface
public interface Credential {
    /** The text that is sent. */
    String value(CallInfo info);

    /** One that stays the same. */
    static Credential of(String text) {
        return info -> text;
    }
}
