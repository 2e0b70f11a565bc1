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

/** Server-sent events without end: opens the stream again where it broke off (HTML, section 9.2.3). */
export async function* followEvents(open, { limit, retryMs = 3000, signal } = {}) {
  let lastEventId = "";
  let pause = retryMs;
  while (!signal?.aborted) {
    // A signal of its own: what listens to the caller's has to go with the stream.
    const controller = new AbortController();
    const abort = () => controller.abort(signal.reason);
    signal?.addEventListener("abort", abort);
    let refusal;
    try {
      const headers = lastEventId ? { "last-event-id": lastEventId } : {};
      const answer = await open({ headers, signal: controller.signal }).safe();
      if (answer.status === 204 || signal?.aborted) return;
      if (!answer.ok && answer.kind !== "network" && answer.kind !== "timeout" && !(answer.status > 499))
        refusal = answer;
      for await (const event of answer.ok ? serverEvents(answer.body, { limit }) : []) {
        lastEventId = event.lastEventId || lastEventId;
        pause = event.retryMs ?? pause;
        yield { ...event, lastEventId };
      }
    } catch (error) {
      // What breaks off may go on; an event that is too long will be no shorter the next time.
      if (error instanceof RangeError) throw error;
    } finally {
      signal?.removeEventListener("abort", abort);
    }
    if (refusal) throw refusal;
    await slept(pause, signal);
  }
}

/** Until the time is over or the caller has enough. */
function slept(ms, signal) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done);
  });
}
