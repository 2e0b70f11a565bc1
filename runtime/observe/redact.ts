/** Names, lower case, whose values are secrets: of headers, of query parameters, of members of an event. */
const secrets: ReadonlySet<string> = new Set([
  "access_token",
  "api_key",
  "apikey",
  "authorization",
  "client_secret",
  "cookie",
  "cookies",
  "id_token",
  "password",
  "proxy-authorization",
  "refresh_token",
  "secret",
  "secretaccesskey",
  "sessiontoken",
  "set-cookie",
  "token",
  "x-amz-credential",
  "x-amz-security-token",
  "x-amz-signature",
  "x-api-key",
]);

/** Names that people give to secrets of their own: `X-Secret`, `clientPassword`, `x-csrf-token`. */
const secretForm = /(?:secret|password|passwd|passphrase|credentials?|api[-_]?key)$|(?:^|[-_])(?:token|session)$/i;

/** All but the last four characters of a secret, as API Gateway's logs have it (aws-behaviour.md section 30). */
export function redactedText(value: string): string {
  return value.length <= 8 ? "****" : `****${value.slice(-4)}`;
}

export function isSecretName(name: string): boolean {
  return secrets.has(name.toLowerCase()) || secretForm.test(name);
}

/** A flat list of headers as pairs, secrets masked. */
export function redactedHeaders(list: readonly string[]): readonly (readonly [string, string])[] {
  return list.flatMap((name, at) => {
    const value = list[at + 1] ?? "";
    return at % 2 === 0 ? [[name, isSecretName(name) ? redactedText(value) : value] as const] : [];
  });
}

/** A query with the values of secret parameters masked. */
export function redactedQuery(query: string): string {
  return query.replace(/([^&=]+)=([^&]*)/g, (pair, name: string, value: string) =>
    isSecretName(name) ? `${name}=${redactedText(value)}` : pair,
  );
}

/** JSON data with secrets masked by the names of their members; deep data is cut. */
export function redacted(value: unknown, depth = 0): unknown {
  if (depth > 12) return "…";
  if (Array.isArray(value)) return value.map((item) => redacted(item, depth + 1));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      isSecretName(name) ? masked(member) : redacted(member, depth + 1),
    ]),
  );
}

function masked(value: unknown): unknown {
  if (typeof value === "string") return redactedText(value);
  if (Array.isArray(value)) return value.map(masked);
  return value === null || value === undefined ? value : "****";
}
