import { createGateway } from "../../runtime/host/gateway.js";
import { contextValue } from "../../runtime/http/context-value.js";
import type { Exchange } from "../../runtime/http/exchange.js";
import { GatewayError, type GatewayErrorType } from "../../runtime/http/gateway-error.js";
import { GatewayResponses } from "../../runtime/http/gateway-responses.js";
import { type SubstitutionPart, substitution } from "../../runtime/mapping/substitution.js";
import type { GatewayResponseEntry } from "../../runtime/program.js";
import { ParameterReader } from "../../runtime/validation/parameter-reader.js";
import { parseSubstitution, type SubstitutionPiece } from "../../src/mapping/substitution.js";
import type { AreaRunner } from "./case.js";
import { answerProblem, show, subsetProblem } from "./compare.js";
import { flatHeaders, queryText } from "./flat-headers.js";
import { testProgram, testRoute } from "./program.js";

/** An entry as the control plane and OpenAPI write it. */
interface Definition {
  readonly statusCode?: number;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly templates?: Readonly<Record<string, string>>;
}

interface Given {
  readonly customised: Readonly<Record<string, Definition>>;
  readonly type?: string;
  readonly request?: {
    readonly method: string;
    readonly path: string;
    readonly query?: object;
    readonly headers?: object;
  };
  readonly stage?: string;
  readonly stageVariables?: Readonly<Record<string, string>>;
}

const builtInTemplates = { "application/json": '{"message":$context.error.messageString}' };

export const run: AreaRunner = ({ given: untyped, expect }) => {
  const given = untyped as unknown as Given;
  return given.type === undefined ? runRequest(given, expect) : runDefinition(given, given.type, expect);
};

/** What the runtime takes for a type, and what a route that fails with it answers. */
async function runDefinition(
  { customised }: Given,
  type: string,
  expect: Readonly<Record<string, unknown>>,
): Promise<string | undefined> {
  const definitions = new Map<GatewayResponseEntry, Definition>();
  const gatewayResponses = new Map<string, GatewayResponseEntry>();
  for (const [name, definition] of Object.entries(customised)) {
    const entry = entryOf(definition);
    definitions.set(entry, definition);
    gatewayResponses.set(name, entry);
  }
  const responses = new GatewayResponses({ kind: "rest", gatewayResponses });
  const isClass = type.startsWith("DEFAULT_");
  const entry = isClass ? gatewayResponses.get(type) : responses.entryOf(type as GatewayErrorType);
  const definition = entry && definitions.get(entry);
  const problem = subsetProblem(expect, {
    statusCode: entry?.status ?? (isClass ? null : responses.builtIn(type as GatewayErrorType).status),
    template: definition?.templates ?? builtInTemplates,
    parameters: definition?.parameters ?? {},
    default: definition === undefined,
  });
  if (problem !== undefined || isClass) return problem;
  const failing = testRoute("GET /fail", () => {
    throw new GatewayError(type as GatewayErrorType);
  });
  const gateway = createGateway({ program: testProgram([failing], { api: { gatewayResponses } }) });
  const { status } = await gateway.inject({ path: "/dev/fail" });
  return status === expect["statusCode"] ? undefined : `answers ${status}, wanted ${show(expect["statusCode"])}`;
}

async function runRequest(given: Given, expect: Readonly<Record<string, unknown>>): Promise<string | undefined> {
  const { request, stage = "dev" } = given;
  if (request === undefined) return "neither type nor request";
  const gatewayResponses = new Map(Object.entries(given.customised).map(([type, entry]) => [type, entryOf(entry)]));
  const variables = Object.entries(given.stageVariables ?? {}).map(([name, value]) => ({ name, value }));
  const program = testProgram([], { api: { gatewayResponses }, stages: [{ name: stage, variables, log: "off" }] });
  const { method, path, query, headers } = request;
  const answer = await createGateway({ program }).inject({
    method,
    path: `${path}${queryText(query)}`,
    headers: flatHeaders(headers),
  });
  return answerProblem(expect, answer);
}

function entryOf({ statusCode, parameters = {}, templates = {} }: Definition): GatewayResponseEntry {
  return {
    status: statusCode,
    headers: Object.entries(parameters).map(([target, source]) => ({
      name: target.replace("gatewayresponse.header.", ""),
      value: source.startsWith("'") ? source.slice(1, -1) : substituted(`$${source}`),
    })),
    templates: Object.entries(templates).map(([mediaType, text]) => ({ mediaType, body: substituted(text) })),
  };
}

function substituted(template: string): (x: Exchange) => string {
  return substitution(parseSubstitution(template).map(partOf));
}

function partOf(piece: SubstitutionPiece): SubstitutionPart {
  switch (piece.kind) {
    case "text":
      return piece.text;
    case "context":
      return (x) => contextValue(x, piece.name);
    case "stageVariable":
      return (x) => x.stage.variables.get(piece.name);
    case "parameter": {
      const place = piece.in === "querystring" ? "query" : piece.in;
      const name = place === "header" ? piece.name.toLowerCase() : piece.name;
      return (x) => new ParameterReader(x).values({ in: place, name }).at(-1);
    }
  }
}
