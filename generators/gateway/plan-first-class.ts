import { invariant } from "../../src/invariant.js";
import { awsServiceFacts } from "../../src/model/aws-services.js";
import { firstClassActions } from "../../src/model/first-class-actions.js";
import type { AwsIntegration } from "../../src/model/integrations.js";
import { code, type Planned } from "../emit/code-literal.js";
import { planService, targetHeader } from "./plan-aws.js";
import { planAnswerChanges } from "./plan-integration-responses.js";
import { valueSource } from "./plan-mappings.js";

const appConfigPath =
  "/applications/{Application}/environments/{Environment}/configurations/{Configuration}?client_id={ClientId}&client_configuration_version={ClientConfigurationVersion}";

/** A first-class integration of an HTTP API: everything that its action's protocol wants is a constant. */
export function planFirstClass(integration: AwsIntegration): Planned {
  const { service, target, parameters } = integration;
  invariant(target.kind === "action", "HTTP APIs have actions only");
  const wire = firstClassActions[`${service}:${target.action}`]?.parameters ?? {};
  const facts = awsServiceFacts(service);
  const { protocol } = facts;
  const region = parameters.find(({ name }) => name === "Region")?.value;
  const planned = planService(facts, target.action) as { readonly [name: string]: Planned };
  const isPath = service === "appconfig";
  return {
    service: region?.kind === "constant" ? { ...planned, region: String(region.value) } : planned,
    protocolHeaders: isPath ? [] : targetHeader(facts, target.action),
    contentType: isPath
      ? undefined
      : protocol?.kind === "json"
        ? `application/x-amz-json-${protocol.version}`
        : "application/x-www-form-urlencoded",
    proxy: false,
    method: "POST",
    uri: "/",
    headers: [],
    query: [],
    path: [],
    insecureSkipVerification: false,
    responses: planAnswerChanges(integration),
    firstClass: {
      protocol: isPath ? "path" : protocol?.kind === "json" ? "json" : "query",
      prefix: isPath
        ? appConfigPath
        : protocol?.kind === "query"
          ? `Action=${target.action}&Version=${protocol.version}`
          : "",
      wrapper: service === "events" ? "Entries" : undefined,
      parameters: parameters.flatMap(({ name, value }) => {
        const own = wire[name];
        if (own === undefined) return [];
        const [wireName, form] = typeof own === "string" ? [own, "text"] : own;
        return [{ name: wireName, form, source: code(valueSource(value)) }];
      }),
    },
  };
}
