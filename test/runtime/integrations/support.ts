import { createGateway, type Gateway, type GatewayOptions } from "../../../runtime/host/gateway.js";
import type { LambdaHandler, LambdaTarget } from "../../../runtime/integrations/lambda-target.js";
import type { LogRecord } from "../../../runtime/observe/logger.js";
import {
  type ApiEntry,
  type Program,
  programFormat,
  type RouteEntry,
  type StageEntry,
} from "../../../runtime/program.js";

export interface ProgramInput {
  readonly kind?: ApiEntry["kind"];
  readonly stage?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly binaryMediaTypes?: readonly string[];
  readonly stages?: readonly StageEntry[];
}

/** A Program around some routes, with one stage named `dev` (`$default` for HTTP APIs) unless told otherwise. */
export function programOf(routes: readonly RouteEntry[], input: ProgramInput = {}): Program {
  const kind = input.kind ?? "rest";
  const variables = Object.entries(input.variables ?? {}).map(([name, value]) => ({ name, value }));
  const stage: StageEntry = { name: input.stage ?? (kind === "http" ? "$default" : "dev"), variables, log: "error" };
  return {
    format: programFormat,
    api: {
      name: "test",
      version: "1",
      kind,
      apiId: "abcdefghij",
      region: "eu-west-1",
      account: "123456789012",
      binaryMediaTypes: input.binaryMediaTypes ?? [],
      minimumCompressionSize: undefined,
      cors: undefined,
      gatewayResponses: new Map(),
    },
    stages: input.stages ?? [stage],
    routes,
  };
}

export interface TestGateway extends Gateway {
  readonly log: readonly LogRecord[];
}

/** A gateway in this process that keeps its log. */
export function testGateway(program: Program, options: Partial<GatewayOptions> = {}): TestGateway {
  const log: LogRecord[] = [];
  const gateway = createGateway({
    logger: { write: (record) => void log.push(record) },
    environment: {},
    ...options,
    program,
  });
  return Object.assign(gateway, { log });
}

export function lambdaOf(handler: LambdaHandler, target: Partial<LambdaTarget> = {}): LambdaTarget {
  return {
    functionName: "fn",
    payloadFormat: "2.0",
    modules: new Map([["", async () => ({ handler })]]),
    alias: undefined,
    ...target,
  };
}

/** Values of a header in a flat list, in order. */
export function valuesOf(headers: readonly string[], name: string): string[] {
  return headers.filter((_, at) => at % 2 === 1 && headers[at - 1]?.toLowerCase() === name.toLowerCase());
}
