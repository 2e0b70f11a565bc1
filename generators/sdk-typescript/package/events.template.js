/** Server-sent events of a stream, one by one (HTML, section 9.2). */
export async function* serverEvents(stream, { limit = 1_048_576 } = {}) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let lastEventId = "";
  let event = { data: [] };
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      text += decoder.decode(value, { stream: true });
      // A carriage return at the end may be half of a line break.
      const lines = text.split(/\r\n|\n|\r(?!$)/);
      text = lines.pop();
      for (const line of lines) {
        if (line === "") {
          const { data, type = "message", retryMs } = event;
          if (data.length > 0) yield { event: type, data: data.join("\n"), lastEventId, retryMs };
          event = { data: [] };
          size = 0;
          continue;
        }
        size += line.length;
        const [, name, content] = /^([^:]*):? ?(.*)$/s.exec(line);
        if (name === "data") event.data.push(content);
        else if (name === "event") event.type = content || undefined;
        else if (name === "id" && !content.includes("\0")) lastEventId = content;
        else if (name === "retry" && /^\d+$/.test(content)) event.retryMs = Number(content);
      }
      if (size + text.length > limit) throw new RangeError(`an event of more than ${limit} characters`);
    }
  } finally {
    // Whoever has enough ends the request, too.
    await reader.cancel().catch(() => undefined);
  }
}
