// Makes the calls of scenario.json by the TypeScript SDK: node typescript.mjs <folder of the SDK> <scenario.json> <address>
import { readFileSync } from "node:fs";
import process from "node:process";
import { pathToFileURL } from "node:url";

const [folder, file, baseUrl] = process.argv.slice(2);
const sdk = await import(pathToFileURL(`${folder}/index.js`).href);
const { clients, steps } = JSON.parse(readFileSync(file, "utf8"));

function clientOf({ iam, baseUrl: own, ...auth } = {}) {
  const signer = iam && sdk.sigv4({ region: iam.region, credentials: iam });
  return sdk.createClient({ baseUrl: own ?? baseUrl, auth: { ...auth, iam: signer }, retryDelayMs: 1 });
}

/** Names of parameters in the file, as the SDK has them. */
function inputOf({ "X-Note": xNote, body, ...rest }) {
  const bytes = typeof body?.bytes === "number" ? Uint8Array.from({ length: body.bytes }, (_, at) => at % 256) : body;
  return { ...rest, ...(xNote && { xNote }), ...(body && { body: bytes }) };
}

const sumOf = (bytes) => ({ bytes: bytes.length, sum: bytes.reduce((total, byte) => total + byte, 0) });

async function observe(step) {
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

function failure(error, { call, input }) {
  if (error instanceof sdk.TransportError) return { transport: { kind: error.kind, attempts: error.attempts } };
  if (!(error instanceof sdk.ApiError)) return { refused: error instanceof TypeError, reason: String(error.stack) };
  const { status, body, requestId, attempts } = error;
  // Types tell which statuses are declared; here the guard of the operation stands for them.
  const guard = sdk[`is${call[0].toUpperCase()}${call.slice(1)}Error`];
  const typed = guard(error) && [404, 409].includes(input.status);
  return { error: { status, body: body ?? null, hasRequestId: requestId !== undefined, attempts, typed } };
}

for (const step of steps) {
  const observed = await observe(step).catch((error) => failure(error, step));
  console.log(JSON.stringify({ name: step.name, ...observed }));
}
