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
} as const satisfies Record<string, Rule>;
