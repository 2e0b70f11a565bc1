import { isDeepStrictEqual } from "node:util";

const placeholders: { readonly [name: string]: RegExp } = {
  "<any>": /./s,
  "<uuid>": /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  "<epoch-ms>": /^\d{13}$/,
  "<clf-time>": /^\d{2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}:\d{2} \+0000$/,
  "<ip>": /^[0-9a-fA-F.:]+$/,
  "<trace-id>": /^Root=1-/,
  "<api-id>": /^[a-z0-9]{10}$/,
  "<request-id>": /./s,
};

/** Whether a value is what is expected; a placeholder of the cases' README stands for any value of its kind. */
export function matches(expected: unknown, actual: unknown): boolean {
  const pattern = typeof expected === "string" ? placeholders[expected] : undefined;
  if (pattern) return (typeof actual === "string" || typeof actual === "number") && pattern.test(String(actual));
  if (Array.isArray(expected)) {
    return (
      Array.isArray(actual) && actual.length === expected.length && expected.every((e, at) => matches(e, actual[at]))
    );
  }
  return isDeepStrictEqual(expected, actual);
}

/** Every listed member equal, others ignored; undefined, or what differs first. */
export function subsetProblem(expected: unknown, actual: unknown, path = "$"): string | undefined {
  if (isRecord(expected)) {
    if (!isRecord(actual)) return `${path}: wanted an object, got ${show(actual)}`;
    for (const [name, value] of Object.entries(expected)) {
      const problem = subsetProblem(value, actual[name], `${path}.${name}`);
      if (problem) return problem;
    }
    return undefined;
  }
  return matches(expected, actual) ? undefined : `${path}: wanted ${show(expected)}, got ${show(actual)}`;
}

/** An answer as the cases describe one; `headers` is a flat list. */
export interface Answer {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/** Checks `status`, `statusCode`, `body`, `json`, `jsonContains`, `bodyBase64`, `headers` and `headersAbsent`. */
export function answerProblem(expect: { readonly [name: string]: unknown }, answer: Answer): string | undefined {
  const status = expect["status"] ?? expect["statusCode"];
  const text = answer.body.toString("utf8");
  if (status !== undefined && status !== answer.status) return `status ${answer.status}, wanted ${status}: ${text}`;
  if (expect["body"] !== undefined && expect["body"] !== text)
    return `body ${show(text)}, wanted ${show(expect["body"])}`;
  if (expect["bodyBase64"] !== undefined && expect["bodyBase64"] !== answer.body.toString("base64")) {
    return `body ${answer.body.toString("base64")} (base64), wanted ${expect["bodyBase64"]}`;
  }
  return jsonProblem(expect, text) ?? headersProblem(expect, answer.headers);
}

function jsonProblem(expect: { readonly [name: string]: unknown }, text: string): string | undefined {
  if (expect["json"] === undefined && expect["jsonContains"] === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return `body is no JSON: ${show(text)}`;
  }
  if (expect["json"] !== undefined && !isDeepStrictEqual(expect["json"], value)) {
    return `body ${show(value)}, wanted ${show(expect["json"])}`;
  }
  return subsetProblem(expect["jsonContains"] ?? {}, value);
}

function headersProblem(expect: { readonly [name: string]: unknown }, headers: readonly string[]): string | undefined {
  const fold = expect["compareHeaderNames"] !== "case-sensitive";
  for (const [name, wanted] of Object.entries((expect["headers"] ?? {}) as Record<string, unknown>)) {
    const values = headerValues(headers, name, fold);
    const list = Array.isArray(wanted) ? wanted.join(", ") : wanted;
    if (values.length === 0) return `no header ${name}`;
    if (!matches(list, values.join(", "))) return `header ${name}: ${show(values)}, wanted ${show(wanted)}`;
  }
  for (const name of (expect["headersAbsent"] ?? []) as string[]) {
    if (headerValues(headers, name, true).length > 0) return `header ${name} should be absent`;
  }
  return undefined;
}

/** `outcome: "passes to the integration"` of a case that says so. */
export function reachProblem(
  expect: { readonly [name: string]: unknown },
  { reached, status }: { readonly reached: boolean; readonly status: number },
): string | undefined {
  const outcome = expect["outcome"];
  if (outcome === undefined) return undefined;
  if (outcome !== "passes to the integration") return `unknown outcome ${show(outcome)}`;
  return reached ? undefined : `answers ${status} and does not reach the integration`;
}

/** All values of a header in a flat list. */
export function headerValues(headers: readonly string[], name: string, foldCase: boolean): string[] {
  const fold = (text: string) => (foldCase ? text.toLowerCase() : text);
  return headers.filter((_, at) => at % 2 === 1 && fold(headers[at - 1] as string) === fold(name));
}

function isRecord(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
