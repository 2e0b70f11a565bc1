import { badRequest } from "../admin-message.js";

/** CreateDeployment, as far as there are rules. */
export interface DeploymentRequest {
  readonly stageName?: string | undefined;
  readonly isCanary: boolean;
  /** Names of the stages that there are; left out where they are not known. */
  readonly stages?: readonly string[] | undefined;
}

/** A method of the API that is deployed. */
export interface DeployedMethod {
  readonly hasIntegration: boolean;
}

/** Rules of deployments (aws-behaviour 36): a canary needs a stage to share. @throws AdminProblem */
export function checkDeployment(
  { stageName, isCanary, stages }: DeploymentRequest,
  methods: readonly DeployedMethod[],
): void {
  if (methods.length === 0) throw badRequest("The REST API doesn't contain any methods");
  if (methods.some(({ hasIntegration }) => !hasIntegration)) throw badRequest("No integration defined for method");
  if (!isCanary) return;
  const wrong = "Invalid deployment content specified.";
  if (!stageName)
    throw badRequest(
      `${wrong}Non null and non empty stageName must be provided for canary deployment. Provided value is ${stageName ?? "null"}`,
    );
  if (stages && !stages.includes(stageName))
    throw badRequest(`${wrong}Stage ${stageName} must already be created before making a canary release deployment`);
}
