import { createGateway } from "../../runtime/host/gateway.js";
import { readBody } from "../../runtime/http/read-body.js";
import { mockMapped } from "../../runtime/integrations/mock-mapped.js";
import type { CanaryEntry, Pipeline, Program } from "../../runtime/program.js";
import type { ConformanceCase } from "./case.js";
import { answerProblem } from "./compare.js";
import { compiledTemplates } from "./mock-route.js";
import { testProgram, testRoute } from "./program.js";

interface CanarySettings {
  readonly percentTraffic?: number;
  readonly stageVariableOverrides?: Readonly<Record<string, string>>;
  readonly useStageCache?: boolean;
}

/** Feature `stages/canary`: a stage and its canary with a deployment each; every one of some requests must answer alike. */
export async function runCanary({ given, expect }: ConformanceCase): Promise<string | undefined> {
  const settings = (given["canary"] ?? {}) as CanarySettings;
  const stage: Program["stages"][number] = {
    name: "dev",
    variables: variablesOf(given["stageVariables"]),
    log: "off",
    canary: canaryOf(settings),
  };
  const base = programOf(given["baseDeploymentTemplate"]);
  const canary = programOf(given["canaryDeploymentTemplate"] ?? given["baseDeploymentTemplate"]);
  const gateway = createGateway({
    environment: {},
    deployments: [{ stage: "dev", program: base, settings: stage, canary: { program: canary } }],
  });
  for (let at = 0; at < 20; at++) {
    const problem = answerProblem({ status: 200, ...expect }, await gateway.inject({ path: "/dev/" }));
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function canaryOf({ percentTraffic = 0, stageVariableOverrides, useStageCache = false }: CanarySettings): CanaryEntry {
  return { percent: percentTraffic, variables: variablesOf(stageVariableOverrides), useStageCache };
}

function variablesOf(values: unknown): CanaryEntry["variables"] {
  return Object.entries((values ?? {}) as Record<string, string>).map(([name, value]) => ({ name, value }));
}

const pipeline: Pipeline = async (x) => (await readBody(x)) || mockMapped(x);

/** A deployment whose only method is MOCK: 200 with what the template yields. */
function programOf(template: unknown): Program {
  const route = testRoute("ANY /", pipeline, {
    mock: {
      status: 200,
      headers: [],
      body: "",
      mapping: {
        templates: new Map([["$default", '{"statusCode": 200}']]),
        passthrough: "WHEN_NO_MATCH",
        responses: [
          {
            status: 200,
            pattern: undefined,
            headers: [],
            templates: compiledTemplates({ "application/json": template }),
            contentHandling: undefined,
          },
        ],
      },
    },
  });
  return testProgram([route]);
}
