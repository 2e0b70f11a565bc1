import { createHash } from "node:crypto";
import type { GatedRequest } from "../http/gate.js";
import { parseQuery } from "../mapping/query-text.js";
import type { StickyKey } from "../program.js";
import type { LiveCanary, StageSlot } from "./host-table.js";
import type { LiveStage } from "./live-program.js";

/** The stage itself or its canary: by the header where one is allowed, by the sticky key, else by chance. */
export function chooseStage({ live, canary }: StageSlot, request: GatedRequest, sourceIp: string): LiveStage {
  if (canary === undefined) return live;
  return isForCanary(canary, request, sourceIp) ? canary.live : live;
}

function isForCanary({ entry, live }: LiveCanary, request: GatedRequest, sourceIp: string): boolean {
  const { percent, header, sticky } = entry;
  const wish = header === undefined ? undefined : headerOf(request, header);
  if (wish === "always") return true;
  if (wish === "never") return false;
  const key = sticky && keyOf(sticky, request, sourceIp);
  const share = key === undefined ? Math.random() : shareOf(`${live.program.program.api.apiId}/${live.name}/${key}`);
  return share * 100 < percent;
}

function keyOf(sticky: StickyKey, request: GatedRequest, sourceIp: string): string | undefined {
  switch (sticky.from) {
    case "sourceIp":
      return sourceIp;
    case "header":
      return headerOf(request, sticky.name);
    case "querystring": {
      const pairs = parseQuery(request.query, true);
      for (let at = pairs.length - 2; at >= 0; at -= 2) if (pairs[at] === sticky.name) return pairs[at + 1];
      return undefined;
    }
  }
}

/** Last value of a header by its lower-case name. */
function headerOf({ headers }: GatedRequest, lowerCaseName: string): string | undefined {
  for (let at = headers.length - 2; at >= 0; at -= 2) {
    if ((headers[at] as string).toLowerCase() === lowerCaseName) return headers[at + 1];
  }
  return undefined;
}

/** Evenly spread in [0, 1), the same for the same text on every node: a share that grows keeps those it has. */
function shareOf(text: string): number {
  return createHash("sha256").update(text).digest().readUIntBE(0, 6) / 2 ** 48;
}
