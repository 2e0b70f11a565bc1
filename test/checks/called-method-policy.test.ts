import ts from "typescript";
import { describe, expect, test } from "vitest";
import { calledMethodPolicies } from "../../src/checks/called-method-policy.js";
import { marked } from "../support/diagnose.js";

const policy = (resource: string, effect = '"Allow"') =>
  `({ policyDocument: { Statement: [{ Effect: ${effect}, Action: "execute-api:Invoke", Resource: ${resource} }] } })`;

describe("policies that name the called method", () => {
  test.each([
    `export const handler = async (event) => ${policy("«event.methodArn»")};`,
    `export const handler = async (event: any) => ${policy("«[event.methodArn!]»")};`,
    `export const handler = async (event) => ${policy('«event["routeArn"]»')};`,
    `export const handler = async (event) => ${policy("«`${event.methodArn}`»")};`,
    `export const handler = async ({ methodArn }) => ${policy("«methodArn»")};`,
    `export const handler = async ({ methodArn: arn, headers }) => ${policy("«(arn as string)»")};`,
    `export async function handler(event) { const arn = event.methodArn; return ${policy("«arn»")}; }`,
    // As in AWS's own examples.
    `export function handler(event, context, callback) {
       if (event.authorizationToken === "allow") callback(null, generatePolicy("user", "Allow", event.methodArn));
     }
     const generatePolicy = function (principalId, effect, resource) {
       const statement = {};
       statement.Effect = effect;
       statement.Resource = «resource»;
       return { principalId, policyDocument: { Version: "2012-10-17", Statement: [statement] } };
     };`,
    `function allow(arn: string) { return ${policy("«arn»")}; }
     export const handler = async (event) => allow(event.methodArn);`,
    "export const handler = robot((request, decide) => decide.allow({ principalId: 'a', only: «[`${request.event.httpMethod} ${request.event.path}`]» }));",
  ])("%#", (text) => {
    const { text: source, span } = marked(text);
    expect(calledMethodPolicies(ts, "handlers/a.ts", source)).toEqual([span.start]);
  });

  test.each([
    `export const handler = async (event) => ${policy('"*"')};`,
    `export const handler = async (event) => ${policy('event.methodArn.split("/")[0] + "/*"')};`,
    `export const handler = async (event) => ${policy('`${event.methodArn.split("/", 2).join("/")}/*`')};`,
    `export const handler = async (event) => ${policy("[event.methodArn, other]")};`,
    `export const handler = async (event) => ${policy("event.methodArn", '"Deny"')};`,
    `function allow(arn) { return ${policy("arn")}; } export const handler = async (event) => allow(wide(event.methodArn));`,
    "export const handler = robot((request, decide) => decide.allow({ principalId: 'a', only: ['GET /orders'] }));",
    "export const handler = robot(({ token }, decide) => decide.allow({ principalId: token, only: [`GET /partners/${token}/*`] }));",
    "const Resource = 1; export const handler = (event) => log(event.methodArn);",
    "export const handler = (",
  ])("what names more, or nothing, is let be: %#", (text) => {
    expect(calledMethodPolicies(ts, "handlers/a.ts", text)).toEqual([]);
  });
});
