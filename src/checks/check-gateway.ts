import type { Report } from "../diagnostics/diagnostic.js";
import type { GatewayModel } from "../model/gateway-model.js";
import type { GatewaySyntax } from "../syntax/gateway-syntax.js";
import { checkAuthorizers } from "./authorizers.js";
import { type Checking, StageVariableUses, type Target } from "./checking.js";
import { checkCors } from "./cors.js";
import { FunctionTable } from "./functions.js";
import { checkGatewayResponses } from "./gateway-responses.js";
import { checkHttpApi } from "./http-apis.js";
import { recordOf } from "./json-of.js";
import { checkCount, isInRange } from "./limits.js";
import { checkModels } from "./models.js";
import { checkDomains, checkKeys, checkPlans } from "./plans.js";
import { checkPolicy } from "./policy.js";
import { checkRoutes } from "./routes.js";
import { checkStages, checkVariableUses } from "./stages.js";
import { checkSupported } from "./supported.js";

export interface CheckOptions {
  readonly targets: ReadonlySet<Target>;
}

/**
 * Gives the file its meaning: resolves names, fills in defaults, reports what is wrong. The model is complete only when
 * no error was reported.
 */
export async function checkGateway(
  syntax: GatewaySyntax,
  report: Report,
  options: CheckOptions,
): Promise<GatewayModel> {
  const types = await checkModels(syntax, report);
  const kind = syntax.kind?.value ?? "rest";
  const checking: Checking = {
    syntax,
    report,
    kind,
    types,
    targets: options.targets,
    variables: new StageVariableUses(),
  };
  checkHttpApi(checking);
  checkSupported(checking);
  checkRoot(checking);
  const functions = new FunctionTable(checking);
  const authorizers = checkAuthorizers(checking, functions);
  const cors = checkCors(syntax.cors, checking);
  const routes = checkRoutes(checking, functions, cors);
  const stages = checkStages(checking);
  const gatewayResponses = checkGatewayResponses(checking);
  const plans = checkPlans(stages, routes, checking);
  const keys = checkKeys(checking);
  const domains = checkDomains(stages, checking);
  checkVariableUses(stages, checking);
  return {
    name: syntax.gateway?.text ?? "gateway",
    version: syntax.version?.text ?? "1.0.0",
    description: syntax.description?.text,
    kind,
    endpoint: syntax.endpoint?.value ?? "regional",
    aws: { region: syntax.aws?.region?.text ?? "us-east-1", account: syntax.aws?.account?.text ?? "123456789012" },
    license: syntax.license?.text,
    models: types.models,
    functions: functions.all(),
    authorizers,
    apiKeySource: syntax.apiKeySource?.value ?? "HEADER",
    routes,
    cors,
    plans,
    keys,
    policy: checkPolicy(checking),
    gatewayResponses,
    binaryMediaTypes: syntax.binaryMediaTypes?.map(({ text }) => text) ?? [],
    minimumCompressionSize: syntax.compression?.value,
    stages,
    domains,
    awsOptions: recordOf(syntax.awsOptions),
  };
}

/** The gateway's own name and numbers, and AWS's quotas on how many there may be of everything. */
function checkRoot({ syntax, kind, report }: Checking): void {
  const { gateway, aws, compression } = syntax;
  if (gateway && !/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/.test(gateway.text))
    report("bad-gateway-name", gateway.span, { name: gateway.text });
  if (aws?.account && !/^\d{12}$/.test(aws.account.text))
    report("bad-account", aws.account.span, { account: aws.account.text });
  if (aws?.region && !/^[a-z]{2}(-[a-z]+)+-\d$/.test(aws.region.text))
    report("bad-region", aws.region.span, { region: aws.region.text });
  if (compression)
    isInRange(compression, { least: 0, most: 10_485_760, what: "the smallest body to compress, in bytes" }, report);
  for (const type of syntax.binaryMediaTypes ?? []) {
    if (!/^([\w.+-]+|\*)\/([\w.+-]+|\*)$/.test(type.text) || /^\*\/[^*]/.test(type.text))
      report("bad-media-type", type.span, { type: type.text });
  }
  const raised = kind === "rest" ? "resources of a REST API" : "routes of an HTTP API";
  checkCount(
    syntax.routes.map(({ key }) => key),
    { most: 300, what: raised, canBeRaised: true },
    report,
  );
  checkCount(
    syntax.stages.map(({ name }) => name),
    { most: 10, what: "stages", canBeRaised: true },
    report,
  );
  checkCount(
    syntax.authorizers.map(({ name }) => name),
    { most: 10, what: "authorizers", canBeRaised: true },
    report,
  );
}
