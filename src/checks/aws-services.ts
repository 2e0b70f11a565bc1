import { places } from "../mapping/expressions/index.js";
import { awsServiceFacts, servicesWithActions } from "../model/aws-services.js";
import type { Text } from "../model/expressions.js";
import { firstClassActions } from "../model/first-class-actions.js";
import type { AwsIntegration } from "../model/integrations.js";
import { actionOfCall } from "../model/service-permissions.js";
import { nearest } from "../nearest.js";
import type { AwsSyntax, RouteSyntax, TextValue } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";
import { readEndpoint, readText, readValue, textFrom } from "./expressions.js";
import { integrationMethod, routeMethod } from "./http-integrations.js";
import { type IntegrationContext, mapsBody, responsesOf } from "./integration-context.js";
import { checkIntegrationOptions } from "./integration-options.js";
import { checkRequestMapping } from "./request-mapping.js";
import { checkPathParameter, placeOf, requestReferences } from "./request-references.js";

const httpApiActions = Object.keys(firstClassActions);

/** A call of an AWS service: `sqs:SendMessage` is an action, `s3:bucket/{key}` a path (section 6.4). */
export async function checkAwsService(
  syntax: AwsSyntax,
  context: IntegrationContext,
): Promise<AwsIntegration | undefined> {
  const { route, checking } = context;
  const parsed = parseTarget(syntax.target, context);
  const isAction = parsed?.target.kind === "action";
  if (parsed) checkParameters(syntax, parsed, context);
  const isMapped = isAction || syntax.with.length > 0 || mapsBody(route.request);
  const found = requestReferences(context);
  const isHttp = checking.kind === "http";
  const made = {
    kind: "aws",
    method: methodOf(context, isAction),
    parameters: syntax.with.flatMap(({ name, value }) => {
      const read = readValue(
        value,
        isHttp ? places.httpParameter : placeOf(places.requestMapping, context),
        checking,
        found,
      );
      return read === undefined ? [] : [{ name: name.text, value: read }];
    }),
    credentials: syntax.credentials && checkRole(syntax.credentials, checking),
    timeoutMs: context.timeoutMs,
    ...checkIntegrationOptions(route.request, checking, isMapped),
    request: await checkRequestMapping(route.request, context, "aws"),
    responses: await responsesOf(context, false),
  } as const;
  if (parsed === undefined) return undefined;
  const integration = { ...made, ...(syntax.permission ? { permission: syntax.permission.text } : {}), ...parsed };
  checkPermission(syntax, integration, context);
  return integration;
}

/** The role of the template is to do no more than it needs, so the action of a call by path has to be known. */
function checkPermission(syntax: AwsSyntax, call: AwsIntegration, { checking, route }: IntegrationContext): void {
  if (call.target.kind === "action" || syntax.credentials || !checking.targets.has("aws")) return;
  if (actionOfCall(call, routeMethod(route.key.text)) !== undefined) return;
  checking.report("service-permission", syntax.target.span, { service: call.service });
}

type Target = Pick<AwsIntegration, "service" | "target">;

function parseTarget(target: TextValue, context: IntegrationContext): Target | undefined {
  const { checking } = context;
  const match = /^([a-z0-9-]+(?:\.[a-z0-9-]+)?):(.+)$/s.exec(target.text);
  const [, service = "", rest = ""] = match ?? [];
  const instead = withoutArn(target.text);
  if (!match || service === "arn" || instead !== undefined) {
    checking.report("bad-aws-target", target.span, { target: target.text, instead });
    return undefined;
  }
  if (checking.kind === "http" && !httpApiActions.includes(target.text)) {
    const near = nearest(target.text, httpApiActions);
    checking.report("not-on-http-apis", target.span, {
      what: `an integration with "${target.text}"`,
      instead: near ? `did you mean "${near}"?` : `they have ${httpApiActions.join(", ")}; use kind: rest for others`,
    });
    return undefined;
  }
  if (rest.includes("/")) {
    const path = pathTarget(target, service.length + 1, context);
    return path && { service, target: { kind: "path", path } };
  }
  if (/^[A-Za-z][A-Za-z0-9]*$/.test(rest)) {
    if (checking.kind === "rest" && !isCallable(service, target, context)) return undefined;
    return { service, target: { kind: "action", action: rest } };
  }
  checking.report("bad-aws-target", target.span, { target: target.text, instead: undefined });
  return undefined;
}

