import type { ClientCertificate } from "../auth/caller.js";
import { engine } from "../engine.js";
import { chooseStage } from "../host/choose-stage.js";
import type { HostTable } from "../host/host-table.js";
import type { LiveStage } from "../host/live-program.js";
import { secureOf } from "../host/tls/secure-connection.js";
import type { Answering } from "./answering.js";
import { admissionOf, refuseAdmission } from "./domain-door.js";
import type { Gate } from "./gate.js";
import { locate } from "./locate.js";
import { refuse } from "./refuse.js";
import type { SourceIp } from "./source-ip.js";
import type { WireRequest } from "./wire/wire-request.js";

/** What serves requests for as long as the host lives; a deployment puts another table in. */
export interface Serving extends Answering {
  table: HostTable;
  readonly gate: Gate;
  readonly sourceIp: SourceIp;
  /** Where TLS is served, as clients are told; undefined: at its own port, by somebody else. */
  tlsPort: number | undefined;
}

/** One request from its head on: read strictly, located, and handed to the engine of the Program it belongs to. */
export function serve(serving: Serving, wire: WireRequest): void {
  const { table } = serving;
  const gated = serving.gate.read(wire.head);
  if (typeof gated === "string") {
    refuse(wire, gated, table.front.fallback);
    return;
  }
  const location = locate(table, gated.host, gated.path);
  let clientCertificate: ClientCertificate | undefined;
  if (table.domains !== undefined) {
    const { domain } = location;
    const admission = admissionOf(serving, wire.socket, gated.headers, domain);
    if (admission.kind !== "open") {
      refuseAdmission(serving, wire, gated, { kind: admission.kind, domain });
      return;
    }
    clientCertificate = admission.clientCertificate;
    if (domain?.isSocket && !isAboutConnections(location.path)) {
      refuseAdmission(serving, wire, gated, { kind: "forbidden", domain });
      return;
    }
  }
  const sourceIp = serving.sourceIp.of(wire.remoteAddress, gated.headers);
  const chosen = location.slot && chooseStage(location.slot, gated, sourceIp);
  const isSocket = isAboutConnections(location.path) && location.domain?.isSocket !== false;
  const stage = isSocket ? (socketStage(chosen) ?? chosen) : chosen;
  const live = stage?.program ?? location.program;
  const { program } = live;
  let isCdn = false;
  if (program.edge !== undefined) {
    if (gated.path.length + gated.query.length > program.edge.maxUrlBytes) {
      refuse(wire, "url", live);
      return;
    }
    isCdn = serving.sourceIp.isProxy(wire.remoteAddress);
  }
  const isSecure = secureOf(wire.socket) !== undefined || serving.sourceIp.isSafe(wire.remoteAddress, gated.headers);
  const arrival = { gated, location, stage, sourceIp, isSecure, clientCertificate, isCdn };
  (program.engine ?? engine).serve(serving, arrival, wire);
}

/** `/@connections/{id}` is a request to the WebSocket API (aws-behaviour.md section 29.6). */
function isAboutConnections(path: string): boolean {
  return path.charCodeAt(1) === 0x40 && path.startsWith("/@connections/");
}

function socketStage(stage: LiveStage | undefined): LiveStage | undefined {
  return stage?.program.websocket?.live.stages.get(stage.name);
}
