import { nearest } from "../../nearest.js";
import { anyContextVariables, contextElsewhere, contextVariables, errorVariables } from "../vtl/check/context-names.js";

/** Which variables of `$context` have a value: in mappings of REST and WebSocket APIs, in gateway responses, in access logs; HTTP APIs have their own. */
export type ContextScope = "mapping" | "socket" | "gatewayResponse" | "accessLog" | "http";

export type ContextProblem =
  /** `index`: of the first name that is unknown. */
  | { readonly kind: "unknown"; readonly index: number; readonly near: string | undefined }
  | { readonly kind: "elsewhere"; readonly where: string };

/** aws-behaviour.md section 14.5, "only in access logs". */
const logVariables = [
  ...["authorize", "authenticate", "waf"].flatMap((phase) => [`${phase}.error`, `${phase}.latency`, `${phase}.status`]),
  "customDomain.basePathMatched",
  ...["error", "integrationStatus", "latency", "requestId", "status"].map((name) => `integration.${name}`),
  "integrationErrorMessage",
  "integrationLatency",
  "integrationStatus",
  "responseLatency",
  "responseLength",
  "status",
  "xrayTraceId",
];

/** Section 28.5: variables that HTTP APIs add; templates and overrides they lack. */
const httpVariables = [
  ...anyContextVariables.filter(
    (name) => !/^(?:requestOverride|responseOverride|resourceId|resourcePath)\b/.test(name),
  ),
  ...errorVariables,
  ...logVariables.filter((name) => !/^(?:authorize|authenticate|waf|xrayTraceId)\b/.test(name)),
  "authorizer.error",
  "awsEndpointRequestId2",
  "dataProcessed",
  "routeKey",
];

const scopes: Readonly<Record<ContextScope, readonly string[]>> = {
  ...contextVariables,
  gatewayResponse: [...anyContextVariables, ...errorVariables],
  accessLog: [...anyContextVariables, ...errorVariables, ...logVariables],
  http: httpVariables,
};

/** Why `$context.a.b` has no value in that scope; undefined when it has one, or is a map of such. */
export function contextProblem(path: readonly string[], scope: ContextScope): ContextProblem | undefined {
  let below = scopes[scope].map((name) => name.split("."));
  for (const [index, name] of path.entries()) {
    const next = below.filter(([head]) => head === name || head === "*");
    if (next.length === 0) return problemAt(path, index, below, scope);
    if (next.some(([head]) => head === "*")) return undefined;
    below = next.map((names) => names.slice(1)).filter((names) => names.length > 0);
  }
  return undefined;
}

function problemAt(
  path: readonly string[],
  index: number,
  below: readonly (readonly string[])[],
  scope: ContextScope,
): ContextProblem {
  const [first = ""] = path;
  const elsewhere = contextElsewhere[scope === "socket" ? "socket" : "mapping"].find(({ names }) =>
    names.includes(first),
  );
  if (index === 0 && elsewhere !== undefined && scope !== "accessLog") {
    return { kind: "elsewhere", where: elsewhere.where };
  }
  const known = below.flatMap(([head]) => (head === undefined || head === "*" ? [] : [head]));
  return { kind: "unknown", index, near: nearest(path[index] ?? "", known) };
}
