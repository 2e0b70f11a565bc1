import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { Model, Type } from "../../src/model/types.js";
import { camelName, packageName, upperFirst } from "../emit/names.js";
import { oncePerModel } from "../emit/once-per-model.js";
import { type InputMember, planInput } from "../sdk-shared/input.js";
import { NameTable } from "../sdk-shared/name-table.js";
import { hasStream, type SdkOperation, successesAs } from "../sdk-shared/operation.js";
import { itemTypeOf } from "../sdk-shared/pages.js";
import { planShared, type SharedPlan } from "../sdk-shared/plan.js";
import { semanticVersion } from "../sdk-shared/semantic-version.js";
import { planSocket } from "../sdk-shared/socket.js";
import { ClassNames, javaClass, javaConstant, javaInput, javaName, objectMethods, takenClasses } from "./java-names.js";
import { type JavaDeclaration, type JavaField, JavaTypes, type JavaUse } from "./java-types.js";
import { type JavaSocket, planJavaSocket, socketClasses } from "./plan-socket.js";
import { type RuntimeNeeds, runtimeClasses } from "./runtime-files.js";

/** The whole Java SDK with its final names. */
export interface JavaPlan extends Omit<SharedPlan, "operations" | "credentials" | "baseUrls"> {
  readonly package: string;
  readonly group: string;
  readonly artifact: string;
  readonly packageVersion: string;
  readonly client: string;
  readonly models: readonly Model[];
  readonly declarations: readonly JavaDeclaration[];
  /** Interfaces of each declared class. */
  readonly unionsOf: (name: string) => readonly string[];
  readonly operations: readonly JavaOperation[];
  readonly stages: readonly { readonly name: string; readonly stage: string; readonly url: string }[];
  readonly credentials: readonly (SharedPlan["credentials"][number] & { readonly setter: string })[];
  readonly needs: RuntimeNeeds;
  /** The WebSocket client; undefined: the API has none. */
  readonly socket: JavaSocket | undefined;
}

export interface JavaOperation extends SdkOperation {
  readonly javaMethod: string;
  readonly asyncMethod: string;
  readonly constant: string;
  readonly stream: string | undefined;
  /** Method that reads server-sent events. */
  readonly events: string | undefined;
  readonly pages: { readonly pages: string; readonly items: string; readonly item: JavaUse } | undefined;
  /** Class of the request; undefined when there is nothing to give. */
  readonly request: string | undefined;
  readonly input: readonly JavaArgument[];
  readonly result: JavaResult;
  /** Methods that ask for a further media type. */
  readonly alternatives: readonly JavaAlternative[];
  readonly failures: readonly { readonly status: number; readonly type: string; readonly codec: string }[];
  /** Codec of errors of any other status. */
  readonly otherCodec: string | undefined;
}

export interface JavaAlternative {
  readonly javaMethod: string;
  readonly asyncMethod: string;
  readonly mediaType: string;
  readonly result: JavaResult;
}

export interface JavaArgument
  extends Omit<InputMember, "type">,
    Pick<JavaField, "type" | "codec" | "when" | "nullable" | "missing"> {
  readonly of: InputMember["type"];
}

export type JavaResult =
  | { readonly kind: "none" | "bytes" | "anything" }
  | { readonly kind: "value"; readonly type: string; readonly codec: string }
  /** Several bodies by status: what came, as one of them. */
  | {
      readonly kind: "several";
      readonly bodies: readonly { readonly status: number; readonly codec: string | undefined }[];
    };

export const planJava = oncePerModel(planOf);

function planOf(model: GatewayModel): JavaPlan {
  const shared = planShared(model);
  const artifact = packageName(model.name).replace(/[^a-z0-9.-]/g, "-");
  const [group, name] = model.sdk.java.artifact?.split(":") ?? [];
  const packageId = model.sdk.java.package ?? `com.example.${packagePart(artifact)}`;
  const socket = planSocket(model);
  const needs = {
    hasCognito: shared.hasCognito,
    hasEvents: shared.operations.some((operation) => operation.hasEvents),
    hasSocket: socket !== undefined,
  };
  const names = new ClassNames([...runtimeClasses(needs), ...takenClasses, ...(socket ? socketClasses : [])]);
  const client = names.take(clientName(model.name), "Api");
  const socketClient = socket && names.take(client.replace(/Client(?=(Api)?_*$)/, "Socket"), "Api");
  const types = new JavaTypes(model.models, names);
  const methods = new NameTable(["builder", ...objectMethods]);
  const stageNames = new NameTable();
  const setters = new NameTable([
    "baseUrl",
    "stage",
    "retries",
    "timeout",
    "totalTimeout",
    "retryDelay",
    "httpClient",
    "header",
    "middleware",
    "iam",
    "build",
    ...objectMethods,
  ]);
  return {
    ...shared,
    package: packageId,
    group: group ?? packageId,
    artifact: name ?? artifact,
    packageVersion: semanticVersion(model.sdk.version),
    client,
    needs,
    models: model.models,
    operations: shared.operations.map((operation) => planOperation(operation, types, methods)),
    socket: socket && socketClient ? planJavaSocket(socket, socketClient, types) : undefined,
    declarations: types.declarations,
    unionsOf: (declared) => types.unionsOf(declared),
    stages: shared.baseUrls.map((entry) => ({ ...entry, name: stageNames.take(javaConstant(entry.stage), "_STAGE") })),
    credentials: shared.credentials.map((entry) => ({
      ...entry,
      setter: setters.take(javaName(entry.name), "Credential"),
    })),
  };
}

