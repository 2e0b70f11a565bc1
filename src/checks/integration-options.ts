import type { ContentHandling, Integration, Passthrough } from "../model/integrations.js";
import type { RequestSyntax } from "../syntax/gateway-syntax.js";
import { checkIntegrationMembers } from "./aws-options.js";
import type { Checking } from "./checking.js";
import { recordOf } from "./json-of.js";

interface Options {
  readonly passthrough: Passthrough;
  readonly contentHandling: ContentHandling | undefined;
  readonly awsOptions: Integration["awsOptions"];
}

/**
 * Options of an integration. A mapped route refuses content types that it has no template for, unless told otherwise
 * (design.md section 2); without a template of its own there is nothing to refuse by, so AWS's default holds.
 *
 * @param isMapped  whether the integration makes a body of its own, also without a template in the file
 */
export function checkIntegrationOptions(
  request: RequestSyntax | undefined,
  checking: Checking,
  isMapped = false,
): Options {
  const hasTemplate =
    isMapped || (request !== undefined && (request.map !== undefined || request.templates.length > 0));
  checkIntegrationMembers(request?.awsOptions, checking);
  return {
    passthrough: request?.passthrough?.value ?? (hasTemplate ? "NEVER" : "WHEN_NO_MATCH"),
    contentHandling: request?.contentHandling?.value,
    awsOptions: recordOf(request?.awsOptions),
  };
}
