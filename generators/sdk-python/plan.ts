import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { Model, Type } from "../../src/model/types.js";
import { camelName, packageName, upperFirst } from "../emit/names.js";
import { oncePerModel } from "../emit/once-per-model.js";
import type { GatewayBody } from "../sdk-shared/gateway-answers.js";
import { type InputMember, planInput } from "../sdk-shared/input.js";
import { NameTable } from "../sdk-shared/name-table.js";
import { type ErrorPlan, hasStream, type SdkOperation } from "../sdk-shared/operation.js";
import { itemTypeOf } from "../sdk-shared/pages.js";
import { planShared, type SharedPlan } from "../sdk-shared/plan.js";
import { semanticVersion } from "../sdk-shared/semantic-version.js";
import { planSocket } from "../sdk-shared/socket.js";
import { nameSocket, type PythonSocket } from "./plan-socket.js";
import { moduleName, pythonClass, pythonInput, pythonName, takenMethods } from "./python-names.js";
import { type PythonDeclaration, PythonTypes, type TypeUse } from "./python-types.js";

/** The whole Python SDK with its final names. */
export interface PythonPlan extends Omit<SharedPlan, "operations"> {
  readonly distribution: string;
  readonly module: string;
  readonly packageVersion: string;
  /** `Shop` and `AsyncShop`. */
  readonly client: string;
  readonly isDataclass: boolean;
  readonly models: readonly Model[];
  readonly declarations: readonly PythonDeclaration[];
  readonly operations: readonly PythonOperation[];
  /** Statuses that get an error class which all operations share. */
  readonly statuses: readonly number[];
  /** The WebSocket client; undefined: the API has none. */
  readonly socket: PythonSocket | undefined;
}

export interface PythonOperation extends SdkOperation {
  readonly method_: string;
  /** Constant in `ops.py`. */
  readonly constant: string;
  readonly stream: string | undefined;
  /** Method that reads server-sent events. */
  readonly events: string | undefined;
  readonly pages: { readonly pages: string; readonly items: string; readonly item: TypeUse } | undefined;
  readonly input: readonly PythonArgument[];
  /** Type of the result, and how each status is decoded. */
  readonly result: string;
  readonly decoders: readonly { readonly status: number; readonly codec: string }[];
  /** Results of further media types, which a caller asks for. */
  readonly alternatives: readonly { readonly mediaType: string; readonly result: string }[];
  /** How answers of further media types are decoded, where any is. */
  readonly otherDecoders: readonly { readonly status: number; readonly mediaType: string; readonly codec: string }[];
  readonly encoder: string | undefined;
  readonly failures: readonly PythonFailure[];
  /** Class of errors whose status nothing declares; undefined: nothing says what they are. */
  readonly otherFailure: PythonFailure | undefined;
}

export interface PythonArgument extends InputMember {
  readonly annotation: string;
}

/** An error class of one operation. */
export interface PythonFailure {
  readonly name: string;
  /** Undefined: any that nothing declares. */
  readonly status: number | undefined;
  readonly body: string;
  readonly codec: string;
}

export const planPython = oncePerModel(planOf);

function planOf(model: GatewayModel): PythonPlan {
  const shared = planShared(model);
  const isDataclass = model.sdk.python.models === "dataclass";
  const types = new PythonTypes(model.models, isDataclass);
  const distribution = model.sdk.python.packageName ?? packageName(model.name).replace(/~/g, "-");
  const methods = new NameTable(takenMethods);
  const constants = new NameTable();
  const errors = new NameTable(errorNames);
  const gatewayTypes = new Map(shared.gatewayBodies.map((body) => [body.name, types.use(body.type, body.name).type]));
  const operations = shared.operations.map((operation) =>
    planOperation(operation, { types, methods, constants, errors, gatewayTypes }),
  );
  const socket = planSocket(model);
  return {
    ...shared,
    socket: socket && nameSocket(socket, types),
    distribution,
    module: moduleName(distribution),
    packageVersion: pythonVersion(model.sdk.version),
    client: clientName(model.name),
    isDataclass,
    models: model.models,
    declarations: types.declarations,
    operations,
    statuses: [...new Set(operations.flatMap((operation) => operation.errors.map(({ status }) => status)))].sort(
      (a, b) => a - b,
    ),
  };
}

interface Tables {
  readonly types: PythonTypes;
  readonly methods: NameTable;
  readonly constants: NameTable;
  readonly errors: NameTable;
  readonly gatewayTypes: ReadonlyMap<string, string>;
}

