import { typeOf } from "../../src/model/by-name.js";
import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { SdkLanguage } from "../../src/model/sdk.js";
import type { JsonValue, Type } from "../../src/model/types.js";
import { propertyName } from "../emit/code-literal.js";
import { parameterSample, sampleValue } from "../emit/sample.js";
import { brokenCode, lineStyles } from "../sdk-shared/broken-lines.js";
import type { SdkOperation } from "../sdk-shared/operation.js";
import { planShared, type SharedPlan } from "../sdk-shared/plan.js";
import { planSocket, type SocketPlan, type SocketRoutePlan } from "../sdk-shared/socket.js";
import { goSigner, javaSigner, pythonSigner, typescriptSigner } from "./signers.js";

/** A call of one operation in one language. */
export interface Example {
  /** `curl`, or the language. */
  readonly id: string;
  readonly label: string;
  readonly code: string;
}

/** By operation: a call by curl, and one in each language that has an SDK. */
export async function planExamples(model: GatewayModel): Promise<ReadonlyMap<string, readonly Example[]>> {
  const shared = planShared(model);
  const types = new Map(model.models.map(({ name, type }) => [name, type]));
  const languages = await Promise.all(model.sdk.languages.map((language) => writers[language](model)));
  return new Map(
    shared.operations.map((operation) => [
      operation.operation,
      [
        { id: "curl", label: "curl", code: curlText(operation, shared, (name) => types.get(name)) },
        ...languages.map(({ id, label, codeOf }) => ({ id, label, code: broken(id, codeOf(operation.operation)) })),
      ],
    ]),
  );
}

/** Of the WebSocket API, by route and by event: by wscat, and in each language that has an SDK. */
export async function planSocketExamples(model: GatewayModel): Promise<SocketExamples | undefined> {
  const socket = planSocket(model);
  if (socket === undefined) return undefined;
  const languages = await Promise.all(model.sdk.languages.map((language) => writers[language](model)));
  const inEach = (shown: Shown, code: string): readonly Example[] => [
    // With curl's id, so that the choice of a language holds on all pages.
    { id: "curl", label: "wscat", code },
    ...languages.map(({ id, label, socketOf }) => ({ id, label, code: broken(id, socketOf(shown)) })),
  ];
  return {
    routes: new Map(
      socket.routes.map((route) => [route.key, inEach({ route: route.key }, wscatText(socket, model, route))]),
    ),
    events: new Map(socket.events.map(({ name }) => [name, inEach({ event: name }, wscatText(socket, model))])),
  };
}

export interface SocketExamples {
  readonly routes: ReadonlyMap<string, readonly Example[]>;
  readonly events: ReadonlyMap<string, readonly Example[]>;
}

/** In lines that are no longer than they have to be. */
function broken(language: SdkLanguage, code: string): string {
  return language === "typescript" ? code : brokenCode(code, lineStyles[language]);
}

type Shown = { readonly route?: string; readonly event?: string };

interface Writer {
  readonly id: SdkLanguage;
  readonly label: string;
  codeOf(operation: string): string;
  /** A connection that sends a message of a route, or listens to an event. */
  socketOf(shown: Shown): string;
}

