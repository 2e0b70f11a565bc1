import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.velocity.Template;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.VelocityEngine;
import org.apache.velocity.runtime.resource.loader.StringResourceLoader;

/**
 * Velocity 1.7 on a JVM that has warmed up, on one template: the template is parsed before, each rendering has a context of its own
 * with $input, $util, $context and $stageVariables. Reads a file of JSON, {template, body, given: {params, context,
 * stageVariables}, warmMs, slices, sliceMs}; prints CPU µs of a rendering with the body read anew, with the body read before,
 * and the text in base64, in one line.
 */
public final class Render {
  public static final class Input {
    final Object json;
    final String body;
    final Map<String, Map<String, Object>> params;
    Input(String body, Object json, Map<String, Map<String, Object>> params) { this.body = body; this.json = json; this.params = params; }
    public String getBody() { return body; }
    public Object path(String path) {
      Object value = json;
      for (String name : path.length() < 2 ? new String[0] : path.substring(2).split("\\.")) {
        if (!(value instanceof Map)) return null;
        value = ((Map<?, ?>) value).get(name);
      }
      return value;
    }
    public String json(String path) { StringBuilder out = new StringBuilder(); write(path(path), out); return out.toString(); }
    public Map<String, Map<String, Object>> params() { return params; }
    public String params(String name) {
      for (Map<String, Object> group : params.values()) if (group.containsKey(name)) return String.valueOf(group.get(name));
      return "";
    }
  }

  public static final class Util {
    public String escapeJavaScript(String text) {
      StringBuilder out = new StringBuilder(text.length() + 8);
      for (int at = 0; at < text.length(); at++) {
        char c = text.charAt(at);
        if (c == '"' || c == '\\' || c == '\'') out.append('\\').append(c);
        else if (c == '\n') out.append("\\n");
        else if (c == '\r') out.append("\\r");
        else if (c == '\t') out.append("\\t");
        else if (c < 32 || c > 127) out.append(String.format("\\u%04X", (int) c));
        else out.append(c);
      }
      return out.toString();
    }
  }

  public static void main(String[] arguments) throws Exception {
    Map<String, Object> task = map(new Reader(Files.readString(Path.of(arguments[0]))).document());
    Map<String, Object> given = map(task.get("given"));
    String body = (String) task.get("body");
    VelocityEngine engine = new VelocityEngine();
    engine.setProperty("runtime.log.logsystem.class", "org.apache.velocity.runtime.log.NullLogChute");
    engine.setProperty("resource.loader", "string");
    engine.setProperty("string.resource.loader.class", StringResourceLoader.class.getName());
    engine.setProperty("directive.foreach.maxloops", "1000");
    engine.init();
    StringResourceLoader.getRepository().putStringResource("template", (String) task.get("template"));
    Template template = engine.getTemplate("template");
    Runnable anew = () -> render(template, body, read(body), given);
    Object before = read(body);
    Runnable rendering = () -> render(template, body, before, given);
    String text = render(template, body, before, given);
    long warmMs = (Integer) task.get("warmMs");
    slice(anew, warmMs);
    slice(rendering, warmMs);
    double[] both = new double[(Integer) task.get("slices")];
    double[] alone = new double[both.length];
    for (int at = 0; at < both.length; at++) {
      both[at] = slice(anew, (Integer) task.get("sliceMs"));
      alone[at] = slice(rendering, (Integer) task.get("sliceMs"));
    }
    Arrays.sort(both);
    Arrays.sort(alone);
    String shown = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    System.out.println(both[both.length / 2] + " " + alone[alone.length / 2] + " " + shown);
  }

  private static Object read(String body) { return body.isEmpty() ? null : new Reader(body).document(); }

  private static String render(Template template, String body, Object json, Map<String, Object> given) {
    @SuppressWarnings("unchecked")
    Map<String, Map<String, Object>> params = (Map<String, Map<String, Object>>) given.get("params");
    VelocityContext context = new VelocityContext();
    context.put("input", new Input(body, json, params));
    context.put("util", new Util());
    context.put("context", given.get("context"));
    context.put("stageVariables", given.get("stageVariables"));
    StringWriter out = new StringWriter(1024);
    template.merge(context, out);
    return out.toString();
  }

