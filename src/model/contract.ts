import type { GatewayModel } from "./gateway-model.js";
import type { Parameter } from "./routes.js";
import type { Type } from "./types.js";

/** What clients of an API lean on: the model without how it is carried out. Plain JSON data. */
export interface Contract {
  /** Of this shape; a reader refuses others. */
  readonly format: 1;
  readonly name: string;
  readonly version: string;
  readonly kind: string;
  readonly routes: readonly ContractRoute[];
  readonly models: Readonly<Record<string, Type>>;
  readonly stages: readonly string[];
  /** `api.example.com/v1`. */
  readonly addresses: readonly string[];
  readonly websocket: ContractWebSocket | undefined;
}

export interface ContractRoute {
  readonly key: string;
  readonly method: string;
  readonly path: string;
  readonly operation: string;
  readonly deprecated: boolean;
  readonly parameters: readonly Pick<Parameter, "in" | "name" | "type" | "required">[];
  readonly body:
    | { readonly type: Type; readonly mediaTypes: readonly string[]; readonly required: boolean }
    | undefined;
  readonly responses: readonly {
    readonly status: number;
    readonly body: { readonly type: Type; readonly mediaType: string } | undefined;
    readonly headers: readonly string[];
  }[];
  /** Of all other statuses. */
  readonly otherwise?: { readonly type: Type; readonly mediaType: string };
  /** `none`, `iam`, or `cognito customers`; behind it the scopes. */
  readonly auth: string;
  readonly scopes: readonly string[];
  readonly apiKey: boolean;
  readonly validates: boolean;
}

export interface ContractWebSocket {
  readonly selection: string;
  readonly auth: string;
  readonly apiKey: boolean;
  readonly routes: readonly {
    readonly key: string;
    readonly body: Type | undefined;
    readonly reply: Type | undefined;
  }[];
  readonly events: readonly { readonly name: string; readonly type: Type }[];
}

export function contractOf(model: GatewayModel): Contract {
  const authName = (authorization: GatewayModel["routes"][number]["authorization"]) => {
    if (authorization.kind !== "authorizer") return authorization.kind;
    const kind = model.authorizers.find(({ name }) => name === authorization.name)?.kind ?? "authorizer";
    return `${kind} ${authorization.name}`;
  };
  const { websocket } = model;
  return {
    format: 1,
    name: model.name,
    version: model.version,
    kind: model.kind,
    routes: model.routes.map((route) => ({
      key: route.key,
      method: route.method,
      path: route.path.text,
      operation: route.operation,
      deprecated: route.deprecated,
      parameters: route.parameters.map(({ in: where, name, type, required }) => ({ in: where, name, type, required })),
      body: route.body,
      responses: route.responses.map(({ status, body, headers }) => ({
        status,
        body,
        headers: headers.map(({ name }) => name),
      })),
      ...(route.otherwise?.body && { otherwise: route.otherwise.body }),
      auth: authName(route.authorization),
      scopes: route.authorization.kind === "authorizer" ? route.authorization.scopes : [],
      apiKey: route.apiKeyRequired,
      validates: route.validation.body || route.validation.parameters,
    })),
    models: Object.fromEntries(model.models.map(({ name, type }) => [name, type])),
    stages: model.stages.map(({ name }) => name),
    addresses: model.domains.flatMap(({ name, paths }) =>
      paths.map(({ basePath }) => (basePath === "" ? name : `${name}/${basePath}`)),
    ),
    websocket: websocket && {
      selection: websocket.selection.text,
      auth: authName(websocket.authorization),
      apiKey: websocket.apiKeyRequired,
      routes: websocket.routes.map(({ key, body, reply }) => ({ key, body, reply })),
      events: websocket.events.map(({ name, type }) => ({ name, type })),
    },
  };
}