function planOperation(operation: SdkOperation, tables: Tables): PythonOperation {
  const { types, methods, constants } = tables;
  const base = pythonClass(upperFirst(operation.operation));
  const method = methods.take(pythonName(operation.operation));
  const input = planInput(operation, pythonInput).map((member) => ({
    ...member,
    annotation: annotationOf(member, types, base),
  }));
  const bodies = operation.successes.map(({ status, body }) => ({
    status,
    use: body === undefined || body === "bytes" ? undefined : types.use(body, hintOf(base, operation, status)),
    type: body === undefined ? "None" : "bytes",
  }));
  const others = alternativesOf(operation, types, base);
  const decoders = bodies.flatMap(({ status, use }) =>
    use && use.codec !== "c.RAW" ? [{ status, codec: use.codec }] : [],
  );
  const isDecoded = [...decoders, ...others].some(({ codec }) => codec !== "c.RAW");
  const item = itemTypeOf(operation, types.lookup);
  const body = operation.body?.type;
  const encoder = typeof body === "object" ? types.use(body, `${base}Body`).codec : "c.RAW";
  return {
    ...operation,
    method_: method,
    constant: constants.take(pythonName(operation.operation).toUpperCase()),
    stream: hasStream(operation) ? methods.take(`${method}_stream`) : undefined,
    events: operation.hasEvents ? methods.take(`${method}_events`) : undefined,
    pages: item && {
      pages: methods.take(`${method}_pages`),
      items: methods.take(`${method}_items`),
      item: types.use(item, `${base}Item`),
    },
    input,
    result: resultText(bodies.map(({ use, type }) => use?.type ?? type)),
    decoders,
    alternatives: input.some(({ name }) => name === "accept")
      ? []
      : [...new Set(others.map(({ mediaType }) => mediaType))].map((mediaType) => ({
          mediaType,
          result: resultText(
            bodies.map(({ status, use, type }) => {
              const other = others.find((entry) => entry.status === status && entry.mediaType === mediaType);
              return other?.type ?? use?.type ?? type;
            }),
          ),
        })),
    otherDecoders: isDecoded ? others : [],
    encoder: encoder === "c.RAW" ? undefined : encoder,
    otherFailure: operation.otherwise && otherFailure(operation.otherwise, base, tables),
    failures: operation.errors.flatMap((error) => failureOf(error, base, tables) ?? []),
  };
}

const resultText = (types: readonly string[]) => [...new Set(types)].join(" | ") || "object";

interface OtherUse extends TypeUse {
  readonly status: number;
  readonly mediaType: string;
}

/** What further media types of successes are. */
function alternativesOf(operation: SdkOperation, types: PythonTypes, base: string): readonly OtherUse[] {
  return operation.successes.flatMap(({ status, alternatives }) =>
    alternatives.map(({ mediaType, body }) => {
      const hint = `${hintOf(base, operation, status)}${pythonClass(camelName(mediaType))}`;
      const use = body === "bytes" ? { type: "bytes", codec: "c.RAW" } : types.use(body, hint);
      return { status, mediaType, ...use };
    }),
  );
}

function hintOf(base: string, { successes }: SdkOperation, status: number): string {
  return successes.length === 1 ? `${base}Result` : `${base}${status}Result`;
}

function annotationOf({ type, in: where }: InputMember, types: PythonTypes, base: string): string {
  if (type === "bytes") return "Body | str";
  if (type === "method") return 'Literal["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]';
  return where === "body" ? types.use(type, `${base}Body`).type : types.argument(type, `${base}Argument`);
}

/** An error class of its own where the file declares a body; the shared one of the status tells the rest. */
function failureOf(
  { status, declared, gateway, alternatives }: ErrorPlan,
  base: string,
  { types, errors, gatewayTypes }: Tables,
): PythonFailure | undefined {
  if (declared.length === 0 && gateway.every((body) => typeof body === "string")) return undefined;
  const uses = declared.map((type) => (type === "bytes" ? undefined : types.use(type, `${base}${status}Body`)));
  const own = uses.map((use) => use?.type ?? "bytes");
  const others = alternatives.map(({ mediaType, body }) => {
    if (body === "bytes") return "bytes";
    const use = types.use(body, `${base}${status}Body${pythonClass(camelName(mediaType))}`);
    // Only the first one is decoded.
    return use.codec === "c.RAW" ? use.type : "object";
  });
  const all = new Set([...own, ...others, ...gateway.map((body) => gatewayType(body, gatewayTypes))]);
  const [codec = "c.RAW"] = uses.flatMap((use) => use?.codec ?? []);
  return {
    name: errors.take(`${base}${status}`, "_"),
    status,
    body: all.has("object") ? "object" : [...all].join(" | "),
    codec,
  };
}

function otherFailure(type: Type, base: string, { types, errors }: Tables): PythonFailure {
  const use = types.use(type, `${base}OtherBody`);
  return { name: errors.take(`${base}Other`, "_"), status: undefined, body: use.type, codec: use.codec };
}

function gatewayType(body: GatewayBody, custom: ReadonlyMap<string, string>): string {
  if (typeof body === "object") return custom.get(body.name) ?? "object";
  return { message: "GatewayMessage", "access-denied": "AccessDeniedMessage", unknown: "object" }[body];
}

/** `my-shop` → `MyShop`. */
function clientName(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const joined = words.map(upperFirst).join("");
  const safe = pythonClass(/^[A-Za-z]/.test(joined) ? joined : `Api${joined}`);
  return packageExports.has(safe) || packageExports.has(`Async${safe}`) ? `${safe}Client` : safe;
}

/** PEP 440 writes `2.0.0-beta.1` as `2.0.0b1`; labels it does not know become `.dev`s. */
function pythonVersion(version: string): string {
  const [numbers = "0.0.0", label] = semanticVersion(version).split("-", 2);
  if (label === undefined) return numbers;
  const kind = /^(alpha|beta|rc|a|b|pre|preview|c)/.exec(label)?.[1];
  const count = /(\d+)$/.exec(label)?.[1] ?? "0";
  const short = kind === undefined ? ".dev" : kind.startsWith("a") ? "a" : kind.startsWith("b") ? "b" : "rc";
  return `${numbers}${short}${Number(count)}`;
}

const errorNames: readonly string[] =
  "ApiError TransportError SdkError GatewayMessage AccessDeniedMessage Literal cast models c codecs TypedDict".split(
    " ",
  );

const packageExports: ReadonlySet<string> = new Set(
  "ApiError TransportError SdkError CallOptions CallInfo Request Response ResponseInfo Transport Middleware Credential AsyncResponse SigV4 AwsCredentials Cognito Auth AsyncAuth Stage".split(
    " ",
  ),
);
