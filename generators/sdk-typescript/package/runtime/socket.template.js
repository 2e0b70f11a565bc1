import { authorize } from "./authorize.js";
import { limited } from "./limited.js";

/** A problem of a WebSocket connection. `kind` tells which. */
export class SocketError extends Error {
  name = "SocketError";

  constructor(kind, message, details) {
    super(message);
    Object.assign(this, { kind }, details);
  }
}

/** What API Gateway means by its close codes from 1000 on. */
const meanings = "normal,going-away,protocol-error,not-text,,,lost,not-utf8,refused,too-big,,server-error".split(",");

/** Where the parts beside this file find what a socket keeps to itself. */
export const core = Symbol("core");

/**
 * Opens a connection that opens itself again. It sends, listens, and waits for replies; walks through events, roll-over, sizes and
 * messages of several frames are parts of their own, so that a program carries what it uses.
 */
export function openSocket(api, options = {}) {
  const { keyPath, heartbeat, json = JSON, read = (value) => value } = api;
  const { reconnect = {}, heartbeatMs = 300_000, queueLimit = 100, timeoutMs = 30_000 } = options;
  const { attempts = reconnect ? 10 : 0, delayMs = 250, maxDelayMs = 30_000 } = reconnect;
  const listeners = { __proto__: null };
  const queue = [];
  /** Requests that wait for their replies, in the order sent. */
  const waiting = new Set();
  let failures = 0;
  let lastId = 0;
  /** Signs of life that no route takes: each is answered as well, and no request waits for that. */
  let strays = 0;
  let isClosed = false;
  let hasOpened = false;
  let opening;
  let timer;

  const inner = {
    options,
    waiting,
    current: undefined,
    write: (connection, text) => connection.send(text),
    opened: () => {},

    async open(isRollOver) {
      const attempt = {};
      opening = attempt;
      try {
        const place = await placeOf(api, options);
        if (isClosed || opening !== attempt) return;
        const connection = new (options.WebSocket ?? WebSocket)(...place);
        let isAccepted;
        let refusal;
        if (!isRollOver) inner.current = connection;
        connection.onopen = () => {
          isAccepted = true;
          opened(connection);
        };
        connection.onmessage = ({ data }) => received(`${data}`);
        connection.onerror = (event) => {
          refusal ??= event.error ?? event;
        };
        connection.onclose = ({ code, reason }) => {
          const error = isAccepted ? ended(code, reason) : refused(refusal);
          strays = 0;
          for (const entry of waiting) if (entry.connection === connection) entry.done(error);
          if (connection === inner.current) failed(error);
        };
      } catch (error) {
        // Where another connection takes over in vain, the one that is there goes on.
        if (!isRollOver) failed(refused(error));
      }
    },

    /** @param entry  is told the connection that takes the message */
    sendText(text, entry = {}) {
      if (isClosed) throw new SocketError("closed", "closed");
      if (isOpen(inner.current) && !queue.length) write([text, entry]);
      else if (queue.length < queueLimit) queue.push([text, entry]);
      else throw new SocketError("queue-full", `${queueLimit} messages wait`);
    },
  };

  const write = ([text, entry]) => {
    entry.connection = inner.current;
    inner.write(inner.current, text);
  };

  const opened = async (connection) => {
    const previous = inner.current;
    const isAgain = hasOpened;
    if (isClosed) return connection.close();
    inner.current = connection;
    hasOpened = true;
    failures = 0;
    clearTimeout(timer);
    const beat = () => {
      if (connection.ping) return connection.ping();
      strays += api.strays;
      inner.write(connection, heartbeat);
    };
    if (heartbeatMs) timer = setInterval(beat, heartbeatMs);
    if (isAgain) {
      // Before what has been waiting: it may need what the hook subscribes to.
      const later = queue.splice(0);
      try {
        await options.onReopen?.(socket);
      } catch (error) {
        tell("error", error);
      }
      queue.unshift(...later);
    }
    if (!isOpen(connection)) return;
    queue.splice(0).forEach(write);
    inner.opened(connection, previous);
    tell(isAgain ? "reopened" : "opened");
  };

  /** Tries again after a pause that grows, a random part of it. */
  const failed = (error) => {
    if (isClosed) return;
    // Nothing gets better by trying where the first handshake was refused by a 4xx.
    if (failures >= attempts || (!hasOpened && /^4(?!29)/.test(error.status))) return end(error);
    const pauseMs = Math.random() * Math.min(maxDelayMs, delayMs * 2 ** failures++);
    tell("reconnecting", { error, attempt: failures, pauseMs });
    clearTimeout(timer);
    if (!isClosed) timer = setTimeout(inner.open, pauseMs);
  };

  const end = (error) => {
    isClosed = true;
    clearTimeout(timer);
    for (const entry of waiting) entry.done(error);
    tell("closed", error);
  };

  const received = (text) => {
    let message = text;
    try {
      message = json.parse(text);
    } catch {}
    const { event, data, connectionId, message: problem, $id, reply } = message ?? {};
    if (typeof event === "string" && data !== undefined) {
      message.data = read(data, "events", event);
      if (!tell(` ${event}`, message.data)) tell("unknown", message);
      return;
    }
    const error =
      connectionId &&
      typeof problem === "string" &&
      new SocketError("failed", problem, { requestId: message.requestId ?? message.messageId });
    if (error && strays && problem === "Forbidden") return strays--;
    const isNamed = typeof $id === "string" && reply !== undefined;
    // The gateway does not say which message has failed, nor some routes what they reply to: it is the one that has waited longest.
    const entry = [...waiting].find((one) => (isNamed ? one.id === $id : one.connection && (error || !one.id)));
    waiting.delete(entry);
    if (entry) entry.done(error || read(isNamed ? reply : message, "replies", entry.route));
    else if (error) tell("error", error);
    // A reply that comes too late is nobody's.
    else if (!isNamed) tell("unknown", read(message));
  };

  /**
   * What a listener throws keeps nothing from the others, nor from the connection, as in an EventTarget.
   *
   * @returns how many were told
   */
  const tell = (what, value) => {
    const all = [...(listeners[what] ?? [])];
    for (const listener of all) {
      try {
        listener(value);
      } catch (error) {
        if (what === "error" || !tell("error", error))
          setTimeout(() => {
            throw error;
          });
      }
    }
    return all.length;
  };

  const listen = (what, listener) => {
    const all = listeners[what] ?? new Set();
    listeners[what] = all.add(listener);
    return () => all.delete(listener);
  };

  /** A message as it is sent, with the key of its route where the API looks for it. */
  const textOf = (route, message, more) => {
    const isKeyed = keyPath && route !== "$default";
    if (typeof message === "string" && !isKeyed) return message;
    const keyed = (value, [name, ...rest]) => (name ? { ...value, [name]: keyed(value?.[name], rest) } : route);
    const whole = isKeyed ? keyed(typeof message === "object" ? message : {}, keyPath) : message;
    return json.stringify(more ? { ...whole, ...more } : whole, route);
  };

  const ready = new Promise((resolve, reject) => {
    listen("opened", resolve);
    listen("closed", reject);
  });
  ready.catch(() => {});

  const socket = {
    ready,
    get state() {
      return isClosed ? "closed" : isOpen(inner.current) ? "open" : "connecting";
    },
    send: (route, message) => inner.sendText(textOf(route, message)),
    async request(route, message, more = {}) {
      const id = api.correlated.includes(route) ? `${++lastId}` : undefined;
      const entry = { route, id };
      const fail = (kind, cause) => new SocketError(kind, `${route}: ${kind}`, { cause });
      const sent = (limit) =>
        limit.aborted ||
        new Promise((resolve) => {
          entry.done = resolve;
          waiting.add(entry);
          inner.sendText(textOf(route, message, id && { $id: id }), entry);
        });
      try {
        const outcome = await limited(more.timeoutMs ?? timeoutMs, more.signal, fail, false, sent);
        if (outcome instanceof SocketError) throw outcome;
        return outcome;
      } finally {
        waiting.delete(entry);
      }
    },
    // No part of a connection's life begins with a blank.
    on: (event, listener) => listen(` ${event}`, listener),
    watch: listen,
    close(code = 1000, reason = "") {
      if (isClosed) return;
      end(ended(code, reason));
      inner.current?.close(code, reason);
    },
    // Behind a function, so that a socket that is logged shows no secret.
    [core]: () => inner,
  };
  inner.open();
  return socket;
}

