import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonSchemaOf } from "../../generators/emit/json-schema.js";
import { loadValidators, type Validator } from "../../generators/emit/load-validators.js";
import type { SchemaObject } from "../../generators/emit/schema-references.js";
import { validatorSource } from "../../generators/emit/validator.js";
import { Changes } from "../../src/contract/change.js";
import { TypeComparison } from "../../src/contract/compare-types.js";
import { reference } from "../../src/model/type-builders.js";
import { membersOf, resolved } from "../../src/model/type-questions.js";
import type { Type } from "../../src/model/types.js";
import { arbitraryModels } from "../models/arbitrary-types.js";
import { type Parsed, parse } from "../models/support.js";

/** Numbers from 0 to 1, the same for the same seed. */
type Random = () => number;

function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const leaves = [
  "string",
  "integer",
  "number",
  "boolean",
  "null",
  "unknown",
  '"x"',
  '"y"',
  "1",
  "true",
  "M0",
  "M1",
  "integer & Minimum<0> & Maximum<9>",
  "integer & Minimum<1>",
  "number & Maximum<2>",
  "string & MinLength<1>",
  "string & MaxLength<1>",
  'string & Pattern<"^[a-z]+$">',
  "number & MultipleOf<0.5>",
  "(string | integer)",
  '("x" | "y")',
  "(null | string)",
];

/** What a person might change: a type, whether something is optional, a limit, a member more or less, whether others may follow. */
function mutated(text: string, random: Random): string {
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
  const replaceOne = (pattern: RegExp, by: (found: string) => string) => {
    const found = [...text.matchAll(pattern)];
    if (found.length === 0) return text;
    const { 0: old, index } = pick(found);
    return text.slice(0, index) + by(old) + text.slice(index + old.length);
  };
  const leaf = () => `(${pick(leaves)})`;
  return pick([
    () =>
      replaceOne(
        /\b(?:string|integer|number|boolean|null|unknown|uuid|datetime|int64|true|M[0-3](?=[\s;)\]|}]))\b(?!\s*[&<?:])/g,
        leaf,
      ),
    () => replaceOne(/"[xy]"/g, leaf),
    () =>
      replaceOne(/\b[abcmz]\??:/g, (name) => (name.includes("?") ? name.replace("?", "") : name.replace(":", "?:"))),
    () => replaceOne(/\{ (?=[abcmz])/g, () => `{ n${random() < 0.5 ? "?" : ""}: ${leaf()}; `),
    () => replaceOne(/\b[abcmz]\??: [^;{}()[\]]*; /g, () => ""),
    () =>
      replaceOne(/(?:Minimum|Maximum|MinLength|MinItems|MaxItems)<(\d)>/g, (limit) =>
        limit.replace(/\d/, (n) => String((Number(n) + (random() < 0.5 ? 1 : 9)) % 10)),
      ),
    () => replaceOne(/ & UniqueItems/g, () => ""),
    () => replaceOne(/ \| /g, () => ` | ${leaf()} | `),
    () =>
      text.startsWith("/** @additionalProperties false */")
        ? text.replace(/^.*?\*\/ /, "")
        : `/** @additionalProperties false */ ${text}`,
    () => replaceOne(/\[\]/g, () => "[][]"),
  ])();
}

/** A value that may be of the type; what an open object does not list is in none. */
function sampleOf(type: Type, parsed: Parsed, random: Random, depth = 0): unknown {
  const { scope } = parsed;
  const target = resolved(type, scope.lookup);
  const inner = (part: Type) => sampleOf(part, parsed, random, depth + 1);
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
  const list = (item: Type) => (depth > 4 ? [] : Array.from({ length: Math.floor(random() * 4) }, () => inner(item)));
  switch (target.kind) {
    case "primitive":
      return sampleOfPrimitive(target.name, pick);
    case "literal":
      return target.value;
    case "enum":
      return pick(target.values);
    case "array":
      return list(target.items);
    case "tuple": {
      const length = target.required + Math.floor(random() * (target.items.length - target.required + 1));
      const items = target.items.slice(0, length).map(inner);
      return length === target.items.length && target.rest ? [...items, ...list(target.rest)] : items;
    }
    case "union":
      return inner(pick(target.members));
    case "object":
    case "intersection": {
      const members = membersOf(target, scope.lookup);
      if (!members) return inner((target as Extract<Type, { kind: "intersection" }>).members[0] as Type);
      const value: Record<string, unknown> = {};
      for (const { name, type: of, optional } of members.properties.values()) {
        if (!optional || (depth < 5 && random() < 0.6)) value[name] = depth > 12 ? null : inner(of);
      }
      if (typeof members.additional !== "boolean" && depth < 5)
        for (const name of ["n", "k"])
          if (random() < 0.4 && !members.properties.has(name)) value[name] = inner(members.additional);
      return value;
    }
    default:
      return null;
  }
}

