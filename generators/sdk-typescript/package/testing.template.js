import { readJson, routes, stagePaths, writeJson } from "./samples.js";

const baseUrl = "http://mock.test";

/** A transport that answers by itself: for tests of programs that call the API. */
export function mockTransport(answers = {}) {
  const calls = [];
  const fetch = async (request) => {
    const { route, params } = routeOf(request) ?? {};
    if (!route) return reply({}, { status: 403, body: { message: "Missing Authentication Token" } }, calls.length);
    const { operation } = route;
    const kept = request.clone();
    const input = await inputOf(route, params, request);
    calls.push({ operation, input, request: kept.clone() });
    const given = Object.hasOwn(answers, operation) ? answers[operation] : undefined;
    const accept = kept.headers.get("accept");
    const answer = typeof given === "function" ? await given(input, kept) : (given ?? sampleOf(route, accept));
    return reply(route, answer, calls.length, accept);
  };
  return {
    options: { baseUrl, fetch },
    fetch,
    calls,
    callsOf: (operation) => calls.filter((call) => call.operation === operation).map(({ input }) => input),
  };
}

/** An example of the first success, of the media type that the call asks for. */
function sampleOf({ sample, others = {} }, accept) {
  return Object.hasOwn(others, accept) ? { ...sample, body: others[accept] } : sample;
}

/** The most specific route comes first in the table; a stage's own path may stand in front of it. */
function routeOf({ method, url }) {
  const { pathname } = new URL(url);
  for (const stage of stagePaths) {
    if (!pathname.startsWith(`${stage}/`)) continue;
    const path = pathname.slice(stage.length);
    for (const route of routes) {
      if (route.method !== undefined && route.method !== method) continue;
      const params = patternOf(route).exec(path);
      if (params) return { route, params: params.groups };
    }
  }
  return undefined;
}

const patterns = new Map();

/** Parameters are named by their place: a name of a parameter may be none of a group. */
function patternOf(route) {
  const known = patterns.get(route);
  if (known) return known;
  let at = 0;
  const text = route.path
    .split(/(\{[^}]+\})/)
    .map((part) => {
      if (!part.startsWith("{")) return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
      return `(?<p${at++}>${part.endsWith("+}") ? ".+" : "[^/]+"})`;
    })
    .join("");
  const pattern = new RegExp(`^${text}$`);
  patterns.set(route, pattern);
  return pattern;
}

/** The input of the call, read back from what was sent. */
async function inputOf(route, params, request) {
  const input = {};
  const { searchParams } = new URL(request.url);
  for (const [at, [name, kind]] of route.params.entries())
    input[name] = decoded(params[`p${at}`].split("/").map(decodeURIComponent).join("/"), kind);
  for (const [name, wireName, kind, isList] of route.query) {
    const values = searchParams.getAll(wireName).map((text) => decoded(text, kind));
    if (values.length > 0) input[name] = isList ? values : values.at(-1);
  }
  for (const [name, wireName, kind, isList] of route.headers) {
    const text = request.headers.get(wireName);
    if (text !== null) input[name] = isList ? text.split(", ").map((part) => decoded(part, kind)) : decoded(text, kind);
  }
  if (route.method === undefined) input.method = request.method;
  const body = route.body && request.body ? await bodyOf(route, request) : undefined;
  if (body !== undefined) input.body = body;
  return input;
}

function decoded(text, kind) {
  if (kind === "boolean") return text === "true";
  if (kind === "bigint") return BigInt(text);
  return kind === "string" ? text : Number(text);
}

async function bodyOf({ body, integers }, request) {
  if (body.kind === "json") return readJson(await request.text(), integers);
  if (body.kind === "raw") return body.isText ? request.text() : request.blob();
  const form = body.kind === "form" ? new URLSearchParams(await request.text()) : await request.formData();
  const fields = new Map(body.fields.map(([name, ...field]) => [name, field]));
  return Object.fromEntries(
    [...new Set(form.keys())].map((name) => {
      const [kind = "string", isList = false] = fields.get(name) ?? [];
      const values = form.getAll(name).map((value) => (typeof value === "string" ? decoded(value, kind) : value));
      return [name, isList ? values : values.at(-1)];
    }),
  );
}

/** The media type is what the answer says, what the call asks for where the status has that, or what the status has. */
function reply({ types = {}, alternatives = {} }, { status, body, headers = {} }, count, accept) {
  const asked = alternatives[status]?.includes(accept) ? accept : (types[status] ?? "application/json");
  const type = new Headers(headers).get("content-type") ?? asked;
  const isJson = /^[^;]+[/+]json *(;|$)/i.test(type);
  const sent = body === undefined ? null : isJson ? writeJson(body) : body;
  const all = new Headers({ "x-amzn-requestid": `mock-${count}`, ...(sent !== null && { "content-type": type }) });
  for (const [name, value] of Object.entries(headers)) all.set(name, value);
  return new Response(sent, { status, headers: all });
}