/** `my-shop` → `MyShopClient`. */
function clientName(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const joined = words.map(upperFirst).join("");
  return `${/^[A-Za-z]/.test(joined) ? joined : `Api${joined}`}Client`;
}

function packagePart(artifact: string): string {
  const name = artifact.replace(/[^a-z0-9]/g, "");
  const started = /^[a-z]/.test(name) ? name : `api${name}`;
  return javaName(started) === started ? started : `${started}client`;
}

function planOperation(operation: SdkOperation, types: JavaTypes, methods: NameTable): JavaOperation {
  const base = javaClass(operation.operation);
  const javaMethod = methods.take(javaName(operation.operation));
  const input = planInput(operation, javaInput).map((member): JavaArgument => {
    return { ...member, of: member.type, ...argument(member, types, `${base}${upperFirst(member.name)}`) };
  });
  const item = itemTypeOf(operation, types.lookup);
  return {
    ...operation,
    javaMethod,
    asyncMethod: methods.take(`${javaMethod}Async`),
    // A constant would hide a class of its name (JLS 6.4.2).
    constant: types.names.take(`${javaConstant(operation.operation)}_CALL`, "_"),
    stream: hasStream(operation) ? methods.take(`${javaMethod}Stream`) : undefined,
    events: operation.hasEvents ? methods.take(`${javaMethod}Events`) : undefined,
    pages: item && {
      pages: methods.take(`${javaMethod}Pages`),
      items: methods.take(`${javaMethod}Items`),
      item: types.use(item, `${base}Item`),
    },
    request: input.length === 0 ? undefined : types.names.take(`${base}Request`, "Input"),
    input,
    result: resultOf(operation, types, base),
    alternatives: operation.alternativeTypes.map((mediaType) => {
      const suffix = `As${javaClass(camelName(mediaType))}`;
      const name = methods.take(`${javaMethod}${suffix}`);
      const result = resultOf({ successes: successesAs(operation, mediaType) }, types, `${base}${suffix}`);
      return { javaMethod: name, asyncMethod: methods.take(`${name}Async`), mediaType, result };
    }),
    otherCodec: operation.otherwise && types.use(operation.otherwise, `${base}OtherBody`).codec,
    failures: failuresOf(operation, types, base),
  };
}

function argument(
  { type, required }: InputMember,
  types: JavaTypes,
  hint: string,
): Pick<JavaField, "type" | "codec" | "when" | "nullable" | "missing"> {
  const when = required ? "required" : "optional";
  const nullable = !required;
  if (type === "bytes") return { type: "HttpRequest.BodyPublisher", codec: "", when, nullable, missing: undefined };
  if (type === "method") return { type: "String", codec: "", when, nullable, missing: undefined };
  const { type: written, codec, primitive } = types.use(type, hint);
  return required && primitive
    ? { type: primitive.type, codec, when, nullable, missing: primitive.missing }
    : { type: written, codec, when, nullable, missing: undefined };
}

function resultOf({ successes }: Pick<SdkOperation, "successes">, types: JavaTypes, base: string): JavaResult {
  if (successes.length === 0) return { kind: "anything" };
  const bodies = successes.flatMap(({ status, body }) => {
    if (body === undefined) return [];
    const hint = successes.length === 1 ? `${base}Result` : `${base}${status}Result`;
    return [{ status, use: body === "bytes" ? undefined : types.use(body, hint) }];
  });
  const [only] = bodies;
  if (only === undefined) return { kind: "none" };
  if (bodies.some(({ use }) => use?.type !== only.use?.type))
    return { kind: "several", bodies: bodies.map(({ status, use }) => ({ status, codec: use?.codec })) };
  return only.use ? { kind: "value", type: only.use.type, codec: only.use.codec } : { kind: "bytes" };
}

function failuresOf({ errors }: SdkOperation, types: JavaTypes, base: string): JavaOperation["failures"] {
  return errors.flatMap(({ status, declared, gateway }) => {
    const custom = gateway.find((body) => typeof body === "object");
    const own = declared.find((type): type is Type => type !== "bytes");
    const use = own ? types.use(own, `${base}${status}Body`) : custom ? types.use(custom.type, custom.name) : undefined;
    return use ? [{ status, type: use.type, codec: use.codec }] : [];
  });
}
