import { createHash, createHmac } from "node:crypto";

/** What the server may send on its own: one JSON text, `{"event":…,"data":…}`. */
export type ServerEvent = { readonly event: string; readonly data: unknown };

/** What is known of a connection. */
export interface ConnectionDescription {
  readonly connectedAt: Date;
  readonly lastActiveAt: Date;
  readonly sourceIp: string;
  readonly userAgent: string | undefined;
}

export interface ConnectionOptions {
  /**
   * Address of the WebSocket API with its stage, `https://{domain}/{stage}`: `message.endpoint` of a WebSocket handler. By
   * default the environment's CONNECTIONS_ENDPOINT. The generated gateway does not look at it, as it finds all connections
   * itself: only the environment leads elsewhere.
   */
  readonly endpoint?: string | undefined;
  /** Default: the environment's AWS_REGION. */
  readonly region?: string | undefined;
}

/** Sends an event to a client. False: the client has gone (410); forget it. */
export async function push(
  connectionId: string,
  event: ServerEvent,
  options: ConnectionOptions = {},
): Promise<boolean> {
  return pushText(connectionId, JSON.stringify(event), options);
}

/** Sends any text to a client, as `push` does. */
export async function pushText(connectionId: string, text: string, options: ConnectionOptions = {}): Promise<boolean> {
  for (const port of portsHere()) if (await port.post(connectionId, text)) return true;
  const endpoint = endpointOf(options);
  if (endpoint === undefined) return false;
  const answer = await ask("POST", connectionId, endpoint, options, text);
  if (answer.ok || answer.status === 410) return answer.ok;
  throw new Error(`@connections answered ${answer.status}: ${await answer.text()}`);
}

/**
 * Sends an event to many clients, so many at once.
 *
 * @returns ids of those that have gone
 */
export async function broadcast(
  connectionIds: Iterable<string>,
  event: ServerEvent,
  options: ConnectionOptions & { readonly atOnce?: number } = {},
): Promise<readonly string[]> {
  const text = JSON.stringify(event);
  const gone: string[] = [];
  const waiting = [...connectionIds][Symbol.iterator]();
  const work = async () => {
    for (let next = waiting.next(); !next.done; next = waiting.next()) {
      if (!(await pushText(next.value, text, options))) gone.push(next.value);
    }
  };
  await Promise.all(Array.from({ length: options.atOnce ?? 50 }, work));
  return gone;
}

/** Closes a connection. False: it had gone. */
export async function disconnect(connectionId: string, options: ConnectionOptions = {}): Promise<boolean> {
  for (const port of portsHere()) if (await port.delete(connectionId)) return true;
  const endpoint = endpointOf(options);
  if (endpoint === undefined) return false;
  const answer = await ask("DELETE", connectionId, endpoint, options);
  if (answer.ok || answer.status === 410) return answer.ok;
  throw new Error(`@connections answered ${answer.status}: ${await answer.text()}`);
}

/** What is known of a connection; undefined when it has gone. */
export async function describe(
  connectionId: string,
  options: ConnectionOptions = {},
): Promise<ConnectionDescription | undefined> {
  for (const port of portsHere()) {
    const found = await port.get(connectionId);
    if (found)
      return { ...found, connectedAt: new Date(found.connectedAt), lastActiveAt: new Date(found.lastActiveAt) };
  }
  const endpoint = endpointOf(options);
  if (endpoint === undefined) return undefined;
  const answer = await ask("GET", connectionId, endpoint, options);
  if (answer.status === 410) return undefined;
  if (!answer.ok) throw new Error(`@connections answered ${answer.status}: ${await answer.text()}`);
  const found = (await answer.json()) as {
    readonly connectedAt: string;
    readonly lastActiveAt: string;
    readonly identity: { readonly sourceIp: string; readonly userAgent?: string };
  };
  return {
    connectedAt: new Date(found.connectedAt),
    lastActiveAt: new Date(found.lastActiveAt),
    sourceIp: found.identity.sourceIp,
    userAgent: found.identity.userAgent,
  };
}

/** The connections of the generated gateway that this handler runs in, and through it those of its other nodes. */
interface ConnectionsPort {
  post(connectionId: string, text: string): boolean | Promise<boolean>;
  delete(connectionId: string): boolean | Promise<boolean>;
  get(connectionId: string): Description | undefined | Promise<Description | undefined>;
}

