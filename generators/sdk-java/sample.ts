import { typeOf } from "../../src/model/by-name.js";
import type { JsonValue } from "../../src/model/types.js";
import { sampleValue } from "../emit/sample.js";
import { javaString } from "./java-text.js";
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
  const found = sampleValue(of, (model) => typeOf(plan.models, model));
  if (where === "path" && found === "") return javaString(name);
  return valueText(found, type, plan);
}

function valueText(found: JsonValue, type: string, plan: JavaPlan): string {
  if (typeof found === "string" && type === "String") return javaString(found);
  if (typeof found === "number") return type === "long" ? `${found}L` : String(found);
  if (typeof found === "boolean") return String(found);
  const declaration = plan.declarations.find((entry) => entry.name === type);
  if (declaration?.kind === "enum") return `${type}.${declaration.values[0]?.name}`;
  if (declaration?.kind === "record") return `${type}.builder()/* … */.build()`;
  if (type === "OffsetDateTime" || type === "LocalDate") return `${type}.now()`;
  if (type.startsWith("List<")) return "List.of()";
  return type.startsWith("Map<") ? "Map.of()" : "null";
}

/** A message with the least that a route takes. */
export function javaMessage(type: string, plan: JavaPlan): string {
  return type === "String" ? '"…"' : valueText(null, type, plan);
}
