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
 * Opens a connection that opens itself again. It sends and listens; replies, walks through events, roll-over and messages of
 * several frames are parts of their own, so that a program carries what it uses.
 */
export function openSocket(api, options = {}) {
  const { keyPath, heartbeat, json = JSON, read = (value) => value } = api;
  const { reconnect = {}, heartbeatMs = 300_000, queueLimit = 100 } = options;
  const { attempts = reconnect ? 10 : 0, delayMs = 250, maxDelayMs = 30_000 } = reconnect;
  const events = new Map();
  const life = new Map();
  const queue = [];
  let failures = 0;
  let isClosed = false;
  let hasOpened = false;
  let opening;
  let timer;
  let settle;
  const ready = new Promise((...both) => {
    settle = both;
  });
  ready.catch(() => {});

  const inner = {
    api,
    options,
    current: undefined,
    /** Bytes of the largest message that goes in one frame. */
    limit: () => Math.min(api.messageBytes, api.frameBytes),
    write: (connection, text) => connection.send(text),
    /** Whether a reply, or the error of a message, was waited for. */
    take: () => false,
    lost: () => {},
    opened: () => {},

    async open(isRollOver) {
      const attempt = {};
      opening = attempt;
      try {
        const connect = await handshake(api, options);
        if (isClosed || opening !== attempt) return;
        const connection = connect();
        let isAccepted = false;
        let refusal;
        if (!isRollOver) inner.current = connection;
        connection.onopen = () => {
          isAccepted = true;
          opened(connection);
        };
        connection.onmessage = ({ data }) => received(`${data}`);
        connection.onerror = ({ error, message }) => {
          refusal ??= error ?? message;
        };
        connection.onclose = ({ code, reason }) => {
          const error = isAccepted ? ended(code, reason) : refused(refusal);
          inner.lost(connection, error);
          if (connection === inner.current) failed(error);
        };
      } catch (error) {
        // Where another connection takes over in vain, the one that is there goes on.
        if (!isRollOver) failed(refused(error));
      }
    },

    /** @param entry  is told the connection that takes the message */
    sendText(text, entry = {}) {
      const bytes = new TextEncoder().encode(text).length;
      const most = inner.limit();
      if (isClosed) throw new SocketError("closed", "the connection is closed");
      if (bytes > most) throw new SocketError("too-large", `a message of ${bytes} bytes; at most ${most}`);
      if (isOpen(inner.current) && !queue.length) write([text, entry]);
      else if (queue.length < queueLimit) queue.push([text, entry]);
      else throw new SocketError("queue-full", `${queueLimit} messages wait`);
    },

    /** A message as it is sent, with the key of its route where the API looks for it. */
    textOf(route, message, more) {
      const isObject = message && typeof message === "object";
      if (!keyPath || route === "$default") {
        if (typeof message === "string") return message;
        return json.stringify(isObject && more ? { ...message, ...more } : message, route);
      }
      const keyed = (value, [name, ...rest]) => ({
        ...value,
        [name]: rest.length ? keyed(value?.[name], rest) : route,
      });
      return json.stringify({ ...keyed(isObject ? message : {}, keyPath), ...more }, route);
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
      if (isOpen(connection)) connection.ping ? connection.ping() : inner.write(connection, heartbeat);
    };
    if (heartbeatMs > 0) timer = setInterval(beat, heartbeatMs);
    if (isAgain) {
      // Before what has been waiting: it may need what the hook subscribes to.
      const waiting = queue.splice(0);
      try {
        await options.onReopen?.(socket);
      } catch (error) {
        tell("error", error);
      }
      queue.unshift(...waiting);
    }
    if (!isOpen(connection)) return;
    queue.splice(0).forEach(write);
    settle[0]();
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
    queue.length = 0;
    settle[1](error);
    tell("closed", error);
  };

  const received = (text) => {
    let message;
    try {
      message = json.parse(text);
    } catch {}
    const { event, data, connectionId } = message ?? {};
    if (typeof event === "string" && data !== undefined) {
      const listeners = events.get(event);
      message.data = read(data, "events", event);
      if (listeners?.size) tell("", message.data, listeners);
      else tell("unknown", message);
    } else if (connectionId && typeof message.message === "string") {
      const error = new SocketError("failed", message.message, { requestId: message.requestId ?? message.messageId });
      if (!inner.take(message, error)) tell("error", error);
    } else if (!inner.take(message ?? text)) tell("unknown", read(message ?? text));
  };

  /** What a listener throws keeps nothing from the others, nor from the connection, as in an EventTarget. */
  const tell = (what, value, listeners = life.get(what) ?? []) => {
    for (const listener of [...listeners]) {
      try {
        listener(value);
      } catch (error) {
        if (what !== "error" && life.get("error")?.size) tell("error", error);
        else
          setTimeout(() => {
            throw error;
          });
      }
    }
  };

  const socket = {
    ready,
    get state() {
      return isClosed ? "closed" : isOpen(inner.current) ? "open" : "connecting";
    },
    send: (route, message) => inner.sendText(inner.textOf(route, message)),
    on: (event, listener) => added(events, event, listener),
    watch: (what, listener) => added(life, what, listener),
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

const current = (source) => (typeof source === "function" ? source() : source);

/** Credentials are asked for again each time. */
async function handshake(api, options) {
  const { url, stage = api.stage, query, headers, protocols = [], auth = {}, WebSocket: given } = options;
  const more = { ...(await current(options.credentials)) };
  const address = new URL(url ?? api.urls[stage]);
  const sent = { ...headers };
  const wanted = Object.entries({ ...query, ...more.query }).map(([name, value]) => ["query", name, value]);
  for (const [name, place, key] of api.auth) wanted.push([place, key, await current(auth[name])]);
  for (const [place, name, value] of wanted) {
    if (value === undefined) continue;
    if (place === "query") address.searchParams.set(name, value);
    else sent[name] = place === "bearer" && !/ /.test(value) ? `Bearer ${value}` : value;
  }
  const target = `${auth.iam ? await auth.iam(address) : address}`;
  const all = [...protocols, ...(more.protocols ?? [])];
  const hasHeaders = Object.keys(sent).length > 0;
  // Node's own takes them so, and the package `ws` behind. Browsers send none, and refuse to try.
  return () =>
    new (given ?? WebSocket)(target, hasHeaders && !given ? { protocols: all, headers: sent } : all, { headers: sent });
}

function ended(code, reason) {
  const meaning = meanings[code - 1000] || (code < 4000 ? "other" : "application");
  return new SocketError("closed", `the connection ended: ${code} ${reason || meaning}`, { code, reason, meaning });
}

/** Browsers do not say why; the package `ws`, Deno and Bun tell the status in their messages. */
function refused(cause) {
  const text = cause?.message ?? cause ?? "";
  const [, status] = /(?:response|code): (\d{3})/.exec(text) ?? [];
  return new SocketError("refused", `the connection was not opened${text && `: ${text}`}`, {
    status: status && +status,
    cause,
  });
}

function added(map, name, listener) {
  const all = map.get(name) ?? new Set();
  map.set(name, all.add(listener));
  return () => all.delete(listener);
}
