/** One step into JSON: a member, an index, or every item. */
export type BodyStep = string | number | typeof everyItem;

const everyItem = Symbol("[*]");

const stepForm = /\.([A-Za-z0-9_$-]+)|\[(\d{1,9})\]|\[("(?:[^"\\]|\\.)*")\]|\['([^']*)'\]|(\[\*\]|\.\*)/y;

/**
 * Steps of the tail of a simple JSONPath, `.pets[0].name` (aws-behaviour.md 12.1 and 28.2: no `..`, no filters).
 *
 * @returns undefined for anything else
 */
export function parseBodyPath(tail: string): readonly BodyStep[] | undefined {
  const steps: BodyStep[] = [];
  const form = new RegExp(stepForm);
  while (form.lastIndex < tail.length) {
    const match = form.exec(tail);
    if (match === null) return undefined;
    const [, member, index, quoted, single] = match;
    if (index !== undefined) steps.push(Number(index));
    else if (quoted !== undefined) steps.push(JSON.parse(quoted) as string);
    else steps.push(member ?? single ?? everyItem);
  }
  return steps;
}

/** The value at a path; undefined when there is none. Only own members of data are seen. */
export function readBodyPath(value: unknown, steps: readonly BodyStep[]): unknown {
  let current = value;
  for (let at = 0; at < steps.length; at++) {
    const step = steps[at] as BodyStep;
    if (typeof current !== "object" || current === null) return undefined;
    if (step === everyItem) {
      const rest = steps.slice(at + 1);
      return Object.values(current)
        .map((item) => readBodyPath(item, rest))
        .filter((item) => item !== undefined);
    }
    if (Array.isArray(current) ? typeof step !== "number" : !Object.hasOwn(current, step)) return undefined;
    current = (current as Readonly<Record<string | number, unknown>>)[step];
  }
  return current;
}

/** How a value of a body is sent as a parameter: scalars as text, objects and arrays as JSON; null is not sent. */
export function parameterText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
