import { type AdminAnswer, type AdminRequest, badRequest, jsonAnswer, notFound } from "../admin-message.js";
import type { AdminTarget } from "../admin-target.js";
import { page, slotOf } from "./served.js";

interface SdkType {
  readonly id: string;
  readonly friendlyName: string;
  readonly description: string;
  /** Language of `sdk.languages` in gateway.yaml. */
  readonly language: string;
}

/** AWS's names where it has one for the language; it makes no SDK for the others, which are asked for by ours. */
const sdkTypes: readonly SdkType[] = [
  {
    id: "javascript",
    friendlyName: "JavaScript",
    description: "ES modules and CommonJS with TypeScript declarations, for Node and browsers",
    language: "typescript",
  },
  {
    id: "python",
    friendlyName: "Python",
    description: "A typed package for Python 3.10 and later",
    language: "python",
  },
  { id: "go", friendlyName: "Go", description: "A Go module", language: "go" },
  { id: "java", friendlyName: "Java SDK", description: "A Maven project for Java 17 and later", language: "java" },
];

const views = sdkTypes.map(({ language: _, ...type }) => ({ ...type, configurationProperties: [] }));

/** GetSdkTypes. */
export function getSdkTypes(_: AdminTarget, { query }: AdminRequest): AdminAnswer {
  return jsonAnswer(page(views, query));
}

/** GetSdkType. @throws AdminProblem */
export function getSdkType(_: AdminTarget, __: AdminRequest, [wanted = ""]: readonly string[]): AdminAnswer {
  const found = views.find(({ id }) => id === wanted);
  if (found === undefined) throw notFound("Invalid SDK type specified");
  return jsonAnswer(found);
}

/** GetSdk: the SDK of what the stage serves, as a ZIP archive. @throws AdminProblem */
export function getSdk(
  target: AdminTarget,
  { query }: AdminRequest,
  [id = "", stage = "", kind = ""]: readonly string[],
): AdminAnswer {
  const { live } = slotOf(target, id, stage);
  const type = sdkTypes.find((each) => each.id === kind || each.language === kind);
  if (type === undefined)
    throw badRequest(`Invalid sdk type: ${kind}; one of ${views.map((each) => each.id).join(", ")}`);
  const [parameter] = query.keys();
  if (parameter !== undefined)
    throw badRequest(`Invalid parameter: ${parameter}; the names of packages stand under "sdk" in gateway.yaml`);
  const body = target.sdk?.({ deployment: live.deploymentId, language: type.language });
  if (body === undefined)
    throw notFound(
      `no SDK for ${type.friendlyName} lies beside this gateway: "sdk.languages" in gateway.yaml lists ${type.language}, and gateway build or gateway deploy makes it`,
    );
  const fileName = `${type.id}_${live.program.program.api.name}-${stage}.zip`.replace(/[^\w.-]/g, "_");
  return {
    status: 200,
    headers: {
      "content-type": "application/octet-stream",
      "content-disposition": `attachment; filename="${fileName}"`,
    },
    body,
  };
}
