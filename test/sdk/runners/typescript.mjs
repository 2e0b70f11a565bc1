// Makes the calls of scenario.json by the TypeScript SDK: node typescript.mjs <folder of the SDK> <scenario.json> <address>
import { readFileSync } from "node:fs";
import process from "node:process";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { WebSocket } from "ws";

const [folder, file, baseUrl] = process.argv.slice(2);
const sdk = await import(pathToFileURL(`${folder}/index.js`).href);
const { connect, SocketError } = await import(pathToFileURL(`${folder}/socket.js`).href);
// Digit for digit, as the package itself reads and writes whole numbers.
const { parseExact, writeExact } = await import(pathToFileURL(`${folder}/runtime/integers.js`).href);
const { clients, steps } = parseExact(readFileSync(file, "utf8"));

function clientOf({ iam, baseUrl: own, ...auth } = {}) {
  const signer = iam && sdk.sigv4({ region: iam.region, credentials: iam });
  return sdk.createClient({ baseUrl: own ?? baseUrl, auth: { ...auth, iam: signer }, retryDelayMs: 1 });
}

/** Names of parameters in the file, as the SDK has them. */
function inputOf({ "X-Note": xNote, "X-Count": xCount, body, ...rest }) {
  const bytes = typeof body?.bytes === "number" ? Uint8Array.from({ length: body.bytes }, (_, at) => at % 256) : body;
  return { ...rest, ...(xNote && { xNote }), ...(xCount && { xCount }), ...(body && { body: bytes }) };
}

const sumOf = (bytes) => ({ bytes: bytes.length, sum: bytes.reduce((total, byte) => total + byte, 0) });

/** Connections by name, with what they were told and nobody has asked for yet. */
const sockets = new Map();

function openSocket({ auth = {}, onReopen, ...options }) {
  // Of a list, each handshake gets the next.
  const next = (values) => (Array.isArray(values) ? () => values.shift() : values);
  const credentials = Object.fromEntries(
    Object.entries(auth).map(([name, given]) => [name, next(structuredClone(given))]),
  );
  const socket = connect({
    url: baseUrl.replace("http", "ws"),
    WebSocket,
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
    await setTimeout(10);
  }
  throw new Error(`nothing was told of ${name}`);
}

async function observeSocket({ socket: name, ...step }) {
  if (step.connect) {
    sockets.set(name, openSocket(step.connect));
    await sockets.get(name).socket.ready;
    return { ok: sockets.get(name).socket.state };
  }
  const opened = sockets.get(name);
  const { socket } = opened;
  const options = { timeoutMs: step.timeoutMs };
  const message = step.message?.bytes === undefined ? step.message : { text: "x".repeat(step.message.bytes) };
  if (step.request) return { ok: await socket.request(step.request, message, options) };
  if (step.requests)
    return { ok: await Promise.all(step.requests.map(([route, message]) => socket.request(route, message, options))) };
  if (step.rest) return { ok: (await setTimeout(step.rest)) ?? null };
  if (step.event) return { ok: await told(opened, step.event) };
  if (step.told === "closed") throw await told(opened, "closed");
  if (step.told) return { ok: await told(opened, step.told) };
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
    const pieces = [];
    for await (const piece of await sdk[`${step.stream}Stream`](client, input)) pieces.push(piece);
    return { ok: sumOf(Buffer.concat(pieces)) };
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
  return { error: { status, body: body ?? null, hasRequestId: requestId !== undefined, attempts, typed } };
}

for (const step of steps) {
  const observed = await observe(step).catch((error) => failure(error, step));
  console.log(writeExact({ name: step.name, ...observed }));
}
for (const { socket } of sockets.values()) socket.close();
