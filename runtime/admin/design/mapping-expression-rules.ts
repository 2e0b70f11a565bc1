import { badRequest } from "../admin-message.js";

/** Names of parameters to what they are mapped from. */
export type ParameterMap = Readonly<Record<string, string>>;

const requestTarget = /^integration\.request\.(?:header|querystring|path)\.[^\s]+$/;
const requestSource = /^method\.request\.(?:header|querystring|path|multivalueheader|multivaluequerystring)\.[^\s]+$/;
const requestBody = /^method\.request\.body(?:[.[].+)?$/;
const methodParameter = /^method\.request\.(header|querystring|path)\.([^\s]+)$/;
const responseTarget = /^method\.response\.header\.[^\s]+$/;
const responseSource = /^integration\.response\.(?:(?:header|multivalueheader)\.[^\s]+|body(?:[.[].+)?)$/;
const gatewayTarget = /^gatewayresponse\.header\.[^\s]+$/;
const gatewaySource = /^method\.request\.(?:header|querystring|path)\.[^\s]+$/;
const constant = /^'[^']*'$|^context\.[A-Za-z0-9_.-]+$|^stageVariables\.[A-Za-z0-9_]+$/;

/**
 * `requestParameters` of PutIntegration (aws-behaviour 12.1). A parameter of the method has to be declared there.
 *
 * @throws AdminProblem that lists every wrong expression
 */
export function checkRequestMapping(mapping: ParameterMap, declared: readonly string[]): void {
  const sources = new Set(declared);
  refuse(
    Object.entries(mapping).flatMap(([target, source]) => {
      if (!requestTarget.test(target)) return [notExpression(target)];
      if (constant.test(source) || requestBody.test(source)) return [];
      if (!requestSource.test(source)) return [notExpression(source)];
      return sources.has(source) || sources.has(source.replace(".multivalue", ".")) ? [] : [notDeclared(source)];
    }),
  );
}

/** `responseParameters` of PutIntegrationResponse (aws-behaviour 12.2). @throws AdminProblem */
export function checkResponseMapping(mapping: ParameterMap, declared: readonly string[]): void {
  refuse(
    Object.entries(mapping).flatMap(([target, source]) => {
      if (!responseTarget.test(target)) return [notExpression(target)];
      if (!declared.includes(target)) return [notDeclared(target)];
      return constant.test(source) || responseSource.test(source) ? [] : [notExpression(source)];
    }),
  );
}

/** Media types of templates (recorded of PutIntegrationResponse). @throws AdminProblem */
export function checkTemplateTypes(types: readonly string[]): void {
  const wrong = types.filter((type) => !/^[^\s/]+\/[^\s/]+$/.test(type));
  if (wrong.length === 0) return;
  const errors = wrong.map((type) => `Invalid content type specified: ${type}`).join(", ");
  throw badRequest(`Validation Result: warnings : [], errors : [${errors}]`);
}

/** `responseParameters` of PutGatewayResponse (aws-behaviour 16). @throws AdminProblem */
export function checkGatewayResponseMapping(mapping: ParameterMap): void {
  refuse(
    Object.entries(mapping).flatMap(([target, source]) => {
      if (!gatewayTarget.test(target)) return [notExpression(target)];
      return constant.test(source) || gatewaySource.test(source) ? [] : [notExpression(source)];
    }),
  );
}

/** `requestParameters` of PutMethod: their form, and one name in one place. @throws AdminProblem */
export function checkMethodParameters(declared: readonly string[]): void {
  refuse(declared.filter((label) => !methodParameter.test(label)).map(notExpression));
  const names = declared.map((label) => methodParameter.exec(label)?.[2]);
  if (new Set(names).size !== names.length)
    throw badRequest("Parameter names must be unique across querystring, header and path");
}

function notExpression(text: string): string {
  return `Invalid mapping expression specified: ${text}`;
}

function notDeclared(text: string): string {
  return `Invalid mapping expression parameter specified: ${text}`;
}

function refuse(errors: readonly string[]): void {
  if (errors.length === 0) return;
  throw badRequest(
    `Invalid mapping expression specified: Validation Result: warnings : [], errors : [${errors.join(", ")}]`,
  );
}
