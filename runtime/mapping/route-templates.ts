import { contextValue } from "../http/context-value.js";
import type { Exchange } from "../http/exchange.js";
import { GatewayError } from "../http/gateway-error.js";
import type { BodyTemplate } from "../integrations/http-target.js";
import { restSpelling } from "../integrations/request-headers.js";
import { type ContextData, contextMap, readOverrides } from "./context-map.js";
import type { TemplateParams } from "./host/input-object.js";
import { decodePercent, parseQuery } from "./query-text.js";
import { TemplateError } from "./template-error.js";
import { renderTemplate, type Template } from "./template-runtime.js";
import type { JavaMap } from "./values/collections.js";

/**
 * A compiled template as the integrations call it. Templates of one exchange share `$context`, so that overrides made
 * by a request's template show in the response's (aws-behaviour.md section 6.1).
 *
 * @param contextNames variables of `$context` that the route's templates read
 */
export function bodyTemplate(
  side: "request" | "response",
  template: Template,
  contextNames: readonly string[],
): BodyTemplate {
  return (x) => {
    const body = side === "request" ? x.body : x.backend?.body;
    try {
      return renderTemplate(template, {
        body: body === undefined || body.length === 0 ? "" : body.toString("utf8"),
        params: new ExchangeParams(x),
        context: contextOf(x, contextNames),
        stageVariables: contextMap(x.stage.eventVariables ?? {}),
      });
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      throw new GatewayError("API_CONFIGURATION_ERROR", undefined, { detail: `mapping template: ${error.message}` });
    }
  };
}

function contextOf(x: Exchange, names: readonly string[]): JavaMap {
  const known = x.templateContext;
  if (known !== undefined) return known as JavaMap;
  const context = contextMap(contextData(x, names));
  x.templateContext = context;
  x.overrides = () => readOverrides(context);
  return context;
}

/** `identity.sourceIp` becomes a member of a map `identity`. */
function contextData(x: Exchange, names: readonly string[]): { readonly [name: string]: ContextData } {
  const data: { [name: string]: ContextData } = {
    requestOverride: { header: {}, path: {}, querystring: {} },
    responseOverride: { header: {} },
  };
  for (const name of names) {
    const value = name === "requestTimeEpoch" ? x.receivedAt : (contextValue(x, name) ?? null);
    const dot = name.indexOf(".");
    if (dot === -1) data[name] = value;
    else {
      const parent = name.slice(0, dot);
      data[parent] = { ...(data[parent] as { readonly [name: string]: ContextData }), [name.slice(dot + 1)]: value };
    }
  }
  return data;
}

/** `$input.params`: of the client's request, each group read when it is first asked for. */
class ExchangeParams implements TemplateParams {
  #path: ReadonlyMap<string, string> | undefined;
  #querystring: ReadonlyMap<string, string> | undefined;
  #header: ReadonlyMap<string, string> | undefined;

  constructor(private readonly x: Exchange) {}

  get path(): ReadonlyMap<string, string> {
    this.#path ??= pathParams(this.x);
    return this.#path;
  }

  get querystring(): ReadonlyMap<string, string> {
    this.#querystring ??= new Map(parseQuery(this.x.query).map(([name, value]) => [name, value]));
    return this.#querystring;
  }

  get header(): ReadonlyMap<string, string> {
    this.#header ??= headerParams(this.x);
    return this.#header;
  }
}

function pathParams({ route, pathValues }: Exchange): ReadonlyMap<string, string> {
  const names = route.segments
    .filter((segment) => segment.startsWith("{"))
    .map((segment) => segment.replace(/[{+}]/g, ""));
  return new Map(names.map((name, index) => [name, decodePercent(pathValues[index] ?? "")]));
}

/** The last of several values, under the client's spelling but for the two names that API Gateway respells (2.4). */
function headerParams({ headers }: Exchange): ReadonlyMap<string, string> {
  const params = new Map<string, string>();
  for (let at = 0; at < headers.length; at += 2)
    params.set(restSpelling(headers[at] as string), headers[at + 1] as string);
  return params;
}
