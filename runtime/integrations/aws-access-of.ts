import { AwsAccess } from "../aws/aws-access.js";
import type { Exchange } from "../http/exchange.js";

/** The AWS access of this exchange's Program; made by the first request that needs it. */
export function awsAccessOf({ program }: Exchange): AwsAccess {
  const { targets } = program;
  targets.aws ??= new AwsAccess(targets.surroundings, program.clock, program.program.api.region);
  return targets.aws;
}
