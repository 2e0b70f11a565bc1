import type { GatewayModel, Stage } from "../../src/model/gateway-model.js";
import { executeApiDomain } from "../emit/aws-names.js";
import { type JsonObject, jsonObject } from "../emit/stable-json.js";

/**
 * Where consumers find the API: its domains; API Gateway's own address, stage by stage; and the gateway on this machine.
 * The API's id on AWS is not known before it is deployed, hence a server variable.
 */
export function planServers(model: GatewayModel): readonly JsonObject[] {
  return [...domainServers(model), ...executeApiServers(model), ...localServers(model)];
}

function domainServers(model: GatewayModel): readonly JsonObject[] {
  return model.domains.flatMap((domain) =>
    domain.paths.map(({ basePath, stage }) => ({
      url: basePath === "" ? `https://${domain.name}` : `https://${domain.name}/${basePath}`,
      description: `Stage ${stage}`,
    })),
  );
}

function executeApiServers(model: GatewayModel): readonly JsonObject[] {
  const apiId = { default: "api-id", description: "The API's id on AWS" };
  return stageServers(model.stages, `https://{apiId}.${executeApiDomain(model.aws.region)}`, { apiId }, "AWS");
}

function localServers(model: GatewayModel): readonly JsonObject[] {
  return stageServers(model.stages, "http://127.0.0.1:8080", undefined, "The gateway on this machine");
}

/** One server whose variable is the stage; a `$default` stage has no segment, so it is a server of its own. */
function stageServers(
  stages: readonly Stage[],
  url: string,
  variables: JsonObject | undefined,
  place: string,
): readonly JsonObject[] {
  const named = stages.map((stage) => stage.name).filter((name) => name !== "$default");
  const servers: JsonObject[] = [];
  if (named.length < stages.length) servers.push(jsonObject({ url, description: place, variables }));
  const [first] = named;
  if (first === undefined) return servers;
  const stage = { default: first, enum: named };
  return [...servers, { url: `${url}/{stage}`, description: `${place}, by stage`, variables: { ...variables, stage } }];
}
