import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** java.util.regex itself. One request a line: a pattern and texts, in base64, separated by tabs. Answers a digit a text, 1 where it matches as a whole; ! for what is no pattern. */
public final class Patterns {
  public static void main(String[] arguments) throws Exception {
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) System.out.println(answer(line.split("\t", -1)));
  }

  private static String answer(String[] fields) {
    try {
      Pattern pattern = Pattern.compile(decoded(fields[0]));
      StringBuilder out = new StringBuilder();
      for (int at = 1; at < fields.length; at++) out.append(pattern.matcher(decoded(fields[at])).matches() ? '1' : '0');
      return out.toString();
    } catch (PatternSyntaxException error) {
      return "!";
    }
  }

  private static String decoded(String field) {
    return new String(Base64.getDecoder().decode(field), StandardCharsets.UTF_8);
  }
}
