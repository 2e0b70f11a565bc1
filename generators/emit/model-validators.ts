import { type ModelLookup, reachableModels } from "../../src/model/type-questions.js";
import type { Model, Type } from "../../src/model/types.js";
import { jsonSchemaOf } from "./json-schema.js";
import type { SchemaObject } from "./schema-references.js";
import { type ValidatorOptions, type ValidatorSource, validatorSource } from "./validator.js";

/** A validator wanted for a type of the gateway: the identifier of the function, and the type. */
export interface WantedValidator {
  readonly name: string;
  readonly type: Type;
}

/** Validators for types over the models of a gateway; a model that several need is written once. */
export function modelValidators(
  wanted: readonly WantedValidator[],
  models: readonly Model[],
  options: Pick<ValidatorOptions, "explains" | "language" | "formats">,
): ValidatorSource {
  const types = new Map(models.map((model) => [model.name, model.type]));
  const lookup: ModelLookup = (name) => types.get(name);
  const names = { ref: (model: string) => `#/definitions/${model}`, lookup };
  const reached = reachableModels(
    wanted.map(({ type }) => type),
    lookup,
  );
  const needed = models.filter((model) => reached.has(model.name));
  const document: SchemaObject = {
    definitions: Object.fromEntries(needed.map(({ name, type }) => [name, jsonSchemaOf(type, names)])),
    wanted: Object.fromEntries(wanted.map(({ name, type }) => [name, jsonSchemaOf(type, names)])),
  };
  const entries = wanted.map(({ name }) => ({ name, ref: `#/wanted/${name}` }));
  return validatorSource({ ...options, document, entries });
}
