import type { DomainTls } from "../program.js";
import type { StageSlot } from "./host-table.js";
import type { LiveProgram } from "./live-program.js";

/** A custom domain as requests find it (aws-behaviour.md section 24). */
export interface LiveDomain {
  readonly name: string;
  /** By base path; the empty one is the root. */
  readonly mappings: ReadonlyMap<string, DomainTarget>;
  /** Undefined: it is served without TLS. */
  readonly tls: DomainTls | undefined;
  /** Where relative paths of its certificates begin. */
  readonly folder: string;
  /** What is said where no mapping fits depends on the kind of its API. */
  readonly fallback: LiveProgram;
  /** It leads to WebSocket connections and `@connections`; others lead to neither. */
  readonly isSocket: boolean;
}

export interface DomainTarget {
  readonly basePath: string;
  readonly slot: StageSlot;
}

/** The domains of a host; nearly all requests carry the same Host, so the last is kept. */
export class DomainTable {
  #lastHost = "";
  #last: LiveDomain | undefined = undefined;

  constructor(readonly byName: ReadonlyMap<string, LiveDomain>) {}

  /** @param host  Host field as received */
  of(host: string): LiveDomain | undefined {
    if (host === this.#lastHost) return this.#last;
    const name = host.replace(/:\d*$/, "").replace(/\.$/, "").toLowerCase();
    this.#last = this.byName.get(name) ?? this.byName.get(`*${name.slice(name.indexOf("."))}`);
    this.#lastHost = host;
    return this.#last;
  }
}

/** A base path that two stages claim; `winner` has it, as it was served first. */
export interface ContestedPath {
  readonly domain: string;
  readonly basePath: string;
  readonly winner: StageSlot;
  readonly loser: StageSlot;
}

/** What the table leaves out. Builds of their own know nothing of each other: one file cannot show it. */
export function contestedPaths(slots: readonly StageSlot[]): readonly ContestedPath[] {
  const winners = new Map<string, StageSlot>();
  const contested: ContestedPath[] = [];
  for (const slot of slots) {
    for (const { name: domain, paths } of slot.domains) {
      for (const { basePath, stage } of paths) {
        if (stage !== slot.live.name) continue;
        const key = `${domain}\n${basePath}`;
        const winner = winners.get(key);
        if (winner === undefined) winners.set(key, slot);
        else if (winner !== slot) contested.push({ domain, basePath, winner, loser: slot });
      }
    }
  }
  return contested;
}

/** Undefined when no stage has a domain. Where two stages claim one base path, the first has it. */
export function domainTable(slots: readonly StageSlot[]): DomainTable | undefined {
  const domains = new Map<string, LiveDomain & { readonly mappings: Map<string, DomainTarget> }>();
  for (const slot of slots) {
    for (const { name, tls, paths, isSocket = false } of slot.domains) {
      const mine = paths.filter(({ stage }) => stage === slot.live.name);
      if (mine.length === 0) continue;
      const { folder } = slot;
      const made = { name, mappings: new Map(), tls, folder, fallback: slot.live.program, isSocket };
      const domain = domains.get(name) ?? made;
      domains.set(name, domain);
      for (const { basePath } of mine) {
        if (!domain.mappings.has(basePath)) domain.mappings.set(basePath, { basePath, slot });
      }
    }
  }
  return domains.size > 0 ? new DomainTable(domains) : undefined;
}
