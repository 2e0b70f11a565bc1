import { modelIdOf } from "../../../host/stable-ids.js";
import { type AdminAnswer, type AdminRequest, jsonAnswer } from "../../admin-message.js";
import type { AdminTarget } from "../../admin-target.js";
import { missing } from "../../design/lookup-rules.js";
import { type Members, membersOf } from "../design.js";
import { modelTemplate } from "../model-template.js";
import { v2ApiOf, v2Design, v2Page } from "./apis.js";

/** GetModels: what messages of a WebSocket API are validated by. HTTP APIs have none on AWS. @throws AdminProblem */
export function getV2Models(target: AdminTarget, { query }: AdminRequest, [id = ""]: readonly string[]): AdminAnswer {
  return jsonAnswer(
    v2Page(
      modelsOf(target, id).map(({ modelId, name, schema }) => viewOf(modelId, name, schema)),
      query,
    ),
  );
}

/** GetModel. @throws AdminProblem */
export function getV2Model(
  target: AdminTarget,
  _: AdminRequest,
  [id = "", wanted = ""]: readonly string[],
): AdminAnswer {
  const { modelId, name, schema } = modelOf(target, id, wanted);
  return jsonAnswer(viewOf(modelId, name, schema));
}

/** GetModelTemplate. @throws AdminProblem */
export function getV2ModelTemplate(
  target: AdminTarget,
  _: AdminRequest,
  [id = "", wanted = ""]: readonly string[],
): AdminAnswer {
  const { schema } = modelOf(target, id, wanted);
  return jsonAnswer({ value: modelTemplate(schema, membersOf(schema["definitions"])) });
}

interface Model {
  readonly modelId: string;
  readonly name: string;
  readonly schema: Members;
}

/** Those of the documents beside the gateway: it checks by code, and has no schemas itself. */
function modelsOf(target: AdminTarget, id: string): readonly Model[] {
  const api = v2ApiOf(target, id);
  if (api.protocol === "HTTP") return [];
  return Object.entries(membersOf(v2Design(target, api)?.document["models"])).map(([name, schema]) => ({
    modelId: modelIdOf(api.apiId, name),
    name,
    schema: membersOf(schema),
  }));
}

function modelOf(target: AdminTarget, id: string, wanted: string): Model {
  const found = modelsOf(target, id).find(({ modelId }) => modelId === wanted);
  if (found === undefined) throw missing("model");
  return found;
}

function viewOf(modelId: string, name: string, schema: Members): Members {
  return { modelId, name, contentType: "application/json", schema: JSON.stringify(schema, undefined, 2) };
}
