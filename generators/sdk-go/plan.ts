import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { Model, Type } from "../../src/model/types.js";
import { packageName } from "../emit/names.js";
import { oncePerModel } from "../emit/once-per-model.js";
import { type InputMember, planInput } from "../sdk-shared/input.js";
import { NameTable } from "../sdk-shared/name-table.js";
import {
  type ErrorPlan,
  hasStream,
  type SdkOperation,
  type SuccessPlan,
  successesAs,
} from "../sdk-shared/operation.js";
import { itemTypeOf } from "../sdk-shared/pages.js";
import { credentialUses, planShared, type SharedPlan } from "../sdk-shared/plan.js";
import { semanticVersion } from "../sdk-shared/semantic-version.js";
import { planSocket } from "../sdk-shared/socket.js";
import { goInput, goName, goPackageName, goTypeName } from "./go-names.js";
import { type GoDeclaration, type GoField, GoTypes, type GoUse } from "./go-types.js";
import { type GoSocket, planGoSocket } from "./plan-socket.js";
import { type RuntimeNeeds, runtimeNames } from "./runtime-files.js";

/** The whole Go SDK with its final names. */
export interface GoPlan extends Omit<SharedPlan, "operations" | "credentials" | "baseUrls"> {
  readonly module: string;
  readonly package: string;
  readonly packageVersion: string;
  readonly models: readonly Model[];
  readonly declarations: readonly GoDeclaration[];
  readonly operations: readonly GoOperation[];
  readonly stages: readonly { readonly name: string; readonly stage: string; readonly url: string }[];
  /** Of calls and of the handshake of the WebSocket API. */
  readonly credentials: readonly (SharedPlan["credentials"][number] & { readonly option: string })[];
  readonly needs: RuntimeNeeds;
  /** The WebSocket client; undefined: the API has none. */
  readonly socket: GoSocket | undefined;
}

export interface GoOperation extends SdkOperation {
  readonly goMethod: string;
  readonly stream: string | undefined;
  /** Method that reads server-sent events. */
  readonly events: string | undefined;
  readonly pages: { readonly pages: string; readonly items: string; readonly item: GoUse } | undefined;
  /** Name of the struct of parameters; undefined when there is nothing to give. */
  readonly params: string | undefined;
  readonly input: readonly GoArgument[];
  readonly result: GoResult;
  /** Methods that ask for a further media type. */
  readonly alternatives: readonly GoAlternative[];
  /** Decoders of errors by status, of type `decoder[T]`. */
  readonly failures: readonly { readonly status: number; readonly type: string; readonly decoder: string }[];
  /** Decoder of errors of any other status. */
  readonly otherDecoder: string | undefined;
}

export interface GoAlternative {
  readonly method: string;
  readonly mediaType: string;
  readonly result: GoResult;
}

export interface GoArgument extends Omit<InputMember, "type">, Pick<GoField, "type" | "when"> {
  readonly of: InputMember["type"];
}

/** What a call returns beside its error. */
export type GoResult =
  | { readonly kind: "none" | "bytes" | "anything" }
  | { readonly kind: "value"; readonly type: string; readonly decoder: string }
  /** Several bodies by status, in a struct. */
  | { readonly kind: "several"; readonly name: string; readonly bodies: readonly GoBody[] };

export interface GoBody {
  readonly status: number;
  readonly field: string;
  readonly type: string;
  /** Undefined for bytes. */
  readonly decoder: string | undefined;
}

export const planGo = oncePerModel(planOf);

function planOf(model: GatewayModel): GoPlan {
  const shared = planShared(model);
  const module = model.sdk.go.module ?? `example.com/${packageName(model.name).replace(/[^a-z0-9.-]/g, "-")}`;
  const socket = planSocket(model);
  const needs = {
    hasCognito: shared.hasCognito,
    hasEvents: shared.operations.some((operation) => operation.hasEvents),
    hasSocket: socket !== undefined,
  };
  const names = new NameTable([...runtimeNames(needs), "AWSURL", "Client", "New", "Stage", "Version", "WithIAM"]);
  const stages = shared.baseUrls.map((entry) => ({
    ...entry,
    name: names.take(`Stage${goName(entry.stage)}`, "Name"),
  }));
  const credentials = credentialUses([...shared.operations, ...(socket ? [socket] : [])]).map((entry) => ({
    ...entry,
    option: names.take(`With${goName(entry.name)}`, "Credential"),
  }));
  const types = new GoTypes(model.models, names);
  const methods = new NameTable();
  for (const body of shared.gatewayBodies) types.use(body.type, body.name);
  return {
    ...shared,
    module,
    package: model.sdk.go.package ?? goPackageName(module),
    packageVersion: semanticVersion(model.sdk.version),
    models: model.models,
    isSigned: shared.isSigned || socket?.isSigned === true,
    needs,
    operations: shared.operations.map((operation) => planOperation(operation, types, methods)),
    socket: socket && planGoSocket(socket, types),
    declarations: types.declarations,
    stages,
    credentials,
  };
}

