import { typeOf } from "../../src/model/by-name.js";
import type { JsonValue } from "../../src/model/types.js";
import { parameterSample, sampleValue } from "../emit/sample.js";
import { javaString } from "./java-text.js";
import type { JavaUnion } from "./java-types.js";
import type { JavaArgument, JavaOperation, JavaPlan } from "./plan.js";

/** A call with the least that it takes. */
export function javaCall(operation: JavaOperation, plan: JavaPlan, method = operation.javaMethod): string {
  if (operation.request === undefined) return `api.${method}()`;
  const setters = operation.input
    .filter(({ required }) => required)
    .map((member) => `.${member.name}(${javaSample(member, plan)})`);
  return `api.${method}(${operation.request}.builder()${setters.join("")}.build())`;
}

function javaSample({ of, type, name, in: where }: JavaArgument, plan: JavaPlan): string {
  if (of === "bytes") return "BodyPublishers.ofFile(path)";
  if (of === "method") return '"GET"';
  const lookup = (model: string) => typeOf(plan.models, model);
  const found = where === "body" ? sampleValue(of, lookup) : parameterSample(of, name, lookup);
  const [item] = Array.isArray(found) ? (found as readonly JsonValue[]) : [];
  const items = /^List<(.*)>$/.exec(type)?.[1];
  if (where !== "body" && items !== undefined && item !== undefined) return `List.of(${valueText(item, items, plan)})`;
  return valueText(found, type, plan);
}

const deepest = 6;

/** @param found  the value as JSON; undefined: whatever the type has */
function valueText(found: JsonValue | undefined, type: string, plan: JavaPlan, within: readonly string[] = []): string {
  if (type === "String") return javaString(typeof found === "string" ? found : "");
  if (/^[Ll]ong$/.test(type)) return `${typeof found === "number" ? found : 1}L`;
  if (/^[Dd]ouble$/.test(type)) return String(typeof found === "number" && !Number.isInteger(found) ? found : "1.0");
  if (/^[Bb]oolean$/.test(type)) return String(found === true);
  const declaration = plan.declarations.find((entry) => entry.name === type);
  if (declaration?.kind === "enum") return `${type}.${declaration.values[0]?.name}`;
  if (declaration?.kind === "union") return unionSample(found, declaration, plan, [...within, type]);
  if (declaration?.kind === "record") {
    // One node of a chain is enough.
    if (within.includes(type)) return "null";
    const fields = within.length > deepest ? [] : declaration.fields.filter(({ when }) => when === "required");
    const setters = fields.map(
      (field) => `.${field.name}(${valueText(memberOf(found, field.wire), field.type, plan, [...within, type])})`,
    );
    return `${type}.builder()${setters.join("")}.build()`;
  }
  if (type === "OffsetDateTime" || type === "LocalDate") return `${type}.now()`;
  if (type.startsWith("List<")) return "List.of()";
  return type.startsWith("Map<") ? "Map.of()" : "null";
}

function unionSample(
  found: JsonValue | undefined,
  { members }: JavaUnion,
  plan: JavaPlan,
  within: readonly string[],
): string {
  const [first] = members;
  return first && first.wrapped === undefined ? valueText(found, first.type, plan, within) : "null";
}

function memberOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? (value as Readonly<Record<string, JsonValue>>)[name] : undefined;
}

/** A message with the least that a route takes. */
export function javaMessage(type: string, plan: JavaPlan): string {
  return type === "String" ? '"…"' : valueText(undefined, type, plan);
}
