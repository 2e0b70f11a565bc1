import type { Type } from "../../src/model/types.js";
import { printPlanned, propertyName } from "../emit/code-literal.js";
import { withBigints } from "../emit/integer-shapes.js";
import { parameterSample, sampleText, sampleValue } from "../emit/sample.js";
import type { InputMember } from "../sdk-shared/input.js";
import type { NamedOperation, SdkPlan } from "./plan.js";
import type { ApigOperation } from "./plan-apig-client.js";

/** What samples are made by. */
type SamplePlan = Pick<SdkPlan, "typeOf" | "settings">;

/** A call of an operation with the least that it takes: `getOrder(client, { id: "…" })`. */
export function callText({ names, input }: NamedOperation, plan: SamplePlan, options?: string): string {
  const required = input.filter((member) => member.required);
  const members = required.map((member) => `${propertyName(member.name)}: ${inputText(member, plan)}`);
  const object = members.length > 0 ? `{ ${members.join(", ")} }` : options === undefined ? "" : "{}";
  return `${names.fn}(${["client", object, options ?? ""].filter((part) => part !== "").join(", ")})`;
}

/** A value of a type as code, with what the package has an int64 be. */
export function valueText(type: Type, { typeOf, settings }: SamplePlan): string {
  const { int64 } = settings.typescript;
  if (int64 === "number") return sampleText(type, typeOf);
  return printPlanned(withBigints(sampleValue(type, typeOf), type, typeOf, int64 === "string"));
}

/** The same call of the client that is called as AWS's. Undefined: its name cannot follow a point. */
export function apigCallText({ method, operation }: ApigOperation, plan: SamplePlan): string | undefined {
  if (!/^[A-Za-z]\w*$/.test(method)) return undefined;
  const required = operation.input.filter(({ required: is }) => is);
  const params = required.filter(({ in: where }) => where !== "body");
  const members = params.map((member) => `${propertyName(member.wireName)}: ${inputText(member, plan)}`);
  const body = required.find(({ in: where }) => where === "body");
  const object = members.length > 0 ? `{ ${members.join(", ")} }` : body ? "{}" : "";
  return `apigClient.${method}(${body ? `${object}, ${inputText(body, plan)}` : object})`;
}

function inputText({ type, name, in: where }: InputMember, plan: SamplePlan): string {
  if (type === "bytes") return 'new Blob(["bytes"])';
  if (type === "method") return '"GET"';
  if (where === "body") return valueText(type, plan);
  const { typeOf, settings } = plan;
  const { int64 } = settings.typescript;
  const value = parameterSample(type, name, typeOf);
  return printPlanned(int64 === "number" ? value : withBigints(value, type, typeOf, int64 === "string"), "  ");
}
