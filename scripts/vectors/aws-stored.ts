import type { JsonValue } from "../../src/model/types.js";
import type { Data } from "./aws-data.js";
import { sorted } from "./aws-methods.js";
import { kinds } from "./aws-stored-kinds.js";

/**
 * Objects that AWS's control plane told: integrations, gateway responses, models, stages and usage plans. Each is imported, alone in a
 * document or template, and what the build writes for AWS has to say the same.
 *
 * @returns what differs, by the place in the recording; undefined when there is no such object
 */
export async function compareStored(content: Data): Promise<readonly string[] | undefined> {
  const objects = [...objectsOf(content, "")];
  if (objects.length === 0) return undefined;
  const found: string[] = [];
  for (const { at, kind, data } of objects) {
    try {
      const { recorded, ours } = await kinds[kind](withoutPlaceholders(data));
      if (!isSame(recorded, ours))
        found.push(`${at} (${kind}): AWS has ${JSON.stringify(recorded)}, the build ${JSON.stringify(ours)}`);
    } catch (problem) {
      found.push(`${at} (${kind}): ${problem instanceof Error ? problem.message : String(problem)}`);
    }
  }
  return found;
}

interface Found {
  readonly at: string;
  readonly kind: keyof typeof kinds;
  readonly data: Data;
}

function* objectsOf(value: JsonValue | undefined, at: string): Generator<Found> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) {
    const data = value as Data;
    const kind = kindOf(data);
    if (kind) yield { at, kind, data };
  }
  for (const [name, member] of Object.entries(value)) {
    // What was exported is OpenAPI, which is compared as such.
    if (name !== "body") yield* objectsOf(member as JsonValue, at === "" ? name : `${at}.${name}`);
  }
}

/** A schema may be recorded as the text that was sent, which AWS does not read. */
function isJson(schema: JsonValue | undefined): boolean {
  try {
    return typeof schema !== "string" || typeof JSON.parse(schema) === "object";
  } catch {
    return false;
  }
}

function kindOf(data: Data): Found["kind"] | undefined {
  if ("passthroughBehavior" in data && "type" in data && "timeoutInMillis" in data) return "integration";
  if (data["defaultResponse"] === false && "responseType" in data) return "gatewayResponse";
  if ("schema" in data && "contentType" in data && "name" in data && isJson(data["schema"])) return "model";
  if ("stageName" in data && "methodSettings" in data) return "stage";
  if ("apiStages" in data && "throttle" in data) return "plan";
  if ("apiKeySource" in data && "rootResourceId" in data) return "restApi";
  if ("stageKeys" in data && "enabled" in data) return "key";
  const isAnswer = "statusCode" in data && ("responseTemplates" in data || "selectionPattern" in data);
  return isAnswer && !("responseType" in data) ? "integrationResponse" : undefined;
}

/** Names, ids and places of the account that it was recorded in are replaced by words in brackets. */
function withoutPlaceholders(data: Data): Data {
  const text = JSON.stringify(data)
    .replaceAll("<partition>", "aws")
    .replaceAll("<region>", "us-east-1")
    .replaceAll(/<credentials:\d+>/g, "arn:aws:iam::111111111111:role/recorded")
    .replaceAll(/<[\w-]+(?::\d+)?>/g, "recorded");
  return JSON.parse(text) as Data;
}

function isSame(one: JsonValue, other: JsonValue): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}
