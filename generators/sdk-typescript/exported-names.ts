import type { GatewayModel } from "../../src/model/gateway-model.js";
import { bindingName, freeName, identifierOf, upperFirst } from "../emit/names.js";

/** Names that one operation exports. */
export interface OperationNames {
  readonly fn: string;
  /** Not exported: the constant that describes the operation to the runtime. */
  readonly descriptor: string;
  readonly guard: string;
  readonly input: string;
  readonly output: string;
  readonly error: string;
  readonly result: string;
  /** Of a paged route: functions that walk through it, and the type of what it lists. */
  readonly pages: string;
  readonly items: string;
  readonly stream: string;
  readonly item: string;
}

export interface ExportedNames {
  /** Of a model or operation of the gateway. */
  readonly model: (name: string) => string;
  readonly operation: (name: string) => OperationNames;
  /** List of the values of a model that is an enumeration. */
  readonly values: (name: string) => string;
  /** Not exported by the package: where a model has an int64. */
  readonly integers: (name: string) => string;
}

/**
 * All names that the package exports, none twice. Models and operations keep their names but where the SDK, a global type
 * of TypeScript or a reserved word has it already: then models become `<Name>Model`, functions `<name>Call`, and the
 * types of an operation `<Name>Call…`.
 *
 * @param more  names that the SDK exports besides
 */
export function exportedNames({ models, routes }: GatewayModel, more: readonly string[] = []): ExportedNames {
  const taken = new Set([...sdkNames, ...globalNames, ...more]);
  const isTaken = (name: string) => taken.has(name);
  const modelNames = new Map<string, string>();
  for (const { name } of models) {
    const free = freeName(bindingName(name), "Model", isTaken);
    taken.add(free);
    modelNames.set(name, free);
  }
  const operations = new Map<string, OperationNames>();
  for (const { operation, pagination } of routes) {
    const names = operationNames(operation, isTaken);
    const { pages, items, item, ...always } = names;
    for (const name of Object.values(pagination ? names : always)) taken.add(name);
    operations.set(operation, names);
  }
  const values = new Map<string, string>();
  for (const { name, type } of models) {
    if (type.kind !== "enum") continue;
    const free = freeName(`${modelNames.get(name)}Values`, "_", isTaken);
    taken.add(free);
    values.set(name, free);
  }
  const integers = new Map<string, string>();
  for (const { name } of models) {
    const free = freeName(`${modelNames.get(name)}Integers`, "_", isTaken);
    taken.add(free);
    integers.set(name, free);
  }
  return {
    integers: (name) => integers.get(name) ?? name,
    values: (name) => values.get(name) ?? name,
    model: (name) => modelNames.get(name) ?? "unknown",
    operation: (name) => operations.get(name) ?? operationNames(name, () => false),
  };
}

function operationNames(operation: string, isTaken: (name: string) => boolean): OperationNames {
  const fn = freeName(bindingName(operation), "Call", isTaken);
  let base = upperFirst(identifierOf(operation));
  while (Object.values(derived(base)).some(isTaken)) base += base.endsWith("Call") ? "_" : "Call";
  const descriptor = freeName(`${fn}Operation`, "", isTaken);
  return { fn, descriptor, ...derived(base) };
}

function derived(base: string): Omit<OperationNames, "fn" | "descriptor"> {
  return {
    guard: `is${base}Error`,
    input: `${base}Input`,
    output: `${base}Output`,
    error: `${base}Error`,
    result: `${base}Result`,
    pages: `${base.charAt(0).toLowerCase()}${base.slice(1)}Pages`,
    items: `${base.charAt(0).toLowerCase()}${base.slice(1)}Items`,
    item: `${base}Item`,
    stream: `${base.charAt(0).toLowerCase()}${base.slice(1)}Stream`,
  };
}

/** Exports of the fixed parts of the package, and names that its files use inside. */
const sdkNames: readonly string[] = [
  ..."ApiError AccessDeniedMessage GatewayAnswer gatewayAnswer BinaryBody Call CallOptions Client ClientOptions Credential Credentials".split(
    " ",
  ),
  ..."CallInfo GatewayMessage Hook Middleware Progress PageOptions Validator ValidationError validator Api createApi Groups createGroups groups HttpMethod OtherStatus Stage Success TransportError createClient".split(
    " ",
  ),
  ..."MockAnswer MockAnswers MockCall MockEmpty MockInputs MockReply MockTransport mockTransport".split(" "),
  ..."pages items stream newKey downloadProgress uploadProgress withResponse cognito CognitoOptions operations definitions HttpClient awsUrl call defined isErrorOf jsonBody exactBody parseIntegers rawBody formBody multipartBody sigv4 sigv4Url serverEvents followEvents ServerEvent AwsCredentials SigningOptions UrlSigningOptions CommonOptions CredentialInfo".split(
    " ",
  ),
];

/** Global types that the declarations mention: an export of the same name would stand in their light. */
const globalNames: readonly string[] = (
  "AbortSignal Array AsyncGenerator ArrayBuffer ArrayBufferView Blob Boolean BodyInit Date Error Extract File FormData Function Headers Number " +
  "Object Omit Partial Pick Promise Readonly ReadonlyArray ReadableStream Record Request RequestInit Required Response " +
  "String Symbol URL URLSearchParams Uint8Array globalThis fetch JSON Math Infinity Reflect"
).split(" ");
