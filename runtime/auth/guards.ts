import type { ApiEntry } from "../program.js";
import type { IamFactory } from "./iam/iam-service.js";
import type { CompiledPolicy } from "./policy/index.js";
import type { WafFactory } from "./waf/waf.js";

/** What stands in front of all routes of a Program; each member brings its own code, so that none is linked without need. */
export interface Guards {
  /** Set where a route wants signed requests. */
  readonly iam?: IamFactory;
  /** The resource policy, compiled for the API's own ARN. */
  readonly policy?: (api: ApiEntry) => CompiledPolicy;
  readonly waf?: WafFactory;
  /** The endpoint is private: callers of public addresses are refused. */
  readonly isPrivate?: true;
}

/** The network that requests come from, as conditions of policies ask for it (`aws:SourceVpc`, `aws:SourceVpce`). */
export interface Network {
  readonly isPrivate: boolean;
  /** Given by whoever starts the gateway; undefined: the condition key is absent. */
  readonly vpc: string | undefined;
  readonly vpcEndpoint: string | undefined;
}
