import { modelIdOf } from "../../host/stable-ids.js";
import { type AdminAnswer, AdminProblem, type AdminRequest, jsonAnswer, notFound } from "../admin-message.js";
import type { AdminTarget } from "../admin-target.js";
import { missingModel } from "../design/lookup-rules.js";
import { modelTemplate } from "./model-template.js";
import { apiOf, page } from "./served.js";

type Schemas = Readonly<Record<string, Schema>>;
type Schema = Readonly<Record<string, unknown>>;

/** GetModels. @throws AdminProblem */
export function getModels(target: AdminTarget, { query }: AdminRequest, [id = ""]: readonly string[]): AdminAnswer {
  const schemas = schemasOf(target, id);
  const names = Object.keys(schemas).sort();
  return jsonAnswer(
    page(
      names.map((name) => modelView(id, name, schemas)),
      query,
    ),
  );
}

/** GetModel; with `flatten` the schema has what it refers to inside. @throws AdminProblem */
export function getModel(
  target: AdminTarget,
  { query }: AdminRequest,
  [id = "", name = ""]: readonly string[],
): AdminAnswer {
  const schemas = schemasOf(target, id);
  if (!Object.hasOwn(schemas, name)) throw missingModel(name);
  return jsonAnswer(modelView(id, name, schemas, query.get("flatten") === "true"));
}

/** GetModelTemplate. @throws AdminProblem */
export function getModelTemplate(
  target: AdminTarget,
  _: AdminRequest,
  [id = "", name = ""]: readonly string[],
): AdminAnswer {
  const schemas = schemasOf(target, id);
  if (!Object.hasOwn(schemas, name)) throw missingModel(name);
  return jsonAnswer({ value: modelTemplate(schemas[name] as Schema, schemas) });
}

/** Whether a model of this name is known here. */
export function hasModel(target: AdminTarget, id: string, name: string): boolean {
  try {
    return Object.hasOwn(schemasOf(target, id), name);
  } catch (error) {
    if (error instanceof AdminProblem) return false;
    throw error;
  }
}

/**
 * Schemas by model, in the form of AWS's imports where the build has it. A gateway has none in its Program, as it checks by
 * code: they are those of the documents beside it.
 */
function schemasOf(target: AdminTarget, id: string): Schemas {
  const [slot] = apiOf(target, id).slots;
  const { name: apiName } = apiOf(target, id);
  const { name: stage = "", deploymentId: deployment = "" } = slot?.live ?? {};
  const wish = { apiName, stage, deployment, format: "swagger", notation: "json" } as const;
  const document = (extensions: readonly string[]) => target.exportApi?.({ ...wish, extensions });
  let exported: ReturnType<typeof document>;
  try {
    exported = document(["apigateway"]);
  } catch (error) {
    if (!(error instanceof AdminProblem)) throw error;
    exported = document([]);
  }
  if (exported === undefined) throw notFound("no documents were built beside this gateway: it knows no schemas");
  return (JSON.parse(Buffer.from(exported.body).toString("utf8")) as { definitions?: Schemas }).definitions ?? {};
}

function modelView(apiId: string, name: string, schemas: Schemas, isFlat = false): object {
  const { description, ...schema } = schemas[name] as Schema;
  const draft = { $schema: "http://json-schema.org/draft-04/schema#", title: name };
  const definitions = Object.fromEntries(
    isFlat ? [...reached(schemas[name], schemas)].sort().map((other) => [other, schemas[other]]) : [],
  );
  const text = JSON.stringify(
    { ...draft, ...schema, ...(Object.keys(definitions).length > 0 && { definitions }) },
    (key, value: unknown) => (key === "$ref" && !isFlat ? externalReference(apiId, value) : value),
    2,
  );
  return {
    id: modelIdOf(apiId, name),
    name,
    ...(typeof description === "string" && { description }),
    schema: text,
    contentType: "application/json",
  };
}

const local = "#/definitions/";

/** As API Gateway's models name each other. */
function externalReference(apiId: string, value: unknown): unknown {
  if (typeof value !== "string" || !value.startsWith(local)) return value;
  return `https://apigateway.amazonaws.com/restapis/${apiId}/models/${value.slice(local.length)}`;
}

function reached(value: unknown, schemas: Schemas, found = new Set<string>()): ReadonlySet<string> {
  if (typeof value !== "object" || value === null) return found;
  for (const [key, member] of Object.entries(value)) {
    if (key !== "$ref" || typeof member !== "string") {
      reached(member, schemas, found);
      continue;
    }
    const name = member.slice(local.length);
    if (!Object.hasOwn(schemas, name) || found.has(name)) continue;
    found.add(name);
    reached(schemas[name], schemas, found);
  }
  return found;
}
