import { stageId } from "./stages.js";

/** How a stage is brought back on AWS: its parameter names a deployment that is still there, as all of them are. */
export function rollbackOnAws(stage: string): string {
  const pin = `ParameterKey=${stageId("Api", stage)}Deployment,ParameterValue=<deployment id>`;
  return [
    `on AWS    aws cloudformation update-stack --stack-name <stack> --use-previous-template --parameters ${pin}`,
    "          and UsePreviousValue=true for the others; ids: aws apigateway get-deployments --rest-api-id <api>",
    "",
  ].join("\n");
}
