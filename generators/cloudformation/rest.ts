import type { Domain, GatewayModel } from "../../src/model/gateway-model.js";
import type { JsonValue } from "../../src/model/types.js";
import { type JsonObject, jsonObject, objectOf, unlessEmpty } from "../emit/stable-json.js";
import { planCdn } from "./cdn.js";
import type { Cloud } from "./cloud.js";
import { planDeployment, planRestStages, stageId, webSocketApi } from "./stages.js";
import { logicalName, type Template } from "./template.js";

/** A REST API, its deployment, stages, plans, keys and domains. */
export function planRestApi(model: GatewayModel, body: JsonObject, cloud: Cloud, template: Template): void {
  const hasCdn = model.domains.some(({ cdn }) => cdn);
  template.resource("Api", "AWS::ApiGateway::RestApi", {
    Name: model.name,
    Body: body,
    // The edge is the distribution then, and one in front of another is none.
    EndpointConfiguration: { Types: [hasCdn ? "REGIONAL" : model.endpoint.toUpperCase()] },
    ...(model.disableExecuteApiEndpoint ? { DisableExecuteApiEndpoint: true } : {}),
  });
  const newest = planDeployment(
    "Api",
    "AWS::ApiGateway::Deployment",
    body,
    { RestApiId: { Ref: "Api" } },
    [],
    template,
  );
  planLogRole(model, template);
  planRestStages(model, newest, cloud, template);
  planUsagePlans(model, template);
  planKeys(model, cloud, template);
  for (const domain of model.domains) {
    if (domain.cdn) planCdn(domain, model, cloud, template);
    else planDomain(domain, model, cloud, template);
  }
}

/** Logs need a role of the account, once for all its APIs: made on request only. */
export function planLogRole({ stages }: GatewayModel, template: Template): void {
  if (!stages.some(({ log, accessLog }) => log !== "off" || accessLog !== undefined)) return;
  template.parameter("SetLogRole", {
    description: "true sets the account's role for logs of API Gateway, which the account needs once.",
    preset: "false",
  });
  const Condition = template.condition("SetsLogRole", { "Fn::Equals": [{ Ref: "SetLogRole" }, "true"] });
  const trust = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "apigateway.amazonaws.com" }, Action: "sts:AssumeRole" }],
  };
  const policy = {
    "Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs",
  };
  template.resource(
    "LogRole",
    "AWS::IAM::Role",
    { AssumeRolePolicyDocument: trust, ManagedPolicyArns: [policy] },
    { Condition },
  );
  template.resource(
    "Account",
    "AWS::ApiGateway::Account",
    { CloudWatchRoleArn: { "Fn::GetAtt": ["LogRole", "Arn"] } },
    { Condition },
  );
}

function planUsagePlans({ plans, websocket }: GatewayModel, template: Template): void {
  for (const plan of plans) {
    const routes = objectOf(
      plan.routes.map(({ routeKey, throttle }) => {
        const [method = "", path = ""] = routeKey.split(" ");
        return [
          `${path}/${method === "ANY" ? "*" : method}`,
          { RateLimit: throttle.rate, BurstLimit: throttle.burst },
        ] as const;
      }),
    );
    template.resource(
      planId(plan.name),
      "AWS::ApiGateway::UsagePlan",
      jsonObject({
        UsagePlanName: plan.name,
        Description: plan.description,
        ApiStages: [
          ...plan.stages.map((stage) =>
            jsonObject({ ApiId: { Ref: "Api" }, Stage: { Ref: stageId("Api", stage) }, Throttle: unlessEmpty(routes) }),
          ),
          ...(websocket?.apiKeyRequired ? plan.stages.map(socketStage) : []),
        ],
        Throttle: plan.throttle && { RateLimit: plan.throttle.rate, BurstLimit: plan.throttle.burst },
        Quota:
          plan.quota &&
          jsonObject({ Limit: plan.quota.limit, Period: plan.quota.period, Offset: plan.quota.offset || undefined }),
      }),
    );
  }
}

/** A key that opens WebSocket connections belongs to a plan of their API too. */
function socketStage(stage: string): JsonObject {
  return { ApiId: { Ref: webSocketApi }, Stage: { Ref: stageId(webSocketApi, stage) } };
}

function planId(name: string): string {
  return `${logicalName(name)}Plan`;
}

function planKeys({ keys }: GatewayModel, cloud: Cloud, template: Template): void {
  for (const key of keys) {
    const id = `${logicalName(key.name)}Key`;
    const value: JsonValue | undefined = key.value && cloud.fileText(key.value, true);
    template.resource(
      id,
      "AWS::ApiGateway::ApiKey",
      jsonObject({ Name: key.name, Description: key.description, Enabled: key.enabled, Value: value }),
    );
    for (const plan of key.plans) {
      template.resource(`${id}${planId(plan)}`, "AWS::ApiGateway::UsagePlanKey", {
        KeyId: { Ref: id },
        KeyType: "API_KEY",
        UsagePlanId: { Ref: planId(plan) },
      });
    }
  }
}

function planDomain(domain: Domain, model: GatewayModel, cloud: Cloud, template: Template): void {
  const id = `${logicalName(domain.name)}Domain`;
  const certificate = certificateOf(domain, id, cloud, template);
  const isEdge = model.endpoint === "edge";
  const truststore = domain.aws.truststoreUri && cloud.fileText(domain.aws.truststoreUri);
  template.resource(
    id,
    "AWS::ApiGateway::DomainName",
    jsonObject({
      DomainName: domain.name,
      [isEdge ? "CertificateArn" : "RegionalCertificateArn"]: certificate,
      EndpointConfiguration: { Types: [isEdge ? "EDGE" : "REGIONAL"] },
      SecurityPolicy: tlsPolicy(domain),
      MutualTlsAuthentication: truststore === undefined ? undefined : { TruststoreUri: truststore },
    }),
  );
  for (const { basePath, stage } of domain.paths) {
    template.resource(
      `${id}${basePath === "" ? "Root" : logicalName(basePath)}Mapping`,
      "AWS::ApiGateway::BasePathMapping",
      jsonObject({
        DomainName: { Ref: id },
        RestApiId: { Ref: "Api" },
        Stage: { Ref: stageId("Api", stage) },
        BasePath: basePath === "" ? undefined : basePath,
      }),
    );
  }
  planDomainOutput(id, isEdge ? "DistributionDomainName" : "RegionalDomainName", domain.name, template);
}

export function planDomainOutput(id: string, attribute: string, name: string, template: Template): void {
  template.output(`${id}Target`, `Name that ${name} has to be an alias of in the DNS.`, {
    "Fn::GetAtt": [id, attribute],
  });
}

/** The file's certificate, or a parameter. */
export function certificateOf(domain: Domain, id: string, cloud: Cloud, template: Template): JsonValue {
  if (domain.aws.certificateArn) return cloud.fileText(domain.aws.certificateArn);
  return template.parameter(`${id}CertificateArn`, {
    description: `Certificate of ${domain.name} in ACM.`,
    preset: undefined,
  });
}

/** CloudFormation's names end with 1.2 for regional domains. */
export function tlsPolicy({ securityPolicy }: Domain): string {
  return securityPolicy === "TLS_1_0" ? "TLS_1_0" : "TLS_1_2";
}
