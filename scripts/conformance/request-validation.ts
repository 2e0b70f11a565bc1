import { loadValidators } from "../../generators/emit/load-validators.js";
import type { SchemaObject } from "../../generators/emit/schema-references.js";
import { validatorSource } from "../../generators/emit/validator.js";
import { createGateway } from "../../runtime/host/gateway.js";
import type { Exchange } from "../../runtime/http/exchange.js";
import { readBody } from "../../runtime/http/read-body.js";
import type { RequiredParameter } from "../../runtime/program.js";
import type { Validate } from "../../runtime/validation/body-check.js";
import { requireParameters } from "../../runtime/validation/require-parameters.js";
import { validateBody } from "../../runtime/validation/validate-body.js";
import type { AreaRunner } from "./case.js";
import { answerProblem, reachProblem } from "./compare.js";
import { flatHeaders, queryText } from "./flat-headers.js";
import { testProgram, testRoute } from "./program.js";

interface Given {
  readonly validator?: { readonly body?: boolean; readonly parameters?: boolean };
  readonly models?: Readonly<Record<string, object>>;
  readonly requestModel?: object;
  readonly requestParameters?: Readonly<Record<string, boolean>>;
  readonly request: {
    readonly method: string;
    readonly pathParameters?: Readonly<Record<string, string>>;
    readonly headers?: Readonly<Record<string, string>>;
    readonly query?: Readonly<Record<string, string>>;
    readonly body?: string | null;
  };
}

/** Validates a request by the runtime's steps. Schemas are compiled as a build does it. */
export const run: AreaRunner = async ({ given: untyped, expect }) => {
  const given = untyped as unknown as Given;
  const { request, validator } = given;
  const names = Object.keys(request.pathParameters ?? {});
  // What a method declares is there without a validator, too; it is then not enforced, which is what some cases ask.
  const declared = { parameters: requiredOf(given.requestParameters ?? {}), models: validatorsOf(given) };
  let reached = false;
  const pipeline = async (x: Exchange): Promise<boolean> => {
    if (requireParameters(x) || (await readBody(x)) || validateBody(x)) return true;
    reached = true;
    return x.answer(200, ["Content-Type", "application/json"], "{}");
  };
  const route = testRoute(`${request.method} /${names.map((name) => `{${name}}`).join("/")}`, pipeline, {
    requiredParameters: validator?.parameters ? declared.parameters : [],
    bodyCheck: validator?.body ? { byMediaType: declared.models } : undefined,
  });
  const gateway = createGateway({ program: testProgram([route]) });
  const path = names.map((name) => `/${request.pathParameters?.[name]}`).join("");
  const answer = await gateway.inject({
    method: request.method,
    path: `/dev${path}${queryText(request.query)}`,
    headers: flatHeaders(request.headers),
    ...(request.body != null ? { body: request.body } : {}),
  });
  return answerProblem(expect, answer) ?? reachProblem(expect, { reached, status: answer.status });
};

/** By their full names, as AWS lists the missing ones. */
function requiredOf(parameters: Readonly<Record<string, boolean>>): readonly RequiredParameter[] {
  const required = Object.keys(parameters).filter((name) => parameters[name]);
  return required.sort().map((full) => {
    const [, , place = "", ...rest] = full.split(".");
    const label = rest.join(".");
    if (place === "header") return { in: "header", name: label.toLowerCase(), label };
    return { in: place === "path" ? "path" : "query", name: label, label };
  });
}

/** Either models by media type, or one request model that refers to named models. */
function validatorsOf({ models = {}, requestModel }: Given): ReadonlyMap<string, Validate> {
  if (requestModel !== undefined) return new Map([["application/json", compiled(requestModel, models)]]);
  return new Map(Object.entries(models).map(([mediaType, schema]) => [mediaType, compiled(schema, {})]));
}

/** By the generator of validators; models refer to each other by AWS's addresses. */
function compiled(schema: object, models: Readonly<Record<string, object>>): Validate {
  const others = Object.entries(models).map(([name, model]): [string, SchemaObject] => [
    `https://apigateway.amazonaws.com/restapis/${apiId}/models/${name}`,
    withApiId(model) as SchemaObject,
  ]);
  const validators = loadValidators(
    validatorSource({
      document: withApiId(schema) as SchemaObject,
      entries: [{ name: "validate", ref: "#" }],
      others: new Map(others),
      explains: true,
      language: "javascript",
    }),
  );
  return validators.get("validate") as Validate;
}

const apiId = "abcdefghij";

/** The cases leave the API's id open, in a form that is no URI. */
function withApiId(schema: object): object {
  return JSON.parse(JSON.stringify(schema).replaceAll("<api-id>", apiId)) as object;
}
