import { badRequest, conflict, notFound } from "../admin-message.js";

/** CreateRoute of HTTP and WebSocket APIs, as far as there are rules. */
export interface RouteRequest {
  readonly routeKey: string;
  readonly protocolType?: string | undefined;
}

const httpKey = /^(?:\$default|(?:ANY|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT) \/\S*)$/;

/** Rules of routes of HTTP APIs (quoted from live answers). @throws AdminProblem */
export function checkHttpRoute({ routeKey, protocolType = "HTTP" }: RouteRequest, existing: readonly string[]): void {
  if (protocolType === "HTTP" && !httpKey.test(routeKey)) {
    throw badRequest(
      'The provided route key is not formatted properly for HTTP protocol. Format should be "<HTTP METHOD> /<RESOURCE PATH>" or "$default"',
    );
  }
  if (existing.includes(routeKey)) throw conflict(`Route with key ${routeKey} already exists for this API`);
}

/** CreateIntegration of HTTP APIs, as far as there are rules. */
export interface HttpIntegrationRequest {
  readonly integrationType?: string | undefined;
  readonly payloadFormatVersion?: string | undefined;
}

/** Rules of integrations of HTTP APIs (quoted from live answers). @throws AdminProblem */
export function checkHttpIntegration({ integrationType = "" }: HttpIntegrationRequest): void {
  if (integrationType === "AWS_PROXY" || integrationType === "HTTP_PROXY") return;
  throw badRequest(
    "Currently, an API with a protocol type of HTTP may only be associated with proxy integrations (AWS_PROXY, HTTP_PROXY)",
  );
}

/** CreateAuthorizer of HTTP APIs, as far as there are rules. */
export interface HttpAuthorizerRequest {
  readonly identitySource?: readonly string[] | undefined;
  /** Seconds. */
  readonly authorizerResultTtlInSeconds?: number | undefined;
}

/** Rules of authorizers of HTTP APIs (quoted from live answers). @throws AdminProblem */
export function checkHttpAuthorizer(request: HttpAuthorizerRequest): void {
  const { identitySource = [], authorizerResultTtlInSeconds: ttl = 0 } = request;
  if (ttl > 0 && identitySource.length === 0)
    throw badRequest("Identity source must be set if authorizer caching is enabled (TTL is greater than 0)");
}

/** Route settings of a stage name routes that are there. @throws AdminProblem */
export function checkRouteSettings(settings: readonly string[], routes: readonly string[]): void {
  const unknown = settings.find((key) => !routes.includes(key));
  if (unknown !== undefined) throw notFound(`Unable to find Route by key ${unknown} within the provided RouteSettings`);
}