/** How each language writes a call. A language without an entry does not compile. */
const writers: Readonly<Record<SdkLanguage, (model: GatewayModel) => Promise<Writer>>> = {
  typescript: async (model) => {
    const { planSdk } = await import("../sdk-typescript/plan.js");
    const { callText } = await import("../sdk-typescript/call-text.js");
    const plan = planSdk(model);
    const { socketExample } = await import("../sdk-typescript/readme-socket.js");
    const operations = new Map(plan.operations.map((entry) => [entry.operation, entry]));
    return {
      id: "typescript",
      label: "TypeScript",
      socketOf: (shown) => socketExample(plan, shown),
      codeOf: (name) => {
        const operation = operations.get(name);
        if (operation === undefined) return "";
        const { isSigned } = operation;
        const imported = ["createClient", operation.names.fn, ...(isSigned ? ["sigv4"] : [])].join(", ");
        const imports = `import { ${imported} } from ${JSON.stringify(plan.packageName)};`;
        const auth = [
          ...operation.credentials.map(({ name: key }) => `${propertyName(key)}: process.env.${variableOf(key)}`),
          ...(isSigned ? ["iam"] : []),
        ];
        const options = auth.length > 0 ? `{ auth: { ${auth.join(", ")} } }` : "";
        return `${imports}\n\n${isSigned ? typescriptSigner(plan.region) : ""}const client = createClient(${options});\nconst answer = await ${callText(operation, plan)};`;
      },
    };
  },
  python: async (model) => {
    const { planPython } = await import("../sdk-python/plan.js");
    const { callText } = await import("../sdk-python/print-readme.js");
    const { sampleImports } = await import("../sdk-python/sample.js");
    const { credentialArguments } = await import("../sdk-python/python-names.js");
    const { pythonString } = await import("../sdk-python/python-text.js");
    const plan = planPython(model);
    const keys = credentialArguments(plan.credentials.map(({ name }) => name));
    const { socketExample } = await import("../sdk-python/readme-socket.js");
    const operations = new Map(plan.operations.map((entry) => [entry.operation, entry]));
    return {
      id: "python",
      label: "Python",
      socketOf: (shown) => socketExample(plan, shown),
      codeOf: (name) => {
        const operation = operations.get(name);
        if (operation === undefined) return "";
        const { isSigned } = operation;
        const names = [
          ...(isSigned ? ["AwsCredentials"] : []),
          plan.client,
          ...(isSigned ? ["SigV4"] : []),
          ...(plan.isDataclass ? ["models"] : []),
        ].join(", ");
        const call = callText(operation, plan);
        const auth = [
          ...operation.credentials.map(
            ({ name: key }) => `${pythonString(keys.get(key) ?? key)}: os.environ["${variableOf(key)}"]`,
          ),
          ...(isSigned ? ['"iam": signer'] : []),
        ];
        const imports = `${auth.length > 0 ? "import os\n" : ""}${sampleImports(call)}`.replace(/\n+$/, "\n\n");
        const options = auth.length > 0 ? `auth={${auth.join(", ")}}` : "";
        return `${imports}from ${plan.module} import ${names}\n\n${isSigned ? pythonSigner(plan.region) : ""}api = ${plan.client}(${options})\n${operation.result === "None" ? "" : "answer = "}${call}`;
      },
    };
  },
  go: async (model) => {
    const { planGo } = await import("../sdk-go/plan.js");
    const { goCall } = await import("../sdk-go/sample.js");
    const plan = planGo(model);
    const { socketExample } = await import("../sdk-go/readme-socket.js");
    const operations = new Map(plan.operations.map((entry) => [entry.operation, entry]));
    return {
      id: "go",
      label: "Go",
      socketOf: (shown) => socketExample(plan, shown),
      codeOf: (name) => {
        const operation = operations.get(name);
        if (operation === undefined) return "";
        const assign = operation.result.kind === "none" ? "err := " : "answer, err := ";
        const { isSigned } = operation;
        const auth = [
          ...operation.credentials.flatMap(({ name: key }) =>
            plan.credentials
              .filter((entry) => entry.name === key)
              .map(
                ({ option }) => `${plan.package}.${option}(${plan.package}.Static(os.Getenv("${variableOf(key)}")))`,
              ),
          ),
          ...(isSigned ? [`${plan.package}.WithIAM(signer)`] : []),
        ];
        const imports = auth.length > 0 ? `import (\n\t"os"\n\n\t"${plan.module}"\n)` : `import "${plan.module}"`;
        return `${imports}\n\n${isSigned ? goSigner(plan.region, plan.package) : ""}api := ${plan.package}.New(${auth.join(", ")})\n${assign}${goCall(operation, plan)}`;
      },
    };
  },
  java: async (model) => {
    const { planJava } = await import("../sdk-java/plan.js");
    const { javaCall } = await import("../sdk-java/sample.js");
    const plan = planJava(model);
    const { socketExample } = await import("../sdk-java/readme-socket.js");
    const operations = new Map(plan.operations.map((entry) => [entry.operation, entry]));
    return {
      id: "java",
      label: "Java",
      socketOf: (shown) => socketExample(plan, shown),
      codeOf: (name) => {
        const operation = operations.get(name);
        if (operation === undefined) return "";
        const assign = operation.result.kind === "none" ? "" : "var answer = ";
        const { isSigned } = operation;
        const auth = [
          ...operation.credentials.flatMap(({ name: key }) =>
            plan.credentials
              .filter((entry) => entry.name === key)
              .map(({ setter }) => `.${setter}(Credential.of(System.getenv("${variableOf(key)}")))`),
          ),
          ...(isSigned ? [".iam(signer)"] : []),
        ];
        return `import ${plan.package}.*;\n\n${isSigned ? javaSigner(plan.region) : ""}var api = ${plan.client}.builder()${auth.join("")}.build();\n${assign}${javaCall(operation, plan)};`;
      },
    };
  },
};

/** Text that the shell leaves alone, whatever it is, and a secret that it fills in. */
function withVariable(text: string, credential: string): string {
  return `${shellQuoted(text)}"$${variableOf(credential)}"`;
}

/** Environment variable that examples take a credential from: `apiKey` is in `API_KEY`, `bearer` in `TOKEN`. */
function variableOf(credential: string): string {
  if (credential === "bearer") return "TOKEN";
  return credential
    .replace(/[a-z0-9](?=[A-Z])/g, "$&_")
    .replace(/\W/g, "_")
    .toUpperCase();
}

