import type { StageRecord } from "../../deploy/stage-record.js";
import {
  type AdminAnswer,
  type AdminRequest,
  badRequest,
  bodyObject,
  emptyAnswer,
  jsonAnswer,
} from "../admin-message.js";
import type { AdminTarget } from "../admin-target.js";
import { domainOf } from "./domains.js";
import { keyViewOf } from "./keys.js";
import { planOf } from "./plans.js";
import { apiOf, slotOf } from "./served.js";

type Tags = Readonly<Record<string, string>>;

/** A resource by its ARN: a stage, which has tags, or another that is there and has none. */
interface Tagged {
  readonly stage?: { readonly api: string; readonly name: string };
}

const form = /^arn:[\w-]+:apigateway:[\w-]*:\d*:\/(\w+)\/([^/]+)(?:\/stages\/([^/]+))?$/;

/** GetTags. @throws AdminProblem */
export function getTags(target: AdminTarget, _: AdminRequest, [arn = ""]: readonly string[]): AdminAnswer {
  const { stage } = taggedOf(target, arn);
  return jsonAnswer({ tags: (stage && target.stages.record(stage.api, stage.name)?.tags) ?? {} });
}

/** TagResource; `status` is that of the API's version. @throws AdminProblem */
export async function tagResource(
  target: AdminTarget,
  request: AdminRequest,
  [arn = ""]: readonly string[],
  status = 204,
): Promise<AdminAnswer> {
  const tags = bodyObject(request)["tags"] ?? {};
  const isMap = typeof tags === "object" && Object.entries(tags).every(([key, value]) => isTag(key, value));
  if (!isMap)
    throw badRequest("Invalid tags: keys have 1 to 128 characters and do not begin with aws:, values at most 256");
  await changeTags(target, arn, (before) => {
    const after = { ...before, ...(tags as Tags) };
    if (Object.keys(after).length > mostTags) throw badRequest(`a stage has at most ${mostTags} tags`);
    return after;
  });
  return status === 201 ? jsonAnswer({}, 201) : emptyAnswer(status);
}

/** UntagResource. @throws AdminProblem */
export async function untagResource(
  target: AdminTarget,
  { query }: AdminRequest,
  [arn = ""]: readonly string[],
): Promise<AdminAnswer> {
  const keys = new Set(query.getAll("tagKeys"));
  if (keys.size === 0) throw badRequest("tagKeys are missing");
  await changeTags(target, arn, (before) =>
    Object.fromEntries(Object.entries(before).filter(([key]) => !keys.has(key))),
  );
  return emptyAnswer(204);
}

/** As AWS has it for each resource. */
const mostTags = 50;

function isTag(key: string, value: unknown): boolean {
  return key !== "" && key.length <= 128 && !/^aws:/i.test(key) && typeof value === "string" && value.length <= 256;
}

async function changeTags(target: AdminTarget, arn: string, change: (before: Tags) => Tags): Promise<void> {
  const { stage } = taggedOf(target, arn);
  if (stage === undefined)
    throw badRequest("stages alone have tags here: what else there is stands in gateway.yaml, which has none");
  await target.stages.update(
    stage.api,
    stage.name,
    (record): StageRecord => ({ ...record, tags: change(record.tags ?? {}) }),
  );
}

/** @throws AdminProblem where there is no such resource */
function taggedOf(target: AdminTarget, arn: string): Tagged {
  const [, kind, id = "", stage] = form.exec(arn) ?? [];
  switch (kind) {
    case "restapis":
    case "apis": {
      const { name } = apiOf(target, id);
      if (stage === undefined) return {};
      slotOf(target, id, stage);
      return { stage: { api: name, name: stage } };
    }
    case "apikeys":
      keyViewOf(target, id);
      return {};
    case "usageplans":
      planOf(target, id);
      return {};
    case "domainnames":
      domainOf(target, id);
      return {};
    default:
      throw badRequest(`Invalid ARN: ${arn}`);
  }
}
