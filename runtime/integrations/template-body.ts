import { authorizerContext } from "../auth/caller-view.js";
import { contextValue } from "../http/context-value.js";
import type { Exchange, TemplateState } from "../http/exchange.js";
import { type ContextData, contextMap, readOverrides } from "../mapping/context-map.js";
import { parseQuery } from "../mapping/query-text.js";
import { TemplateError } from "../mapping/template-error.js";
import { renderTemplate, type Template } from "../mapping/template-runtime.js";
import type { TemplateInput } from "../mapping/template-scope.js";
import { configurationError } from "./failures.js";
import type { BodyTemplate } from "./http-target.js";
import { parameterNames } from "./path-parameters.js";
import { restSpelling } from "./request-headers.js";

/**
 * A compiled template as a body of a target. The parameters it reads are always the client's; the payload is the client's
 * body or the backend's answer (aws-behaviour.md 14.1). All templates of an exchange share one `$context`, so that what
 * one overrides the next one sees.
 */
export function templateBody(template: Template): BodyTemplate {
  return (x, payload) => {
    try {
      return renderTemplate(template, inputOf(x, payload));
    } catch (error) {
      if (error instanceof TemplateError) throw configurationError(`template: ${error.message}`);
      throw error;
    }
  };
}

function inputOf(x: Exchange, payload: string): TemplateInput {
  x.templates ??= newState(x);
  return {
    body: payload,
    params: { path: pathParams(x), querystring: queryParams(x), header: headerParams(x) },
    context: x.templates.context,
    stageVariables: contextMap(Object.fromEntries(x.stage.variables)),
  };
}

function newState(x: Exchange): TemplateState {
  const context = contextMap(contextData(x));
  return { context, overrides: () => readOverrides(context) };
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
  "connectedAt",
  "connectionId",
  "deploymentId",
  "domainName",
  "domainPrefix",
  "eventType",
  "extendedRequestId",
  "httpMethod",
  "isCanaryRequest",
  "messageId",
  "operationName",
  "path",
  "protocol",
  "requestId",
  "requestTime",
  "requestTimeEpoch",
  "resourceId",
  "resourcePath",
  "routeKey",
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
    identity: {
      ...Object.fromEntries(identityNames.map((name) => [name, contextValue(x, `identity.${name}`)])),
      clientCert: x.clientCertificate && { ...x.clientCertificate },
    },
    authorizer: authorizerContext(x.caller),
    requestOverride: { header: {}, path: {}, querystring: {} },
    responseOverride: { header: {} },
  };
}
