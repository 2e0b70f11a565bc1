// Makes the calls of wire.test.ts by the TypeScript SDK, and prints what comes of each: wire.mjs <folder of the package> <address>
import { Buffer } from "node:buffer";
import { setTimeout } from "node:timers/promises";

const [, , folder, url] = process.argv;
const sdk = await import(`${folder}/index.js`);
const { gatewayAnswer } = await import(`${folder}/gateway-answers.js`);
const { followEvents, serverEvents } = await import(`${folder}/events.js`);
const { addOrder, createClient, getOrder, getPdf, getPdfStream, getReport, open, upload, watchStream } = sdk;

const client = (baseUrl) => createClient({ baseUrl, auth: { bearer: "secret", apiKey: "key" }, retryDelayMs: 1 });
const api = client(url);
const show = (name, value) => console.log(`${name}: ${value}`);
const words = (body) => {
  if (typeof body === "string") return `"${body}"`;
  return body.code ? `${body.code}, ${body.message}` : body.message;
};
const doing = (what, options = {}) => ({ ...options, headers: { "x-do": what } });

/** What comes of a call, in the words of wire.test.ts. */
async function said(call) {
  try {
    return await call();
  } catch (error) {
    if (error instanceof sdk.ApiError)
      return `${error.status} after ${error.attempts}: ${words(error.body)} ${error.requestId ?? "none"} ${gatewayAnswer(error) ?? "none"}`;
    if (error instanceof sdk.TransportError) return `${error.kind} after ${error.attempts}`;
    if (error instanceof TypeError) return "refused";
    throw error;
  }
}
const order = (what, options) =>
  said(async () => {
    const seen = await getOrder(api, { id: "1" }, doing(what, options));
    return seen.body + seen.url;
  });
async function bytesOf(stream) {
  const pieces = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}

show("escaped", (await getOrder(api, { id: "a/b c?" })).url);
const before = Number(await order("count"));
for (const id of ["..", ".", ""]) show(`path ${id}`, await said(() => getOrder(api, { id })));
show("sent", Number(await order("count")) - before);
let seen = await getOrder(api, { id: "1", tags: ["a", "b,c"], xTags: ["d", "e"] });
show("list", `${seen.url} ${seen.headers["x-tags"]}`);
const bodies = [];
for (const body of [{ name: "n" }, { name: "n", extra: null, note: null }])
  bodies.push((await addOrder(api, { body })).body);
show("absent and null", bodies.join(" "));
show("credentials", `${seen.headers.authorization} ${seen.headers["x-api-key"]}`);
seen = await open(api);
show("public", seen.headers.authorization ?? seen.headers["x-api-key"] ?? "none");
show("names itself", "user-agent" in seen.headers);
show("html", await order("html", { retries: 0 }));
show("html as JSON", await order("html that says it is JSON"));
show("declared error", await order("problem"));
show("broken JSON", await order("broken"));
show("bytes", Buffer.from(await (await getPdf(api)).arrayBuffer()).toString("hex"));
show("bytes as a stream", (await bytesOf(await getPdfStream(api))).toString("hex"));
const reportAs = (accept, what = "") => getReport(api, {}, { headers: { accept, "x-do": what } });
const found = [
  (await getReport(api)).code,
  await reportAs("text/csv"),
  Buffer.from(await (await reportAs("application/pdf")).arrayBuffer()).toString("hex"),
  (await reportAs("application/vnd.list+json"))[0].code,
];
show("further media types", found.join(", "));
const [noBytes, noText] = [await reportAs("application/pdf", "empty"), await reportAs("text/csv", "empty")];
show("empty bytes, empty text", `${noBytes.size}, ${noText.length}`);
const form = await upload(api, { body: { title: "ü", file: new Blob(["a\r\n"]), tags: ["x", "y"] } });
const boundary = form.headers["content-type"].split("boundary=")[1];
const parts = form.body
  .split(`--${boundary}`)
  .slice(1, -1)
  .map((part) => {
    const [head, text] = part.split(/\r\n\r\n(.*)/s);
    return `${/name="(.*?)"/.exec(head)[1]}=${Buffer.byteLength(text) - 2}`;
  });
show("multipart", parts.join(", "));
const lengths = ({ body, headers }) => {
  const found = body.split(`--${headers["content-type"].split("boundary=")[1]}`).slice(1, -1);
  const sizes = found.map(
    (part) => `${/name="(.*?)"/.exec(part)[1]}=${Buffer.byteLength(part.split(/\r\n\r\n(.*)/s)[1]) - 2}`,
  );
  const [, name, type] = /filename="([^"]*)".*content-type: (\S+)/is.exec(body);
  return `${headers["content-length"] === undefined ? "no" : "known"} length, ${sizes.join(", ")}, ${name} ${type}`;
};
const big = new File(["y".repeat(200_000)], "big.bin", { type: "text/x" });
const streamed = lengths(await upload(api, { body: { title: "t", file: big } }));
const file = new File(["x"], 'a "ü".png', { type: "image/png" });
const named = (await upload(api, { body: { title: "t", file } })).body;
show("a named file", /(filename="[^"]*").*content-type: (\S+)/is.exec(named).slice(1).join(" "));
show("a file that is read as it is sent", streamed);
show("503, then 200", await order("unavailable once"));
show("Retry-After", await order("unavailable, then after a second"));
show("throttled", await order("throttled once"));
show("quota", await order("quota"));
show("network", await said(() => getOrder(client("http://127.0.0.1:1"), { id: "1" })));
show("cut off", await order("cut"));
show("no head in time", await order("no head", { retries: 1, timeoutMs: 200 }));
show("half a body in time", await order("half a body", { retries: 0, timeoutMs: 300 }));
show("drop by drop", await order("drops", { retries: 0, timeoutMs: 300 }));
show("no time for another", await order("unavailable", { totalTimeoutMs: 1500 }));
show("hung up on", await said(() => addOrder(api, { body: { name: "n" } }, doing("hang up"))));
show("asked", await order("seen hang up"));
show("connections left", await order("open"));
try {
  show("a stream that is cut off", (await bytesOf(await getPdfStream(api, {}, doing("cut bytes")))).length);
} catch (error) {
  show("a stream that is cut off", error.name);
}
const slow = await bytesOf(await getPdfStream(api, {}, doing("slow bytes", { timeoutMs: 400 })));
show("a stream that takes its time", slow.length);
const told = await getOrder(api, { id: "1" }).safe();
show("the answer itself", `${told.status} ${told.headers.get("etag")} ${told.requestId} ${told.attempts}`);
const events = [];
const own = (options) => watchStream(api, {}, { ...options, headers: { ...options.headers, "x-own": "me" } });
for await (const { event, data, lastEventId } of followEvents(own))
  events.push(`${event} ${JSON.stringify(data)} ${lastEventId}`);
show("events", events.join(", "));
show("events that are refused", await said(async () => (await watchStream(api, {}, doing("problem"))).locked));
const controller = new AbortController();
const given = order("no head", { signal: controller.signal });
await setTimeout(200);
controller.abort();
show("given up", await given);
for await (const { data } of serverEvents(await watchStream(api))) {
  show("first event", data.split("\n")[0]);
  break;
}
show("connections left at the end", await order("open"));
