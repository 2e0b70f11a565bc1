import type { ApiKind } from "../model/gateway-model.js";
import type { Span } from "../source.js";
import type { GatewaySyntax } from "../syntax/gateway-syntax.js";
import type { Checking, Target } from "./checking.js";
import { withWebSocketRoutes } from "./websocket-as-routes.js";

interface Feature {
  /** Subject of the message: `API keys`. */
  readonly name: string;
  /** Which targets lack it. */
  readonly lacking: readonly Target[];
  /** The kind of API that has it; the other refuses it by name itself. */
  readonly only?: ApiKind;
  /** Where the file asks for it. */
  readonly find: (syntax: GatewaySyntax) => readonly (Span | undefined)[];
}

const node: readonly Target[] = ["node"];

/**
 * What an output does not do yet. It is refused by name and never ignored; landing a feature is deleting its entry.
 * `node` is the generated gateway, `aws` the documents for AWS.
 */
const missing: readonly Feature[] = [
  {
    name: "messages of WebSocket routes in the execution log",
    lacking: node,
    find: ({ websocket, stages }) =>
      websocket === undefined ? [] : stages.map(({ log }) => (log?.value === "debug" ? log.span : undefined)),
  },
];

/** Refuses what the wanted outputs cannot carry out yet, once a feature. What no output has yet is refused always. */
export function checkSupported({ syntax: written, kind, targets, report }: Checking): void {
  const syntax = withWebSocketRoutes(written);
  for (const { name, lacking, only = kind, find } of missing) {
    const isNowhere = lacking.length === 2;
    const lacks = lacking.filter((target) => targets.has(target));
    if (only !== kind || (lacks.length === 0 && !isNowhere)) continue;
    const [span, ...others] = find(syntax).filter((place) => place !== undefined);
    if (span === undefined) continue;
    const notes = others.slice(0, 3).map((other) => ({ span: other, message: "it is asked for here too" }));
    const works = isNowhere
      ? "leave it out until a later version has it"
      : "leave it out, or build the other outputs: gateway build --only openapi,sdk,handlers";
    report("not-supported-yet", span, { feature: name, targets: isNowhere ? [] : lacks, works }, { notes });
  }
}
