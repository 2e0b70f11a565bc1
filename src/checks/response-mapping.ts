import { type Place, places, writtenKinds } from "../mapping/expressions/index.js";
import { isOneReference, type Reference, referencesOf, type Value } from "../model/expressions.js";
import type { IntegrationResponse } from "../model/integrations.js";
import type { Span } from "../source.js";
import type { ResponseHeaderSyntax, ResponseSyntax, RouteSyntax } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";
import { type OnReference, readValue } from "./expressions.js";
import { isMappableResponseHeader } from "./request-mapping.js";
import { placeOf, type RequestScope, requestReferences } from "./request-references.js";
import { checkSelectionPattern } from "./selection-patterns.js";
import { checkAnswerSelection } from "./selections.js";
import { checkStatusRule } from "./status-rule.js";
import { checkTemplates } from "./templates.js";

/** `from: never`: a response that is documented, and that the integration's answers never become. */
const documented = "never";
/** `from: default`: the answers that no other response is for, as AWS's OpenAPI names them. */
const fallback = "default";

/** Whether a response says how it is made: then the integration is no proxy. */
export function mapsResponse(response: ResponseSyntax): boolean {
  const { map, templates, from, headers, contentHandling, statusRule, templateSelection } = response;
  if (from?.text === documented) return false;
  return (
    map !== undefined ||
    templates.length > 0 ||
    from !== undefined ||
    contentHandling !== undefined ||
    statusRule !== undefined ||
    templateSelection !== undefined ||
    headers.some((header) => header.value !== undefined)
  );
}

/** How the answers of a backend become responses of a REST API (aws-behaviour.md sections 10 and 12.2). */
export async function checkIntegrationResponses(
  route: RouteSyntax,
  scope: RequestScope,
): Promise<readonly IntegrationResponse[]> {
  reportMappedDocumentation(route, scope);
  const selected = route.responses.filter((response) => isSelected(response, route, scope));
  const made = await Promise.all(selected.map((response) => checkResponse(response, route, scope)));
  reportSamePatterns(selected, made, scope);
  return made;
}

/** What a response with `from: never` says about its making is said for nothing. */
export function reportMappedDocumentation({ responses }: RouteSyntax, { checking }: RequestScope): void {
  for (const { from, status, statusRule, map, templates, contentHandling, templateSelection, headers } of responses) {
    if (from?.text !== documented) continue;
    const made: readonly (readonly [string, { readonly span: Span } | undefined])[] = [
      ["status", statusRule],
      ["map", map],
      ["template", templates[0]?.text],
      ["contentHandling", contentHandling],
      ["templateSelection", templateSelection],
      ...headers.map(
        ({ name, value, append, remove }) =>
          [name.text, value ?? append ?? (remove?.value ? remove : undefined)] as const,
      ),
    ];
    for (const [name, node] of made) {
      if (node) checking.report("mapping-never-used", node.span, { name, status: status.value });
    }
  }
}

/** A function's errors are selected by their message only: without `from` a mapped error answer is never given. */
function isSelected(response: ResponseSyntax, route: RouteSyntax, { checking }: RequestScope): boolean {
  if (response.from?.text === documented) return false;
  if (route.integration?.kind !== "lambda" || response.from !== undefined || isSuccess(response)) return true;
  const { status } = response;
  if (mapsResponse(response)) checking.report("response-never-selected", status.span, { status: status.value });
  return false;
}

async function checkResponse(
  response: ResponseSyntax,
  route: RouteSyntax,
  scope: RequestScope,
): Promise<IntegrationResponse> {
  const { checking } = scope;
  const place = placeOf(route.integration?.kind === "mock" ? places.mock : places.responseMapping, scope);
  const found = requestReferences(scope);
  return {
    status: response.status.value,
    pattern: patternOf(response, route, checking),
    statusRule: response.statusRule && checkStatusRule(response.statusRule, place, checking, found),
    headers: responseHeaders(response.headers, scope, route.integration?.kind === "mock", found),
    templates: await checkTemplates(
      response,
      {
        kind: "response",
        place,
        bodyType: undefined,
        givesJson: response.body !== undefined,
        found,
        parameters: scope.parameters,
        setsStatus: response.statusRule !== undefined,
        keysAreSelected: response.templateSelection !== undefined,
      },
      checking,
    ),
    contentHandling: response.contentHandling?.value,
    templateSelection: response.templateSelection && checkAnswerSelection(response.templateSelection, checking),
  };
}

/** `append:` and `remove:` of a header; undefined where there is neither. */
function appendedHeader(
  header: ResponseHeaderSyntax,
  place: Place,
  checking: Checking,
  found: OnReference,
): IntegrationResponse["headers"] | undefined {
  const { append, remove } = header;
  const asked = append ?? (remove?.value ? remove : undefined);
  if (asked === undefined) return undefined;
  if (checking.kind === "rest") {
    const what = append ? "values that are appended" : "headers that are removed";
    checking.report("not-on-rest-apis", asked.span, { what, instead: "use kind: http, or give the whole value" });
    return [];
  }
  if (!isMappableResponseHeader(header, checking)) return [];
  if (append === undefined) return [{ name: header.name.text, value: { kind: "constant", value: null } }];
  const value = readValue(append, place, checking, found);
  return value === undefined ? [] : [{ name: header.name.text, value, appends: true }];
}

