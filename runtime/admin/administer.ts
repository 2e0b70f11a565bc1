import type { Gateway } from "../host/gateway.js";
import type { Measures } from "../observe/measures.js";
import { adminAnswer } from "./admin-answer.js";
import { type AdminPort, openAdminPort } from "./admin-port.js";
import type { AdminTarget } from "./admin-target.js";
import { MemoryStages } from "./memory-stages.js";
import { RequestFeed } from "./request-feed.js";
import type { StageRecords } from "./stage-records.js";

export interface Administration {
  /** An observer of the gateway. */
  readonly requests: RequestFeed;
  /** Opens the port. @throws Error in words for people */
  open(gateway: () => Gateway | undefined): Promise<AdminPort>;
  /** Says that the gateway drains. */
  drains(): void;
}

export interface AdministerOptions {
  readonly port: number;
  readonly host: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly measures: Measures | undefined;
  /** Default: what this process alone knows. */
  readonly stages?: StageRecords | undefined;
  readonly exportApi?: AdminTarget["exportApi"];
  readonly sdk?: AdminTarget["sdk"];
  readonly mint?: AdminTarget["mint"];
}

/** The admin port of a gateway that is yet to be made. */
export function administer({
  port,
  host,
  environment,
  measures,
  stages,
  exportApi,
  sdk,
  mint,
}: AdministerOptions): Administration {
  const requests = new RequestFeed();
  let isDraining = false;
  return {
    requests,
    open: (gateway) => {
      const target = { gateway, measures, stages: stages ?? new MemoryStages(gateway), requests, exportApi, sdk, mint };
      return openAdminPort({
        answer: (request) => adminAnswer(target, request),
        port,
        host,
        token: environment["GATEWAY_ADMIN_TOKEN"] || undefined,
        health: () => ({ isReady: !isDraining && gateway() !== undefined }),
      });
    },
    drains: () => {
      isDraining = true;
    },
  };
}
