import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { beforeAll, describe, expect, test } from "vitest";
import { root } from "../support/paths.js";
import { type Effect, keyEffects } from "./key-effects.js";

const table = join(root, "test/keys/effects.txt");

/** Neither OpenAPI nor CloudFormation can say it: docs/differences.md, and a diagnostic where the value is one for here only. */
const hereOnly: readonly string[] = [
  "/functions/*/timeout",
  "/routes/*/cache/shared",
  "/websocket/routes/*/insecureSkipVerification",
  "/stages/*/cache/invalidate",
  "/stages/*/cache/unauthorized",
  "/domains/*/securityPolicy",
];

/**
 * A key that is read and then does nothing is a defect. A new key needs a file below evidence/ or a fixture in which it has a
 * value of its own; `GOLDEN=write` writes effects.txt anew.
 */
describe("every key of the language", () => {
  let effects: ReadonlyMap<string, Effect>;
  beforeAll(async () => {
    effects = await keyEffects();
  }, 300_000);

  test("changes an output, or is refused where it stands", () => {
    expect(effects.size).toBeGreaterThan(300);
    const dead = [...effects].filter(([, { outputs, codes }]) => outputs.size + codes.size === 0);
    expect(dead.map(([key]) => key)).toEqual([]);
  });

  test("does on AWS what its tags promise", () => {
    // The contract and what diff says of it only tell of what others carry out.
    const only = new Set(["gateway", "container", "contract", "diff"]);
    const wrong = [...effects].filter(
      ([, { schema, outputs }]) =>
        targetsOf(schema).includes("aws") && outputs.size > 0 && [...outputs].every((name) => only.has(name)),
    );
    expect(wrong.map(([key]) => key)).toEqual(hereOnly);
  });

  test("changes the outputs that effects.txt says", () => {
    const lines = [...effects].map(([key, effect]) => `${key}: ${textOf(effect)}\n`).join("");
    if (process.env["GOLDEN"] === "write") writeFileSync(table, lines);
    expect(lines).toBe(readFileSync(table, "utf8"));
  });
});

function targetsOf(schema: Effect["schema"]): readonly string[] {
  return (schema["x-targets"] as { readonly targets: readonly string[] }).targets;
}

function textOf({ outputs, codes }: Effect): string {
  return outputs.size > 0 ? [...outputs].sort().join(" ") : `refused: ${[...codes].sort().join(" ")}`;
}
