const always: readonly string[] = ["content-length", "transfer-encoding"];

/** Request headers that may not be mapped, by integration (aws-behaviour.md 5.3). AWS includes AWS_PROXY. */
const illegal = {
  HTTP: new Set(always),
  AWS: new Set([...always, "authorization", "connection", "expect", "proxy-authenticate", "te"]),
} as const;

/** Name of the first mapped header that makes every call fail with 500; undefined when there is none. */
export function firstIllegalHeader(
  integration: keyof typeof illegal,
  headers: readonly { readonly name: string }[],
): string | undefined {
  return headers.find(({ name }) => illegal[integration].has(name.toLowerCase()))?.name;
}
