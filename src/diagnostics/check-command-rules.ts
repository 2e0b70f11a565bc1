import type { Rule } from "./rule.js";

/** What \`gateway check\` tells besides mistakes. */
export const checkCommandRules = {
  "open-route": {
    severity: "info",
    message: (p: { key: string }) => `"${p.key}" is open to everybody`,
    help: () => "name an authorizer with auth:, or apiKey: true, where that is not meant",
    explain: `The route wants neither an authorizer nor an API key. A resource policy, firewall rules and throttles may still stand in front
of it. gateway check lists the open routes: for people in one line, with --format json and sarif each at its place.`,
  },
  "no-handler-export": {
    severity: "warning",
    message: (p: { name: string; path: string }) => `${p.path} exports no "handler": every call of "${p.name}" fails`,
    help: () => "export const handler = …, as the module that gateway build writes for a new function does",
    explain: `A function's module exports the handler by the name "handler", here and on Lambda (its setting Handler is <module>.handler).
A module without one loads, and each call of the function is answered as an invocation that failed: 502 by a REST API, 500 by an
HTTP API, "Internal server error" to a WebSocket client.`,
  },
  "cached-policy-of-one-method": {
    severity: "warning",
    message: (p: { name: string; ttlSeconds: number; at: string }) =>
      `the answers of "${p.name}" are kept for ${p.ttlSeconds} s, and ${p.at} allows the called method alone`,
    help: () =>
      "allow all that the caller may call (decide.allow without only, or the ARN with /* behind the stage), or say ttl: 0",
    explain: `API Gateway keeps what an authorizer's function answers by the caller's identity, and asks the kept policy about every
method of the stage that the caller calls next. A policy for event.methodArn therefore refuses all other methods with 403
until it is forgotten, and with parameters in the path also the same route for another id.

The generated binder's decide.allow names every method of the stage unless it is told otherwise. With ttl: 0 nothing is kept.`,
  },
} as const satisfies Record<string, Rule>;
