import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { root } from "../support/paths.js";
import { readExact } from "./exact-json.js";

/** One call of scenario.json; what stands in `observe` must be seen by every language. */
export interface Step {
  readonly name: string;
  /** Connection that the step is about. */
  readonly socket?: string;
  readonly observe: Readonly<Record<string, unknown>> & { readonly error?: object; readonly problem?: object };
}

export const scenario = join(root, "fixtures/sdk-scenario/scenario.json");

export function scenarioSteps(): readonly Step[] {
  return (readExact(readFileSync(scenario, "utf8")) as { readonly steps: readonly Step[] }).steps;
}

/** Steps whose observation, a line of JSON each, is not what it must be: pairs of what was wanted and what was seen. */
export function differences(steps: readonly Step[], lines: readonly string[]): readonly unknown[] {
  const seen = lines.map((text) => readExact(text) as { readonly name: string });
  expect(seen.map(({ name }) => name)).toEqual(steps.map(({ name }) => name));
  return steps.flatMap(({ name, observe }, at) =>
    matches(seen[at], expect.objectContaining({ name, ...partial(observe) })) ? [] : [[observe, seen[at]]],
  );
}

/** Of an error, what is named is compared; everything else as a whole. */
function partial({ error, problem, ...rest }: Step["observe"]): Readonly<Record<string, unknown>> {
  if (problem !== undefined) return { problem: expect.objectContaining(problem) };
  return error === undefined ? rest : { error: expect.objectContaining(error) };
}

function matches(seen: unknown, wanted: unknown): boolean {
  try {
    expect(seen).toEqual(wanted);
    return true;
  } catch {
    return false;
  }
}