interface Description {
  readonly connectedAt: number;
  readonly lastActiveAt: number;
  readonly sourceIp: string;
  readonly userAgent: string | undefined;
}

function portsHere(): Iterable<ConnectionsPort> {
  const shared = globalThis as { [name: symbol]: unknown };
  return (shared[Symbol.for("gatewayc.connections")] as Iterable<ConnectionsPort> | undefined) ?? [];
}

/** Undefined in a generated gateway: what it does not find has gone, unless the environment names another place. */
function endpointOf({ endpoint }: ConnectionOptions): string | undefined {
  const configured = process.env["CONNECTIONS_ENDPOINT"];
  const [port] = portsHere();
  if (port !== undefined) return configured;
  const found = endpoint ?? configured;
  if (found === undefined) throw new Error("set CONNECTIONS_ENDPOINT, or give the endpoint of the WebSocket API");
  return found;
}

function ask(
  method: string,
  connectionId: string,
  endpoint: string,
  options: ConnectionOptions,
  body?: string,
): Promise<Response> {
  const url = new URL(`${endpoint.replace(/\/$/, "")}/@connections/${encodeURIComponent(connectionId)}`);
  const region = options.region ?? process.env["AWS_REGION"] ?? "us-east-1";
  return signedRequest({ service: "execute-api", region, method, url, ...(body !== undefined && { body }) });
}

/**
 * Which clients are connected, what is known of each, and which groups (rooms, topics) each is in. Entries end by
 * themselves: `$disconnect` is not certain to be called.
 */
export interface ConnectionRegistry<T> {
  /** Keeps what is known of a client; again, with other data, replaces it. */
  put(connectionId: string, data: T): Promise<void>;
  /** Undefined: not there, or expired. */
  get(connectionId: string): Promise<T | undefined>;
  /** Forgets a client, and takes it out of its groups. */
  remove(connectionId: string): Promise<void>;
  join(group: string, connectionId: string): Promise<void>;
  leave(group: string, connectionId: string): Promise<void>;
  /** Groups that a client is in, sorted. */
  groups(connectionId: string): Promise<readonly string[]>;
  /** Ids of the clients in a group, sorted. */
  members(group: string): Promise<readonly string[]>;
}

export interface RegistryOptions {
  /** Seconds that an entry is kept; by default a little more than a connection can live. */
  readonly expirySeconds?: number;
}

const defaultExpirySeconds = 7500;

/** Sends an event to all clients of a group, and forgets those that have gone. @returns how many have got it */
export async function publish<T>(
  registry: ConnectionRegistry<T>,
  group: string,
  event: ServerEvent,
  options: ConnectionOptions & { readonly except?: string } = {},
): Promise<number> {
  const members = (await registry.members(group)).filter((id) => id !== options.except);
  const gone = await broadcast(members, event, options);
  await Promise.all(gone.map((id) => registry.remove(id)));
  return members.length - gone.length;
}

interface Entry<T> {
  data: T | undefined;
  readonly groups: Set<string>;
  expiresAt: number;
}

/** In the memory of this process: for one gateway, and for tests. */
export function memoryRegistry<T>({
  expirySeconds = defaultExpirySeconds,
}: RegistryOptions = {}): ConnectionRegistry<T> {
  const entries = new Map<string, Entry<T>>();
  const groups = new Map<string, Set<string>>();
  const forget = (id: string) => {
    for (const group of entries.get(id)?.groups ?? []) take(group, id);
    entries.delete(id);
  };
  const take = (group: string, id: string) => {
    const members = groups.get(group);
    members?.delete(id);
    if (members?.size === 0) groups.delete(group);
  };
  /** Entries are kept in the order of their expiry: the oldest is the first. */
  const expire = () => {
    const now = Date.now();
    for (const [id, { expiresAt }] of entries) {
      if (expiresAt > now) return;
      forget(id);
    }
  };
  const touched = (id: string): Entry<T> => {
    expire();
    const entry = entries.get(id) ?? { data: undefined, groups: new Set<string>(), expiresAt: 0 };
    entry.expiresAt = Date.now() + expirySeconds * 1000;
    entries.delete(id);
    entries.set(id, entry);
    return entry;
  };
  return {
    put: async (id, data) => {
      touched(id).data = data;
    },
    get: async (id) => {
      expire();
      return entries.get(id)?.data;
    },
    remove: async (id) => forget(id),
    join: async (group, id) => {
      touched(id).groups.add(group);
      groups.set(group, (groups.get(group) ?? new Set()).add(id));
    },
    leave: async (group, id) => {
      entries.get(id)?.groups.delete(group);
      take(group, id);
    },
    groups: async (id) => {
      expire();
      return [...(entries.get(id)?.groups ?? [])].sort();
    },
    members: async (group) => {
      expire();
      return [...(groups.get(group) ?? [])].sort();
    },
  };
}

