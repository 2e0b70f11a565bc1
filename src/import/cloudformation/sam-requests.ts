import { isTrue, itemsOf, madeList, madeMap, madeScalar, memberOf, membersOf, type Tree, textOf } from "../tree.js";
import type { Resource } from "./resources.js";

type Members = readonly (readonly [name: string, value: Tree | undefined])[];

const prefix = "x-amazon-apigateway-";
const places: ReadonlyMap<string, string> = new Map([
  ["querystring", "query"],
  ["header", "header"],
  ["path", "path"],
]);

/** What an event says of its requests (SAM specification, "Api": RequestParameters and RequestModel), as an operation has it. */
export interface SamRequest {
  readonly members: Members;
  /** `method.request.…` that answers are kept by. */
  readonly cacheKeys: readonly Tree[];
}

/** @param isSwagger  whether the document is Swagger 2.0 */
export function requestOf(properties: Tree | undefined, isSwagger: boolean): SamRequest {
  const declared = itemsOf(memberOf(properties, "RequestParameters")).flatMap((item) => {
    const [member] = membersOf(item);
    const label = textOf(item) ?? member?.name ?? "";
    const [, place = "", name = ""] = /^method\.request\.(\w+)\.(.+)$/.exec(label) ?? [];
    const where = places.get(place);
    if (where === undefined) return [];
    const isRequired = where === "path" || isTrue(memberOf(member?.value, "Required"));
    return [{ at: item, label, name, where, isRequired, isKey: isTrue(memberOf(member?.value, "Caching")) }];
  });
  const parameters: Tree[] = declared.map(({ at, name, where, isRequired }) =>
    madeMap(at, [
      ["name", madeScalar(at, name)],
      ["in", madeScalar(at, where)],
      ["required", madeScalar(at, isRequired)],
      ...(isSwagger
        ? ([["type", madeScalar(at, "string")]] as const)
        : ([["schema", madeMap(at, [["type", madeScalar(at, "string")]])]] as const)),
    ]),
  );
  const model = memberOf(properties, "RequestModel");
  const body = model && bodyOf(model, isSwagger);
  if (model && body && isSwagger) parameters.push(body);
  const at = parameters[0] ?? model;
  return {
    members: [
      ["parameters", at && parameters.length > 0 ? madeList(at, parameters) : undefined],
      ["requestBody", isSwagger ? undefined : body],
      [`${prefix}request-validator`, model && validatorOf(model)],
    ],
    cacheKeys: declared.flatMap(({ at: item, label, isKey }) => (isKey ? [madeScalar(item, label)] : [])),
  };
}

function bodyOf(model: Tree, isSwagger: boolean): Tree | undefined {
  const name = textOf(memberOf(model, "Model"));
  if (name === undefined) return undefined;
  const home = isSwagger ? "definitions" : "components/schemas";
  const schema = madeMap(model, [["$ref", madeScalar(model, `#/${home}/${name}`)]]);
  const required = madeScalar(model, isTrue(memberOf(model, "Required")));
  if (isSwagger)
    return madeMap(model, [
      ["in", madeScalar(model, "body")],
      ["name", madeScalar(model, name)],
      ["required", required],
      ["schema", schema],
    ]);
  return madeMap(model, [
    ["content", madeMap(model, [["application/json", madeMap(model, [["schema", schema]])]])],
    ["required", required],
  ]);
}

/** Names of SAM's validators, and whether each checks bodies and parameters. */
const validators = [
  ["body-only", true, false],
  ["params-only", false, true],
  ["full", true, true],
  ["no-validation", false, false],
] as const;

function validatorOf(model: Tree): Tree | undefined {
  const [body, parameters] = ["ValidateBody", "ValidateParameters"].map((name) => memberOf(model, name));
  if (body === undefined && parameters === undefined) return undefined;
  const found = validators.find((each) => each[1] === isTrue(body) && each[2] === isTrue(parameters));
  return madeScalar(model, found?.[0] ?? "no-validation");
}

export function samValidators(at: Tree): Members {
  return validators.map(([name, checksBody, checksParameters]) => [
    name,
    madeMap(at, [
      ["validateRequestBody", madeScalar(at, checksBody)],
      ["validateRequestParameters", madeScalar(at, checksParameters)],
    ]),
  ]);
}

/** `Models` of a SAM API: schemas by name. */
export function samModels({ properties }: Resource): readonly (readonly [string, Tree])[] {
  return membersOf(memberOf(properties, "Models")).map(({ name, value }) => [name, value]);
}

/** `GatewayResponses` of a SAM API as the extension has them: parameters under their full names. */
export function samGatewayResponses({ properties }: Resource): Members {
  return membersOf(memberOf(properties, "GatewayResponses")).map(({ name, value }) => {
    const given = memberOf(value, "ResponseParameters");
    const of = (member: string, place: string): Members =>
      membersOf(memberOf(given, member)).map((each) => [`gatewayresponse.${place}.${each.name}`, each.value]);
    const parameters = [...of("Headers", "header"), ...of("Paths", "path"), ...of("QueryStrings", "querystring")];
    return [
      name,
      madeMap(value, [
        ["statusCode", memberOf(value, "StatusCode")],
        ["responseParameters", given && madeMap(given, parameters)],
        ["responseTemplates", memberOf(value, "ResponseTemplates")],
      ]),
    ];
  });
}
