/** What is the same for all attempts of a call. Throws before anything is sent when a value cannot be sent as it is. */
export function buildRequest(client, operation, input, options) {
  const method = operation.method ?? String(input.method).toUpperCase();
  const headers = new Headers({ accept: operation.accept ?? "application/json" });
  const body = input.body === undefined ? undefined : operation.encode?.(input.body);
  setHeaders(headers, { "content-type": body === undefined ? undefined : operation.contentType });
  setHeaders(headers, client.headers);
  for (const name in operation.headers) setHeaders(headers, { [operation.headers[name]]: input[name] });
  setHeaders(headers, { "idempotency-key": options.idempotencyKey, ...options.headers });
  return {
    url: client.baseUrl + pathOf(operation, input) + queryOf(operation, input),
    init: { method, headers, body, duplex: "half" },
    isIdempotent: !/^(POST|PATCH)$/.test(method) || headers.has("idempotency-key"),
  };
}

function setHeaders(headers, values) {
  for (const name in values) {
    if (values[name] !== undefined) headers.set(name, [values[name]].flat().join(", "));
  }
}

function pathOf({ name: operation, path }, input) {
  return path.replace(/\{(.+?)(\+?)\}/g, (_, name, greedy) => {
    const value = input[name];
    const segments = greedy ? String(value ?? "").split("/") : [String(value ?? "")];
    // Empty and dot segments would lead to another route.
    if (segments.join("") === "" || segments.some((segment) => /^\.\.?$/.test(segment)))
      throw new TypeError(`${operation}: "${name}" cannot be sent in a path: ${JSON.stringify(value)}`);
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

function textOf(value) {
  return Object(value) === value ? JSON.stringify(value) : String(value);
}