/** Open, as a WebSocket says it. */
export const isOpen = (connection) => connection?.readyState === 1;

/** What a WebSocket is made of. Credentials are asked for again each time. */
async function placeOf(api, { url, stage = api.stage, auth = {}, credentials, ...options }) {
  const more = { ...(typeof credentials === "function" ? await credentials() : credentials) };
  const address = new URL(url ?? api.urls[stage]);
  const sent = new Headers(options.headers);
  const query = { ...options.query, ...more.query };
  for (const name in query) if (query[name] !== undefined) address.searchParams.set(name, query[name]);
  await authorize(address, sent, api.auth, auth);
  const protocols = [...(options.protocols ?? []), ...(more.protocols ?? [])];
  const own = { protocols, headers: Object.fromEntries(sent) };
  // Node's own takes headers so, and the package `ws` behind. Browsers send none, and refuse to try.
  const isOwn = !options.WebSocket && [...sent].length;
  return [`${(await auth.iam?.(address)) ?? address}`, isOwn ? own : protocols, own];
}

function ended(code, reason) {
  const meaning = meanings[code - 1000] || (code < 4000 ? "other" : "application");
  return new SocketError("closed", `${code} ${reason || meaning}`, { code, reason, meaning });
}

/** Browsers do not say why; the package `ws`, Deno and Bun tell the status in their messages. */
function refused(cause) {
  const text = cause?.message ?? "";
  const [, status] = /(?:response|code): (\d{3})/.exec(text) ?? [];
  return new SocketError("refused", text || "not opened", { status: status && +status, cause });
}
