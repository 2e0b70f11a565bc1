import type { GatewayModel } from "../../src/model/gateway-model.js";
import { type JsonObject, jsonObject, objectOf, unlessEmpty } from "../emit/stable-json.js";
import { planCdn } from "./cdn.js";
import type { Cloud } from "./cloud.js";
import { certificateOf, planDomainOutput } from "./rest.js";
import { accessLogSetting, deploymentOf, planDeployment, stageId, variablesOf } from "./stages.js";
import { logicalName, sub, type Template } from "./template.js";

/** An HTTP API: `$default` deploys itself, other stages are pinned. */
export function planHttpApi(model: GatewayModel, body: JsonObject, cloud: Cloud, template: Template): void {
  template.resource(
    "Api",
    "AWS::ApiGatewayV2::Api",
    jsonObject({
      Body: body,
      FailOnWarnings: false,
      DisableExecuteApiEndpoint: model.disableExecuteApiEndpoint ? true : undefined,
    }),
  );
  const isPinned = model.stages.some(({ name }) => name !== "$default");
  const newest = isPinned
    ? planDeployment("Api", "AWS::ApiGatewayV2::Deployment", body, { ApiId: { Ref: "Api" } }, [], template)
    : "";
  for (const stage of model.stages) {
    const id = stageId("Api", stage.name);
    const isAutomatic = stage.name === "$default";
    const routes = model.routes.flatMap((route) => {
      const throttle = stage.routes.find(({ routeKey }) => routeKey === route.key)?.throttle ?? route.throttle;
      return throttle ? [[route.key, settings(throttle, stage.metrics === "detailed")] as const] : [];
    });
    template.resource(
      id,
      "AWS::ApiGatewayV2::Stage",
      jsonObject({
        ApiId: { Ref: "Api" },
        StageName: stage.name,
        Description: stage.description,
        AutoDeploy: isAutomatic ? true : undefined,
        DeploymentId: isAutomatic ? undefined : deploymentOf("Api", stage, newest, template),
        StageVariables: unlessEmpty(variablesOf(stage.variables, cloud)),
        DefaultRouteSettings: unlessEmpty(settings(stage.throttle, stage.metrics === "detailed")),
        RouteSettings: unlessEmpty(objectOf(routes)),
        AccessLogSettings: accessLogSetting(id, stage.accessLog, template),
      }),
    );
    const tail = isAutomatic ? "" : `/${stage.name}`;
    template.output(
      `${id}Url`,
      `Address of the stage ${stage.name}.`,
      sub(`https://\${Api}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}${tail}`),
    );
  }
  planDomains(model, cloud, template);
}

function settings(
  throttle: { readonly rate: number; readonly burst: number } | undefined,
  isDetailed: boolean,
): JsonObject {
  return jsonObject({
    ThrottlingRateLimit: throttle?.rate,
    ThrottlingBurstLimit: throttle?.burst,
    DetailedMetricsEnabled: isDetailed ? true : undefined,
  });
}

function planDomains(model: GatewayModel, cloud: Cloud, template: Template): void {
  for (const domain of model.domains) {
    if (domain.cdn) {
      planCdn(domain, model, cloud, template);
      continue;
    }
    const id = `${logicalName(domain.name)}Domain`;
    const truststore = domain.aws.truststoreUri && cloud.fileText(domain.aws.truststoreUri);
    template.resource(
      id,
      "AWS::ApiGatewayV2::DomainName",
      jsonObject({
        DomainName: domain.name,
        DomainNameConfigurations: [
          {
            CertificateArn: certificateOf(domain, id, cloud, template),
            EndpointType: "REGIONAL",
            SecurityPolicy: "TLS_1_2",
          },
        ],
        MutualTlsAuthentication: truststore === undefined ? undefined : { TruststoreUri: truststore },
      }),
    );
    for (const { basePath, stage } of domain.paths) {
      template.resource(
        `${id}${basePath === "" ? "Root" : logicalName(basePath)}Mapping`,
        "AWS::ApiGatewayV2::ApiMapping",
        jsonObject({
          DomainName: { Ref: id },
          ApiId: { Ref: "Api" },
          Stage: { Ref: stageId("Api", stage) },
          ApiMappingKey: basePath === "" ? undefined : basePath,
        }),
      );
    }
    planDomainOutput(id, "RegionalDomainName", domain.name, template);
  }
}
