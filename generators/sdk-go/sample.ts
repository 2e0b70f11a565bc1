import { typeOf } from "../../src/model/by-name.js";
import type { JsonValue } from "../../src/model/types.js";
import { parameterSample, sampleValue } from "../emit/sample.js";
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
  const lookup = (model: string) => typeOf(plan.models, model);
  const found = where === "body" ? sampleValue(of, lookup) : parameterSample(of, name, lookup);
  const [item] = Array.isArray(found) ? (found as readonly JsonValue[]) : [];
  if (where !== "body" && type.startsWith("[]") && item !== undefined) {
    return `${qualified(type, plan)}{${valueText(item, type.slice(2), plan)}}`;
  }
  return valueText(found, type, plan);
}

const deepest = 6;

/** @param found  the value as JSON; undefined: whatever the type has */
function valueText(found: JsonValue | undefined, type: string, plan: GoPlan, within: readonly string[] = []): string {
  if (type.startsWith("*")) {
    const name = type.slice(1);
    const isRecord = plan.declarations.some((entry) => entry.kind === "record" && entry.name === name);
    // One node of a chain is enough.
    return isRecord && !within.includes(name) ? `&${valueText(found, name, plan, within)}` : "nil";
  }
  if (type === "string") return goString(typeof found === "string" ? found : "");
  if (/^(int64|float64)$/.test(type)) return String(typeof found === "number" ? found : 1);
  if (type === "bool") return String(found === true);
  const declaration = plan.declarations.find((entry) => entry.name === type);
  if (declaration?.kind === "enum") return `${plan.package}.${declaration.values[0]?.name}`;
  if (declaration?.kind === "union")
    return valueText(found, declaration.members[0]?.name ?? "any", plan, [...within, type]);
  if (declaration?.kind === "record") {
    const fields = within.length > deepest ? [] : declaration.fields.filter(({ when }) => when === "required");
    const texts = fields.map(
      (field) => `${field.name}: ${valueText(memberOf(found, field.wire), field.type, plan, [...within, type])}`,
    );
    return `${plan.package}.${type}{${texts.join(", ")}}`;
  }
  if (type === "time.Time") return "time.Now()";
  if (type === "Date") return `${plan.package}.DateOf(time.Now())`;
  return type === "any" ? "nil" : `${qualified(type, plan)}{}`;
}

function memberOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? (value as Readonly<Record<string, JsonValue>>)[name] : undefined;
}

/** A type as another package writes it. */
export function qualified(type: string, { package: name, declarations }: GoPlan): string {
  return type.replace(/[\p{L}_][\p{L}\p{Nd}_]*/gu, (word) =>
    declarations.some((entry) => entry.name === word) ? `${name}.${word}` : word,
  );
}

/** A message with the least that a route takes. */
export function goMessage(type: string, plan: GoPlan): string {
  return type === "any" ? "nil" : type === "string" ? '"…"' : valueText(undefined, type, plan);
}
