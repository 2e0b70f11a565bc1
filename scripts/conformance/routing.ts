import { createGateway } from "../../runtime/host/gateway.js";
import { longestMapping } from "../../runtime/http/api-mapping.js";
import type { Exchange } from "../../runtime/http/exchange.js";
import { parameterNames } from "../../runtime/integrations/path-parameters.js";
import type { Program } from "../../runtime/program.js";
import type { AreaRunner, ConformanceCase } from "./case.js";
import { answerProblem, show, subsetProblem } from "./compare.js";
import { testProgram, testRoute } from "./program.js";

interface RoutingRequest {
  readonly method: string;
  readonly path: string;
}

/** Routes a request through a gateway with the case's resources; custom-domain mappings by their own function. */
export const run: AreaRunner = (testCase) => {
  const { given, expect } = testCase;
  if (given["mappings"] === undefined) return runRequest(testCase);
  const mappings = new Map(Object.entries(given["mappings"] as Record<string, string>));
  const api = longestMapping(mappings, given["path"] as string);
  return api === expect["api"] ? undefined : `got ${show(api)}, wanted ${show(expect["api"])}`;
};

async function runRequest({ given, expect }: ConformanceCase): Promise<string | undefined> {
  const isRest = given["product"] === "REST";
  const { method, path } = given["request"] as RoutingRequest;
  const gateway = createGateway({ program: isRest ? restProgram(given["resources"]) : httpProgram(given["routes"]) });
  const answer = await gateway.inject({ method, path: isRest ? `/dev${path}` : path });
  if (expect["status"] !== undefined) return answerProblem(expect, answer);
  return subsetProblem(expect, JSON.parse(answer.body.toString("utf8")));
}

function restProgram(resources: unknown): Program {
  const entries = Object.entries(resources as Record<string, readonly string[]>);
  return testProgram(
    entries.flatMap(([path, methods]) => methods.map((method) => testRoute(`${method} ${path}`, answerMatch))),
  );
}

function httpProgram(routes: unknown): Program {
  return testProgram(
    (routes as readonly string[]).map((key) => testRoute(key, answerMatch)),
    { api: { kind: "http" }, stages: [{ name: "$default", variables: [], log: "off" }] },
  );
}

function answerMatch(x: Exchange): boolean {
  const names = parameterNames(x.route.segments);
  const pathParameters =
    names.length === 0 ? null : Object.fromEntries(names.map((name, at) => [name, x.pathValues[at]]));
  const seen = { resource: x.route.resourcePath, routeKey: x.route.key, pathParameters, eventPath: x.path };
  return x.answer(200, ["Content-Type", "application/json"], JSON.stringify(seen));
}
