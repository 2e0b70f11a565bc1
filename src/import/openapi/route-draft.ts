import type { Draft } from "../draft.js";
import { DraftMap } from "../draft.js";
import type { Tree } from "../tree.js";
import type { CacheDraft } from "./cache-keys.js";

export interface ResponseHeader {
  /** Undefined: a string. */
  readonly type: string | undefined;
  readonly value: Draft | undefined;
  readonly description: string | undefined;
}

/** One answer of a route, out of what is documented and of what the integration says. */
export interface ResponseDraft {
  readonly status: number;
  description: string | undefined;
  type: string | undefined;
  mediaType: string | undefined;
  /** Types by further media types. */
  alternatives: DraftMap;
  readonly headers: Map<string, ResponseHeader>;
  /** Whether the integration makes it; undefined `from` means its place among the answers says so. */
  isMade: boolean;
  from: string | undefined;
  readonly templates: Map<string, string>;
  contentHandling: string | undefined;
  readonly notes: string[];
}

/** A route of gateway.yaml under construction. */
export class RouteDraft {
  operation: string | undefined;
  readonly own = new DraftMap();
  /** Path parameters that have another name than in the document. */
  readonly renamed = new Map<string, string>();
  readonly params = new DraftMap();
  readonly query = new DraftMap();
  readonly headers = new DraftMap();
  body: Draft | undefined;
  readonly bodyNotes: string[] = [];
  readonly responses = new Map<number, ResponseDraft>();
  /** `lambda`, `http`, `aws` or `mock`, with what belongs to it. */
  readonly integration = new DraftMap();
  readonly request = new DraftMap();
  readonly integrationOptions = new DraftMap();
  readonly options = new DraftMap();
  /** Integration that makes answers itself: what it does not make is documentation only. */
  isMapped = false;
  timeoutMs: number | undefined;
  /** Checks of the request, where the operation names a validator. */
  validate: "all" | "body" | "parameters" | "none" | undefined;
  auth: Draft | undefined;
  /** Undefined: the operation says nothing of who may call. */
  apiKey: boolean | undefined;
  /** What is documented of other statuses. */
  otherwise: Draft | undefined;
  /** What the integration says of the cache, until it is known who may call. */
  cached: CacheDraft | undefined;
  /** What its stages say of it; undefined: nothing is known, or none has a cache. */
  caching: { readonly isOn: boolean; readonly ttl: number | undefined } | undefined;
  cache: Draft | undefined;
  cors: Draft | undefined;
  readonly notes: string[] = [];

  constructor(
    readonly method: string,
    readonly path: string,
    readonly tree: Tree,
  ) {}

  get key(): string {
    return this.path === "$default" ? "$default" : `${this.method} ${this.path}`;
  }

  note(line: string): void {
    if (!this.notes.includes(line)) this.notes.push(line);
  }

  response(status: number): ResponseDraft {
    const known = this.responses.get(status);
    if (known) return known;
    const made: ResponseDraft = {
      status,
      description: undefined,
      type: undefined,
      mediaType: undefined,
      alternatives: new DraftMap(),
      headers: new Map(),
      isMade: false,
      from: undefined,
      templates: new Map(),
      contentHandling: undefined,
      notes: [],
    };
    this.responses.set(status, made);
    return made;
  }

  /** The status of a mock answer: the first 2xx, else the first, else 200; as the language chooses it. */
  get mockStatus(): number {
    const all = [...this.responses.keys()].sort((a, b) => a - b);
    return all.find((status) => status >= 200 && status < 300) ?? all[0] ?? 200;
  }
}
