import type { AwsService } from "../aws/endpoints.js";
import type { FirstClassCall } from "./first-class-call.js";
import type { HttpTarget } from "./http-target.js";

/** An AWS service and what is sent to it (aws-behaviour.md 6.4). `uri` is the path below the service's address. */
export interface AwsTarget extends HttpTarget {
  readonly service: AwsService;
  /** Headers that the service's protocol wants, a flat list: `X-Amz-Target` of an action. */
  readonly protocolHeaders: readonly string[];
  /** Content-Type of the body unless it is mapped; undefined: the client's, as with HTTP. */
  readonly contentType?: string | undefined;
  /** Query of an action in the query protocol, `Action=…&Version=…`; left out where the body says it. */
  readonly actionQuery?: string | undefined;
  /** HTTP APIs: the action and its parameters, in place of templates. */
  readonly firstClass?: FirstClassCall | undefined;
}