/** Sends one command to Redis or Valkey: `(...command) => redis.call(...command)` of ioredis. */
export type RedisCommand = (command: string, ...parts: string[]) => Promise<unknown>;

/** In Redis or Valkey, for gateways of several nodes. */
export function redisRegistry<T>(
  command: RedisCommand,
  { expirySeconds = defaultExpirySeconds, prefix = "connections" }: RegistryOptions & { readonly prefix?: string } = {},
): ConnectionRegistry<T> {
  const entry = (id: string) => `${prefix}:c:${id}`;
  const groupsOf = (id: string) => `${prefix}:in:${id}`;
  const groupKey = (group: string) => `${prefix}:g:${group}`;
  const expiry = String(expirySeconds);
  return {
    put: async (id, data) => void (await command("SET", entry(id), JSON.stringify(data), "EX", expiry)),
    get: async (id) => {
      const text = await command("GET", entry(id));
      return text === null || text === undefined ? undefined : (JSON.parse(String(text)) as T);
    },
    remove: async (id) => {
      const groups = (await command("SMEMBERS", groupsOf(id))) as readonly string[];
      await Promise.all(groups.map((group) => command("ZREM", groupKey(group), id)));
      await command("DEL", entry(id), groupsOf(id));
    },
    join: async (group, id) => {
      const until = String(Math.floor(Date.now() / 1000) + expirySeconds);
      await command("ZADD", groupKey(group), until, id);
      await command("EXPIRE", groupKey(group), expiry);
      await command("SADD", groupsOf(id), group);
      await command("EXPIRE", groupsOf(id), expiry);
    },
    leave: async (group, id) => {
      await command("ZREM", groupKey(group), id);
      await command("SREM", groupsOf(id), group);
    },
    groups: async (id) => [...((await command("SMEMBERS", groupsOf(id))) as readonly string[])].sort(),
    members: async (group) => {
      const now = String(Math.floor(Date.now() / 1000));
      await command("ZREMRANGEBYSCORE", groupKey(group), "-inf", now);
      return [...((await command("ZRANGE", groupKey(group), "0", "-1")) as readonly string[])].sort();
    },
  };
}

export interface DynamoOptions extends RegistryOptions {
  /** A table with the string keys `pk` and `sk`, and `expires` as its attribute for time to live. */
  readonly table: string;
  /** Default: the environment's AWS_REGION. */
  readonly region?: string;
  /** Default: the environment's AWS_ENDPOINT_URL_DYNAMODB, else the service's own. */
  readonly endpoint?: string;
}

type Item = Readonly<Record<string, { readonly S?: string; readonly N?: string }>>;

