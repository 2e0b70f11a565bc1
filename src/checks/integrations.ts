import { places } from "../mapping/expressions/index.js";
import type { Integration, LambdaIntegration, MockIntegration } from "../model/integrations.js";
import { nearest } from "../nearest.js";
import type { LambdaSyntax, MockSyntax, RequestSyntax } from "../syntax/gateway-syntax.js";
import { checkAwsService } from "./aws-services.js";
import { checkHttpIntegration } from "./http-integrations.js";
import { type IntegrationContext, mapsBody, responsesOf } from "./integration-context.js";
import { checkIntegrationOptions } from "./integration-options.js";
import { checkRequestMapping } from "./request-mapping.js";
import { placeOf, requestReferences } from "./request-references.js";
import { checkIntegrationResponses, mapsResponse, mockStatus } from "./response-mapping.js";
import { ruleTemplate } from "./templates.js";

/** What a route calls, with its mappings. Undefined when it is broken, which has been reported. */
export async function checkIntegration(context: IntegrationContext): Promise<Integration | undefined> {
  const { integration } = context.route;
  switch (integration?.kind) {
    case "lambda":
      return checkLambda(integration, context);
    case "http":
      return checkHttpIntegration(integration, context);
    case "mock":
      return checkMock(integration, context);
    case "aws":
      return checkAwsService(integration, context);
    case undefined:
      return undefined;
  }
}

async function checkLambda(syntax: LambdaSyntax, context: IntegrationContext): Promise<LambdaIntegration> {
  const { route, checking, functions } = context;
  const isRest = checking.kind === "rest";
  const proxy = !isRest || (!mapsBody(route.request) && !route.responses.some(mapsResponse));
  if (proxy && isRest) refuseMappings(route.request, context);
  else if (isRest) checkCallParameters(route.request, context);
  const path = isRest ? undefined : route.request?.wholePath;
  if (path) checking.report("mapping-without-effect", path.span, { name: "path" });
  const method = route.request?.method;
  if (method && method.text.toUpperCase() !== "POST") checking.report("lambda-method", method.span, {});
  return {
    kind: "lambda",
    proxy,
    function: functions.use(syntax.function),
    payloadFormat: payloadFormatOf(syntax, context),
    timeoutMs: context.timeoutMs,
    ...checkIntegrationOptions(route.request, checking),
    request: await checkRequestMapping(proxy && isRest ? undefined : route.request, context, "lambda"),
    responses: await responsesOf(context, proxy),
  };
}

/** REST has format 1.0 only (aws-behaviour.md sections 7 and 8). */
function payloadFormatOf({ payloadFormat }: LambdaSyntax, { checking }: IntegrationContext): "1.0" | "2.0" {
  if (checking.kind === "http") return payloadFormat?.value ?? "2.0";
  if (payloadFormat?.value === "2.0") {
    checking.report("not-on-rest-apis", payloadFormat.span, {
      what: "events of format 2.0",
      instead: "leave payloadFormat out, or use kind: http",
    });
  }
  return "1.0";
}

/** With AWS_PROXY, mappings have no effect (section 6.5). */
function refuseMappings(request: RequestSyntax | undefined, { checking }: IntegrationContext): void {
  if (request === undefined) return;
  for (const { name } of [...request.headers, ...request.query, ...request.path]) {
    checking.report("mapping-without-effect", name.span, { name: name.text });
  }
  if (request.passthrough) checking.report("mapping-without-effect", request.passthrough.span, { name: "passthrough" });
  const { contentHandling } = request;
  if (contentHandling) checking.report("mapping-without-effect", contentHandling.span, { name: "contentHandling" });
}

/** Headers and parameters of the Invoke API (Lambda API reference): all that a mapped one can say to Lambda. */
const callHeaders = ["X-Amz-Invocation-Type", "X-Amz-Client-Context", "X-Amz-Log-Type"];

/** With templates, mapped parameters go to Lambda's Invoke API and not to the function. */
function checkCallParameters(request: RequestSyntax | undefined, { checking }: IntegrationContext): void {
  if (request === undefined) return;
  const isKnown = (name: string, known: readonly string[]) =>
    known.some((other) => other.toLowerCase() === name.toLowerCase());
  const unknown = [
    ...request.headers.filter(({ name }) => !isKnown(name.text, callHeaders)),
    ...request.query.filter(({ name }) => name.text !== "Qualifier"),
    ...request.path,
  ];
  for (const { name } of unknown) {
    checking.report("lambda-parameter-unread", name.span, { name: name.text, near: nearest(name.text, callHeaders) });
  }
}

/** The first request template decides the status on AWS; here the file's first 2xx response does. */
async function checkMock(syntax: MockSyntax, context: IntegrationContext): Promise<MockIntegration> {
  const { route, checking } = context;
  const status = mockStatus(route.responses);
  const place = {
    kind: "response",
    place: placeOf(places.mock, context),
    bodyType: undefined,
    found: requestReferences(context),
    parameters: context.parameters,
  } as const;
  const isEmpty = syntax.value.kind === "scalar" && syntax.value.value === null;
  const body = isEmpty ? undefined : ruleTemplate(syntax.value, place, checking);
  const declared = await checkIntegrationResponses(route, context);
  const none = { pattern: undefined, statusRule: undefined, headers: [], templates: [], contentHandling: undefined };
  const bare = { status, ...none };
  const responses = declared.length > 0 ? declared : [bare];
  return {
    kind: "mock",
    status,
    timeoutMs: context.timeoutMs,
    ...checkIntegrationOptions(route.request, checking),
    request: await checkRequestMapping(route.request, context, "mock"),
    responses: responses.map((response) => {
      if (response.status !== status || body === undefined) return response;
      const hasOwn = response.templates.some(({ mediaType }) => mediaType === body.mediaType);
      if (hasOwn && !isEmptyMap(syntax.value)) {
        checking.report("template-twice", syntax.value.span, { type: body.mediaType });
      }
      return hasOwn ? response : { ...response, templates: [body, ...response.templates] };
    }),
  };
}

/** `mock: {}` beside a template says no more than that it is a mock. */
function isEmptyMap(value: MockSyntax["value"]): boolean {
  return value.kind === "map" && value.entries.length === 0;
}
