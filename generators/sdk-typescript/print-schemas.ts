import type { JsonValue, Type } from "../../src/model/types.js";
import { type Planned, printPlanned } from "../emit/code-literal.js";
import { jsonSchemaOf } from "../emit/json-schema.js";
import type { SdkPlan } from "./plan.js";

/** `schemas.js`: what the validator checks by, JSON Schema draft-04 with models by name. */
export function printSchemas({ models, operations, settings }: SdkPlan): string {
  const areTexts = settings.typescript.int64 === "string";
  const schemaOf = (type: Type) => {
    const schema = jsonSchemaOf(type, { ref: (model) => model }) as Planned;
    return areTexts ? withTexts(schema) : schema;
  };
  const definitions = Object.fromEntries(models.map(({ model }) => [model.name, schemaOf(model.type)]));
  const table = Object.fromEntries(
    operations.map(({ operation, input, successes }) => [
      operation,
      {
        required: input.filter(({ required }) => required).map(({ name }) => name),
        input: Object.fromEntries(
          input.flatMap(({ name, type }) => (typeof type === "string" ? [] : [[name, schemaOf(type)]])),
        ),
        answers: Object.fromEntries(
          successes.flatMap(({ status, body }) => (typeof body === "object" ? [[status, schemaOf(body)]] : [])),
        ),
      },
    ]),
  );
  return `export const definitions = ${printPlanned(withoutDocs(definitions))};

export const operations = ${printPlanned(withoutDocs(table))};
`;
}

/** An int64 is a text of its digits in the package. */
function withTexts(schema: Planned): Planned {
  if (Array.isArray(schema)) return schema.map(withTexts);
  if (typeof schema !== "object" || schema === null) return schema;
  const members = Object.entries(schema).map(([name, member]) => [name, withTexts(member)] as const);
  const { format } = schema as { readonly format?: Planned };
  return { ...Object.fromEntries(members), ...(format === "int64" && { isText: true }) };
}

/** Titles and descriptions are for people. Only those beside keywords go: a property may be called so. */
function withoutDocs(value: Planned, isProperties = false): Planned {
  if (Array.isArray(value)) return value.map((item: Planned) => withoutDocs(item));
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value as Readonly<Record<string, JsonValue>>);
  const isSchema =
    !isProperties && members.some(([name]) => ["type", "$ref", "anyOf", "oneOf", "allOf"].includes(name));
  return Object.fromEntries(
    members
      .filter(([name, member]) => !(isSchema && ["title", "description"].includes(name) && typeof member === "string"))
      .map(([name, member]) => [name, withoutDocs(member, isSchema && name === "properties")]),
  );
}
