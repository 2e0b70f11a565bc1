import type { LeaseBatch, LeaseReply } from "../../state/leased/lease-store.js";
import type { StoredKey, UsageDay, UsageRange } from "../../state/state.js";

/** What a serving process asks of the primary process, which keeps the state. Bytes are base64. */
export type ToHub =
  | { readonly kind: "exchange"; readonly id: number; readonly batch: LeaseBatch }
  | { readonly kind: "usage"; readonly id: number; readonly range: UsageRange }
  | { readonly kind: "find"; readonly id: number; readonly connection: string }
  | { readonly kind: "put"; readonly id: number; readonly key: StoredKey }
  | { readonly kind: "remove"; readonly id: number; readonly keyId: string }
  /** To one process; answered with whether it is there. */
  | { readonly kind: "send"; readonly id: number; readonly to: string; readonly bytes: string }
  | {
      readonly kind: "look";
      readonly id: number;
      readonly shelf: string;
      readonly key: string;
      readonly generation: string;
    }
  | {
      readonly kind: "shelve";
      readonly id: number;
      readonly shelf: string;
      readonly key: string;
      readonly ticket: string;
      readonly bytes: string;
      readonly ttlMs: number;
      readonly replaces: boolean;
      readonly maxBytes: number;
    }
  | {
      readonly kind: "drop";
      readonly id: number;
      readonly shelf: string;
      readonly key: string;
      readonly ticket: string;
    }
  | { readonly kind: "flush"; readonly id: number; readonly shelf: string }
  | { readonly kind: "hello"; readonly nodeId: string }
  | { readonly kind: "publish"; readonly topic: string; readonly bytes: string }
  | { readonly kind: "connected" | "gone"; readonly connection: string };

/** What the primary process tells a serving one. */
export type FromHub =
  | { readonly kind: "answer"; readonly id: number; readonly value: HubAnswer }
  | { readonly kind: "refused"; readonly id: number; readonly problem: string }
  | { readonly kind: "keys"; readonly keys: readonly StoredKey[] }
  /** What seals the answers that processes share. */
  | { readonly kind: "seal"; readonly key: string }
  | { readonly kind: "published"; readonly topic: string; readonly bytes: string }
  | { readonly kind: "sent"; readonly bytes: string };

export type HubAnswer = LeaseReply | readonly UsageDay[] | HubLook | string | boolean | null;

export interface HubLook {
  readonly generation: string;
  readonly ticket: string;
  readonly found?: { readonly bytes: string; readonly leftMs: number } | undefined;
}

/** Every message is wrapped, so that others on the same channel are told apart. */
export interface Wrapped<Message> {
  readonly gatewayState: Message;
}

export function isWrapped(message: unknown): message is Wrapped<never> {
  return typeof message === "object" && message !== null && "gatewayState" in message;
}
