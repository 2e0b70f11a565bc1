import { nearest } from "../nearest.js";
import type { MapNode } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";

/**
 * What an option by AWS's own name means here. `key`: the key of the language that says the same to AWS and to the
 * generated gateway. `inert`: no request notices it, neither there nor here. Otherwise it is for AWS alone.
 */
interface Option {
  readonly name: string;
  readonly key?: string;
  readonly isInert?: true;
}

/** Members of `x-amazon-apigateway-integration` (developer guide, "x-amazon-apigateway-integration object"). */
export const integrationOptions: readonly Option[] = [
  { name: "cacheKeyParameters", key: "cache: keys" },
  { name: "cacheNamespace", key: "cache: namespace" },
  { name: "connectionId", key: "vpcLink" },
  { name: "connectionType", key: "vpcLink" },
  { name: "contentHandling", key: "request: contentHandling" },
  { name: "credentials" },
  { name: "httpMethod", key: "request: method" },
  { name: "integrationSubtype", key: "aws" },
  { name: "integrationTarget" },
  { name: "passthroughBehavior", key: "request: passthrough" },
  { name: "payloadFormatVersion", key: "payloadFormat" },
  { name: "requestParameters", key: "request: headers, query and path" },
  { name: "requestTemplates", key: "request: template" },
  { name: "responseParameters", key: "responses: headers" },
  { name: "responseTransferMode" },
  { name: "responses", key: "responses" },
  { name: "timeoutInMillis", key: "timeout" },
  { name: "tlsConfig" },
  { name: "type", key: "lambda, http, aws or mock" },
  { name: "uri", key: "lambda, http or aws" },
];

/** Extensions of the root and of operations (developer guide, "OpenAPI extensions for API Gateway"). */
export const extensionOptions: readonly Option[] = [
  { name: "any-method", key: "routes: ANY" },
  { name: "api-key-source", key: "apiKeySource" },
  { name: "auth", key: "auth" },
  { name: "authorizer", key: "authorizers" },
  { name: "authtype", key: "authorizers" },
  { name: "binary-media-types", key: "binaryMediaTypes" },
  { name: "cors", key: "cors" },
  { name: "documentation", isInert: true },
  { name: "endpoint-access-mode" },
  { name: "endpoint-configuration" },
  { name: "gateway-responses", key: "errors" },
  { name: "importexport-version", isInert: true },
  { name: "integration", key: "lambda, http, aws or mock" },
  { name: "integrations", key: "lambda, http, aws or mock" },
  { name: "minimum-compression-size", key: "compression" },
  { name: "policy", key: "policy" },
  { name: "request-validator", key: "validate" },
  { name: "request-validators", key: "validate" },
  { name: "security-policy" },
  { name: "tag-value", isInert: true },
].map(({ name, ...option }) => ({ name: `x-amazon-apigateway-${name}`, ...option }) as Option);

/** Options of an integration. */
export function checkIntegrationMembers(options: MapNode | undefined, checking: Checking): void {
  checkOptions(options, integrationOptions, checking);
}

/**
 * Options of the document or of an operation: extensions only, so that nothing of ours is overwritten, by their whole
 * name or by what follows `x-amazon-apigateway-`. Those of other tools stand in the document as they are.
 */
export function checkExtensions(options: MapNode | undefined, checking: Checking): void {
  checkOptions(options, extensionOptions, checking, (name) => `x-amazon-apigateway-${name}`);
}

/** Properties of a CloudFormation resource, which has no key for most of them. */
export function checkResourceProperties(options: MapNode | undefined, checking: Checking): void {
  for (const { name } of options?.entries ?? []) tellAwsOnly(name, checking);
}

function checkOptions(
  options: MapNode | undefined,
  known: readonly Option[],
  checking: Checking,
  longName?: (name: string) => string,
): void {
  for (const { name } of options?.entries ?? []) {
    const option = known.find((each) => each.name === name.text || each.name === longName?.(name.text));
    if (option?.isInert) continue;
    if (option?.key) {
      if (checking.targets.has("node"))
        checking.report("aws-option-has-key", name.span, { name: name.text, key: option.key });
    } else if (option || isOfOthers(name.text, longName !== undefined)) tellAwsOnly(name, checking);
    else {
      const near = nearest(
        name.text,
        known.map((each) => each.name),
      );
      checking.report("aws-option-unknown", name.span, { name: name.text, near });
    }
  }
}

/** An extension of another tool, which AWS leaves alone. */
function isOfOthers(name: string, isExtension: boolean): boolean {
  return isExtension && name.startsWith("x-") && !name.startsWith("x-amazon-apigateway-");
}

function tellAwsOnly({ text, span }: MapNode["entries"][number]["name"], { targets, report }: Checking): void {
  if (targets.has("node")) report("aws-option-only-there", span, { name: text });
}
