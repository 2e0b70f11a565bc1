import { createHash } from "node:crypto";
import type { IdSource } from "../host/live-program.js";
import type { Exchange } from "./exchange.js";

/** URLs of edge endpoints (aws-behaviour.md section 33). */
const maxUrlBytes = 8192;

/** What the CDN in front of an edge-optimised API adds (aws-behaviour.md 2.4). Linked only into gateways with one. */
export interface EdgeEndpoint {
  readonly maxUrlBytes: number;
  /**
   * The client's headers with CloudFront's. What a client says in them is replaced, unless it is the CDN itself.
   *
   * @param headers  flat list, as received
   * @param isCdn    whether a trusted proxy sent the request: its CloudFront headers stay
   */
  requestHeaders(headers: readonly string[], isCdn: boolean, place: EdgePlace): readonly string[];
  /** Adds to the headers of an answer; the list is changed. */
  answerHeaders(headers: string[], x: Exchange): void;
}

export interface EdgePlace {
  readonly apiId: string;
  readonly ids: IdSource;
}

const cdnNames = /^(?:cloudfront-.*|x-amz-cf-id)$/i;

export const edgeEndpoint: EdgeEndpoint = {
  maxUrlBytes,
  requestHeaders(headers, isCdn, { apiId, ids }) {
    if (isCdn && headers.some((name, at) => at % 2 === 0 && cdnNames.test(name))) return headers;
    const kept: string[] = [];
    let userAgent = "";
    let via = "";
    for (let at = 0; at < headers.length; at += 2) {
      const name = headers[at] as string;
      const value = headers[at + 1] as string;
      const lower = name.toLowerCase();
      if (lower === "user-agent") userAgent = value;
      if (lower === "via") via = `${value}, `;
      if (lower !== "via" && !cdnNames.test(lower)) kept.push(name, value);
    }
    const viewer = viewerOf(userAgent);
    kept.push("CloudFront-Forwarded-Proto", "https");
    for (const kind of viewers) kept.push(`CloudFront-Is-${kind}-Viewer`, String(kind === viewer));
    kept.push("Via", `${via}1.1 ${distributionOf(apiId)} (CloudFront)`, "X-Amz-Cf-Id", cloudFrontId(ids));
    return kept;
  },
  answerHeaders(headers, x) {
    const { program, ids } = x.program;
    const result = x.status >= 400 ? "Error" : "Miss";
    headers.push("X-Cache", `${result} from cloudfront`);
    headers.push("Via", `1.1 ${distributionOf(program.api.apiId)} (CloudFront)`, "X-Amz-Cf-Id", cloudFrontId(ids));
  },
};

const viewers = ["Desktop", "Mobile", "SmartTV", "Tablet"] as const;

/** By the words that browsers use of themselves; what is none of them counts as a desktop, as with CloudFront. */
function viewerOf(userAgent: string): (typeof viewers)[number] {
  if (/smart-?tv|appletv|hbbtv|googletv|\btizen\b.*\btv\b|\bweb0s\b/i.test(userAgent)) return "SmartTV";
  if (/ipad|tablet|android(?!.*mobile)/i.test(userAgent)) return "Tablet";
  return /mobi|iphone|ipod/i.test(userAgent) ? "Mobile" : "Desktop";
}

const names = new Map<string, string>();

/** The host of a distribution, made of the API's id: the same on every node. */
function distributionOf(apiId: string): string {
  let name = names.get(apiId);
  if (name === undefined) {
    name = `${createHash("md5").update(apiId).digest("hex")}.cloudfront.net`;
    names.set(apiId, name);
  }
  return name;
}

/** 56 characters that look like base64 and end in `==`. */
function cloudFrontId(ids: IdSource): string {
  return `${Buffer.from(ids.hex(32) + ids.hex(8), "latin1").toString("base64url")}==`;
}
