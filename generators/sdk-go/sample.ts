import { typeOf } from "../../src/model/by-name.js";
import type { JsonValue } from "../../src/model/types.js";
import { sampleValue } from "../emit/sample.js";
import { goString } from "./go-text.js";
import type { GoArgument, GoOperation, GoPlan } from "./plan.js";

/** A call with the least that it takes, without its receiver. */
export function goCall(operation: GoOperation, plan: GoPlan, method = operation.goMethod): string {
  const needed = operation.input.filter(({ required }) => required);
  const fields = needed.map((member) => `${member.name}: ${goSample(member, plan)}`);
  const params = operation.params === undefined ? "" : `, ${plan.package}.${operation.params}{${fields.join(", ")}}`;
  return `api.${method}(ctx${params})`;
}

/** A value of an argument as Go writes it. */
function goSample({ of, type, name, in: where }: GoArgument, plan: GoPlan): string {
  if (of === "bytes") return "file";
  if (of === "method") return '"GET"';
  const found = sampleValue(of, (model) => typeOf(plan.models, model));
  if (where === "path" && found === "") return goString(name);
  return valueText(found, type, plan);
}

function valueText(found: JsonValue, type: string, plan: GoPlan): string {
  if (typeof found === "string" && type === "string") return goString(found);
  if (typeof found === "number" && /^(int64|float64)$/.test(type)) return String(found);
  if (typeof found === "boolean" && type === "bool") return String(found);
  const declaration = plan.declarations.find((entry) => entry.name === type);
  if (declaration?.kind === "enum") return `${plan.package}.${declaration.values[0]?.name}`;
  if (declaration?.kind === "record") return `${plan.package}.${type}{ /* … */ }`;
  if (declaration?.kind === "union") return `${plan.package}.${declaration.members[0]?.name}{ /* … */ }`;
  if (type === "time.Time") return "time.Now()";
  if (type === "Date") return `${plan.package}.DateOf(time.Now())`;
  return type === "any" ? "nil" : `${qualified(type, plan)}{}`;
}

/** A type as another package writes it. */
export function qualified(type: string, { package: name, declarations }: GoPlan): string {
  return type.replace(/[\p{L}_][\p{L}\p{Nd}_]*/gu, (word) =>
    declarations.some((entry) => entry.name === word) ? `${name}.${word}` : word,
  );
}

/** A message with the least that a route takes. */
export function goMessage(type: string, plan: GoPlan): string {
  return type === "any" ? "nil" : type === "string" ? '"…"' : valueText(null, type, plan);
}