function planOperation(operation: SdkOperation, types: GoTypes, methods: NameTable): GoOperation {
  const base = goTypeName(operation.operation);
  const goMethod = methods.take(base);
  const input = planInput(operation, goInput).map((member): GoArgument => {
    const name = member.in === "body" ? "Body" : member.in === "method" ? "Method" : member.name;
    return { ...member, name, of: member.type, ...argument(member, types, `${base}${name}`) };
  });
  const item = itemTypeOf(operation, types.lookup);
  return {
    ...operation,
    goMethod,
    stream: hasStream(operation) ? methods.take(`${goMethod}Stream`) : undefined,
    events: operation.hasEvents ? methods.take(`${goMethod}Events`) : undefined,
    pages: item && {
      pages: methods.take(`${goMethod}Pages`),
      items: methods.take(`${goMethod}Items`),
      item: types.use(item, `${base}Item`),
    },
    params: input.length === 0 ? undefined : types.names.take(`${base}Params`, "Input"),
    input,
    result: resultOf(operation, types, base),
    alternatives: operation.alternativeTypes.map((mediaType) => ({
      method: methods.take(`${goMethod}As${goName(mediaType)}`),
      mediaType,
      result: resultOf({ successes: successesAs(operation, mediaType) }, types, `${base}As${goName(mediaType)}`),
    })),
    otherDecoder: operation.otherwise && types.use(operation.otherwise, `${base}OtherBody`).decoder,
    failures: operation.errors.flatMap((error) => failureOf(error, types, base) ?? []),
  };
}

function argument({ type, required }: InputMember, types: GoTypes, hint: string): Pick<GoField, "type" | "when"> {
  if (type === "bytes") return { type: "io.Reader", when: required ? "required" : "optional" };
  if (type === "method") return { type: "string", when: "required" };
  return types.field(type, !required, hint);
}

function resultOf({ successes }: Pick<SdkOperation, "successes">, types: GoTypes, base: string): GoResult {
  if (successes.length === 0) return { kind: "anything" };
  const hint = (status: number) => (successes.length === 1 ? `${base}Result` : `${base}${status}Result`);
  const bodies = successes.flatMap(({ status, body }) =>
    body === undefined ? [] : [goBody(status, body, types, hint(status))],
  );
  const [only] = bodies;
  if (only === undefined) return { kind: "none" };
  if (bodies.some(({ type }) => type !== only.type))
    return { kind: "several", name: types.names.take(`${base}Results`, "Value"), bodies };
  if (only.decoder === undefined) return { kind: "bytes" };
  return { kind: "value", type: only.type, decoder: only.decoder };
}

function goBody(status: number, body: NonNullable<SuccessPlan["body"]>, types: GoTypes, hint: string): GoBody {
  const field = `Status${status}`;
  if (body === "bytes") return { status, field, type: "[]byte", decoder: undefined };
  const use = types.use(body, hint);
  const type = use.isRecord ? `*${use.type}` : use.type;
  return { status, field, type, decoder: use.isRecord ? `plain[${type}]` : use.decoder };
}

/** What the body of an error is: the declared type, or that of the file's own gateway response. */
function failureOf(
  { status, declared, gateway }: ErrorPlan,
  types: GoTypes,
  base: string,
): GoOperation["failures"][number] | undefined {
  const custom = gateway.find((body) => typeof body === "object");
  const own = declared.find((type): type is Type => type !== "bytes");
  if (own) {
    const { type, decoder } = types.use(own, `${base}${status}Body`);
    return { status, type, decoder };
  }
  if (custom) {
    const { type, decoder } = types.use(custom.type, custom.name);
    return { status, type, decoder };
  }
  return gateway.length > 0 ? { status, type: "GatewayMessage", decoder: "plain[GatewayMessage]" } : undefined;
}
