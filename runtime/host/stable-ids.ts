import { createHash } from "node:crypto";

/** Ten characters of [a-z0-9], the look of an API id, made of the gateway's name: the same on every machine. */
export function apiIdOf(gatewayName: string): string {
  return shortId(`api:${gatewayName}`, 10);
}

/** Six characters of [a-z0-9], the look of a resource id, made of the resource path. */
export function resourceIdOf(resourcePath: string): string {
  return shortId(`resource:${resourcePath}`, 6);
}

/** Ten characters of [a-z0-9], the look of a key's id, made of its name. */
export function keyIdOf(gatewayName: string, keyName: string): string {
  return shortId(`key:${gatewayName}:${keyName}`, 10);
}

function shortId(seed: string, length: number): string {
  const digest = createHash("sha256").update(seed).digest();
  let id = "";
  for (let at = 0; at < length; at++) id += "abcdefghijklmnopqrstuvwxyz0123456789"[(digest[at] ?? 0) % 36];
  return id;
}

/** Six characters of [a-z0-9], the look of a usage plan's id. */
export function planIdOf(gatewayName: string, planName: string): string {
  return shortId(`plan:${gatewayName}:${planName}`, 6);
}

/** Six characters of [a-z0-9], the look of an authorizer's id. */
export function authorizerIdOf(gatewayName: string, authorizerName: string): string {
  return shortId(`authorizer:${gatewayName}:${authorizerName}`, 6);
}

/** Six characters of [a-z0-9], the look of a model's id. */
export function modelIdOf(apiId: string, modelName: string): string {
  return shortId(`model:${apiId}:${modelName}`, 6);
}

/** Six characters of [a-z0-9], the look of a request validator's id. */
export function validatorIdOf(apiId: string, name: string): string {
  return shortId(`validator:${apiId}:${name}`, 6);
}

/** Six characters of [a-z0-9], the look of the id of a part of an API's documentation; `place` says of what it is. */
export function documentationIdOf(apiId: string, place: string): string {
  return shortId(`documentation:${apiId}:${place}`, 6);
}

/** Seven characters of [a-z0-9], the look of the id of a route of an HTTP or WebSocket API. */
export function routeIdOf(apiId: string, routeKey: string): string {
  return shortId(`route:${apiId}:${routeKey}`, 7);
}

/** Seven characters of [a-z0-9], the look of the id of an integration of such an API. */
export function integrationIdOf(apiId: string, routeKey: string): string {
  return shortId(`integration:${apiId}:${routeKey}`, 7);
}

/** Six characters of [a-z0-9], the look of the id of an API mapping of a domain. */
export function mappingIdOf(domain: string, key: string): string {
  return shortId(`mapping:${domain}:${key}`, 6);
}
