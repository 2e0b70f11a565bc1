import { createGateway } from "../../runtime/host/gateway.js";
import { lambdaProxy } from "../../runtime/integrations/lambda-proxy.js";
import type { ConformanceCase } from "./case.js";
import { answerProblem } from "./compare.js";
import { flatHeaders } from "./flat-headers.js";
import { testProgram, testRoute } from "./program.js";

/** Area `lambda-response`: a function's result as the client sees it. */
export async function run({ given, expect }: ConformanceCase): Promise<string | undefined> {
  const isRest = given["product"] !== "HTTP";
  const request = (given["request"] ?? {}) as { readonly method?: string; readonly headers?: unknown };
  const handler = async () => {
    if (given["functionError"] !== undefined && given["functionError"] !== false) throw new Error("failed");
    return structuredClone(given["lambdaResult"]);
  };
  const entry = testRoute("ANY /r", lambdaProxy, {
    lambda: {
      functionName: "fn",
      payloadFormat: given["payloadFormat"] === "1.0" ? "1.0" : "2.0",
      modules: new Map([["", async () => ({ handler })]]),
      alias: undefined,
    },
  });
  const program = testProgram([entry], {
    api: {
      kind: isRest ? "rest" : "http",
      binaryMediaTypes: (given["binaryMediaTypes"] ?? []) as readonly string[],
    },
    stages: [{ name: isRest ? "dev" : "$default", variables: [], log: "off" }],
  });
  const answer = await createGateway({ program, environment: {} }).inject({
    method: request.method ?? "GET",
    path: isRest ? "/dev/r" : "/r",
    headers: flatHeaders(request.headers),
  });
  return answerProblem(expect, answer);
}
