import { answeredTypes, mapAnswers } from "../../src/model/answers.js";
import type { GatewayModel } from "../../src/model/gateway-model.js";
import { primitive, union } from "../../src/model/type-builders.js";
import { reachableModels } from "../../src/model/type-questions.js";
import { typeRewriter } from "../../src/model/type-rewriter.js";

/**
 * The model with enumerations that may be any other value of their kind, in all that is answered (`sdk: typescript: enums: open`). A
 * union of an enumeration and its primitive comes from here alone: in a file the primitive would swallow the values.
 */
export function withOpenEnums(model: GatewayModel): GatewayModel {
  const types = new Map(model.models.map(({ name, type }) => [name, type]));
  const answered = reachableModels(answeredTypes(model), (name) => types.get(name));
  return {
    ...model,
    ...mapAnswers(model, opened),
    models: model.models.map((entry) => (answered.has(entry.name) ? { ...entry, type: opened(entry.type) } : entry)),
  };
}

const opened = typeRewriter((type) => {
  if (type.kind !== "enum" || type.base === "boolean") return type;
  const { docs, ...bare } = type;
  return { ...union([{ ...bare, docs: primitive(type.base).docs }, primitive(type.base)]), docs };
});
