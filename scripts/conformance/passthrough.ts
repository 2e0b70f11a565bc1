import type { Passthrough } from "../../runtime/integrations/passthrough.js";
import type { ConformanceCase } from "./case.js";
import { show } from "./compare.js";
import { runHttp, targetResponses } from "./http-route.js";

/** Area `passthrough`: what a backend is sent of a body, by templates and content type. */
export async function run({ given, expect }: ConformanceCase): Promise<string | undefined> {
  const contentType = (given["requestContentType"] ?? null) as string | null;
  const types = (given["templatesFor"] ?? []) as readonly string[];
  const { result, request } = await runHttp({
    target: {
      proxy: false,
      templates: new Map(types.map((type) => [type, "TEMPLATE"])),
      passthrough: (given["passthroughBehavior"] ?? "WHEN_NO_MATCH") as Passthrough,
      responses: targetResponses([{ statusCode: "200" }]),
    },
    request: { method: "POST", headers: contentType === null ? [] : ["Content-Type", contentType], body: "BODY" },
  });
  const sent = request?.body.toString();
  const outcome = sent === "TEMPLATE" ? "template" : sent === "BODY" ? "as-is" : String(result.status);
  if (expect["status"] !== undefined && expect["status"] !== result.status) return `status ${result.status}`;
  return outcome === expect["outcome"] ? undefined : `got ${show(outcome)}, wanted ${show(expect["outcome"])}`;
}