function patternOf(response: ResponseSyntax, route: RouteSyntax, checking: Checking): string | undefined {
  if (response.from === undefined) return impliedPattern(response, route);
  return response.from.text === fallback ? undefined : checkSelectionPattern(response.from, checking);
}

function responseHeaders(
  headers: readonly ResponseHeaderSyntax[],
  scope: RequestScope,
  isMock: boolean,
  found: OnReference,
): IntegrationResponse["headers"] {
  const { checking } = scope;
  const ofAnswer = checking.kind === "http" ? places.responseHeader : places.restResponseHeader;
  const place = placeOf(isMock ? { ...places.mock, where: "a response header" } : ofAnswer, scope);
  return headers.flatMap((header) => {
    const added = appendedHeader(header, place, checking, found);
    if (added) return added;
    const node = header.value ?? header.short;
    if (node === undefined || !isMappableResponseHeader(header, checking)) return [];
    const value = readValue(node, place, checking, found);
    if (value === undefined || !isSeenByAws(value, node.span, checking)) return [];
    return [{ name: header.name.text, value }];
  });
}

/**
 * REST APIs map a header of the backend as it is, and its status not at all. A text or a default is made by a template,
 * which sees neither of them (aws-behaviour.md sections 12.2 and 14.1).
 */
function isSeenByAws(value: Value, span: Span, { kind, report }: Checking): boolean {
  if (kind === "http") return true;
  const isAlone = isOneReference(value);
  const unseen = referencesOf(value).find(({ kind: of }) => of === "responseStatus" || (isHeader.has(of) && !isAlone));
  if (unseen === undefined) return true;
  const isStatus = unseen.kind === "responseStatus";
  report("expression-not-here", span, {
    expression: writtenKinds[unseen.kind],
    where: isStatus ? "a response header of a REST API" : "a text or beside a default",
    reads: `${isStatus ? "$response.header.x, " : ""}$response.body.x, $context.x and stage variables`,
  });
  return false;
}

const isHeader: ReadonlySet<Reference["kind"]> = new Set(["responseHeader", "responseMultiHeader"]);

/**
 * Without `from`: on HTTP and AWS integrations the 2xx response stands for every 2xx of the backend, and others for their
 * own status, as do several 2xx (AWS's own default would turn a backend's 400 into a 200). On Lambda the 2xx is the
 * default; on MOCK it is chosen by its status.
 */
function impliedPattern(response: ResponseSyntax, { integration, responses }: RouteSyntax): string | undefined {
  switch (integration?.kind) {
    case "mock":
      return response.status.value === mockStatus(responses) ? undefined : String(response.status.value);
    case "lambda":
      return undefined;
    default: {
      const isOnly = isSuccess(response) && responses.filter((other) => isSuccess(other) && !other.from).length === 1;
      return isOnly ? "2\\d{2}" : String(response.status.value);
    }
  }
}

/** The status of a mock answer: the first 2xx of the file, else its first response, else 200. */
export function mockStatus(responses: readonly ResponseSyntax[]): number {
  return (responses.find(isSuccess) ?? responses[0])?.status.value ?? 200;
}

function isSuccess({ status }: ResponseSyntax): boolean {
  return status.value >= 200 && status.value < 300;
}

/** Patterns are the names of an integration's responses on AWS: no two can be the same. */
function reportSamePatterns(
  syntax: readonly ResponseSyntax[],
  made: readonly IntegrationResponse[],
  { checking }: RequestScope,
): void {
  const first = new Map<string, ResponseSyntax>();
  for (const [index, response] of syntax.entries()) {
    const pattern = made[index]?.pattern;
    // A pattern that is wrong has been reported.
    if (pattern === undefined && response.from !== undefined && response.from.text !== fallback) continue;
    const other = first.get(pattern ?? "");
    if (!other) {
      first.set(pattern ?? "", response);
      continue;
    }
    const notes = [{ span: other.from?.span ?? other.status.span, message: "this one has it first" }];
    checking.report("same-selection", response.from?.span ?? response.status.span, { pattern }, { notes });
  }
}

/** Response parameters of HTTP APIs: headers by the backend's exact status (section 28.2). */
export function checkHttpApiResponses(route: RouteSyntax, scope: RequestScope): readonly IntegrationResponse[] {
  const { checking } = scope;
  return route.responses.flatMap((response) => {
    const { from, status, statusRule } = response;
    if (statusRule) {
      checking.report("not-on-http-apis", statusRule.span, {
        what: "statuses that a rule gives",
        instead: "make the status the response's key, and name the backend's with from",
      });
    }
    if (from && !/^[1-5]\d\d$/.test(from.text)) {
      checking.report("not-on-http-apis", from.span, {
        what: "selection patterns",
        instead: 'write the backend\'s status: from: "500"',
      });
      return [];
    }
    const written = response.headers.filter(
      (header) => header.value !== undefined || header.append !== undefined || header.remove?.value,
    );
    const headers = responseHeaders(written, scope, false, requestReferences(scope));
    if (headers.length === 0 && !from) return [];
    const pattern = from?.text ?? String(status.value);
    const none = { statusRule: undefined, templates: [], contentHandling: undefined };
    return [{ status: status.value, pattern, headers, ...none }];
  });
}
