import { type AdminPort, openAdminPort } from "../admin-port.js";
import { AdminFleet } from "./admin-fleet.js";

export interface FleetPortOptions {
  readonly port: number;
  readonly host: string;
  /** Undefined: this machine alone may use it. */
  readonly token: string | undefined;
  /** How many processes should serve. */
  readonly wanted: number;
}

export interface FleetPort {
  readonly fleet: AdminFleet;
  /** Opens the port. @throws Error in words for people */
  open(): Promise<AdminPort>;
  /** Says that all of it drains. */
  drains(): void;
}

/** The admin port in the primary process of several that serve. */
export function fleetPort({ port, host, token, wanted }: FleetPortOptions): FleetPort {
  const fleet = new AdminFleet();
  let isDraining = false;
  return {
    fleet,
    open: () =>
      openAdminPort({
        ...{ port, host, token },
        answer: (request) => fleet.answer(request),
        health: () => {
          const { serving } = fleet;
          return { isReady: !isDraining && serving >= wanted, processes: { serving, wanted } };
        },
      }),
    drains: () => {
      isDraining = true;
    },
  };
}
