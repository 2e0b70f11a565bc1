/** What is the same for all attempts of a call. Throws before anything is sent when a value cannot be sent as it is. */
export function buildRequest(client, operation, input, options) {
  const { method = input.method } = operation;
  const body = input.body === undefined ? undefined : operation.encode(input.body);
  const headers = new Headers();
  for (const [name, value] of [
    ["accept", operation.accept ?? "application/json"],
    ["content-type", body && operation.contentType],
    ...Object.entries(client.headers),
    ...Object.entries(operation.headers ?? {}).map(([name, header]) => [header, input[name]]),
    ["idempotency-key", options.idempotencyKey ?? operation.newKey?.()],
    ...Object.entries(options.headers ?? {}),
  ]) {
    if (value !== undefined) headers.set(name, [value].flat().join(", "));
  }
  return {
    url: client.baseUrl + pathOf(operation, input) + queryOf(operation, input),
    method,
    headers,
    body,
    duplex: "half",
    isRepeatable: (!/^P(OS|A)T/.test(method) || headers.has("idempotency-key")) && !(body instanceof ReadableStream),
  };
}

function pathOf({ name: operation, path }, input) {
  return path.replace(/\{(.+?)(\+?)\}/g, (_, name, greedy) => {
    const value = `${input[name] ?? ""}`;
    const segments = greedy ? value.split("/") : [value];
    // Empty and dot segments would lead to another route.
    if (!segments.join("") || segments.some((segment) => /^\.\.?$/.test(segment)))
      throw new TypeError(`${operation}: "${name}" cannot be "${value}"`);
    return segments.map(encodeURIComponent).join("/");
  });
}

function queryOf({ query }, input) {
  let text = "";
  for (const name in query) {
    for (const value of [input[name]].flat()) {
      // Names are escaped when the SDK is made.
      if (value !== undefined) text += `${text ? "&" : "?"}${query[name]}=${encodeURIComponent(textOf(value))}`;
    }
  }
  return text;
}

/** A parameter as text; what has no text of its own is JSON. */
export function textOf(value) {
  return typeof value === "object" ? JSON.stringify(value) : `${value}`;
}
