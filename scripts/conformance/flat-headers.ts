/** Headers of a case, as one record of text or lists, in a flat list. */
export function flatHeaders(headers: unknown): string[] {
  return Object.entries((headers ?? {}) as Record<string, unknown>).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).flatMap((item) => [name, String(item)]),
  );
}

/** `?a=1&b=2` of a case's query, encoded; empty when there is none. */
export function queryText(query: unknown): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries((query ?? {}) as Record<string, unknown>)) {
    for (const item of Array.isArray(value) ? value : [value]) parameters.append(name, String(item));
  }
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}