/** In a DynamoDB table, for AWS. Needs PutItem, GetItem, DeleteItem and Query on the table. */
export function dynamoRegistry<T>(options: DynamoOptions): ConnectionRegistry<T> {
  const { table, expirySeconds = defaultExpirySeconds } = options;
  const now = () => Math.floor(Date.now() / 1000);
  const call = (action: string, input: object) => dynamo(options, action, { TableName: table, ...input });
  const key = (pk: string, sk: string) => ({ pk: { S: pk }, sk: { S: sk } });
  const put = (pk: string, sk: string, more: object) =>
    call("PutItem", { Item: { ...key(pk, sk), ...more, expires: { N: String(now() + expirySeconds) } } });
  const drop = (pk: string, sk: string) => call("DeleteItem", { Key: key(pk, sk) });
  /** Sort keys below a partition. What has expired is not deleted at once, so it is left out here. */
  const list = async (pk: string): Promise<readonly string[]> => {
    const found: string[] = [];
    let from: unknown;
    do {
      const page = (await call("Query", {
        KeyConditionExpression: "pk = :pk",
        FilterExpression: "expires > :now",
        ExpressionAttributeValues: { ":pk": { S: pk }, ":now": { N: String(now()) } },
        ...(from !== undefined && { ExclusiveStartKey: from }),
      })) as { readonly Items?: readonly Item[]; readonly LastEvaluatedKey?: unknown };
      found.push(...(page.Items ?? []).flatMap(({ sk }) => sk?.S ?? []));
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
    return found;
  };
  return {
    put: async (id, data) => void (await put(`c#${id}`, "data", { data: { S: JSON.stringify(data) } })),
    get: async (id) => {
      const { Item } = (await call("GetItem", { Key: key(`c#${id}`, "data") })) as { readonly Item?: Item };
      const isThere = Item !== undefined && Number(Item["expires"]?.N ?? 0) > now();
      return isThere ? (JSON.parse(Item["data"]?.S ?? "null") as T) : undefined;
    },
    remove: async (id) => {
      const groups = (await list(`c#${id}`)).filter((sk) => sk.startsWith("g#"));
      const all = groups.flatMap((group) => [drop(group, id), drop(`c#${id}`, group)]);
      await Promise.all([...all, drop(`c#${id}`, "data")]);
    },
    join: async (group, id) => {
      await put(`g#${group}`, id, {});
      await put(`c#${id}`, `g#${group}`, {});
    },
    leave: async (group, id) => {
      await Promise.all([drop(`g#${group}`, id), drop(`c#${id}`, `g#${group}`)]);
    },
    groups: async (id) => {
      const keys = (await list(`c#${id}`)).filter((sk) => sk.startsWith("g#"));
      return keys.map((sk) => sk.slice(2)).sort();
    },
    members: async (group) => [...(await list(`g#${group}`))].sort(),
  };
}

async function dynamo(options: DynamoOptions, action: string, input: object): Promise<unknown> {
  const region = options.region ?? process.env["AWS_REGION"] ?? "us-east-1";
  const own = `https://dynamodb.${region}.amazonaws.com/`;
  const answer = await signedRequest({
    service: "dynamodb",
    region,
    method: "POST",
    url: new URL(options.endpoint ?? process.env["AWS_ENDPOINT_URL_DYNAMODB"] ?? own),
    headers: { "content-type": "application/x-amz-json-1.0", "x-amz-target": `DynamoDB_20120810.${action}` },
    body: JSON.stringify(input),
  });
  if (!answer.ok) throw new Error(`DynamoDB ${action}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** A request to an AWS service, or to what speaks as one. */
export interface AwsRequest {
  readonly service: string;
  readonly region: string;
  readonly method: string;
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** Sends it, signed with the credentials of the environment, as Lambda sets them (Signature Version 4). */
export async function signedRequest(request: AwsRequest): Promise<Response> {
  const { method, url, body } = request;
  return fetch(url, { method, headers: signedHeaders(request), ...(body !== undefined && { body: body as string }) });
}

function signedHeaders({ service, region, method, url, headers = {}, body = "" }: AwsRequest): Record<string, string> {
  const accessKeyId = variable("AWS_ACCESS_KEY_ID");
  const secret = variable("AWS_SECRET_ACCESS_KEY");
  const token = process.env["AWS_SESSION_TOKEN"];
  const time = new Date().toISOString().replace(/[-:]|\.\d{3}/g, "");
  const signed: Record<string, string> = { ...headers, host: url.host, "x-amz-date": time };
  if (token !== undefined && token !== "") signed["x-amz-security-token"] = token;
  const names = Object.keys(signed).sort();
  const canonical = [
    method,
    url.pathname.split("/").map(encoded).join("/"),
    "",
    ...names.map((name) => `${name}:${(signed[name] ?? "").trim()}`),
    "",
    names.join(";"),
    hash(body),
  ].join("\n");
  const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
  const text = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash(canonical)}`;
  const key = scope.split("/").reduce<string | Buffer>((above, part) => hmac(above, part), `AWS4${secret}`);
  const signature = hmac(key, text).toString("hex");
  const { host: _, ...sent } = signed;
  const credential = `Credential=${accessKeyId}/${scope}`;
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names.join(";")}, Signature=${signature}`,
  };
}

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") throw new Error(`${name} is not set: there is nothing to sign with`);
  return value;
}

function encoded(segment: string): string {
  return encodeURIComponent(segment).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function hash(text: string | Uint8Array): string {
  return createHash("sha256").update(text).digest("hex");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
