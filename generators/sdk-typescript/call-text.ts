import { propertyName } from "../emit/code-literal.js";
import { sampleText } from "../emit/sample.js";
import type { InputMember } from "../sdk-shared/input.js";
import type { NamedOperation, SdkPlan } from "./plan.js";

/** A call of an operation with the least that it takes: `getOrder(client, { id: "…" })`. */
export function callText(
  { names, input }: NamedOperation,
  { typeOf }: Pick<SdkPlan, "typeOf">,
  options?: string,
): string {
  const required = input.filter((member) => member.required);
  const members = required.map((member) => `${propertyName(member.name)}: ${sample(member, typeOf)}`);
  const object = members.length > 0 ? `{ ${members.join(", ")} }` : options === undefined ? "" : "{}";
  return `${names.fn}(${["client", object, options ?? ""].filter((part) => part !== "").join(", ")})`;
}

function sample({ type, name, in: where }: InputMember, typeOf: SdkPlan["typeOf"]): string {
  if (type === "bytes") return "blob";
  if (type === "method") return '"GET"';
  const text = sampleText(type, typeOf);
  // An empty path parameter leads nowhere.
  return where === "path" && text === '""' ? JSON.stringify(name) : text;
}
