import type { Report } from "../diagnostics/diagnostic.js";
import type { GatewayModel } from "../model/gateway-model.js";
import type { SourceFile } from "../source.js";
import type { GatewaySyntax } from "../syntax/gateway-syntax.js";
import { createPatternChecker } from "../syntax/patterns.js";
import { checkApigClient } from "./apig-client.js";
import { checkAuthorizers } from "./authorizers.js";
import { checkCdn } from "./cdn.js";
import { type Checking, StageVariableUses, type Target } from "./checking.js";
import { checkCors } from "./cors.js";
import { splitDirections } from "./directions.js";
import { checkDomains } from "./domains.js";
import { checkStageAliases, FunctionTable } from "./functions.js";
import { checkGatewayResponses } from "./gateway-responses.js";
import { checkHttpApi } from "./http-apis.js";
import { recordOf } from "./json-of.js";
import { checkKeyRoutes, checkKeys } from "./keys.js";
import { checkModels } from "./models.js";
import { checkOneSided } from "./one-sided.js";
import { checkPlans } from "./plans.js";
import { checkPolicy } from "./policy.js";
import { checkRoot } from "./root.js";
import { checkRoutes } from "./routes.js";
import { checkSdk } from "./sdk.js";
import { checkSdkNames } from "./sdk-names.js";
import { withStageRoutes } from "./stage-routes.js";
import { checkVariableUses } from "./stage-variables.js";
import { checkStages } from "./stages.js";
import { checkState } from "./state.js";
import { checkWaf } from "./waf.js";
import { checkWebSocket } from "./websocket.js";

export interface CheckOptions {
  /** The text that the syntax was read from, for line numbers in the model. */
  readonly source: SourceFile;
  /** What the outputs that are wanted must work on. */
  readonly targets: ReadonlySet<Target>;
}

/**
 * Gives the file its meaning: resolves names, fills in defaults, reports what is wrong. Rules do not know each other, and
 * each stays silent about what is broken already.
 *
 * @returns the model; when an error was reported, here or by the parser, parts of it may be missing
 */
export async function checkGateway(
  syntax: GatewaySyntax,
  report: Report,
  { source, targets }: CheckOptions,
): Promise<GatewayModel> {
  const kind = syntax.kind?.value ?? "rest";
  const types = await checkModels(syntax, report);
  const variables = new StageVariableUses();
  const checkPattern = createPatternChecker();
  const checking: Checking = { syntax, source, report, kind, types, targets, variables, checkPattern };
  checkHttpApi(checking);
  checkOneSided(checking);
  checkRoot(checking);
  const functions = new FunctionTable(checking);
  const authorizers = checkAuthorizers(checking, functions);
  const cors = checkCors(syntax.cors, checking);
  const routes = await checkRoutes(checking, functions, cors);
  const declared = checkStages(checking);
  const websocket = await checkWebSocket(checking, functions, declared);
  const stages = withStageRoutes(declared, routes, websocket, checking);
  const gatewayResponses = checkGatewayResponses(checking);
  const plans = checkPlans(
    routes,
    stages.map(({ name }) => name),
    checking,
  );
  const keys = checkKeys(plans, checking);
  const domains = checkDomains(checking);
  const policy = checkPolicy(checking);
  checkCdn({ kind, routes, stages, authorizers, policy, domains }, checking);
  checkKeyRoutes(routes, checking);
  checkApigClient(routes, checking);
  const sdk = checkSdk(checking);
  checkSdkNames({ routes, models: types.models }, sdk.languages, checking);
  checkVariableUses(checking);
  checkStageAliases(functions.all(), checking);
  const model: GatewayModel = {
    name: syntax.gateway?.text ?? "gateway",
    version: syntax.version?.text ?? "1.0.0",
    description: syntax.description?.text,
    kind,
    endpoint: syntax.endpoint?.value ?? "regional",
    disableExecuteApiEndpoint: syntax.disableExecuteApiEndpoint?.value ?? false,
    aws: { region: syntax.aws?.region?.text ?? "us-east-1", account: syntax.aws?.account?.text ?? "123456789012" },
    license: syntax.license?.text,
    sdk,
    models: types.models,
    functions: functions.all(),
    authorizers,
    apiKeySource: syntax.apiKeySource?.value ?? "HEADER",
    routes,
    cors,
    plans,
    keys,
    state: checkState(checking),
    policy,
    waf: checkWaf(checking),
    gatewayResponses,
    binaryMediaTypes: syntax.binaryMediaTypes?.map(({ text }) => text.toLowerCase()) ?? [],
    minimumCompressionSize: syntax.compression?.value,
    stages,
    domains,
    websocket,
    awsOptions: recordOf(syntax.awsOptions),
  };
  return splitDirections(model, checking);
}
