import { readFileSync } from "node:fs";
import type { ModelLookup } from "../../src/model/type-questions.js";
import type { Type } from "../../src/model/types.js";
import { code, type Planned, printPlanned, propertyName } from "../emit/code-literal.js";
import { type Coercion, coercionOf } from "../emit/coercion.js";
import { type IntegerShapes, withBigints } from "../emit/integer-shapes.js";
import { sampleText, sampleValue } from "../emit/sample.js";
import { typeText } from "../emit/type-text.js";
import type { HandlersPlan } from "./plan.js";

/** How handlers have what is declared as `int64`. */
export type IntegerPlan = Pick<HandlersPlan, "integers">;

/** `integers.ts`: JSON with bigints, and where models have some. */
export function printIntegers({ constants }: IntegerShapes): string {
  const shapes = constants.map(({ name, shape }) => {
    const [, model = ""] = /^int64Shapes\[(.*)\]$/s.exec(name) ?? [];
    return `  ${propertyName(JSON.parse(model))}: ${printPlanned(shape, "  ")},\n`;
  });
  const runtime = readFileSync(new URL("./integers.template.ts", import.meta.url), "utf8");
  return `${runtime}
/** Models that have an \`int64\`. */
export const int64Shapes: Readonly<Record<string, IntegerShape>> = {
${shapes.join("")}};
`;
}

export function typeIn({ integers }: IntegerPlan, type: Type, indent = ""): string {
  return typeText(type, { int64: integers ? "bigint" : "number" }, indent);
}

export function sampleIn({ integers }: IntegerPlan, type: Type, lookup: ModelLookup): Planned {
  const sample = sampleValue(type, lookup);
  return integers ? withBigints(sample, type, lookup) : (sample as Planned);
}

export function sampleTextIn(plan: IntegerPlan, type: Type, lookup: ModelLookup): string {
  return plan.integers ? printPlanned(sampleIn(plan, type, lookup), "  ") : sampleText(type, lookup);
}

/** How a parameter's text is read. */
export function coercionIn(
  { integers }: IntegerPlan,
  type: Type,
  lookup: ModelLookup,
): Omit<Coercion, "type"> & { readonly type: Coercion["type"] | "bigint" } {
  const coercion = coercionOf(type, lookup);
  const isExact = coercion.type === "integer" && integers?.shapeOf(type) !== undefined;
  return isExact ? { ...coercion, type: "bigint" } : coercion;
}

/** What reads and writes the bodies of a route. */
export function jsonOf({ integers }: IntegerPlan, body: Type | undefined): { readonly json?: Planned } {
  if (integers === undefined) return {};
  const shape = body && integers.shapeOf(body);
  return { json: code(`exactJson(${shape ? printPlanned(shape, "  ") : ""})`) };
}

/** The import of what a module uses of `integers.ts`. */
export function integerImports(text: string): string {
  const used = ["answersBy", "exactJson", "int64Shapes", "parseExact", "writeExact"].filter((name) =>
    new RegExp(`\\b${name}\\b`).test(text),
  );
  return used.length === 0 ? "" : `import { ${used.join(", ")} } from "./integers.js";\n`;
}

/** A module of ours that takes its JSON as exact. */
export function withExactJson({ integers }: IntegerPlan, text: string): string {
  if (integers === undefined) return text;
  return text.replace(/\bJSON\.stringify\(/g, "writeExact(").replace(/\bJSON\.parse\(/g, "parseExact(");
}
