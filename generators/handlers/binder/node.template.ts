import type { Signal } from "./contract.template.js";

/** What is used of Node here, so that nobody needs @types/node for it. */
export declare const Buffer: { from(data: string | Uint8Array, encoding?: Encoding): Uint8Array & Encoded };
type Encoding = "base64" | "utf8";
interface Encoded {
  toString(encoding: Encoding): string;
}
export declare const URLSearchParams: new (text: string | undefined) => { getAll(name: string): string[] };
export declare const console: { error(...values: readonly unknown[]): void };
export const globals = globalThis as unknown as {
  readonly AbortSignal: { timeout(milliseconds: number): Signal };
};
