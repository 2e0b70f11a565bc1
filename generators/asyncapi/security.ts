import type { Reference } from "../../src/model/expressions.js";
import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { WebSocketApi } from "../../src/model/websocket.js";
import { type JsonObject, jsonObject } from "../emit/stable-json.js";
import { componentName } from "./schemas.js";

export interface AsyncApiSecurity {
  /** Names of the schemes that a client needs. */
  readonly names: readonly string[];
  readonly schemes: JsonObject;
  /** What the handshake must carry (WebSockets binding 0.1.0). */
  readonly bindings: JsonObject | undefined;
}

/** Who may connect: decided at the handshake, and there alone. */
export function planSecurity(model: GatewayModel, websocket: WebSocketApi): AsyncApiSecurity {
  const schemes: Record<string, JsonObject> = {};
  const query = new Set<string>();
  const headers = new Set<string>();
  if (websocket.apiKeyRequired && model.apiKeySource === "HEADER") {
    schemes["apiKey"] = { type: "httpApiKey", name: "x-api-key", in: "header" };
    headers.add("x-api-key");
  }
  if (websocket.authorization.kind === "iam") {
    const description = "AWS Signature Version 4 for execute-api, in headers or in the query of the handshake.";
    schemes["sigv4"] = { type: "httpApiKey", name: "Authorization", in: "header", description };
  }
  for (const { name, source } of identityOf(model, websocket)) {
    const place = source.kind === "querystring" ? "query" : "header";
    (place === "query" ? query : headers).add(source.name);
    schemes[componentName(name)] = { type: "httpApiKey", name: source.name, in: place };
  }
  return { names: Object.keys(schemes), schemes, bindings: bindingsOf(query, headers) };
}

type Named = Reference & { readonly kind: "header" | "querystring" };

/** What the REQUEST authorizer reads of the handshake. */
function identityOf(model: GatewayModel, { authorization }: WebSocketApi) {
  if (authorization.kind !== "authorizer") return [];
  const authorizer = model.authorizers.find(({ name }) => name === authorization.name);
  if (authorizer?.kind !== "lambda") return [];
  const sources = authorizer.identity.filter(
    (source): source is Named => source.kind === "header" || source.kind === "querystring",
  );
  return sources.map((source, at) => ({ name: at === 0 ? authorizer.name : `${authorizer.name}${at + 1}`, source }));
}

function bindingsOf(query: ReadonlySet<string>, headers: ReadonlySet<string>): JsonObject | undefined {
  const object = (names: ReadonlySet<string>) =>
    names.size === 0
      ? undefined
      : {
          type: "object",
          properties: Object.fromEntries([...names].map((name) => [name, { type: "string" }])),
          required: [...names],
        };
  const ws = jsonObject({ query: object(query), headers: object(headers), bindingVersion: "0.1.0" });
  return query.size + headers.size === 0 ? undefined : { ws };
}
