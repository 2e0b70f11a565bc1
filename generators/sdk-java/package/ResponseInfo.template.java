import java.net.http.HttpHeaders;
import java.util.Optional;

/**
 * What an answer has beside its body.
 *
 * @param status the status
 * @param headers the headers
 * @param attempts how often the call was tried
 */
public record ResponseInfo(int status, HttpHeaders headers, int attempts) {
    /** API Gateway's id of the request, for its owner's logs. */
    public Optional<String> requestId() {
        return headers.firstValue("x-amzn-requestid").or(() -> headers.firstValue("apigw-requestid"));
    }
}
