import type { AreaRunner } from "./case.js";
import { runLambdaAuthorizer } from "./lambda-authorizer.js";
import { runPolicyTable } from "./policy-table.js";
import { runTokenAuthorizer } from "./token-authorizer.js";

/** Area `authorizers`: each kind of case by what it gives. */
export const run: AreaRunner = (testCase) => {
  const { given } = testCase;
  if (given["sameAccount"] !== undefined) return runPolicyTable(testCase);
  switch ((given["authorizer"] as { readonly type?: string } | undefined)?.type) {
    case "TOKEN":
    case "REQUEST":
      return runLambdaAuthorizer(testCase);
    case "COGNITO_USER_POOLS":
    case "JWT":
      return runTokenAuthorizer(testCase);
    default:
      return "no runner for this kind of case";
  }
};
