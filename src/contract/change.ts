/** `request`: clients send it, so all that was right has to stay right. `response`: clients read it. */
export type Direction = "request" | "response";

/** One difference between two contracts, as clients of the older one see it. */
export interface Change {
  /** `breaking`: a client that worked may stop to work, or to compile. `compatible`: none does. */
  readonly kind: "breaking" | "compatible";
  /** `sdk`: nothing changes on the wire; programs that use a generated package have to be changed to compile or run with the next. */
  readonly affects: "wire" | "sdk";
  /** Stable name, such as `route-removed`. */
  readonly code: string;
  /** `GET /orders`, `model Order`, `WebSocket join`, or `api`. */
  readonly where: string;
  /** Place below it: `body.items[].sku`, `200 body`, `query limit`; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

/** Changes of names and types that only generated packages have. */
const ofSdks: ReadonlySet<string> = new Set([
  "operation-renamed",
  "parameter-renamed",
  "model-renamed",
  "model-removed",
  "pages-added",
  "pages-changed",
  "pages-removed",
  "success-added",
  "sdk-added",
  "sdk-changed",
  "sdk-removed",
  "sdk-renamed",
]);

/** Collects changes; what a model brings about in several routes is told once. */
export class Changes {
  readonly #seen = new Set<string>();
  readonly #found: { readonly change: Change; readonly direction: Direction | undefined }[] = [];

  /** @param direction  told where the other one is judged otherwise: a value more is good in requests, and breaks in answers */
  add(
    kind: Change["kind"],
    code: string,
    where: string,
    path: string,
    message: string,
    direction?: Direction | undefined,
  ): void {
    const key = JSON.stringify([kind, code, where, path, message]);
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    const affects = ofSdks.has(code) ? "sdk" : "wire";
    this.#found.push({ change: { kind, affects, code, where, path, message }, direction });
  }

  get list(): readonly Change[] {
    return this.#found.map(({ change, direction }) => {
      const { kind, code, where, path, message } = change;
      const other = kind === "breaking" ? "compatible" : "breaking";
      if (direction === undefined || !this.#seen.has(JSON.stringify([other, code, where, path, message])))
        return change;
      return { ...change, message: `${message} (in ${direction === "request" ? "requests" : "answers"})` };
    });
  }
}
