import { GatewayError } from "../../runtime/http/gateway-error.js";
import { selectResponse } from "../../runtime/integrations/response-selection.js";
import type { ConformanceCase } from "./case.js";
import { answerProblem, show } from "./compare.js";
import { runHttp, targetResponses } from "./http-route.js";

/** Area `integration-selection`: which integration response is chosen, or what a backend's status becomes. */
export async function run(testCase: ConformanceCase): Promise<string | undefined> {
  const { given, expect } = testCase;
  if (given["backend"] !== undefined) return runBackend(testCase);
  const outcome = selected(targetResponses(given["integrationResponses"]), String(given["selectionValue"] ?? ""));
  const wanted = String(expect["statusCode"] ?? expect["status"]);
  return outcome === wanted ? undefined : `got ${show(outcome)}, wanted ${show(wanted)}`;
}

function selected(responses: ReturnType<typeof targetResponses>, value: string): string {
  try {
    return String(selectResponse(responses, value).status);
  } catch (error) {
    if (error instanceof GatewayError && error.type === "API_CONFIGURATION_ERROR") return "500";
    throw error;
  }
}

async function runBackend({ given, expect }: ConformanceCase): Promise<string | undefined> {
  const { status, body } = given["backend"] as { readonly status: number; readonly body?: string };
  const proxy = given["integrationType"] === "HTTP_PROXY";
  const { result } = await runHttp({
    target: { proxy, responses: proxy ? [] : targetResponses(given["integrationResponses"]) },
    reply: { status, headers: ["Content-Type", "application/json"], ...(body !== undefined && { body }) },
  });
  return answerProblem(expect, result);
}
