import type { Exchange } from "../http/exchange.js";
import type { Principal } from "./iam/principal.js";
import type { PolicyContext } from "./policy/index.js";

/**
 * The condition keys of one request (aws-behaviour.md section 23). API Gateway is reached by TLS only; this gateway by plain
 * connections too, and then `aws:SecureTransport` is false, but for requests from its own machine.
 */
export class RequestContext implements PolicyContext {
  constructor(
    private readonly x: Exchange,
    private readonly principal: Principal | undefined,
  ) {}

  get(key: string): string | undefined {
    const { x, principal } = this;
    const { network } = x.program;
    switch (key) {
      case "aws:sourceip":
        return network.isPrivate ? undefined : x.sourceIp;
      case "aws:vpcsourceip":
        return network.isPrivate ? x.sourceIp : undefined;
      case "aws:sourcevpc":
        return network.vpc;
      case "aws:sourcevpce":
        return network.vpcEndpoint;
      case "aws:useragent":
        return x.header("user-agent");
      case "aws:referer":
        return x.header("referer");
      case "aws:currenttime":
        return new Date(x.receivedAt).toISOString();
      case "aws:epochtime":
        return String(Math.floor(x.receivedAt / 1_000));
      case "aws:securetransport":
        return x.isSecure ? "true" : "false";
      case "aws:requestedregion":
        return x.program.program.api.region;
      case "aws:principaltype":
        return principal === undefined ? "Anonymous" : principal.userName === undefined ? "AssumedRole" : "User";
      default:
        return principal && principalValue(principal, key);
    }
  }
}

function principalValue(principal: Principal, key: string): string | undefined {
  switch (key) {
    case "aws:principalarn":
      return principal.arns.at(-1);
    case "aws:principalaccount":
      return principal.accountId;
    case "aws:principalorgid":
      return principal.orgId;
    case "aws:userid":
      return principal.id;
    case "aws:username":
      return principal.userName;
    default:
      return key.startsWith("aws:principaltag/")
        ? principal.tags.get(key.slice("aws:principaltag/".length))
        : undefined;
  }
}
