import type { Contract, ContractRoute, ContractWebSocket } from "../model/contract.js";

/** As builds wrote it until format 2: no stages of addresses, places of credentials, pages, CORS, or SDKs. */
export interface ContractOfFormat1 extends Omit<Contract, "format" | "addresses" | "routes" | "websocket" | "sdks"> {
  readonly format: 1;
  readonly addresses: readonly string[];
  readonly routes: readonly Omit<ContractRoute, "credentials" | "pages" | "cors">[];
  readonly websocket?: Omit<ContractWebSocket, "credentials" | "addresses">;
}

/** What the older format does not say is undefined, which no comparison tells as a change. */
export function fromFormat1({ addresses, routes, websocket, ...rest }: ContractOfFormat1): Contract {
  return {
    ...rest,
    format: 2,
    sdks: undefined,
    addresses: addresses.map((address) => ({ address, stage: undefined })),
    routes: routes.map((route) => ({ ...route, credentials: undefined, pages: undefined, cors: undefined })),
    websocket: websocket && { ...websocket, credentials: undefined, addresses: undefined },
  };
}
