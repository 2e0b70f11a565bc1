import { awsServiceFacts } from "../../src/model/aws-services.js";
import type { Value } from "../../src/model/expressions.js";
import type { AwsIntegration, Template } from "../../src/model/integrations.js";

import { encodedParameters } from "./service-parameters.js";

type NamedValue = { readonly name: string; readonly value: Value };

/** The body of a call of an AWS service, the same for API Gateway and for the gateway here. */
export interface ServiceCall {
  /** What the protocol wants; undefined: the client's own. */
  readonly contentType: string | undefined;
  readonly templates: readonly Template[];
}

/**
 * Parameters given under `with:` and by a rule become one body in the service's protocol: a form for services with the
 * query protocol, JSON for the others. A template that the file writes out is the whole body, and so is a rule that is
 * no map.
 */
export function serviceCall(integration: AwsIntegration): ServiceCall {
  const { service, target, request } = integration;
  const isWritten = request.templates.some(({ source }) => source.kind !== "rule");
  const { protocol } = awsServiceFacts(service);
  if (target.kind === "path") {
    return { contentType: undefined, templates: isWritten ? request.templates : jsonTemplates(integration) };
  }
  const isForm = protocol?.kind === "query";
  const contentType = isForm
    ? formType
    : `application/x-amz-json-${protocol?.kind === "json" ? protocol.version : "1.1"}`;
  if (isWritten) return { contentType, templates: request.templates };
  if (!isForm) return { contentType, templates: jsonTemplates(integration) };
  const prefix = `Action=${formEncoded(target.action)}&Version=${protocol.version}`;
  const fields = actionParameters(integration).map(({ name, value }) => ({ name: formEncoded(name), value }));
  return { contentType, templates: [jsonTemplate({ kind: "form", prefix, fields })] };
}

const formType = "application/x-www-form-urlencoded";

function jsonTemplates(integration: AwsIntegration): readonly Template[] {
  const whole = wholeRule(integration);
  if (whole !== undefined) return [jsonTemplate({ kind: "rule", rule: whole })];
  const { service, target } = integration;
  const given = actionParameters(integration);
  const members = target.kind === "action" ? encodedParameters(`${service}:${target.action}`, given) : given;
  if (members.length === 0 && target.kind === "path") return [];
  return [jsonTemplate({ kind: "rule", rule: { kind: "object", members } })];
}

function jsonTemplate(source: Template["source"]): Template {
  return { mediaType: "application/json", source };
}

/** A rule that is the whole body, where no parameters are given beside it. */
function wholeRule({ parameters, request }: AwsIntegration): Value | undefined {
  const rule = ruleOf(request.templates);
  return parameters.length === 0 && rule?.kind !== "object" ? rule : undefined;
}

/** Parameters of the action: those of the rule replace those under `with:`. */
export function actionParameters({ parameters, request }: AwsIntegration): readonly NamedValue[] {
  const rule = ruleOf(request.templates);
  const mapped = rule?.kind === "object" ? rule.members : [];
  return [...new Map([...parameters, ...mapped].map((entry) => [entry.name, entry])).values()];
}

function ruleOf(templates: readonly Template[]): Value | undefined {
  for (const { source } of templates) if (source.kind === "rule") return source.rule;
  return undefined;
}

/** Percent-encoded as UTF-8; a lone surrogate, which UTF-8 does not have, as the replacement character. */
function formEncoded(text: string): string {
  return encodeURIComponent(Buffer.from(text, "utf8").toString("utf8"));
}
