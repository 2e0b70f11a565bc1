import { constantText, type Text, type Value } from "../model/expressions.js";
import type {
  ContentHandling,
  Integration,
  IntegrationResponse,
  Passthrough,
  RequestMapping,
  Template,
} from "../model/integrations.js";
import type { RoutePath } from "../model/routes.js";
import { nearest } from "../nearest.js";
import type {
  AwsSyntax,
  HttpSyntax,
  LambdaSyntax,
  MockSyntax,
  RequestSyntax,
  ResponseSyntax,
  RouteSyntax,
  TemplateSyntax,
} from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";
import type { FunctionTable } from "./functions.js";
import { jsonOf, recordOf } from "./json-of.js";
import { checkAddress, checkConfigText, checkParameters, checkValue } from "./mapping-values.js";
import { checkSelectionPattern } from "./selection-patterns.js";

interface IntegrationContext {
  readonly route: RouteSyntax;
  readonly path: RoutePath;
  readonly timeoutMs: number;
  readonly checking: Checking;
  readonly functions: FunctionTable;
}

interface Common {
  readonly timeoutMs: number;
  readonly passthrough: Passthrough;
  readonly contentHandling: ContentHandling | undefined;
  readonly request: RequestMapping;
  readonly responses: readonly IntegrationResponse[];
  readonly awsOptions: Integration["awsOptions"];
}

/** What a route calls, with its mappings. Undefined when it is broken, which has been reported. */
export function checkIntegration(context: IntegrationContext): Integration | undefined {
  const { integration } = context.route;
  switch (integration?.kind) {
    case "lambda":
      return checkLambda(integration, context);
    case "http":
      return checkHttp(integration, context);
    case "mock":
      return checkMock(integration, context);
    case "aws":
      return checkAws(integration, context);
    case undefined:
      return undefined;
  }
}

function checkLambda(syntax: LambdaSyntax, context: IntegrationContext): Integration {
  const { route, checking, functions } = context;
  const proxy = !mapsRequestBody(route.request) && !route.responses.some(mapsResponse);
  const common = commonOf(context, proxy);
  if (proxy) refuseParameters(route.request, checking);
  return {
    kind: "lambda",
    proxy,
    function: functions.use(syntax.function),
    payloadFormat: payloadFormatOf(syntax, checking),
    ...common,
  };
}

/** REST has format 1.0 only (aws-behaviour.md sections 7 and 8). */
function payloadFormatOf({ payloadFormat }: LambdaSyntax, { kind, report }: Checking): "1.0" | "2.0" {
  if (kind === "rest" && payloadFormat?.value === "2.0") report("payload-format-on-rest", payloadFormat.span, {});
  return kind === "rest" ? "1.0" : (payloadFormat?.value ?? "2.0");
}

/** With AWS_PROXY, mappings have no effect (aws-behaviour.md section 6.5). */
function refuseParameters(request: RequestSyntax | undefined, { report }: Checking): void {
  for (const { name } of [...(request?.headers ?? []), ...(request?.query ?? []), ...(request?.path ?? [])]) {
    report("mapping-without-effect", name.span, { name: name.text });
  }
}

function checkHttp(syntax: HttpSyntax, context: IntegrationContext): Integration | undefined {
  const { route, path, checking } = context;
  const proxy = checking.kind === "http" || (!mapsRequestBody(route.request) && !route.responses.some(mapsResponse));
  const uri = checkUri(syntax, path, route, checking);
  const common = commonOf(context, proxy);
  if (uri === undefined) return undefined;
  const vpcLinkId = syntax.vpcLink && checkConfigText(syntax.vpcLink, checking);
  return {
    kind: "http",
    proxy,
    method: route.request?.method?.text.toUpperCase() ?? routeMethod(route, proxy),
    uri,
    connection: vpcLinkId && { vpcLinkId },
    insecureSkipVerification: syntax.insecureSkipVerification?.value ?? false,
    ...common,
  };
}

function routeMethod(route: RouteSyntax, proxy: boolean): string {
  const method = /^[A-Z]+/.exec(route.key.text)?.[0] ?? "ANY";
  return method === "ANY" || (proxy && route.key.text === "$default") ? "ANY" : method;
}