  /** CPU µs of this thread for one run, over a slice of time. */
  private static double slice(Runnable run, long ms) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long end = System.nanoTime() + ms * 1_000_000;
    long start = threads.getCurrentThreadCpuTime();
    long runs = 0;
    while (System.nanoTime() < end) {
      for (int at = 0; at < 20; at++) run.run();
      runs += 20;
    }
    return (threads.getCurrentThreadCpuTime() - start) / 1000.0 / runs;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object value) { return (Map<String, Object>) value; }

  private static void write(Object value, StringBuilder out) {
    if (value instanceof Map) {
      out.append('{');
      String between = "";
      for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
        out.append(between);
        write(entry.getKey(), out);
        out.append(':');
        write(entry.getValue(), out);
        between = ",";
      }
      out.append('}');
    } else if (value instanceof List) {
      out.append('[');
      String between = "";
      for (Object item : (List<?>) value) {
        out.append(between);
        write(item, out);
        between = ",";
      }
      out.append(']');
    } else if (value instanceof String) {
      out.append('"');
      String text = (String) value;
      for (int at = 0; at < text.length(); at++) {
        char c = text.charAt(at);
        if (c == '"' || c == '\\') out.append('\\');
        out.append(c);
      }
      out.append('"');
    } else out.append(value);
  }

  /** JSON as maps, lists, texts and numbers. */
  private static final class Reader {
    final String text;
    int at = 0;
    Reader(String text) { this.text = text; }

    Object document() { space(); return value(); }

    Object value() {
      char c = text.charAt(at);
      if (c == '{') return object();
      if (c == '[') return array();
      if (c == '"') return string();
      if (text.startsWith("true", at)) { at += 4; return true; }
      if (text.startsWith("false", at)) { at += 5; return false; }
      if (text.startsWith("null", at)) { at += 4; return null; }
      int start = at;
      boolean isWhole = true;
      while (at < text.length() && "+-0123456789.eE".indexOf(text.charAt(at)) >= 0) {
        isWhole &= ".eE".indexOf(text.charAt(at)) < 0;
        at++;
      }
      String number = text.substring(start, at);
      if (isWhole) return Integer.valueOf(number);
      return Double.valueOf(number);
    }

    Map<String, Object> object() {
      Map<String, Object> members = new LinkedHashMap<>();
      at++;
      for (space(); text.charAt(at) != '}'; space()) {
        if (text.charAt(at) == ',') { at++; space(); }
        String name = string();
        space();
        at++;
        space();
        members.put(name, value());
      }
      at++;
      return members;
    }

    List<Object> array() {
      List<Object> items = new ArrayList<>();
      at++;
      for (space(); text.charAt(at) != ']'; space()) {
        if (text.charAt(at) == ',') { at++; space(); }
        items.add(value());
      }
      at++;
      return items;
    }

    String string() {
      int start = ++at;
      while (text.charAt(at) != '"' && text.charAt(at) != '\\') at++;
      if (text.charAt(at) == '"') return text.substring(start, at++);
      StringBuilder out = new StringBuilder(text.substring(start, at));
      for (; text.charAt(at) != '"'; at++) {
        char c = text.charAt(at);
        if (c != '\\') { out.append(c); continue; }
        char next = text.charAt(++at);
        if (next == 'u') { out.append((char) Integer.parseInt(text.substring(at + 1, at + 5), 16)); at += 4; }
        else out.append(next == 'n' ? '\n' : next == 't' ? '\t' : next == 'r' ? '\r' : next == 'b' ? '\b' : next == 'f' ? '\f' : next);
      }
      at++;
      return out.toString();
    }

    void space() { while (at < text.length() && text.charAt(at) <= ' ') at++; }
  }
}
