/** A problem of a WebSocket connection. `kind` tells which. */
export class SocketError extends Error {
  name = "SocketError";

  constructor(kind, message, details = {}) {
    super(message);
    this.kind = kind;
    Object.assign(this, details);
  }
}

/** What API Gateway means by its close codes. */
const meanings = {
  1000: "normal",
  1001: "going-away",
  1002: "protocol-error",
  1003: "not-text",
  1006: "lost",
  1007: "not-utf8",
  1008: "refused",
  1009: "too-big",
  1011: "server-error",
};

/** Opens a connection that opens itself again. */
export function openSocket(api, options = {}) {
  return new LiveSocket(api, options);
}

const open = 1;

/** Where no integer needs care. */
const plainJson = { parse: JSON.parse, write: JSON.stringify, read: (value) => value };

class LiveSocket {
  #api;
  #options;
  #socket;
  /** Requests that wait for their replies, in the order sent. */
  #pending = [];
  #queue = [];
  #listeners = new Map();
  #watchers = new Map();
  #lastId = 0;
  #attempts = 0;
  #timers = new Set();
  #isClosed = false;
  #hasOpened = false;
  #opening;
  /** Sockets whose handshake was done. */
  #accepted = new WeakSet();
  #settleReady;
  ready;

  constructor(api, options) {
    this.#api = { json: plainJson, ...api };
    this.#options = { queueLimit: 100, heartbeatMs: 300_000, rollOverMs: 6_600_000, timeoutMs: 30_000, ...options };
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject };
    });
    this.ready.catch(() => undefined);
    this.#open();
  }

  get state() {
    if (this.#isClosed) return "closed";
    return this.#socket?.readyState === open ? "open" : "connecting";
  }

  send(route, message) {
    this.#sendText(this.#textOf(route, message));
  }

  request(route, message, options = {}) {
    const { timeoutMs = this.#options.timeoutMs, signal } = options;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) throw new SocketError("aborted", "the request was aborted", { cause: signal.reason });
      const id = this.#api.correlated.includes(route) ? String(++this.#lastId) : undefined;
      const text = this.#textOf(route, message, id);
      const onAbort = () =>
        settle(reject, new SocketError("aborted", "the request was aborted", { cause: signal.reason }));
      const entry = { id, route, socket: undefined };
      const settle = (how, value) => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
        this.#pending = this.#pending.filter((other) => other !== entry);
        how(value);
      };
      entry.resolve = (value) => settle(resolve, value);
      entry.reject = (error) => settle(reject, error);
      const timer = setTimeout(
        () => entry.reject(new SocketError("timeout", `no reply to "${route}" within ${timeoutMs} ms`)),
        timeoutMs,
      );
      signal?.addEventListener("abort", onAbort);
      this.#pending.push(entry);
      try {
        this.#sendText(text, entry);
      } catch (error) {
        entry.reject(error);
      }
    });
  }

  on(event, listener) {
    return added(this.#listeners, event, listener);
  }

  watch(what, listener) {
    return added(this.#watchers, what, listener);
  }

  async *events(event, { signal, limit = 10_000 } = {}) {
    const waiting = [];
    let wake = () => undefined;
    let isTooSlow = false;
    const stops = [
      this.on(event, (data) => {
        if (waiting.length < limit) waiting.push(data);
        else isTooSlow = true;
        wake();
      }),
      this.watch("closed", () => wake()),
    ];
    signal?.addEventListener("abort", () => wake());
    try {
      while (!signal?.aborted) {
        if (waiting.length > 0) yield waiting.shift();
        else if (isTooSlow) throw new SocketError("queue-full", `more than ${limit} events were waiting to be read`);
        else if (this.#isClosed) return;
        else
          await new Promise((resolve) => {
            wake = resolve;
          });
      }
    } finally {
      for (const stop of stops) stop();
    }
  }

  close(code = 1000, reason = "") {
    if (this.#isClosed) return;
    this.#end(new SocketError("closed", "the connection was closed", { code, reason, meaning: meaningOf(code) }));
    this.#socket?.close(code, reason);
  }

  /** Node's way to say `using`. */
  [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() {
    this.close();
  }

  async #open(isRollOver = false) {
    const attempt = {};
    this.#opening = attempt;
    let socket;
    let refusal;
    try {
      const handshake = await this.#handshake();
      if (this.#isClosed || this.#opening !== attempt) return;
      socket = socketOf(this.#options.WebSocket, handshake);
    } catch (error) {
      // Where another connection takes over in vain, the one that is there goes on.
      if (!isRollOver) this.#failed(refused(error));
      return;
    }
    socket.onopen = () => this.#opened(socket, isRollOver);
    socket.onmessage = ({ data }) => this.#received(String(data));
    socket.onerror = ({ error, message }) => {
      refusal ??= error ?? message;
    };
    socket.onclose = ({ code, reason }) => {
      if (socket === this.#socket || !isRollOver) this.#lost(socket, code, reason, refusal);
    };
    if (!isRollOver) this.#socket = socket;
  }

  /** Credentials are asked for again each time. */
  async #handshake() {
    const { url, stage = this.#api.stage, query = {}, headers = {}, protocols = [], auth = {} } = this.#options;
    const address = new URL(url ?? this.#api.urls[stage] ?? fail(`no stage "${stage}"`));
    const credentials = this.#options.credentials ?? {};
    const given = typeof credentials === "function" ? await credentials() : credentials;
    const sent = { ...headers };
    const put = (name, value) => value !== undefined && address.searchParams.set(name, value);
    for (const [name, value] of Object.entries({ ...query, ...given.query })) put(name, value);
    for (const [name, place, key] of this.#api.auth) {
      const credential = auth[name];
      const value = typeof credential === "function" ? await credential() : credential;
      if (value === undefined) continue;
      if (place === "query") put(key, value);
      else sent[key] = /^authorization$/i.test(key) && !value.includes(" ") ? `Bearer ${value}` : value;
    }
    const signed = auth.iam ? await auth.iam(address) : address;
    return { url: String(signed), protocols: [...protocols, ...(given.protocols ?? [])], headers: sent };
  }

  async #opened(socket, isRollOver) {
    this.#accepted.add(socket);
    if (this.#isClosed) {
      socket.close(1000);
      return;
    }
    const previous = isRollOver ? this.#socket : undefined;
    const isAgain = this.#hasOpened;
    this.#hasOpened = true;
    this.#attempts = 0;
    this.#socket = socket;
    this.#keepAlive(socket);
    if (isAgain) {
      try {
        // Before what has been waiting: it may need what the hook subscribes to.
        const queue = this.#queue.splice(0);
        await this.#options.onReopen?.(this);
        this.#queue.unshift(...queue);
      } catch (error) {
        this.#tell("error", error);
      }
    }
    if (socket.readyState !== open) return;
    for (const { text, entry } of this.#queue.splice(0)) this.#write(text, entry);
    this.#settleReady.resolve();
    this.#tell(isAgain ? "reopened" : "opened", undefined);
    if (previous) this.#retire(previous);
  }

  /** An old connection gives its replies before it goes. */
  #retire(socket) {
    const check = () => {
      if (this.#pending.some((entry) => entry.socket === socket)) this.#after(1000, check);
      else socket.close(1000);
    };
    check();
  }

  /** Within the gateway's limits: ten minutes without a message, two hours in all. */
  #keepAlive(socket) {
    const { heartbeatMs, rollOverMs } = this.#options;
    const beat = () => {
      if (socket !== this.#socket || socket.readyState !== open) return;
      if (typeof socket.ping === "function") socket.ping();
      else socket.send(this.#api.heartbeat);
      this.#after(heartbeatMs, beat);
    };
    if (heartbeatMs > 0) this.#after(heartbeatMs, beat);
    if (rollOverMs > 0) {
      this.#after(rollOverMs, () => {
        if (socket === this.#socket && socket.readyState === open) this.#open(true);
      });
    }
  }

  #lost(socket, code, reason, refusal) {
    const error = this.#accepted.has(socket) ? ended(code, reason) : refused(refusal);
    for (const entry of this.#pending.filter((waiting) => waiting.socket === socket)) entry.reject(error);
    if (socket !== this.#socket || this.#isClosed) return;
    this.#failed(error);
  }

  /** Tries again after a pause that grows, a random part of it. */
  #failed(error) {
    if (this.#isClosed) return;
    const { reconnect = {} } = this.#options;
    const { attempts = 10, delayMs = 250, maxDelayMs = 30_000 } = reconnect === false ? { attempts: 0 } : reconnect;
    // Nothing gets better by trying where the first handshake was refused by a 4xx.
    const isHopeless = !this.#hasOpened && error.status >= 400 && error.status < 500 && error.status !== 429;
    if (isHopeless || this.#attempts >= attempts) {
      this.#end(error);
      return;
    }
    const pause = Math.random() * Math.min(maxDelayMs, delayMs * 2 ** this.#attempts);
    this.#attempts++;
    this.#tell("reconnecting", { error, attempt: this.#attempts, pauseMs: pause });
    this.#after(pause, () => this.#open());
  }

  #end(error) {
    this.#isClosed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#queue = [];
    for (const entry of [...this.#pending]) entry.reject(error);
    this.#settleReady.reject(error);
    this.#tell("closed", error);
  }

  #textOf(route, message, id) {
    const { keyPath, json } = this.#api;
    const isObject = typeof message === "object" && message !== null;
    if (keyPath === undefined || route === "$default") {
      return typeof message === "string" ? message : json.write(isObject && id ? { ...message, $id: id } : message);
    }
    const whole = { ...(isObject ? message : {}) };
    let at = whole;
    for (const name of keyPath.slice(0, -1)) {
      at[name] = { ...at[name] };
      at = at[name];
    }
    at[keyPath.at(-1)] = route;
    if (id !== undefined) whole.$id = id;
    return json.write(whole);
  }

  #sendText(text, entry) {
    if (this.#isClosed) throw new SocketError("closed", "the connection is closed");
    const { messageBytes, frameBytes } = this.#api;
    const bytes = new TextEncoder().encode(text).length;
    const most = canFragment(this.#socket) ? messageBytes : Math.min(messageBytes, frameBytes);
    if (bytes > most) throw new SocketError("too-large", `a message of ${bytes} bytes; at most ${most} may be sent`);
    if (this.#socket?.readyState === open && this.#queue.length === 0) this.#write(text, entry);
    else if (this.#queue.length < this.#options.queueLimit) this.#queue.push({ text, entry });
    else throw new SocketError("queue-full", `${this.#queue.length} messages wait for the connection already`);
  }

  #write(text, entry) {
    const socket = this.#socket;
    if (entry) entry.socket = socket;
    const { frameBytes } = this.#api;
    if (text.length * 3 <= frameBytes || !canFragment(socket)) {
      socket.send(text);
      return;
    }
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length; at += frameBytes) {
      const part = bytes.subarray(at, at + frameBytes);
      socket.send(part, { binary: false, fin: at + frameBytes >= bytes.length });
    }
  }

  #received(text) {
    const { json } = this.#api;
    const message = parsed(json, text);
    if (typeof message === "object" && message !== null) {
      if (typeof message.$id === "string" && "reply" in message) {
        const entry = this.#pending.find(({ id }) => id === message.$id);
        entry?.resolve(this.#read(message.reply, "replies", entry.route));
        return;
      }
      if (typeof message.event === "string" && "data" in message) {
        const listeners = this.#listeners.get(message.event);
        message.data = this.#read(message.data, "events", message.event);
        if (listeners?.size) this.#tell(undefined, message.data, listeners);
        else this.#tell("unknown", message);
        return;
      }
      if (typeof message.message === "string" && typeof message.connectionId === "string") {
        this.#failedAt(message);
        return;
      }
    }
    const next = this.#pending.find(({ id, socket }) => id === undefined && socket !== undefined);
    if (next) next.resolve(this.#read(message ?? text, "replies", next.route));
    else this.#tell("unknown", json.read(message ?? text));
  }

  /** Integers as their declaration says. */
  #read(value, group, name) {
    const shapes = this.#api.shapes?.[group];
    return this.#api.json.read(value, shapes && Object.hasOwn(shapes, name) ? shapes[name] : undefined);
  }

  /** The gateway does not say which message has failed: it is taken for the one that has waited longest. */
  #failedAt({ message, requestId, messageId }) {
    const id = requestId ?? messageId;
    const error = new SocketError("failed", message, { requestId: id });
    const next = this.#pending.find(({ socket }) => socket !== undefined);
    if (next) next.reject(error);
    else this.#tell("error", error);
  }

  /** What a listener throws keeps nothing from the others, nor from the connection, as in an EventTarget. */
  #tell(what, value, listeners = this.#watchers.get(what) ?? []) {
    for (const listener of [...listeners]) {
      try {
        listener(value);
      } catch (error) {
        if (what !== "error" && this.#watchers.get("error")?.size) this.#tell("error", error);
        else
          setTimeout(() => {
            throw error;
          });
      }
    }
  }

  #after(ms, action) {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, ms);
    this.#timers.add(timer);
  }
}

function meaningOf(code) {
  return meanings[code] ?? (code >= 4000 ? "application" : "other");
}

function ended(code, reason) {
  const meaning = meaningOf(code);
  return new SocketError("closed", `the connection ended: ${code} ${reason || meaning}`, { code, reason, meaning });
}

/** Browsers do not say why; the package `ws` tells the status in its message. */
function refused(cause) {
  const text = cause instanceof Error ? cause.message : String(cause ?? "");
  const status = /server response: (\d{3})/.exec(text)?.[1];
  const message = `the connection was not opened${text && `: ${text}`}`;
  return new SocketError("refused", message, { ...(status && { status: Number(status) }), ...(cause && { cause }) });
}

function socketOf(given, { url, protocols, headers }) {
  const Constructor = given ?? globalThis.WebSocket;
  if (!Constructor) throw new TypeError("this platform has no WebSocket: give one in the options");
  if (Object.keys(headers).length === 0) return new Constructor(url, protocols);
  if (given) return new given(url, protocols, { headers });
  // Node's own takes them so; browsers send none.
  if (!globalThis.process?.versions?.node) throw new TypeError("this platform sends no headers with a handshake");
  return new Constructor(url, { protocols, headers });
}

/** The package `ws` can send frames one by one; browsers decide themselves. */
function canFragment(socket) {
  return typeof socket?.ping === "function";
}

function added(map, name, listener) {
  const all = map.get(name) ?? new Set();
  map.set(name, all.add(listener));
  return () => all.delete(listener);
}

function parsed(json, text) {
  try {
    return json.parse(text);
  } catch {
    return undefined;
  }
}

function fail(message) {
  throw new TypeError(message);
}
