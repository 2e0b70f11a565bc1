import { typeOf as typeOfModel } from "../../src/model/by-name.js";
import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { Type } from "../../src/model/types.js";
import { code, printPlanned } from "../emit/code-literal.js";
import { type IntegerShapes, integerShapes } from "../emit/integer-shapes.js";
import { packageName } from "../emit/names.js";
import { oncePerModel } from "../emit/once-per-model.js";
import { itemTypeOf } from "../sdk-shared/pages.js";
import { planShared, type SharedPlan } from "../sdk-shared/plan.js";
import { semanticVersion } from "../sdk-shared/semantic-version.js";
import { planSocket, type SocketPlan } from "../sdk-shared/socket.js";
import type { ComponentModel } from "./component-types.js";
import { type ExportedNames, exportedNames, type OperationNames } from "./exported-names.js";
import { answerShapes } from "./integers.js";
import { withOpenEnums } from "./open-enums.js";
import { type ApigOperation, apigNames, apigOperations } from "./plan-apig-client.js";
import { type OperationPlan, planFunction } from "./plan-operation.js";

/** The whole TypeScript SDK with its final names. */
export interface SdkPlan extends Omit<SharedPlan, "operations"> {
  readonly packageName: string;
  /** A version that npm takes. */
  readonly packageVersion: string;
  readonly models: readonly ComponentModel[];
  /** Exported name of a model. */
  readonly modelName: (model: string) => string;
  /** Type of a model, by its name in the file. */
  readonly typeOf: (model: string) => Type | undefined;
  readonly operations: readonly NamedOperation[];
  /** Models that are enumerations, with the names of their lists. */
  readonly enumerations: readonly Enumeration[];
  /** Where there is an int64, when that is exact; else undefined. */
  readonly integers: IntegerShapes | undefined;
  /** Error statuses that no operation knows of. */
  readonly otherStatuses: readonly number[];
  /** Operations by their methods in the client that is called as AWS's; undefined: there is none. */
  readonly apigClient: readonly ApigOperation[] | undefined;
  /** The WebSocket client; undefined: the API has none. */
  readonly socket: SocketPlan | undefined;
}

export interface Enumeration {
  readonly name: string;
  readonly model: string;
  readonly values: readonly (string | number | boolean)[];
}

export interface NamedOperation extends OperationPlan {
  readonly names: OperationNames;
  /** Error statuses that other operations know of and this one does not. */
  readonly undocumented: readonly number[];
  /** What a paged route lists. */
  readonly item: Type | undefined;
}

/** Whether a success may be large or endless: bytes, text, or whatever a route without declarations answers. */
export function hasStream({ successes, accept, method }: NamedOperation): boolean {
  return (
    method !== "HEAD" &&
    (successes.length === 0 || (accept !== "application/json" && successes.some(({ body }) => body)))
  );
}

export const planSdk = oncePerModel(planOf);

function planOf(written: GatewayModel): SdkPlan {
  const { enums, int64 } = written.sdk.typescript;
  const model = enums === "open" ? withOpenEnums(written) : written;
  const shared = planShared(model);
  const names = exportedNames(written, [
    ...shared.gatewayBodies.map(({ name }) => name),
    ...(written.sdk.typescript.apigClient ? apigNames : []),
  ]);
  const typeOf = (name: string) => typeOfModel(model.models, name);
  const areTexts = int64 === "string";
  const integers = int64 === "number" ? undefined : integerShapes(model.models, names.integers, areTexts);
  const operations = shared.operations
    .map(planFunction)
    .map((operation) => (integers ? exact(operation, integers, areTexts) : operation));
  const known = new Set(operations.flatMap((operation) => operation.errors.map(({ status }) => status)));
  const all = operations.map((operation) => ({
    ...named(operation, names, known),
    item: itemTypeOf(operation, typeOf),
  }));
  return {
    ...shared,
    packageName: model.sdk.typescript.packageName ?? packageName(model.name),
    packageVersion: semanticVersion(model.sdk.version),
    models: model.models.map((entry) => ({ name: names.model(entry.name), model: entry })),
    typeOf,
    modelName: names.model,
    integers,
    enumerations: written.models.flatMap(({ name, type }) =>
      type.kind === "enum" ? [{ name: names.values(name), model: names.model(name), values: type.values }] : [],
    ),
    operations: all,
    apigClient: apigOperations(written, all),
    socket: planSocket(model),
    otherStatuses: errorStatuses.filter((status) => !known.has(status)),
  };
}

/** The operation with what reads and writes integers of any size. */
function exact(operation: OperationPlan, integers: IntegerShapes, areTexts: boolean): OperationPlan {
  const { body, descriptor } = operation;
  const shapes = answerShapes(operation, integers);
  const isSent = operation.encoder === "jsonBody" && typeof body?.type === "object" && integers.shapeOf(body.type);
  // A bigint tells by itself what it is; of a text the shape does.
  const encode = areTexts ? `(value) => exactBody(value, ${printPlanned(isSent || undefined, "  ")})` : "exactBody";
  return {
    ...operation,
    encoder: isSent ? "exactBody" : operation.encoder,
    descriptor: {
      ...descriptor,
      ...(isSent && { encode: code(encode) }),
      ...(shapes && { parse: code("parseIntegers"), integers: shapes }),
    },
  };
}

function named(
  operation: OperationPlan,
  names: ExportedNames,
  known: ReadonlySet<number>,
): Omit<NamedOperation, "item"> {
  const own = new Set(operation.errors.map(({ status }) => status));
  const undocumented = [...known].filter((status) => !own.has(status)).sort((a, b) => a - b);
  return { ...operation, names: names.operation(operation.operation), undocumented };
}

/** The IANA registry's 4xx and 5xx, and what proxies and load balancers in front of APIs answer. */
const errorStatuses: readonly number[] = [
  400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422, 423, 424,
  425, 426, 428, 429, 431, 451, 499, 500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511, 520, 521, 522, 523, 524,
  525, 526, 530, 598, 599,
];
