import type { Text } from "./expressions.js";
import type { AwsIntegration } from "./integrations.js";

/** What a call of a service by path needs: IAM's action, and the part of its resource's ARN behind the account. */
interface PathAction {
  readonly service: string;
  /** Undefined: any. */
  readonly method?: string;
  /** Of the path without the slash before it; what a request chooses is `*`. */
  readonly path: RegExp;
  readonly action: string;
}

const s3: readonly PathAction[] = [
  { service: "s3", method: "GET", path: /^$/, action: "s3:ListAllMyBuckets" },
  { service: "s3", method: "GET", path: /^[^/]+\/?$/, action: "s3:ListBucket" },
  { service: "s3", method: "HEAD", path: /^[^/]+\/?$/, action: "s3:ListBucket" },
  { service: "s3", method: "PUT", path: /^[^/]+\/?$/, action: "s3:CreateBucket" },
  { service: "s3", method: "DELETE", path: /^[^/]+\/?$/, action: "s3:DeleteBucket" },
  { service: "s3", method: "GET", path: /./, action: "s3:GetObject" },
  { service: "s3", method: "HEAD", path: /./, action: "s3:GetObject" },
  { service: "s3", method: "PUT", path: /./, action: "s3:PutObject" },
  { service: "s3", method: "POST", path: /./, action: "s3:PutObject" },
  { service: "s3", method: "DELETE", path: /./, action: "s3:DeleteObject" },
  { service: "s3", method: "ANY", path: /./, action: "s3:*Object" },
];

/** Services that are called by path, each with the action that IAM asks for (service authorization reference). */
const others: readonly PathAction[] = [
  {
    service: "lambda",
    path: /^\d{4}-\d\d-\d\d\/functions\/.+\/(?:response-streaming-)?invocations$/,
    action: "lambda:InvokeFunction",
  },
  { service: "lambda", path: /^2014-11-13\/functions\/.+\/invoke-async/, action: "lambda:InvokeFunction" },
  { service: "iot", method: "POST", path: /^topics\//, action: "iot:Publish" },
  { service: "iot", method: "GET", path: /^things\/[^/]+\/shadow/, action: "iot:GetThingShadow" },
  { service: "iot", method: "POST", path: /^things\/[^/]+\/shadow/, action: "iot:UpdateThingShadow" },
  { service: "iot", method: "DELETE", path: /^things\/[^/]+\/shadow/, action: "iot:DeleteThingShadow" },
  { service: "polly", method: "POST", path: /^v1\/speech$/, action: "polly:SynthesizeSpeech" },
  { service: "polly", method: "GET", path: /^v1\/voices/, action: "polly:DescribeVoices" },
  { service: "bedrock-runtime", path: /^model\/[^/]+\/invoke$/, action: "bedrock:InvokeModel" },
  { service: "bedrock-runtime", path: /^model\/[^/]+\/converse$/, action: "bedrock:InvokeModel" },
  { service: "bedrock-runtime", path: /^model\/[^/]+\/.+-stream$/, action: "bedrock:InvokeModelWithResponseStream" },
  { service: "sagemaker", path: /^endpoints\/[^/]+\/invocations$/, action: "sagemaker:InvokeEndpoint" },
  { service: "personalize-runtime", path: /^recommendations$/, action: "personalize:GetRecommendations" },
  { service: "personalize-runtime", path: /^personalize-ranking$/, action: "personalize:GetPersonalizedRanking" },
  { service: "xray", method: "POST", path: /^TraceSegments$/, action: "xray:PutTraceSegments" },
  {
    service: "appconfig",
    method: "GET",
    path: /^applications\/[^/]+\/environments\/[^/]+\/configurations\//,
    action: "appconfig:GetConfiguration",
  },
  { service: "ses", method: "POST", path: /^v2\/email\/outbound-emails$/, action: "ses:SendEmail" },
  { service: "batch", method: "POST", path: /^v1\/submitjob$/, action: "batch:SubmitJob" },
  { service: "scheduler", method: "POST", path: /^schedules\//, action: "scheduler:CreateSchedule" },
];

/** A path as far as the file says it: what a request chooses is a star. Without slashes before it and without a query. */
export function writtenPath(path: Text): string {
  const text = path.parts.map((part) => (typeof part === "string" ? part : "*")).join("");
  return text.replace(/^\/+/, "").split("?")[0] ?? "";
}

type Call = Pick<AwsIntegration, "service" | "target" | "method" | "parameters" | "request" | "permission">;

/**
 * IAM's action of a call by path: what the file says, what the path says, or the `Action` of AWS's query protocol that a form
 * names (`sqs:123456789012/orders`). Undefined where nothing here knows it.
 *
 * @param method  the route's own, for integrations with the client's
 */
export function actionOfCall(call: Call, method: string): string | undefined {
  if (call.permission !== undefined || call.target.kind === "action") return call.permission;
  const { service } = call;
  const bare = service.split(".").at(-1) ?? service;
  const path = writtenPath(call.target.path);
  const own = call.method === "ANY" ? method : call.method;
  const known = [...s3, ...others].filter((each) => each.service === service || each.service === bare);
  const found = known.find((each) => (each.method === undefined || each.method === own) && each.path.test(path));
  const action = found?.action ?? formAction(call);
  return action?.includes(":") ? action : action && `${bare}:${action}`;
}

/** `Action=SendMessage` of a form, or `Action` among the parameters. */
function formAction({ parameters, request }: Call): string | undefined {
  const named = [...parameters, ...request.query].find(({ name }) => name === "Action")?.value;
  if (named?.kind === "constant") return String(named.value);
  const texts = request.templates.map(({ source }) => ("text" in source ? source.text : ""));
  return texts.map((text) => /(?:^|[&?\s])Action=([A-Z][A-Za-z]+)/.exec(text)?.[1]).find((each) => each !== undefined);
}
