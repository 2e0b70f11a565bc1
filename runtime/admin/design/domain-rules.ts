import { badRequest, conflict } from "../admin-message.js";
import { missing } from "./lookup-rules.js";

/** CreateBasePathMapping; an empty path is the root. */
export interface BasePathRequest {
  readonly basePath?: string | undefined;
  readonly restApiId?: string | undefined;
  readonly stage?: string | undefined;
}

/** What there is already; a list that is left out is not known. */
export interface DomainSurroundings {
  readonly basePaths: readonly string[];
  readonly apis?: readonly string[] | undefined;
  readonly stages?: readonly string[] | undefined;
}

/** Rules of base paths (quoted from live answers). @throws AdminProblem */
export function checkBasePath({ basePath = "", restApiId, stage }: BasePathRequest, there: DomainSurroundings): void {
  const own = plain(basePath);
  const known = there.basePaths.map(plain);
  if (own.includes("/")) {
    throw badRequest(
      "API Gateway V1 doesn't support the slash character (/) in base path mappings. To create a multi-level base path mapping, use API Gateway V2.",
    );
  }
  if (there.apis && !there.apis.includes(restApiId ?? "")) throw badRequest("Invalid REST API identifier specified");
  if (there.stages && stage && !there.stages.includes(stage)) throw badRequest("Invalid stage identifier specified");
  if (known.includes(own)) throw conflict("Base path already exists for this domain name");
  if ((own === "" && known.length > 0) || known.includes(""))
    throw conflict("Only one base path mapping is allowed if the base path is empty.");
}

/** CreateDomainName. @throws AdminProblem */
export function checkDomainName(name: string, existing: readonly string[]): void {
  if (existing.includes(name)) throw badRequest("The domain name you provided already exists.");
}

/** GetDomainName and the like. @throws AdminProblem */
export function checkDomainKnown(name: string, existing: readonly string[]): void {
  if (!existing.includes(name)) throw missing("domainName");
}

function plain(basePath: string): string {
  return basePath === "(none)" ? "" : basePath;
}
