import type { GatewayModel } from "../../src/model/gateway-model.js";
import { asRestRoute } from "../../src/model/websocket.js";
import type { JsonObject } from "../emit/stable-json.js";
import { planAwsDocument } from "../openapi/plan-aws.js";
import { Cloud, inCloud, nowhere } from "./cloud.js";
import { planHttpApi } from "./http.js";
import { type Caller, planPermissions } from "./permissions.js";
import { planRestApi } from "./rest.js";
import { planRole } from "./role.js";
import { Template } from "./template.js";
import { planFirewall } from "./waf.js";
import { planWebSocketApi } from "./websocket.js";

export interface CloudFormationPlan {
  readonly template: JsonObject;
  /** The API's document by itself, where the template has no room for it: to be put into S3. */
  readonly body: JsonObject | undefined;
}

/** Most that a template may have, bytes (CloudFormation quotas). */
const mostBytes = 1_000_000;

/**
 * The whole of the gateway on AWS as one plain template: API, deployment, stages, plans, keys, domains, permissions, roles, logs
 * and firewall. It needs no transform, and names no account and no region.
 */
export function planCloudFormation(model: GatewayModel): CloudFormationPlan {
  const template = planTemplate(model);
  const whole = template.print(describe(model));
  if (JSON.stringify(whole).length <= mostBytes) return { template: whole, body: undefined };
  // The document goes to S3, with this file's own region and account in its ARNs: nothing replaces them there.
  return { template: withBodyInS3(template, describe(model)), body: planAwsDocument(model) };
}

function planTemplate(model: GatewayModel): Template {
  const template = new Template();
  const cloud = new Cloud(template, model);
  const document = inCloud(planAwsDocument({ ...model, aws: nowhere }), cloud) as JsonObject;
  const hasRoutes = model.routes.length > 0 || !model.websocket;
  if (hasRoutes) {
    if (model.kind === "http") planHttpApi(model, document, cloud, template);
    else planRestApi(model, document, cloud, template);
    template.output("ApiId", "Id of the API.", { Ref: "Api" });
  }
  const socketRoutes = model.websocket
    ? model.websocket.routes.map((route) =>
        asRestRoute(route, model.websocket as NonNullable<GatewayModel["websocket"]>),
      )
    : [];
  if (model.websocket) planWebSocketApi(model, model.websocket, cloud, template);
  if (hasRoutes && model.kind === "rest") planFirewall(model, template);
  const callers: Caller[] = [
    ...(hasRoutes ? [{ api: "Api", routes: model.routes }] : []),
    ...(model.websocket ? [{ api: "WebSocketApi", routes: socketRoutes }] : []),
  ];
  planPermissions(model, callers, cloud, template);
  if (cloud.usesRole) planRole(model, [...model.routes, ...socketRoutes], template);
  return template;
}

function describe({ name, version }: GatewayModel): string {
  return `${name} ${version}, made by gateway build`;
}

function withBodyInS3(template: Template, description: string): JsonObject {
  const bucket = template.parameter("BodyBucket", {
    description: "Bucket that api-body.json lies in.",
    preset: undefined,
  });
  const key = template.parameter("BodyKey", {
    description: "Its key there; a new one for each version.",
    preset: undefined,
  });
  return template.withProperty("Api", "Body", "BodyS3Location", { Bucket: bucket, Key: key }).print(description);
}
