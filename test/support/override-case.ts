import { mappedSource } from "../../generators/gateway/plan-mappings.js";
import { overrideDirectives } from "../../generators/openapi/aws-templates.js";
import { requestExpression, responseExpression } from "../../generators/openapi/rest-expressions.js";
import { anonymousIdentity } from "../../runtime/auth/caller.js";
import { createGateway } from "../../runtime/host/gateway.js";
import { Exchange } from "../../runtime/http/exchange.js";
import { fromBodyPart } from "../../runtime/integrations/body-part.js";
import type { BodyTemplate } from "../../runtime/integrations/http-target.js";
import { templateBody } from "../../runtime/integrations/template-body.js";
import type { ParameterSource } from "../../runtime/mapping/parameters.js";
import * as parameters from "../../runtime/mapping/parameters.js";
import { loadTemplate } from "../../scripts/vtl/load-template.js";
import type { TemplateCaseInput } from "../../scripts/vtl/template-case.js";
import type { Reference, Value } from "../../src/model/expressions.js";
import { testProgram, testRoute } from "./program.js";

export type Target = Parameters<typeof overrideDirectives>[0][number]["target"];

export const targets: readonly Target[] = [
  "requestOverride.header",
  "requestOverride.querystring",
  "requestOverride.path",
  "responseOverride.header",
];

/** Name of the parameter that is set: as awkward as names of headers may be. */
const name = "X-it's";

/** The directives that AWS gets for a parameter. */
export function directivesOf(value: Value, target: Target): string {
  return overrideDirectives([{ target, name, value: sided(value, target) }]);
}

const sources: Readonly<Record<string, unknown>> = { ...parameters, fromBodyPart };

/** What is sent for it here; undefined: nothing. */
export function sentHere(value: Value, target: Target, x: Exchange): string | undefined {
  const names = Object.keys(sources);
  const source = new Function(...names, `"use strict"; return ${mappedSource(sided(value, target))};`)(
    ...names.map((each) => sources[each]),
  ) as ParameterSource;
  const sent = source(x);
  if (typeof sent === "object") throw new Error("one value is sent, not several");
  return sent;
}

/** What the directives set when our own engine renders them; undefined: nothing. */
export function setByTemplate(value: Value, target: Target, x: Exchange): string | undefined {
  const template = loadTemplate(`${directivesOf(value, target)}x`);
  if (template === undefined) throw new Error(`refused: ${directivesOf(value, target)}`);
  const render = templateBody(template) as Exclude<BodyTemplate, string>;
  const printed = render(x, (x.backend?.body ?? x.body).toString("utf8"));
  if (printed !== "x") throw new Error(`the directives print ${printed}`);
  const [side, place] = target.split(".") as [
    "requestOverride" | "responseOverride",
    "header" | "querystring" | "path",
  ];
  const overrides = x.templates?.overrides();
  const set = side === "requestOverride" ? overrides?.request[place] : overrides?.response.header;
  return set?.get(name) as string | undefined;
}

/** A template that shows what the directives set. */
export function shownByTemplate(value: Value, target: Target): string {
  const map = `context.${target}`;
  const key = `'X-it''s'`;
  return `${directivesOf(value, target)}#if($${map}.containsKey(${key}))<$!${map}.get(${key})>#{else}nothing#end`;
}

/** Whether AWS has no expression for a value, so that a template sets the parameter. */
export function isOverride(value: Value, target: Target): boolean {
  const given = sided(value, target);
  return (target === "responseOverride.header" ? responseExpression(given) : requestExpression(given)) === undefined;
}

/** A response reads the backend's body. */
function sided(value: Value, target: Target): Value {
  if (target !== "responseOverride.header") return value;
  const reference = (of: Reference): Reference => (of.kind === "body" ? { ...of, kind: "responseBody" } : of);
  switch (value.kind) {
    case "reference":
      return { ...value, reference: reference(value.reference) };
    case "default":
      return { ...value, reference: reference(value.reference), otherwise: sided(value.otherwise, target) };
    case "text":
      return {
        ...value,
        text: { parts: value.text.parts.map((part) => (typeof part === "string" ? part : reference(part))) },
      };
    default:
      return value;
  }
}

/** A request as it is when parameters are mapped, and on the way back the backend's answer. */
export function exchangeOf(
  target: Target,
  { body = "", params, context, stageVariables }: TemplateCaseInput,
): Exchange {
  const variables = Object.entries(stageVariables ?? {}).map(([key, value]) => ({ name: key, value }));
  const program = testProgram([testRoute("POST /orders/{id}")], { stages: [{ name: "dev", variables, log: "off" }] });
  const { live } = createGateway({ program, environment: {}, logger: { write: () => undefined } });
  const query = Object.entries(params?.querystring ?? {}).map(([key, text]) => `${key}=${encodeURIComponent(text)}`);
  const headers = Object.entries(params?.header ?? {}).flat();
  const transport = { hasBody: true, send: () => undefined } as unknown as Exchange["transport"];
  const x = new Exchange(
    live,
    "POST",
    "/dev/orders/1",
    "/orders/1",
    query.join("&"),
    headers,
    "192.0.2.1",
    0,
    transport,
  );
  const [stage] = live.stages.values();
  if (stage === undefined) throw new Error("there is one stage");
  x.stage = stage;
  live.router.find("POST", "/orders/1", x);
  // A route that matches has its parameters.
  x.pathValues = [params?.path?.["id"] ?? ""];
  const isAnswer = target === "responseOverride.header";
  x.body = Buffer.from(isAnswer ? "" : body);
  if (isAnswer) x.backend = { status: 200, headers: [], body: Buffer.from(body) };
  const authorizer = context?.["authorizer"] as Readonly<Record<string, string>> | undefined;
  if (authorizer !== undefined) {
    x.caller = {
      authorizer: {
        kind: "lambda",
        principalId: undefined,
        context: new Map(Object.entries(authorizer)),
        latencyMs: 0,
      },
      cacheIdentity: "",
      identity: anonymousIdentity,
      usageIdentifierKey: undefined,
    };
  }
  return x;
}
