import { randomBytes } from "node:crypto";
import { keyHash } from "../../limits/key-hash.js";
import type { KeyEntry } from "../../limits/limits-entry.js";
import type { StoredKey } from "../../state/state.js";
import { type AdminRequest, badRequest, bodyObject, conflict, notFound, textOf } from "../admin-message.js";
import type { AdminTarget } from "../admin-target.js";
import { checkKey, checkKeyPatch } from "../design/key-rules.js";
import { gatewayOf, programOf, seconds } from "./served.js";

/** Keys of the builds that are served: they are changed in gateway.yaml alone. */
export function declaredKeys(target: AdminTarget): readonly KeyEntry[] {
  return gatewayOf(target).apis.flatMap((api) => programOf(api).limits?.keys ?? []);
}

/** All keys, those of the files first. Values are kept hashed: none is ever told. */
export function keyViews(target: AdminTarget, prefix: string): readonly object[] {
  const stored = gatewayOf(target).state.keys.all();
  const declared = declaredKeys(target).map(({ id, name, enabled }) => ({ id, name, enabled, stageKeys: [] }));
  const taken = new Set(declared.map(({ name }) => name));
  const all = [...declared, ...stored.filter(({ name }) => !taken.has(name)).map(keyView)];
  return all.filter(({ name = "" }) => name.startsWith(prefix));
}

export function keyViewOf(target: AdminTarget, id: string): object {
  const declared = declaredKeys(target).find((key) => key.id === id);
  if (declared !== undefined) return { id, name: declared.name, enabled: declared.enabled, stageKeys: [] };
  return { ...keyView(storedKey(target, id)), tags: {} };
}

/** @throws AdminProblem */
export function storedKey(target: AdminTarget, id: string): StoredKey {
  const key = gatewayOf(target)
    .state.keys.all()
    .find((candidate) => candidate.id === id);
  if (key !== undefined) return key;
  if (declaredKeys(target).some((declared) => declared.id === id))
    throw badRequest("this key stands in gateway.yaml: change it there");
  throw notFound("Invalid API Key identifier specified");
}

export function keyView({ id, name, description, enabled, createdAt, updatedAt }: StoredKey) {
  return {
    id,
    ...(name !== "" && { name }),
    ...(description !== "" && { description }),
    enabled,
    createdDate: seconds(createdAt),
    lastUpdatedDate: seconds(updatedAt),
    stageKeys: [],
  };
}

/** CreateApiKey: the one answer that tells the value. */
export async function createKey(target: AdminTarget, request: AdminRequest): Promise<object> {
  const body = bodyObject(request);
  const { keys } = gatewayOf(target).state;
  const value = textOf(body, "value") || randomBytes(30).toString("base64url");
  const name = textOf(body, "name") ?? "";
  const description = textOf(body, "description") ?? "";
  checkKey({ value, name, description });
  const hash = keyHash(value);
  if (keys.all().some((key) => key.hash === hash)) throw conflict("API Key already exists");
  const now = Date.now();
  const key: StoredKey = {
    id: newId(),
    name,
    description,
    hash,
    enabled: body["enabled"] === true,
    plans: [],
    createdAt: now,
    updatedAt: now,
  };
  await keys.put(key);
  return { ...keyView(key), value };
}

export async function updateKey(target: AdminTarget, id: string, request: AdminRequest): Promise<object> {
  let key = storedKey(target, id);
  const operations = operationsOf(request);
  checkKeyPatch(operations);
  for (const { path, value = "" } of operations) {
    if (path === "/enabled") key = { ...key, enabled: value === "true" };
    else if (path === "/name") key = { ...key, name: value };
    else if (path === "/description") key = { ...key, description: value };
    else throw badRequest(`Invalid patch path ${path}`);
    checkKey({ name: key.name, description: key.description });
  }
  return { ...keyView(await putKey(target, key)), tags: {} };
}

/** @returns the key as it is kept now */
export async function putKey(target: AdminTarget, key: StoredKey): Promise<StoredKey> {
  const changed = { ...key, updatedAt: Date.now() };
  await gatewayOf(target).state.keys.put(changed);
  return changed;
}

export interface Operation {
  readonly op: string;
  readonly path: string;
  readonly value?: string;
  readonly from?: string;
}

/** `patchOperations` of a request. @throws AdminProblem */
export function operationsOf(request: AdminRequest): readonly Operation[] {
  const list = bodyObject(request)["patchOperations"] ?? [];
  if (!Array.isArray(list) || list.length > 100) throw badRequest("patchOperations is a list");
  for (const item of list as readonly Record<string, unknown>[]) {
    const isOperation =
      typeof item === "object" &&
      item !== null &&
      [item["op"], item["path"]].every((text) => typeof text === "string") &&
      [item["value"], item["from"]].every((text) => text === undefined || text === null || typeof text === "string");
    if (!isOperation) throw badRequest("a patch operation has op, path, and value or from");
  }
  return list as readonly Operation[];
}

function newId(): string {
  return Array.from(randomBytes(10), (byte) => "abcdefghijklmnopqrstuvwxyz0123456789"[byte % 36]).join("");
}
