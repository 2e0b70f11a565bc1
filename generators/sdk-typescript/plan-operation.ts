import { code, type Planned, stringLiteral } from "../emit/code-literal.js";
import { camelName, memberName } from "../emit/names.js";
import type { CredentialPlan } from "../sdk-shared/credentials.js";
import type { InputMember } from "../sdk-shared/input.js";
import { camelPrefixed, type InputNaming, planInput } from "../sdk-shared/input.js";
import type { BodyPlan, SdkOperation } from "../sdk-shared/operation.js";

/** One function of the SDK, without its exported names. */
export interface OperationPlan extends SdkOperation {
  readonly input: readonly InputMember[];
  /** What the runtime needs to know to send the call. */
  readonly descriptor: Readonly<Record<string, Planned>>;
  /** Body encoder of the runtime; undefined without a body. */
  readonly encoder: Encoder | undefined;
}

export type Encoder = "jsonBody" | "exactBody" | "rawBody" | "formBody" | "multipartBody";

/** A parameter keeps its name where that is an identifier; headers are written in camel case. */
export const typescriptInput: InputNaming = {
  /** Names that every object answers to: a parameter that was left out would seem to be there. */
  taken: Object.getOwnPropertyNames(Object.prototype),
  nameOf: ({ in: where, name }) => (where === "header" ? camelName(name) : memberName(name)),
  prefixed: camelPrefixed,
};

export function planFunction(operation: SdkOperation): OperationPlan {
  const input = planInput(operation, typescriptInput);
  const encoder = operation.body && encoders[operation.body.encoding];
  return { ...operation, input, encoder, descriptor: descriptorOf(operation, input, encoder) };
}

const encoders: Readonly<Record<BodyPlan["encoding"], Encoder>> = {
  json: "jsonBody",
  raw: "rawBody",
  form: "formBody",
  multipart: "multipartBody",
};

function descriptorOf(
  operation: SdkOperation,
  input: readonly InputMember[],
  encoder: Encoder | undefined,
): Record<string, Planned> {
  const group = (where: InputMember["in"]) => input.filter((member) => member.in === where);
  const { accept, credentials } = operation;
  return {
    name: operation.operation,
    method: operation.method,
    path: pathOf(operation, group("path")),
    query: tableOf(group("query").map((member) => ({ ...member, wireName: escapedName(member.wireName) }))),
    headers: tableOf(group("header")),
    accept: accept === "application/json" ? undefined : accept,
    encode: encoder && code(encoder),
    contentType: operation.body?.contentType,
    binary: binaryTest(operation),
    // fetch would hand a header of a name of its own on to wherever a redirect leads.
    redirect: operation.hasRedirects || hasOwnHeader(credentials) ? "manual" : undefined,
    below: operation.hasRedirects ? 400 : undefined,
    newKey: operation.hasIdempotencyKey ? code("newKey") : undefined,
    auth:
      credentials.length > 0
        ? credentials.map((credential) => [
            credential.name,
            placeOf(credential),
            credential.key,
            ...(credential.authorizer ? [credential.authorizer] : []),
          ])
        : undefined,
    iam: operation.isSigned ? true : undefined,
  };
}

/** Whether the body of an answer is bytes, of its status and `Content-Type`; undefined: none is. */
function binaryTest({ binaryStatuses, binaryTypes }: SdkOperation): Planned {
  const tests = [
    ...binaryStatuses.map((status) => `status === ${status}`),
    ...binaryTypes.map(
      ([status, mediaType]) =>
        `(status === ${status} && type.split(";")[0].trim().toLowerCase() === ${stringLiteral(mediaType.toLowerCase())})`,
    ),
  ];
  if (tests.length === 0) return undefined;
  return code(`(status${binaryTypes.length > 0 ? ", type" : ""}) => ${tests.join(" || ")}`);
}

function hasOwnHeader(credentials: readonly CredentialPlan[]): boolean {
  return credentials.some((credential) => placeOf(credential) === "header");
}

/** A bearer token gets the name of its scheme, where it stands in Authorization. */
export function placeOf({ place, key }: CredentialPlan): string {
  return place === "header" && /^authorization$/i.test(key) ? "bearer" : place;
}

/** As it stands in an address. Half of a surrogate pair is no UTF-8. */
function escapedName(name: string): string {
  return encodeURIComponent(
    name.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd"),
  );
}

/** Names of the input and on the wire. */
function tableOf(members: readonly InputMember[]): Planned {
  return members.length === 0 ? undefined : Object.fromEntries(members.map(({ name, wireName }) => [name, wireName]));
}

/** Template whose braces hold names of the input object. */
function pathOf({ path }: SdkOperation, members: readonly InputMember[]): string {
  const nameOf = (name: string) => members.find(({ wireName }) => wireName === name)?.name ?? name;
  const texts = path.map((segment) => {
    if (segment.kind === "static") return segment.text;
    return `{${nameOf(segment.name)}${segment.kind === "greedy" ? "+" : ""}}`;
  });
  return `/${texts.join("/")}`;
}