/** An address begins with a scheme and a host; `{name}` is a path parameter of the route or mapped by `request.path`. */
function checkUri(syntax: HttpSyntax, path: RoutePath, route: RouteSyntax, checking: Checking): Text | undefined {
  const { uri } = syntax;
  const known = [
    ...path.segments.flatMap((segment) => (segment.kind === "static" ? [] : [segment.name])),
    ...(route.request?.path ?? []).map(({ name }) => name.text),
  ];
  const text = checkAddress(uri, checking, (name, span) => {
    if (!known.includes(name)) checking.report("unknown-uri-parameter", span, { name, near: nearest(name, known) });
  });
  if (text === undefined) return undefined;
  const [first] = text.parts;
  const isFixed = typeof first === "string";
  const startsWell = isFixed
    ? /^https?:\/\/([^/\s]|$)/.test(first)
    : first?.kind === "stageVariable" || first?.kind === "env";
  const authority = authorityOf(text);
  if (!startsWell || /[\s"<>\\^`|]/.test(constantText(text) ?? "") || authority === undefined) {
    checking.report("bad-uri", uri.span, { uri: uri.text });
    return undefined;
  }
  return text;
}

/** Host and port, which no caller may choose: undefined when a path parameter stands in it. */
function authorityOf({ parts }: Text): string | undefined {
  let seen = "";
  for (const part of parts) {
    if (typeof part !== "string") {
      if (part.kind === "path")
        return /^https?:\/\/[^/]+\//.test(seen) || (/\//.test(seen) && seen.startsWith("*")) ? seen : undefined;
      seen += "*";
      continue;
    }
    seen += part;
  }
  return seen;
}

function checkMock(syntax: MockSyntax, context: IntegrationContext): Integration | undefined {
  const { route, checking } = context;
  const body = checkValue(syntax.value, "response", checking);
  if (body === undefined) return undefined;
  const status = route.responses[0]?.status.value ?? 200;
  const common = commonOf(context, false);
  const responses = common.responses.length > 0 ? common.responses : [bareResponse(status)];
  return {
    kind: "mock",
    status,
    ...common,
    responses: responses.map((response) =>
      response.status === status && response.templates.length === 0
        ? { ...response, templates: mockTemplates(syntax, body) }
        : response,
    ),
  };
}

function bareResponse(status: number): IntegrationResponse {
  return { status, pattern: undefined, headers: [], templates: [], contentHandling: undefined };
}

function mockTemplates(syntax: MockSyntax, body: Value): readonly Template[] {
  if (syntax.value.kind === "scalar" && syntax.value.value === null) return [];
  return [{ mediaType: "application/json", source: ruleSource(body, () => JSON.stringify(jsonOf(syntax.value))) }];
}

/** A rule without expressions is known at build time. */
function ruleSource(rule: Value, constant: () => string): Template["source"] {
  return isConstant(rule) ? { kind: "constant", text: constant() } : { kind: "rule", rule };
}

function isConstant(value: Value): boolean {
  switch (value.kind) {
    case "constant":
      return true;
    case "object":
      return value.members.every((member) => isConstant(member.value));
    case "list":
      return value.items.every(isConstant);
    default:
      return false;
  }
}

/** `sqs:SendMessage` is an action, `s3:bucket/{key}` a path. */
function checkAws(syntax: AwsSyntax, context: IntegrationContext): Integration | undefined {
  const { checking, route } = context;
  const match = /^([a-z0-9-]+):(.+)$/s.exec(syntax.target.text);
  if (!match) {
    checking.report("bad-aws-target", syntax.target.span, { target: syntax.target.text });
    return undefined;
  }
  const [, service = "", rest = ""] = match;
  const target = rest.includes("/")
    ? pathTarget(syntax, service.length + 1, checking)
    : ({ kind: "action", action: rest } as const);
  const common = commonOf(context, false);
  if (target === undefined) return undefined;
  return {
    kind: "aws",
    service,
    target,
    method: route.request?.method?.text.toUpperCase() ?? "POST",
    parameters: syntax.with.flatMap(({ name, value }) => {
      const checked = checkValue(value, "request", checking);
      return checked ? [{ name: name.text, value: checked }] : [];
    }),
    credentials: syntax.credentials && checkConfigText(syntax.credentials, checking),
    ...common,
  };
}

function pathTarget({ target }: AwsSyntax, skip: number, checking: Checking) {
  const source = {
    text: target.text.slice(skip),
    spanMap: {
      toFile: (span: { start: number; end: number }) =>
        target.spanMap.toFile({ start: span.start + skip, end: span.end + skip }),
    },
  };
  const path = checkAddress(source, checking, () => undefined);
  return path && ({ kind: "path", path } as const);
}

function mapsRequestBody(request: RequestSyntax | undefined): boolean {
  return request !== undefined && (request.map !== undefined || request.templates.length > 0);
}

function mapsResponse(response: ResponseSyntax): boolean {
  const { map, templates, from, headers } = response;
  return (
    map !== undefined ||
    templates.length > 0 ||
    from !== undefined ||
    headers.some((header) => header.value !== undefined)
  );
}

function commonOf(context: IntegrationContext, proxy: boolean): Common {
  const { route, timeoutMs, checking } = context;
  const { request } = route;
  const mapping: RequestMapping = {
    headers: checkParameters(request?.headers ?? [], "request", checking),
    query: checkParameters(request?.query ?? [], "request", checking),
    path: checkParameters(request?.path ?? [], "request", checking),
    templates: templatesOf(request, "request", checking),
  };
  return {
    timeoutMs,
    // A mapped route refuses content types that it has no template for, unless told otherwise (design.md section 2).
    passthrough: request?.passthrough?.value ?? (mapping.templates.length > 0 ? "NEVER" : "WHEN_NO_MATCH"),
    contentHandling: request?.contentHandling?.value,
    request: mapping,
    responses: proxy ? [] : route.responses.map((response) => checkResponse(response, context)),
    awsOptions: recordOf(request?.awsOptions),
  };
}

function checkResponse(response: ResponseSyntax, { checking, route }: IntegrationContext): IntegrationResponse {
  const pattern = response.from ? checkSelectionPattern(response.from, checking) : impliedPattern(response, route);
  return {
    status: response.status.value,
    pattern,
    headers: response.headers.flatMap(({ name, short, value }) => {
      const node = value ?? short;
      const checked = node && checkValue(node, "response", checking);
      return checked ? [{ name: name.text, value: checked }] : [];
    }),
    templates: templatesOf(response, "response", checking),
    contentHandling: response.contentHandling?.value,
  };
}

/**
 * Without `from`: on HTTP and AWS integrations a 2xx response stands for every 2xx of the backend, another for its own
 * status (AWS's own default would turn a backend's 400 into a 200); on MOCK the first is the default; on Lambda the 2xx is.
 */
function impliedPattern({ status }: ResponseSyntax, { integration, responses }: RouteSyntax): string | undefined {
  const isFirst = responses[0]?.status === status;
  switch (integration?.kind) {
    case "mock":
      return isFirst ? undefined : String(status.value);
    case "lambda":
      return status.value < 300 ? undefined : String(status.value);
    default:
      return status.value >= 200 && status.value < 300 ? "2\\d{2}" : String(status.value);
  }
}

function templatesOf(
  from: { readonly map: RequestSyntax["map"]; readonly templates: readonly TemplateSyntax[] } | undefined,
  place: "request" | "response",
  checking: Checking,
): readonly Template[] {
  if (from === undefined) return [];
  const { map, templates } = from;
  const rule = map && checkValue(map, place, checking);
  const written = templates.map(({ mediaType, text }): Template => {
    return { mediaType: mediaType?.text ?? "application/json", source: { kind: "vtl", text: text.text, line: 0 } };
  });
  if (map === undefined || rule === undefined) return written;
  return [{ mediaType: "application/json", source: ruleSource(rule, () => JSON.stringify(jsonOf(map))) }, ...written];
}
