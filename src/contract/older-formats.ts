import type { Contract, ContractAddress, ContractLimits, ContractRoute, ContractWebSocket } from "../model/contract.js";
import type { GatewayResponseType } from "../model/gateway-model.js";

/** As builds wrote it until format 4: nothing in front of the routes, no bodies of the gateway's own answers. */
export interface ContractOfFormat3 extends Omit<Contract, "format" | "routes" | "limits" | "guards"> {
  readonly format: 3;
  readonly routes: readonly Omit<ContractRoute, "handling">[];
  readonly limits:
    | (Omit<ContractLimits, "answers"> & { readonly statuses: Readonly<Record<string, number>> })
    | undefined;
}

type AddressOfFormat2 = Omit<ContractAddress, "tls">;
type WebSocketOfFormat2 = Omit<ContractWebSocket, "addresses"> & {
  readonly addresses: readonly AddressOfFormat2[] | undefined;
};
type RouteOfFormat2 = Omit<ContractRoute, "strict" | "handling" | "responses"> & {
  readonly responses: readonly (Omit<ContractRoute["responses"][number], "headers"> & {
    readonly headers: readonly string[];
  })[];
};

/** As builds wrote it until format 3: no limits, no TLS of addresses, no types of headers. */
export interface ContractOfFormat2
  extends Omit<Contract, "format" | "addresses" | "routes" | "websocket" | "limits" | "sdks" | "guards"> {
  readonly format: 2;
  readonly addresses: readonly AddressOfFormat2[];
  readonly routes: readonly RouteOfFormat2[];
  readonly websocket?: WebSocketOfFormat2;
  readonly sdks?: Contract["sdks"];
}

/** As builds wrote it until format 2: no stages of addresses, places of credentials, pages, CORS, or SDKs. */
export interface ContractOfFormat1 extends Omit<ContractOfFormat2, "format" | "addresses" | "routes" | "websocket"> {
  readonly format: 1;
  readonly addresses: readonly string[];
  readonly routes: readonly Omit<RouteOfFormat2, "credentials" | "pages" | "cors">[];
  readonly websocket?: Omit<WebSocketOfFormat2, "credentials" | "addresses">;
}

/** What an older format does not say is undefined, which no comparison tells as a change. */
export function fromFormat1({ addresses, routes, websocket, ...rest }: ContractOfFormat1): Contract {
  return fromFormat2({
    ...rest,
    format: 2,
    addresses: addresses.map((address) => ({ address, stage: undefined })),
    routes: routes.map((route) => ({ ...route, credentials: undefined, pages: undefined, cors: undefined })),
    ...(websocket && { websocket: { ...websocket, credentials: undefined, addresses: undefined } }),
  });
}

export function fromFormat2({ addresses, routes, websocket, sdks, ...rest }: ContractOfFormat2): Contract {
  const withTls = (address: AddressOfFormat2) => ({ ...address, tls: undefined });
  return fromFormat3({
    ...rest,
    format: 3,
    addresses: addresses.map(withTls),
    routes: routes.map((route) => ({
      ...route,
      strict: undefined,
      responses: route.responses.map(({ headers, ...response }) => ({
        ...response,
        headers: headers.map((name) => ({ name })),
      })),
    })),
    websocket: websocket && { ...websocket, addresses: websocket.addresses?.map(withTls) },
    sdks,
    limits: undefined,
  });
}

export function fromFormat3({ routes, limits, ...rest }: ContractOfFormat3): Contract {
  const answersOf = (statuses: Readonly<Record<string, number>>) =>
    Object.entries(statuses).map(([type, status]) => ({ type: type as GatewayResponseType, status }));
  return {
    ...rest,
    format: 4,
    routes: routes.map((route) => ({ ...route, handling: undefined })),
    limits: limits && {
      plans: limits.plans,
      stages: limits.stages,
      entrance: limits.entrance,
      answers: answersOf(limits.statuses),
    },
    guards: undefined,
  };
}
