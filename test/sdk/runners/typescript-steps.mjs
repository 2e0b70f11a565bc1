// The calls of scenario.json by the TypeScript SDK, on any platform: nothing but the web's own is used here.

/**
 * @param sdk         the package's main entry
 * @param sockets     its entry `socket`
 * @param integers    its `runtime/exact-json`, which reads and writes whole numbers digit for digit
 * @param platform    `WebSocket` to use, undefined: the platform's own; `isBrowser`: no headers of handshakes, no reasons of refusals
 * @param names       of the steps that are to be done, undefined: all
 * @param print       gets observation of each step, as a line of JSON
 */
export async function runScenario({ sdk, sockets, integers, platform, scenario, names, baseUrl, print }) {
  const { clients, steps } = integers.parseExact(scenario);
  const runner = makeRunner({ sdk, sockets, platform, clients, baseUrl });
  for (const step of steps.filter(({ name }) => names?.includes(name) ?? true)) {
    const observed = await runner.observe(step).catch((error) => runner.failure(error, step));
    print(integers.writeExact({ name: step.name, ...observed }));
  }
  runner.close();
}

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const sumOf = (bytes) => ({ bytes: bytes.length, sum: bytes.reduce((total, byte) => total + byte, 0) });

function makeRunner({ sdk, sockets: { connect, SocketError }, platform, clients, baseUrl }) {
  function clientOf({ iam, baseUrl: own, ...auth } = {}) {
    const signer = iam && sdk.sigv4({ region: iam.region, credentials: iam });
    return sdk.createClient({ baseUrl: own ?? baseUrl, auth: { ...auth, iam: signer }, retryDelayMs: 1 });
  }

  /** Names of parameters in the file, as the SDK has them. */
  function inputOf({ "X-Note": xNote, "X-Count": xCount, body, ...rest }) {
    const bytes = typeof body?.bytes === "number" ? Uint8Array.from({ length: body.bytes }, (_, at) => at % 256) : body;
    return { ...rest, ...(xNote && { xNote }), ...(xCount && { xCount }), ...(body && { body: bytes }) };
  }

  /** Connections by name, with what they were told and nobody has asked for yet. */
  const opened = new Map();

  function openSocket({ auth = {}, onReopen, ...options }) {
    // Of a list, each handshake gets the next.
    const next = (values) => (Array.isArray(values) ? () => values.shift() : values);
    const credentials = Object.fromEntries(
      Object.entries(auth).map(([name, given]) => [name, next(structuredClone(given))]),
    );
    const socket = connect({
      url: baseUrl.replace("http", "ws"),
      WebSocket: platform.WebSocket,
      // A browser says nothing of a refusal, so it would be tried ten times.
      ...(platform.isBrowser && { reconnect: { attempts: 1, delayMs: 1 } }),
      ...options,
      auth: credentials,
      onReopen: (again) => onReopen && again.request(onReopen.route, onReopen.message),
    });
    const told = {};
    const keep = (name) => (value) => {
      told[name] ??= [];
      told[name].push(value ?? null);
    };
    for (const event of ["Said", "Ended", "Counted"]) socket.on(event, keep(event));
    for (const what of ["reopened", "closed", "unknown"]) socket.watch(what, keep(what));
    return { socket, told };
  }

  async function told({ told: all }, name) {
    for (let waited = 0; waited < 10_000; waited += 10) {
      if (all[name]?.length > 0) return all[name].shift();
      await wait(10);
    }
    throw new Error(`nothing was told of ${name}`);
  }

  async function observeSocket({ socket: name, ...step }) {
    if (step.connect) {
      opened.set(name, openSocket(step.connect));
      await opened.get(name).socket.ready;
      return { ok: opened.get(name).socket.state };
    }
    const one = opened.get(name);
    const { socket } = one;
    const options = { timeoutMs: step.timeoutMs };
    const message = step.message?.bytes === undefined ? step.message : { text: "x".repeat(step.message.bytes) };
    if (step.request) return { ok: await socket.request(step.request, message, options) };
    if (step.requests)
      return { ok: await Promise.all(step.requests.map(([route, sent]) => socket.request(route, sent, options))) };
    if (step.rest) return { ok: (await wait(step.rest)) ?? null };
    if (step.event) return { ok: await told(one, step.event) };
    if (step.told === "closed") throw await told(one, "closed");
    if (step.told) return { ok: await told(one, step.told) };
    if (step.close) socket.close(...step.close);
    else socket.send(step.send, message);
    return { ok: socket.state };
  }

  /** A plain request of an address that was signed as that of a WebSocket. */
  async function observeSigned(step) {
    const sign = sdk.sigv4Url({ region: "eu-west-1", credentials: clients[step.client].iam });
    const url = await sign(new URL(baseUrl.replace("http", "ws") + step.presign));
    const answer = await fetch(String(url).replace("ws", "http"));
    return { ok: await answer.json() };
  }

  async function observe(step) {
    if (step.socket) return observeSocket(step);
    if (step.presign) return observeSigned(step);
    const client = clientOf(clients[step.client ?? "plain"]);
    const input = inputOf(step.input);
    if (step.items) {
      const items = [];
      for await (const item of sdk[`${step.items}Items`](client, input, { maxItems: step.limit })) items.push(item);
      return { items };
    }
    if (step.pages) {
      const pages = [];
      for await (const { page } of sdk[`${step.pages}Pages`](client, input)) pages.push(page.items.length);
      return { pages };
    }
    if (step.stream) {
      const stream = await sdk[`${step.stream}Stream`](client, input);
      return { ok: sumOf(new Uint8Array(await new Response(stream).arrayBuffer())) };
    }
    const body = await sdk[step.call](client, input, step.options);
    if (step.observe.form) {
      const form = new URLSearchParams(body.text);
      return { form: Object.fromEntries([...form.keys()].map((name) => [name, form.getAll(name)])) };
    }
    return { ok: body instanceof Blob ? sumOf(new Uint8Array(await body.arrayBuffer())) : (body ?? null) };
  }

  function failure(error, { call }) {
    if (error instanceof SocketError) {
      const { kind, message, code, meaning, status, requestId } = error;
      return { problem: { kind, message, code, meaning, status, hasRequestId: requestId !== undefined } };
    }
    if (error instanceof sdk.TransportError) return { transport: { kind: error.kind, attempts: error.attempts } };
    if (!(error instanceof sdk.ApiError)) return { refused: error instanceof TypeError, reason: String(error.stack) };
    const { status, body, requestId, attempts } = error;
    // Types tell which statuses are declared; here the guard of the operation stands for them.
    const guard = sdk[`is${call[0].toUpperCase()}${call.slice(1)}Error`];
    const typed = guard(error) && (call === "failAtAll" || [404, 409].includes(status));
    const gateway = sdk.gatewayAnswer(error) ?? null;
    return { error: { status, body: body ?? null, hasRequestId: requestId !== undefined, attempts, typed, gateway } };
  }

  return {
    observe,
    failure,
    close() {
      for (const { socket } of opened.values()) socket.close();
    },
  };
}
