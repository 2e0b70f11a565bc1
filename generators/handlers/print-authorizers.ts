import { readFileSync } from "node:fs";
import { code, printPlanned, propertyName, stringLiteral } from "../emit/code-literal.js";
import type { AuthorizerFunctionPlan } from "./plan-authorizers.js";

/** Text of `authorizer.ts`, which every typed authorizer uses. */
export function authorizerBinderText(): string {
  return readFileSync(new URL("./authorizer.template.ts", import.meta.url), "utf8");
}

/** Types and binder of one authorizer's function. */
export function printAuthorizer(plan: AuthorizerFunctionPlan): string {
  const { binder, typeName, authorizers, answer, token, context } = plan;
  const source =
    token === undefined ? "" : `, token: { in: ${stringLiteral(token.in)}, name: ${stringLiteral(token.name)} }`;
  const names = authorizers.join(", ");
  const contextType = context === undefined ? "undefined" : `${typeName}Context`;
  const declared =
    context === undefined
      ? ""
      : `/** Context of ${names}, as gateway.yaml declares it. */
export interface ${contextType} {
${context.map(({ name, type }) => `  readonly ${propertyName(name)}: ${type};\n`).join("")}}

`;
  return `import { type Authorizer, type AuthorizerLambda, bindAuthorizer } from "./authorizer.js";

${declared}export type ${typeName}Authorizer = Authorizer<${contextType}>;

/** Makes the Lambda handler of the authorizer ${names}. */
export function ${binder}(authorizer: ${typeName}Authorizer): AuthorizerLambda {
  return bindAuthorizer({ answer: ${stringLiteral(answer)}${source} }, authorizer);
}
`;
}

/** `authorizer-testing.ts`: for each authorizer a function that calls it with a valid event. No handler imports it. */
export function printAuthorizerTesting(plans: readonly AuthorizerFunctionPlan[]): string {
  const template = readFileSync(new URL("./authorizer-testing.template.ts", import.meta.url), "utf8");
  const calls = plans.map(({ typeName, authorizers, type, payloadFormat, token }) => {
    const sample = printPlanned({ type, payloadFormat, source: token ?? code("undefined") }, "  ");
    return `
/** Calls the authorizer ${authorizers.join(", ")} with a valid event; what is given takes the place of parts of it. */
export function call${typeName}(handler: AuthorizerLambda, given: AuthorizerGiven = {}): Promise<AuthorizerAnswer> {
  return callAuthorizer(handler, ${sample}, given);
}
`;
  });
  return `${template.replace("./authorizer.template.js", "./authorizer.js")}${calls.join("")}`;
}

/** A stub that lets nobody in. */
export function printAuthorizerStub(plan: AuthorizerFunctionPlan, importPath: string): string {
  const { binder, authorizers, context, keepsDecisions } = plan;
  const members = (context ?? []).map(({ name, type }) => `${propertyName(name)}: ${sample(type)}`);
  const example = `{ principalId: "somebody"${context === undefined ? "" : `, context: { ${members.join(", ")} }`} }`;
  const kept = keepsDecisions
    ? `  // The decision is kept for every method of the stage: with "only", name all that the caller may call.\n`
    : "";
  return `import { ${binder} } from ${stringLiteral(importPath)};

/** Authorizer ${authorizers.join(", ")}. Nobody is let in until it says so. */
export const handler = ${binder}(async (request, decide) => {
  if (request.token === undefined) return decide.unauthorized();
${kept}  // return decide.allow(${example});
  return decide.deny();
});
`;
}

function sample(type: string): string {
  return type === "string" ? '""' : type === "number" ? "0" : "false";
}
