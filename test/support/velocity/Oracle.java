import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.VelocityEngine;
import org.apache.velocity.app.event.EventCartridge;
import org.apache.velocity.app.event.ReferenceInsertionEventHandler;

/**
 * Apache Velocity itself, with $input, $util, $context and $stageVariables. One request a line: fields in base64, separated by
 * tabs. The first is the template; each other one is "kind NUL name NUL text", where kind is json, string, value, path,
 * querystring, header, context, authorizer or stage. Answers one line: the text in base64, or "!" and the error.
 */
public final class Oracle {
  public static final class Input {
    final Map<String, String> json = new HashMap<>();
    final Map<String, Object> values = new HashMap<>();
    final Map<String, Map<String, String>> params = new HashMap<>();
    public String json(String path) { return json.get(path); }
    public Object path(String path) { return values.get(path); }
    public Map<String, Map<String, String>> params() { return params; }
  }

  public static final class Util {
    public String escapeJavaScript(String text) {
      if (text == null) return null;
      StringBuilder out = new StringBuilder();
      for (char c : text.toCharArray()) {
        switch (c) {
          case '\'': out.append("\\'"); break;
          case '"': out.append("\\\""); break;
          case '\\': out.append("\\\\"); break;
          case '\b': out.append("\\b"); break;
          case '\n': out.append("\\n"); break;
          case '\t': out.append("\\t"); break;
          case '\f': out.append("\\f"); break;
          case '\r': out.append("\\r"); break;
          default:
            if (c < 32 || c > 127) out.append(String.format("\\u%04X", (int) c));
            else out.append(c);
        }
      }
      return out.toString();
    }
    public String urlEncode(String text) throws Exception { return URLEncoder.encode(text, "UTF-8"); }
    /** JSON of a whole number; no rule parses other JSON. */
    public Object parseJson(String text) { return Integer.valueOf(text); }
    public String base64Encode(String text) {
      return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  public static void main(String[] arguments) throws Exception {
    VelocityEngine engine = new VelocityEngine();
    engine.setProperty("runtime.log.logsystem.class", "org.apache.velocity.runtime.log.NullLogChute");
    engine.setProperty("directive.foreach.maxloops", "1000");
    engine.init();
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    PrintStream out = new PrintStream(System.out, true, "US-ASCII");
    for (String line = lines.readLine(); line != null; line = lines.readLine()) out.println(answer(engine, line.split("\t")));
  }

  private static int count = 0;

  private static String answer(VelocityEngine engine, String[] fields) {
    try {
      StringWriter writer = new StringWriter();
      VelocityContext context = contextOf(fields);
      EventCartridge events = new EventCartridge();
      // As on API Gateway: a reference without a value prints nothing.
      events.addEventHandler((ReferenceInsertionEventHandler) (reference, value) -> value == null ? "" : value);
      events.attachToContext(context);
      engine.evaluate(context, writer, "oracle" + count++, decoded(fields[0]));
      return Base64.getEncoder().encodeToString(writer.toString().getBytes(StandardCharsets.UTF_8));
    } catch (Exception | OutOfMemoryError | StackOverflowError error) {
      return "!" + error.getClass().getSimpleName();
    }
  }

  private static String decoded(String field) {
    return new String(Base64.getDecoder().decode(field), StandardCharsets.UTF_8);
  }

  private static VelocityContext contextOf(String[] fields) {
    Input input = new Input();
    for (String kind : new String[] {"path", "querystring", "header"}) input.params.put(kind, new HashMap<>());
    Map<String, Object> context = new HashMap<>();
    Map<String, Object> authorizer = new HashMap<>();
    Map<String, Object> stage = new HashMap<>();
    context.put("authorizer", authorizer);
    context.put("responseOverride", new HashMap<>(Map.of("header", new HashMap<>())));
    context.put(
        "requestOverride",
        new HashMap<>(Map.of("header", new HashMap<>(), "querystring", new HashMap<>(), "path", new HashMap<>())));
    for (int at = 1; at < fields.length; at++) {
      String[] parts = decoded(fields[at]).split("\0", -1);
      String name = parts[1];
      // A text may hold NUL itself.
      String text = decoded(fields[at]).substring(parts[0].length() + name.length() + 2);
      switch (parts[0]) {
        case "json": input.json.put(name, text); break;
        case "string": input.values.put(name, text); break;
        case "value": input.values.put(name, new Object()); break;
        case "context": context.put(name, text); break;
        case "authorizer": authorizer.put(name, text); break;
        case "stage": stage.put(name, text); break;
        default: input.params.get(parts[0]).put(name, text);
      }
    }
    VelocityContext made = new VelocityContext();
    made.put("input", input);
    made.put("util", new Util());
    made.put("context", context);
    made.put("stageVariables", stage);
    return made;
  }
}
