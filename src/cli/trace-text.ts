/** A trace as the gateway gives it (runtime/observe/trace.ts), with the request that it is of. */
export interface ShownTrace {
  readonly request: string;
  readonly steps: readonly { readonly step: string; readonly data: Readonly<Record<string, unknown>> }[];
  readonly answer: {
    readonly status: number;
    readonly headers: readonly (readonly [string, string])[];
    readonly body: string;
  };
}

/** A trace for people: a block for each step, then the answer. */
export function traceText({ request, steps, answer }: ShownTrace): string {
  const blocks = steps.map(({ step, data }, at) => `${at + 1}. ${step}\n${membersText(data)}`);
  const headers = answer.headers.map(([name, value]) => `   ${name}: ${value}\n`).join("");
  return `${request}\n\n${blocks.join("\n")}\n=> ${answer.status}\n${headers}${indented(answer.body)}`;
}

function membersText(data: Readonly<Record<string, unknown>>): string {
  return Object.entries(data)
    .filter(([, value]) => !isEmpty(value))
    .map(([name, value]) => (isHeaders(value) ? headersText(name, value) : memberText(name, value)))
    .join("");
}

function memberText(name: string, value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  const label = `   ${name.padEnd(12)} `;
  return text.includes("\n") ? `   ${name}\n${indented(text)}` : `${label}${text}\n`;
}

function headersText(name: string, headers: readonly (readonly [string, string])[]): string {
  return `   ${name}\n${headers.map(([header, value]) => `      ${header}: ${value}\n`).join("")}`;
}

function isHeaders(value: unknown): value is readonly (readonly [string, string])[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => Array.isArray(item) && item.length === 2);
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

function indented(text: string): string {
  const lines = text.replace(/\n$/, "").split("\n");
  return text === "" ? "" : lines.map((line) => `      ${line}\n`).join("");
}
