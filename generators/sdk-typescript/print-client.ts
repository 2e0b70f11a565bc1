import { noDocs } from "../../src/model/types.js";
import { propertyName, stringLiteral } from "../emit/code-literal.js";
import { docComment } from "../emit/doc-comment.js";
import type { CredentialUse } from "../sdk-shared/plan.js";
import type { SdkPlan } from "./plan.js";

/** `client.js`: the stages and their addresses. */
export function printClient({ baseUrls, region }: SdkPlan): string {
  const table = baseUrls.map(({ stage, url }) => `  ${propertyName(stage)}: ${stringLiteral(url)},\n`);
  return `import { defined } from "./runtime/defined.js";

/** Where the stages are unless a client is told otherwise. */
const baseUrls = {
  __proto__: null,
${table.join("")}};

export function createClient(options = {}) {
  const { baseUrl, stage = ${stringLiteral(baseUrls[0]?.stage ?? "")}, auth = {} } = options;
  const address = baseUrl ?? baseUrls[stage];
  if (!address) throw new TypeError(\`no stage "\${stage}"\`);
  return {
    headers: {},
    hooks: [],
    middleware: [],
    // The global one of the moment.
    fetch: (request) => fetch(request),
    retries: 2,
    timeoutMs: 30_000,
    retryDelayMs: 250,
    maxRetryDelayMs: 20_000,
    ...defined(options),
    // Behind a function, so that a client that is logged shows no secret.
    auth: () => auth,
    baseUrl: address.replace(/\\/+$/, ""),
  };
}

export function awsUrl({ apiId, stage = ${stringLiteral(baseUrls[0]?.stage ?? "")}, region = ${stringLiteral(region)} }) {
  const host = \`\${apiId}.execute-api.\${region}.amazonaws.com\${region.startsWith("cn-") ? ".cn" : ""}\`;
  return \`https://\${host}/\${stage === "$default" ? "" : stage}\`;
}
`;
}

/** The part of `client.d.ts` that depends on the gateway. */
export function printClientTypes(plan: SdkPlan): string {
  const stages = plan.baseUrls.map(({ stage }) => stringLiteral(stage)).join(" | ");
  return `/** A stage of the API. */
export type Stage = ${stages === "" ? "never" : stages};

export interface ClientOptions extends CommonOptions {
  /** Address of the API with its stage; without it, \`stage\` decides. */
  readonly baseUrl?: string | undefined;
${docComment({ docs: { ...noDocs, description: stageText(plan) }, tags: [] }, "  ")}  readonly stage?: Stage | undefined;
  readonly auth?: Credentials | undefined;
  readonly hooks?: readonly Hook[] | undefined;
  /** Around each attempt, inside of the retries. */
  readonly middleware?: readonly Middleware[] | undefined;
  /** Checks what is sent and what comes. */
  readonly validator?: Validator | undefined;
  /** In place of the global \`fetch\`. */
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined;
}

export declare function createClient(options?: ClientOptions): Client;

/** Where API Gateway serves a stage: \`https://<apiId>.execute-api.<region>.amazonaws.com/<stage>\`. */
export declare function awsUrl(place: {
  readonly apiId: string;
  /** The first stage by default. */
  readonly stage?: Stage | undefined;
${docComment({ docs: { ...noDocs, description: `Default \`${plan.region}\`.` }, tags: [] }, "  ")}  readonly region?: string | undefined;
}): string;

${credentialsText(plan)}`;
}

function stageText({ baseUrls }: SdkPlan): string {
  const lines = baseUrls.map(({ stage, url }) => `- \`${stage}\`: ${url}`);
  return ["The stage to call, the first by default:", ...lines].join("\n");
}

/** Only what some route asks for; each credential goes to the routes that need it and to no other. */
function credentialsText({ credentials, isSigned }: SdkPlan): string {
  if (credentials.length === 0 && !isSigned)
    return "/** The API is public. */\nexport interface Credentials {\n  [name: string]: never;\n}\n";
  const members = credentials.map(
    (use) =>
      `${docComment({ docs: { ...noDocs, description: useText(use) }, tags: [] }, "  ")}  readonly ${propertyName(use.name)}?: Credential | undefined;\n`,
  );
  const iam = `  /** Signs the requests of routes with IAM authorization: \`sigv4({ region, credentials })\`, or a signer of your own. */
  readonly iam?: ((request: Request, info: CallInfo) => Request | Promise<Request>) | undefined;\n`;
  return `/** Credentials, each sent with the operations that need it and with no other. */
export interface Credentials {\n${members.join("")}${isSigned ? iam : ""}}\n`;
}

function useText({ uses }: CredentialUse): string {
  return uses
    .map(({ place, key, authorizer }) => {
      const where = place === "header" ? `header \`${key}\`` : `query parameter \`${key}\``;
      const bearer = /^authorization$/i.test(key) ? ", as `Bearer …` unless it names a scheme itself" : "";
      return `Sent in the ${where}${bearer}${authorizer === undefined ? "" : `, for authorizer \`${authorizer}\``}.`;
    })
    .join("\n");
}