function curlText(
  operation: SdkOperation,
  { baseUrls, region }: SharedPlan,
  lookup: (model: string) => Type | undefined,
): string {
  const { parameters, body, credentials } = operation;
  // A list is its items: of one there is one.
  const sample = (type: Type, name: string) => {
    const value = parameterSample(type, name, lookup);
    const one = Array.isArray(value) ? value[0] : value;
    return typeof one === "string" ? one : JSON.stringify(one);
  };
  const required = parameters.filter((parameter) => parameter.required);
  const path = operation.path.map((segment) => {
    if (segment.kind === "static") return segment.text;
    const parameter = parameters.find((entry) => entry.in === "path" && entry.name === segment.name);
    return encodeURIComponent(parameter ? sample(parameter.type, segment.name) : segment.name);
  });
  const query = [
    ...required
      .filter((entry) => entry.in === "query")
      .map(({ name, type }) => `${encodeURIComponent(name)}=${encodeURIComponent(sample(type, name))}`),
  ];
  const secretQuery = credentials
    .filter(({ place }) => place === "query")
    .map(({ key, name }) => withVariable(`&${encodeURIComponent(key)}=`, name));
  const plain = `${baseUrls[0]?.url ?? ""}/${path.join("/")}${query.length > 0 ? `?${query.join("&")}` : ""}`;
  const url = `${shellQuoted(plain)}${secretQuery.join("").replace("&", query.length > 0 ? "&" : "?")}`;
  const secretHeaders = credentials
    .filter(({ place }) => place === "header")
    .map(({ key, name }) => `-H ${withVariable(`${key}: ${/^authorization$/i.test(key) ? "Bearer " : ""}`, name)}`);
  const headers = [
    ...required.filter((entry) => entry.in === "header").map(({ name, type }) => `${name}: ${sample(type, name)}`),
    ...(body?.contentType ? [`Content-Type: ${body.contentType}`] : []),
  ];
  const method = operation.method ?? "POST";
  const parts = [
    `curl${method === "GET" ? "" : method === "HEAD" ? " --head" : ` -X ${method}`} ${url}`,
    ...secretHeaders,
    ...headers.map((header) => `-H ${shellQuoted(header)}`),
    ...(operation.isSigned
      ? [
          `--aws-sigv4 ${shellQuoted(`aws:amz:${region}:execute-api`)}`,
          '--user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"',
        ]
      : []),
    ...(body === undefined || !body.required ? [] : [dataText(body.type, body.encoding, lookup)]),
  ];
  return parts.join(" \\\n  ");
}

function dataText(type: Type | "bytes", encoding: string, lookup: (model: string) => Type | undefined): string {
  if (type === "bytes") return "--data-binary @file";
  const value = sampleValue(type, lookup);
  if (encoding === "json") return `-d ${shellQuoted(JSON.stringify(value))}`;
  const members = value !== null && typeof value === "object" ? Object.entries(value) : [];
  const flag = encoding === "multipart" ? "-F" : "--data-urlencode";
  if (encoding === "raw") return `-d ${shellQuoted(String(value))}`;
  return members
    .map(
      ([name, member]) =>
        `${flag} ${shellQuoted(`${name}=${typeof member === "string" ? member : JSON.stringify(member)}`)}`,
    )
    .join(" ");
}

/** A connection by the command line, and a message with the key of its route. */
function wscatText(socket: SocketPlan, model: GatewayModel, route?: SocketRoutePlan): string {
  const { credentials, urls, keyPath, isSigned } = socket;
  const query = credentials
    .filter(({ place }) => place === "query")
    .map(({ key }) => `${encodeURIComponent(key)}=…`)
    .join("&");
  const address = `${urls[0]?.url ?? ""}${query === "" ? "" : `?${query}`}`;
  const lookup = (name: string) => typeOf(model.models, name);
  const own = route?.message === undefined ? {} : sampleValue(route.message, lookup);
  const message = route && (keyPath === undefined || route.key === "$default" ? own : withKey(own, keyPath, route.key));
  const parts = [
    `wscat -c ${isSigned ? '"$SIGNED_ADDRESS"' : shellQuoted(address)}`,
    ...credentials
      .filter(({ place }) => place === "header")
      .map(({ key, name }) => `-H ${shellQuoted(`${key}: <${name}>`)}`),
    ...(message === undefined ? [] : [`-w 1 -x ${shellQuoted(JSON.stringify(message))}`]),
  ];
  return parts.join(" \\\n  ");
}

/** The text in an object at a path; what is no object on the way becomes one. */
function withKey(value: JsonValue | undefined, [name, ...rest]: readonly string[], key: string): JsonValue {
  if (name === undefined) return key;
  const members = typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  const inner = members.find(([member]) => member === name)?.[1];
  return Object.fromEntries([[name, withKey(inner, rest, key)], ...members.filter(([member]) => member !== name)]);
}

/** Inside of single quotes the shell sees nothing but a single quote. */
function shellQuoted(text: string): string {
  return `'${text.replace(/'/g, "'\\''")}'`;
}
