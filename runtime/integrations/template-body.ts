import { authorizerContext } from "../auth/caller-view.js";
import { contextValue } from "../http/context-value.js";
import type { Exchange, TemplateState } from "../http/exchange.js";
import { type ContextData, readOverrides, templateContext } from "../mapping/context-map.js";
import { type BodyParts, FoundParts } from "../mapping/json/body-parts.js";
import { PlainJson } from "../mapping/json/plain-json.js";
import { parseQuery } from "../mapping/query-text.js";
import { TemplateError } from "../mapping/template-error.js";
import { renderTemplate, type Template } from "../mapping/template-runtime.js";
import type { ContextName, TemplateInput } from "../mapping/template-scope.js";
import { type JavaMap, LentMap } from "../mapping/values/collections.js";
import type { Trace } from "../observe/trace.js";
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
      const text = renderTemplate(template, new ExchangeInput(x, payload));
      if (x.trace !== undefined) noteTemplate(x, x.trace, payload, text);
      return text;
    } catch (error) {
      if (error instanceof TemplateError) throw configurationError(`template: ${error.message}`);
      throw error;
    }
  };
}

function noteTemplate(x: Exchange, trace: Trace, payload: string, text: string): void {
  const overrides = x.templates?.overrides();
  const set = overrides && {
    status: overrides.response.status,
    headers: Object.fromEntries([...overrides.request.header, ...overrides.response.header]),
    query: Object.fromEntries(overrides.request.querystring),
    path: Object.fromEntries(overrides.request.path),
  };
  trace.note("template", {
    side: x.backend === undefined ? "request" : "response",
    in: trace.body(payload),
    out: trace.body(text),
    overrides: set,
  });
}

/** What a rendering reads of its exchange; made when it is read, as most templates read little. */
export class ExchangeInput implements TemplateInput {
  #params: TemplateInput["params"] | undefined = undefined;
  #stageVariables: JavaMap | undefined = undefined;

  constructor(
    private readonly x: Exchange,
    readonly body: string,
  ) {}

  get params(): TemplateInput["params"] {
    this.#params ??= new ExchangeParams(this.x);
    return this.#params;
  }

  get context(): JavaMap {
    const { x } = this;
    x.templates ??= newState(x);
    const { context } = x.templates;
    // Where the request's template has made the map, there was no answer yet.
    if (x.socket !== undefined && x.backend !== undefined) context.entries.set("status", String(x.status));
    return context;
  }

  get stageVariables(): JavaMap {
    this.#stageVariables ??= new LentMap(this.x.stage.variables);
    return this.#stageVariables;
  }

  /** Rules change nothing of it, so that all of one payload share it. */
  plainBody(): PlainJson | undefined {
    const { x, body } = this;
    if (x.plainPayload?.text !== body) {
      x.plainPayload = { text: body, json: PlainJson.of(body === "" ? "{}" : body) };
    }
    return x.plainPayload.json;
  }

  foundParts(parts: BodyParts): FoundParts | undefined {
    const { x, body } = this;
    const found = FoundParts.of(body === "" ? "{}" : body, parts, x.payloadParts);
    if (found !== undefined) x.payloadParts = found;
    return found;
  }

  /** Until a template has made the map, nobody can have changed it. */
  contextText({ name }: ContextName): string | undefined | null {
    return this.x.templates === undefined && isScalar.has(name) ? contextValue(this.x, name) : null;
  }
}

class ExchangeParams {
  #path: ReadonlyMap<string, string> | undefined = undefined;
  #querystring: ReadonlyMap<string, string> | undefined = undefined;
  #header: ReadonlyMap<string, string> | undefined = undefined;

  constructor(private readonly x: Exchange) {}

  get path(): ReadonlyMap<string, string> {
    this.#path ??= pathParams(this.x);
    return this.#path;
  }

  get querystring(): ReadonlyMap<string, string> {
    this.#querystring ??= queryParams(this.x);
    return this.#querystring;
  }

  get header(): ReadonlyMap<string, string> {
    this.#header ??= headerParams(this.x);
    return this.#header;
  }
}

function newState(x: Exchange): TemplateState {
  const context = templateContext(contextData(x));
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
  "awsEndpointRequestId",
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
  "status",
  "wafResponseCode",
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
  "vpcId",
  "vpceId",
] as const;

/** Names whose value is a text, or nothing: all but groups. */
const isScalar: ReadonlySet<string> = new Set([...plainNames, ...identityNames.map((name) => `identity.${name}`)]);

/** `$context` of a REST request (14.5); each value is that of `contextValue`. */
function contextData(x: Exchange): { readonly [name: string]: ContextData } {
  return {
    ...Object.fromEntries(plainNames.map((name) => [name, contextValue(x, name)])),
    identity: {
      ...Object.fromEntries(identityNames.map((name) => [name, contextValue(x, `identity.${name}`)])),
      clientCert: x.clientCertificate && { ...x.clientCertificate },
    },
    authorizer: authorizerContext(x.caller),
  };
}
