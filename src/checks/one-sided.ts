import type { Span } from "../source.js";
import type { GatewaySyntax } from "../syntax/gateway-syntax.js";
import type { Checking, Target } from "./checking.js";

/** Keys that have diagnostics of their own: options by AWS's name, and settings of WebSocket connections. */
const toldElsewhere: ReadonlySet<string> = new Set(["aws-options", "compression", "limits"]);

/** Values that only one target carries out, of keys that both have. docs/differences.md has a row for each. */
const values: readonly {
  readonly name: string;
  readonly target: Target;
  readonly about: string;
  readonly find: (syntax: GatewaySyntax) => readonly (Span | undefined)[];
}[] = [
  {
    name: "endpoint: edge",
    target: "aws",
    about: "Answers carry the headers that a CDN adds; there is no CDN in front of the gateway.",
    find: ({ endpoint }) => [endpoint?.value === "edge" ? endpoint.span : undefined],
  },
  {
    name: "securityPolicy: TLS_1_3",
    target: "node",
    about: "The domain on AWS gets TLS_1_2, which speaks 1.3 too.",
    find: ({ domains }) =>
      domains.map(({ securityPolicy }) => (securityPolicy?.value === "TLS_1_3" ? securityPolicy.span : undefined)),
  },
  {
    name: "$default",
    target: "node",
    about: "On AWS the WebSocket API's stage is called default: its address ends with /default.",
    find: ({ stages, websocket }) =>
      websocket ? stages.map(({ name }) => (name.text === "$default" ? name.span : undefined)) : [],
  },
  {
    name: "invalidate",
    target: "node",
    about: "CloudFormation has no property for it: set it in the console, under the stage's method settings.",
    find: ({ stages }) => stages.map(({ cache }) => cache?.invalidate?.span),
  },
];

/** What one of the wanted targets does not carry out: told by the tags of the language, and by the values above. */
export function checkOneSided({ syntax, targets, report }: Checking): void {
  for (const { name, target, about } of syntax.oneSided ?? []) {
    if (targets.has(otherThan(target)) && !toldElsewhere.has(name.text))
      report(codes[target], name.span, { name: name.text, about });
  }
  for (const { name, target, about, find } of values) {
    if (!targets.has(otherThan(target))) continue;
    for (const span of find(syntax)) if (span) report(codes[target], span, { name, about });
  }
}

const codes = { aws: "key-only-on-aws", node: "key-only-on-node" } as const;

function otherThan(target: Target): Target {
  return target === "aws" ? "node" : "aws";
}
