import { typeOf } from "../../src/model/by-name.js";
import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { Route } from "../../src/model/routes.js";
import { partsOf } from "../../src/model/type-questions.js";
import type { Model, Type } from "../../src/model/types.js";

/**
 * Names, in lower case and in order, of what a route takes or answers with `format: password`: members of its bodies, its
 * parameters, the headers of its answers. Logs and traces mask them.
 */
export function secretsOf(route: Route, { models }: Pick<GatewayModel, "models">): readonly string[] {
  const names = new Set<string>();
  const named = [...route.parameters, ...route.responses.flatMap(({ headers }) => headers)];
  for (const { name, type } of named) if (isPassword(type, models)) names.add(name.toLowerCase());
  const bodies = [
    route.body?.type,
    ...route.responses.flatMap(({ body }) => [body?.type, ...(body?.alternatives ?? []).map(({ type }) => type)]),
  ];
  for (const body of bodies) if (body !== undefined) collect(body, models, names, new Set());
  return [...names].sort();
}

function collect(type: Type, models: readonly Model[], names: Set<string>, seen: Set<Type>): void {
  if (seen.has(type)) return;
  seen.add(type);
  if (type.kind === "reference") {
    const model = typeOf(models, type.model);
    if (model !== undefined) collect(model, models, names, seen);
    return;
  }
  if (type.kind === "object") {
    for (const { name, type: member } of type.properties) if (isPassword(member, models)) names.add(name.toLowerCase());
  }
  for (const part of partsOf(type)) collect(part, models, names, seen);
}

/** A text that is one, or a list or a choice of such. */
function isPassword(type: Type, models: readonly Model[], depth = 0): boolean {
  if (depth > 16) return false;
  if (type.constraints.format === "password") return true;
  switch (type.kind) {
    case "primitive":
      return type.format === "password";
    case "reference": {
      const model = typeOf(models, type.model);
      return model !== undefined && isPassword(model, models, depth + 1);
    }
    case "array":
    case "union":
    case "intersection":
      return partsOf(type).some((part) => isPassword(part, models, depth + 1));
    default:
      return false;
  }
}
