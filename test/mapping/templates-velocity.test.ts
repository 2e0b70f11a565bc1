import process from "node:process";
import { describe, expect, test } from "vitest";
import { renderCase } from "../../scripts/vtl/template-case.js";
import { askVelocity, hasVelocity } from "../support/velocity/oracle.js";
import { randomMethods } from "../support/velocity/random-methods.js";
import { randomTemplate } from "../support/velocity/random-templates.js";

const runs = Number(process.env["PROPERTY_RUNS"] ?? 1500);

const isError = /^!\w+(?:Exception|Error)$/;

/** What Java prints of objects by their place in memory, and what needs more memory than either side gives. */
const isBeyond = (text: string) => /@[0-9a-f]{2,8}\b|^!(?:OutOfMemory|StackOverflow)Error|Illegal Capacity/.test(text);

/** Any template is refused or fails on both sides, or prints the same text: Velocity 1.7 on a JVM, and what is compiled here. */
describe.skipIf(!hasVelocity() && process.env["CI"] === undefined)("templates through Apache Velocity itself", () => {
  test.each([
    ["with every directive, nested", (seed: number) => randomTemplate(seed)],
    ["with slips", (seed: number) => randomTemplate(seed, 2)],
    ["with methods of every class", randomMethods],
  ])("%s", (_, make) => {
    const templates = Array.from({ length: runs }, (_unused, seed) => make(seed));
    const shown = askVelocity(templates.map((template) => ({ template, values: [] })));
    const wrong = templates
      .map((template, at) => {
        const outcome = renderCase(template, {});
        return { template, ours: "text" in outcome ? outcome.text : "!", velocity: shown[at] ?? "" };
      })
      .filter(({ ours, velocity }) => !isBeyond(velocity) && ours !== (isError.test(velocity) ? "!" : velocity));
    expect(wrong.slice(0, 3)).toEqual([]);
  });
});
