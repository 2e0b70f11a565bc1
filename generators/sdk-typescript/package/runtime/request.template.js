import { defined } from "./call.js";

/** What is the same for all attempts of a call. Throws before anything is sent when a value cannot be sent as it is. */
export function buildRequest(client, operation, input, options) {
  const method = operation.method ?? String(input.method).toUpperCase();
  const body = input.body === undefined ? undefined : operation.encode(input.body);
  const headers = new Headers({ accept: operation.accept ?? "application/json" });
  const declared = Object.entries(operation.headers ?? {}).map(([name, header]) => [header, input[name]]);
  for (const group of [
    { "content-type": body && operation.contentType },
    client.headers,
    Object.fromEntries(declared),
    { "idempotency-key": options.idempotencyKey },
    options.headers ?? {},
  ]) {
    for (const [name, value] of Object.entries(defined(group))) headers.set(name, [value].flat().join(", "));
  }
  return {
    url: client.baseUrl + pathOf(operation, input) + queryOf(operation, input),
    method,
    headers,
    body,
    duplex: "half",
    isRepeatable:
      (!/^(POST|PATCH)$/.test(method) || headers.has("idempotency-key")) && !(body instanceof ReadableStream),
  };
}

function pathOf({ name: operation, path }, input) {
  return path.replace(/\{(.+?)(\+?)\}/g, (_, name, greedy) => {
    const value = String(input[name] ?? "");
    const segments = greedy ? value.split("/") : [value];
    // Empty and dot segments would lead to another route.
    if (segments.join("") === "" || segments.some((segment) => /^\.\.?$/.test(segment)))
      throw new TypeError(`${operation}: "${name}" cannot be ${JSON.stringify(value)}`);
    return segments.map(encodeURIComponent).join("/");
  });
}

function queryOf({ query }, input) {
  const pairs = [];
  for (const name in query) {
    for (const value of [input[name]].flat()) {
      if (value !== undefined) pairs.push(`${encodeURIComponent(query[name])}=${encodeURIComponent(textOf(value))}`);
    }
  }
  return pairs.length > 0 ? `?${pairs.join("&")}` : "";
}

/** A parameter as text; what has no text of its own is JSON. */
export function textOf(value) {
  return Object(value) === value ? JSON.stringify(value) : String(value);
}
