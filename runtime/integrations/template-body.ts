import { contextValue } from "../http/context-value.js";
import type { Exchange } from "../http/exchange.js";
import { GatewayError } from "../http/gateway-error.js";
import { type ContextData, contextMap, readOverrides } from "../mapping/context-map.js";
import { parseQuery } from "../mapping/query-text.js";
import { TemplateError } from "../mapping/template-error.js";
import { renderTemplate, type Template } from "../mapping/template-runtime.js";
import type { TemplateInput } from "../mapping/template-scope.js";
import type { JavaMap } from "../mapping/values/collections.js";
import { configurationError } from "./failures.js";
import type { BodyTemplate } from "./http-target.js";
import { parameterNames } from "./path-parameters.js";
import { restSpelling } from "./request-headers.js";

/**
 * A compiled template as a body of a target. A request template reads the client's body; once there is a backend's answer,
 * that one's (aws-behaviour.md 14.1). All templates of an exchange share one `$context`, so that overrides travel.
 */
export function templateBody(template: Template): BodyTemplate {
  return (x) => {
    try {
      return renderTemplate(template, inputOf(x));
    } catch (error) {
      if (error instanceof TemplateError) throw configurationError(`template: ${error.message}`);
      throw error instanceof GatewayError ? error : configurationError("template failed");
    }
  };
}

const contexts = Symbol("contexts");
type WithContext = Exchange & { [contexts]?: JavaMap };

function inputOf(x: WithContext): TemplateInput {
  x[contexts] ??= contextMap(contextData(x));
  const context = x[contexts];
  x.overrides ??= () => readOverrides(context);
  const body = x.backend === undefined ? x.body : x.backend.body;
  return {
    body: body.toString("utf8"),
    params: { path: pathParams(x), querystring: queryParams(x), header: headerParams(x) },
    context,
    stageVariables: contextMap(Object.fromEntries(x.stage.variables)),
  };
}

function pathParams({ route, pathValues }: Exchange): ReadonlyMap<string, string> {
  return new Map(parameterNames(route.segments).map((name, at) => [name, pathValues[at] ?? ""]));
}

/** The last of several values. */
function queryParams(x: Exchange): ReadonlyMap<string, string> {
  const pairs = parseQuery(x.query, true);
  const params = new Map<string, string>();
  for (let at = 0; at < pairs.length; at += 2) params.set(pairs[at] as string, pairs[at + 1] as string);
  return params;
}

function headerParams({ headers }: Exchange): ReadonlyMap<string, string> {
  const params = new Map<string, string>();
  for (let at = 0; at < headers.length; at += 2) {
    const name = restSpelling(headers[at] as string);
    if (name !== "") params.set(name, headers[at + 1] as string);
  }
  return params;
}

const plainNames = [
  "accountId",
  "apiId",
  "deploymentId",
  "domainName",
  "domainPrefix",
  "extendedRequestId",
  "httpMethod",
  "isCanaryRequest",
  "operationName",
  "path",
  "protocol",
  "requestId",
  "requestTime",
  "requestTimeEpoch",
  "resourceId",
  "resourcePath",
  "stage",
] as const;

const identityNames = [
  "accessKey",
  "accountId",
  "apiKey",
  "apiKeyId",
  "caller",
  "cognitoAuthenticationProvider",
  "cognitoAuthenticationType",
  "cognitoIdentityId",
  "cognitoIdentityPoolId",
  "principalOrgId",
  "sourceIp",
  "user",
  "userAgent",
  "userArn",
] as const;

/** `$context` of a REST request (14.5); each value is that of `contextValue`. */
function contextData(x: Exchange): { readonly [name: string]: ContextData } {
  return {
    ...Object.fromEntries(plainNames.map((name) => [name, contextValue(x, name)])),
    identity: Object.fromEntries(identityNames.map((name) => [name, contextValue(x, `identity.${name}`)])),
    requestOverride: { header: {}, path: {}, querystring: {} },
    responseOverride: { header: {} },
  };
}
