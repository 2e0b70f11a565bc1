import type { Clock } from "../clock.js";
import type { Logger } from "../observe/logger.js";
import type { Observer } from "../observe/observer.js";
import type { Sampler } from "../observe/sampler.js";
import type { Program } from "../program.js";
import type { State } from "../state/state.js";
import type { AnsweredRequest } from "./answered-request.js";
import type { StageDeployment } from "./deployments.js";
import type { Limits } from "./limits.js";
import type { IdSource } from "./live-program.js";
import type { Environment } from "./load-program.js";
import type { TlsFront } from "./tls/tls-front.js";

export interface GatewayOptions {
  /** One build, of which all stages are served. */
  readonly program?: Program | undefined;
  /** Names of its stages to serve; default: all that are declared. */
  readonly stages?: readonly string[];
  /** Instead of a program: stages with a deployment each, of one API or several. */
  readonly deployments?: readonly StageDeployment[];
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Where custom domains are served by TLS; 0: any free port. Undefined: TLS is not served here. */
  readonly tlsPort?: number | undefined;
  /** What serves it, for hosts of several builds; default: what the builds bring. */
  readonly tlsFront?: typeof TlsFront;
  /** Where relative paths of certificates begin. Default: the process's folder. */
  readonly folder?: string;
  /** Addresses or CIDR blocks of proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies?: readonly string[];
  /** File of the directory of principals; default: the environment's GATEWAY_PRINCIPALS. */
  readonly principals?: string | undefined;
  /** Ids of the VPC and VPC endpoint that requests count as coming from; default: GATEWAY_VPC, GATEWAY_VPC_ENDPOINT. */
  readonly vpc?: string | undefined;
  readonly vpcEndpoint?: string | undefined;
  readonly limits?: Partial<Limits>;
  /** Default: the process's. */
  readonly environment?: Environment;
  readonly clock?: Clock;
  readonly ids?: IdSource;
  readonly logger?: Logger;
  /** Counts, keys and messages; closed with the gateway. Default: what the file says, else in memory. */
  readonly state?: State;
  /**
   * Whether a request from this machine may ask for its trace by `X-Gateway-Trace: 1` (`gateway dev`, `gateway invoke`).
   * Traces hold bodies: never for a gateway that serves others.
   */
  readonly trace?: boolean;
  /** Told of each answered request: access logs, metrics, traces. Closed with the gateway. */
  readonly observers?: readonly Observer[];
  /** Which requests of traced stages are traced. */
  readonly sampler?: Sampler | undefined;
  /** Told of each answered request; for `gateway dev` and tests. */
  readonly onRequest?: (request: AnsweredRequest) => void;
}
