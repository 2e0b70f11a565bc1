import type { Exchange } from "../http/exchange.js";
import { isKnownCoding, staysCoded } from "./content-coding.js";
import type { HttpTargetResponse } from "./http-target.js";
import { applyMapped } from "./proxy-request.js";

/** The head of a backend's answer as it goes on to the client. */
export interface ProxyHead {
  readonly status: number;
  /** Flat list without framing. */
  readonly headers: string[];
  /** Announced bytes; -1 when it comes in chunks or until the end of the connection. */
  readonly contentLength: number;
  /** Codings of the body that REST APIs take off; empty: none. */
  readonly contentEncoding: string;
}

/**
 * Reads a backend's head (aws-behaviour.md 6.3 and 13.2). REST remaps what belongs to the service, and shows neither
 * `Content-Encoding` nor `Via`; HTTP APIs pass all but the headers of the connection.
 *
 * @param raw  names and values in turn, bytes as received
 */
export function readHead(x: Exchange, status: number, raw: readonly Buffer[]): ProxyHead {
  const { backendNames } = x.program.targets;
  const headers: string[] = [];
  let contentLength = -1;
  let contentEncoding = "";
  for (let at = 0; at < raw.length; at += 2) {
    const name = latin1(raw[at] as Buffer);
    const value = latin1(raw[at + 1] as Buffer);
    const known = backendNames.of(name);
    if (known.tells === "length") contentLength = Number(value);
    else if (known.tells === "coding") {
      contentEncoding = value.trim().toLowerCase();
      if (isKnownCoding(contentEncoding)) continue;
      // The client has to know of a coding that cannot be taken off, though AWS would not show it.
      if (staysCoded(contentEncoding)) headers.push(name, value);
      contentEncoding = "";
    }
    if (known.name !== "") headers.push(known.name, value);
  }
  return { status, headers, contentLength, contentEncoding };
}

/** Buffers have had this method, undocumented, since Node 6; `toString("latin1")` takes twice as long for a header. */
function latin1(bytes: Buffer): string {
  return (bytes as Buffer & { latin1Slice(): string }).latin1Slice();
}

/**
 * Changes that an HTTP API makes to answers of this status (28.2).
 *
 * @param body  whole, where a mapping reads it
 */
export function mappedHead(
  x: Exchange,
  head: ProxyHead,
  responses: readonly HttpTargetResponse[],
  body: Buffer = noBody,
): ProxyHead {
  const response = responses.find(({ pattern }) => pattern?.test(String(head.status)) === true);
  if (response === undefined || x.program.program.api.kind === "rest") return head;
  const headers = head.headers.slice();
  x.backend = { status: head.status, headers: head.headers, body };
  applyMapped(headers, x, response.headers);
  return { ...head, status: response.status === 0 ? head.status : response.status, headers };
}

const noBody = Buffer.alloc(0);
