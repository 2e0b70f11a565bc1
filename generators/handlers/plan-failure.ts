import type { ModelLookup } from "../../src/model/type-questions.js";
import type { Constraints, Type } from "../../src/model/types.js";
import { code, type Planned } from "../emit/code-literal.js";
import { type IntegerPlan, sampleIn } from "./integers.js";
import type { HandlerRoutePlan } from "./plan.js";

/** As API Gateway words an error of its own. */
const message = "Internal server error";

/**
 * What the binder answers for an exception, where the route declares a status 500 whose body can be made without knowing
 * more: its example, or its smallest value with `message` filled in. Nothing where no such value is sure to be of the type.
 */
export function failureOf(
  { responses }: HandlerRoutePlan,
  lookup: ModelLookup,
  plan: IntegerPlan,
): { readonly failure?: Planned } {
  const declared = responses.find(({ status }) => status === 500);
  if (declared === undefined) return {};
  const { type } = declared;
  if (type === undefined) return { failure: code("undefined") };
  const target = resolved(type, lookup);
  if (isPlainText(target)) return { failure: message };
  if (!declared.isJson || !canBeMade(type, lookup, 0)) return {};
  const sample = sampleIn(plan, type, lookup);
  if (target?.kind !== "object" || !takesMessage(target, lookup)) return { failure: sample };
  return { failure: { ...(sample as Readonly<Record<string, Planned>>), message } };
}

function resolved(type: Type | undefined, lookup: ModelLookup, depth = 0): Type | undefined {
  return type?.kind === "reference" && depth < 16 ? resolved(lookup(type.model), lookup, depth + 1) : type;
}

function takesMessage(type: Extract<Type, { kind: "object" }>, lookup: ModelLookup): boolean {
  if (hasSample(type)) return false;
  const own = type.properties.find(({ name }) => name === "message");
  return own !== undefined && !hasSample(own) && isPlainText(resolved(own.type, lookup));
}

function hasSample({ docs }: Pick<Type, "docs">): boolean {
  return docs.default !== undefined || docs.examples.length > 0;
}

function isPlainText(type: Type | undefined): boolean {
  if (type?.kind !== "primitive" || type.name !== "string" || type.format !== undefined) return false;
  const { pattern, minLength = 0, maxLength = message.length } = type.constraints;
  return !hasSample(type) && pattern === undefined && minLength <= message.length && maxLength >= message.length;
}

/** What the smallest value of a type may break. */
const unsure: readonly (keyof Constraints)[] = [
  "pattern",
  "minLength",
  "exclusiveMinimum",
  "multipleOf",
  "uniqueItems",
  "minProperties",
  "maximum",
];

function canBeMade(type: Type, lookup: ModelLookup, depth: number): boolean {
  if (hasSample(type)) return true;
  if (depth > 8 || unsure.some((name) => type.constraints[name] !== undefined)) return false;
  switch (type.kind) {
    case "primitive":
      return type.name !== "binary";
    case "literal":
    case "enum":
      return true;
    case "array":
      return (type.constraints.minItems ?? 0) === 0 || canBeMade(type.items, lookup, depth + 1);
    case "tuple":
      return type.items.slice(0, type.required).every((item) => canBeMade(item, lookup, depth + 1));
    case "object":
      return type.properties.every(
        ({ optional, docs, type: own }) => optional || hasSample({ docs }) || canBeMade(own, lookup, depth + 1),
      );
    case "reference": {
      const target = lookup(type.model);
      return target !== undefined && canBeMade(target, lookup, depth + 1);
    }
    case "union":
    case "intersection":
      return type.members.every((member) => canBeMade(member, lookup, depth + 1));
  }
}
