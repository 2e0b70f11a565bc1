import type { ContentHandling } from "../../runtime/integrations/binary.js";
import type { ConformanceCase } from "./case.js";
import { answerProblem, show } from "./compare.js";
import { runHttp, targetResponses } from "./http-route.js";

interface BinaryCase {
  readonly side: "request" | "response";
  readonly binaryMediaTypes?: readonly string[];
  readonly contentHandling?: ContentHandling | null;
  readonly contentType?: string;
  readonly backendContentType?: string;
  readonly accept?: string;
  readonly payloadBase64: string;
  readonly requestTemplate?: string;
  readonly responseTemplate?: string;
}

/** Area `binary`: the bytes that reach a backend or a client. */
export async function run({ given, expect }: ConformanceCase): Promise<string | undefined> {
  const input = given as unknown as BinaryCase;
  return input.side === "request" ? runRequest(input, expect) : runResponse(input, expect);
}

async function runRequest(input: BinaryCase, expect: ConformanceCase["expect"]): Promise<string | undefined> {
  const { result, request } = await runHttp({
    target: {
      proxy: false,
      contentHandling: input.contentHandling ?? undefined,
      templates: templateOf(input.requestTemplate, input.contentType),
      responses: targetResponses([{ statusCode: "200" }]),
    },
    api: { binaryMediaTypes: input.binaryMediaTypes ?? [] },
    request: {
      method: "POST",
      headers: input.contentType === undefined ? [] : ["Content-Type", input.contentType],
      body: Buffer.from(input.payloadBase64, "base64"),
    },
  });
  const sent = request?.body.toString("base64");
  if (expect["backendBodyBase64"] === undefined || sent === expect["backendBodyBase64"]) {
    return answerProblem(expect, result);
  }
  return `the backend got ${show(sent)}, wanted ${show(expect["backendBodyBase64"])} (status ${result.status})`;
}

async function runResponse(input: BinaryCase, expect: ConformanceCase["expect"]): Promise<string | undefined> {
  const [response] = targetResponses([{ statusCode: "200" }]);
  if (response === undefined) return "no response";
  const templates = templateOf(input.responseTemplate, undefined) ?? new Map();
  const { result } = await runHttp({
    target: {
      proxy: false,
      responses: [{ ...response, templates, contentHandling: input.contentHandling ?? undefined }],
    },
    api: { binaryMediaTypes: input.binaryMediaTypes ?? [] },
    reply: {
      headers: ["Content-Type", input.backendContentType ?? "application/json"],
      body: Buffer.from(input.payloadBase64, "base64"),
    },
    request: { headers: input.accept === undefined ? [] : ["Accept", input.accept] },
  });
  return answerProblem(expect, result);
}

function templateOf(template: string | undefined, contentType: string | undefined) {
  return template === undefined ? undefined : new Map([[contentType ?? "application/json", template]]);
}