function sampleOfPrimitive(kind: string, pick: <T>(list: readonly T[]) => T): unknown {
  switch (kind) {
    case "string":
    case "binary":
      return pick(["", "x", "y", "ab", "A1", "abcdefghijkl"]);
    case "integer":
      return pick([0, 1, 2, -1, 5, 9, 10, 100]);
    case "number":
      return pick([0, 1, 1.5, 0.25, -1, 5, 9, 10]);
    case "boolean":
      return pick([true, false]);
    case "any":
      return pick<unknown>([null, "x", 1, true, [], {}, ["x"], { a: 1 }]);
    default:
      return null;
  }
}

function validatorsOf({ scope }: Parsed): (model: string) => Validator | undefined {
  const names = { ref: (model: string) => `#/definitions/${model}`, lookup: scope.lookup };
  const definitions = Object.fromEntries(scope.models.map(({ name, type }) => [name, jsonSchemaOf(type, names)]));
  const entries = scope.models.map(({ name }) => ({ name: `check${name}`, ref: `#/definitions/${name}` }));
  const all = loadValidators(validatorSource({ document: { definitions } as SchemaObject, entries, explains: true }));
  return (model) => all.get(`check${model}`);
}

function isBroken(older: Parsed, newer: Parsed, model: string, direction: "request" | "response"): boolean {
  const changes = new Changes();
  const modelsOf = ({ scope }: Parsed) => Object.fromEntries(scope.models.map(({ name, type }) => [name, type]));
  const types = new TypeComparison(modelsOf(older), modelsOf(newer), changes);
  types.compare(reference(model), reference(model), direction, { where: "r", path: "body" });
  return changes.list.some(({ kind }) => kind === "breaking");
}

describe("nothing is called compatible that is not", () => {
  test.each(["request", "response"] as const)(
    "in a %s",
    async (direction) => {
      let compared = 0;
      let silent = 0;
      await fc.assert(
        fc.asyncProperty(arbitraryModels(), fc.integer({ min: 1 }), async (text, seed) => {
          const random = randomFrom(seed);
          const older = await parse(text);
          fc.pre(!older.diagnostics.some(({ severity }) => severity === "error"));
          let changed = text;
          for (let times = Math.floor(random() * 2); times >= 0; times--) changed = mutated(changed, random);
          const newer = await parse(changed);
          fc.pre(changed !== text && !newer.diagnostics.some(({ severity }) => severity === "error"));
          // What is right on this side has to be right on the other.
          const [from, to] = direction === "request" ? [older, newer] : [newer, older];
          const [mine, theirs] = [validatorsOf(from), validatorsOf(to)];
          for (const { name, type } of from.scope.models) {
            if (!to.scope.models.some((model) => model.name === name)) continue;
            compared++;
            expect(isBroken(from, from, name, direction), `${text}\n${name}`).toBe(false);
            if (isBroken(older, newer, name, direction)) continue;
            silent++;
            for (let at = 0; at < 40; at++) {
              const value = sampleOf(type, from, random);
              if (mine(name)?.(value) !== undefined) continue;
              const why = theirs(name)?.(value);
              expect(why, `${text}\n—\n${changed}\n${name} ${JSON.stringify(value)}`).toBeUndefined();
            }
          }
        }),
        {
          numRuns: Number(process.env["SOUNDNESS_RUNS"] ?? 250),
          // The same changes each time; others by the variable.
          seed: Number(process.env["SOUNDNESS_SEED"] ?? 1),
        },
      );
      expect(silent).toBeGreaterThan(20);
      expect(compared).toBeGreaterThan(silent);
    },
    120_000,
  );
});
