import type { ContentHandling, Integration, Passthrough } from "../model/integrations.js";
import { nearest } from "../nearest.js";
import type { MapNode, RequestSyntax } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";
import { recordOf } from "./json-of.js";

interface Options {
  readonly passthrough: Passthrough;
  readonly contentHandling: ContentHandling | undefined;
  readonly awsOptions: Integration["awsOptions"];
}

/** Members of `x-amazon-apigateway-integration` (aws-behaviour.md section 34). */
const integrationMembers = [
  "cacheKeyParameters",
  "cacheNamespace",
  "connectionId",
  "connectionType",
  "contentHandling",
  "credentials",
  "httpMethod",
  "integrationSubtype",
  "integrationTarget",
  "passthroughBehavior",
  "payloadFormatVersion",
  "requestParameters",
  "requestTemplates",
  "responseParameters",
  "responseTransferMode",
  "responses",
  "timeoutInMillis",
  "tlsConfig",
  "type",
  "uri",
];

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
  checkMembers(request?.awsOptions, integrationMembers, checking);
  return {
    passthrough: request?.passthrough?.value ?? (hasTemplate ? "NEVER" : "WHEN_NO_MATCH"),
    contentHandling: request?.contentHandling?.value,
    awsOptions: recordOf(request?.awsOptions),
  };
}

/** Options of the document or of an operation: extension members only, so that nothing of ours is overwritten. */
export function checkExtensions(options: MapNode | undefined, { report }: Checking): void {
  for (const { name } of options?.entries ?? []) {
    if (!/^x-/.test(name.text))
      report("aws-option-unknown", name.span, { name: name.text, near: nearest(name.text, extensions) });
  }
}

const extensions = [
  "any-method",
  "api-key-source",
  "auth",
  "authorizer",
  "binary-media-types",
  "cors",
  "documentation",
  "endpoint-configuration",
  "gateway-responses",
  "importexport-version",
  "integration",
  "integrations",
  "minimum-compression-size",
  "policy",
  "request-validator",
  "request-validators",
  "tag-value",
].map((name) => `x-amazon-apigateway-${name}`);

function checkMembers(options: MapNode | undefined, known: readonly string[], { report }: Checking): void {
  for (const { name } of options?.entries ?? []) {
    if (!known.includes(name.text)) {
      report("aws-option-unknown", name.span, { name: name.text, near: nearest(name.text, known) });
    }
  }
}