/** What stands in an ARN as API Gateway's integrations have it; undefined: it is none, and no part of one. */
function withoutArn(text: string): string | undefined {
  const arn = /^arn:[\w-]+:apigateway:[^:]*:([^:]+):(action|path)\/(.+)$/s.exec(text);
  const action = /^([a-z0-9.-]+):action\/([A-Za-z0-9]+)$/.exec(text);
  if (arn) return `${arn[1]}:${arn[3]}`;
  if (!action) return undefined;
  const { protocol } = awsServiceFacts(action[1] ?? "");
  return protocol !== undefined && protocol.kind !== "rest" ? `${action[1]}:${action[2]}` : undefined;
}

/** API Gateway itself knows every service; the gateway here knows those whose protocol is listed. */
function isCallable(service: string, { span }: TextValue, { checking }: IntegrationContext): boolean {
  const { protocol } = awsServiceFacts(service);
  if (!checking.targets.has("node") || (protocol !== undefined && protocol.kind !== "rest")) return true;
  const near = protocol === undefined ? nearest(service, servicesWithActions) : undefined;
  checking.report("aws-action-unknown", { start: span.start, end: span.start + service.length }, { service, near });
  return false;
}

/** Parameters and rule make the body together; a template that is written out makes it alone. */
function checkParameters(
  syntax: AwsSyntax,
  { service, target }: Target,
  { route, checking }: IntegrationContext,
): void {
  if (checking.kind === "http") {
    checkFirstClass(syntax, route, checking);
    return;
  }
  const [first] = syntax.with;
  const map = route.request?.map;
  const isWritten = (route.request?.templates.length ?? 0) > 0;
  if (first && isWritten) checking.report("aws-parameters-unused", first.name.span, { name: first.name.text });
  if (map === undefined || map.kind === "map" || isWritten) return;
  const takesWhole = target.kind === "path" || awsServiceFacts(service).protocol?.kind !== "query";
  if (first !== undefined || !takesWhole) checking.report("aws-parameters-not-a-map", map.span, {});
}

/** Parameters of a first-class integration are those of its action; nothing else of the request goes to it. */
function checkFirstClass({ target, with: given }: AwsSyntax, { request }: RouteSyntax, checking: Checking): void {
  const action = firstClassActions[target.text];
  if (!action) return;
  const known = [...Object.keys(action.parameters), "Region"];
  for (const { name } of given) {
    if (known.includes(name.text)) continue;
    const near = nearest(name.text, known);
    checking.report("first-class-parameter", name.span, { name: name.text, action: target.text, near, known });
  }
  const missing = action.required.filter((name) => !given.some((parameter) => parameter.name.text === name));
  if (missing.length > 0)
    checking.report("first-class-parameter-missing", target.span, { missing, action: target.text });
  const [mapped] = [...(request?.headers ?? []), ...(request?.query ?? [])];
  const span = mapped?.name.span ?? request?.wholePath?.span;
  if (span) checking.report("first-class-mapping", span, {});
}

function pathTarget(target: TextValue, start: number, { path, checking, route }: IntegrationContext): Text | undefined {
  const mapped = new Set((route.request?.path ?? []).map(({ name }) => name.text));
  return readEndpoint(textFrom(target, start), places.endpoint, checking, (reference, at) => {
    if (reference.kind === "path" && !mapped.has(reference.name))
      checkPathParameter(reference.name, path, at, checking);
    return undefined;
  });
}

/** AWS: Enumeration value for HttpMethod must be non-empty (section 36). An action is called by POST. */
function methodOf({ route, checking }: IntegrationContext, isAction: boolean): string {
  const written = integrationMethod(route.request, checking);
  if (written !== undefined || route.request?.method) return written ?? "POST";
  if (isAction) return "POST";
  const own = routeMethod(route.key.text);
  if (own === "ANY" && route.integration)
    checking.report("integration-method-missing", route.integration.name.span, {});
  return own;
}

/** A role, or `arn:aws:iam::*:user/*` for the caller's own permissions. */
function checkRole(credentials: TextValue, checking: Checking): Text | undefined {
  const text = readText(credentials, places.arn, checking);
  const [first] = text?.parts ?? [];
  if (typeof first === "string" && !/^arn:aws[\w-]*:iam::(?:\d{12}:role\/|\*:user\/\*$|$)/.test(first)) {
    checking.report("bad-role-arn", credentials.span, { arn: credentials.text });
    return undefined;
  }
  return text;
}
