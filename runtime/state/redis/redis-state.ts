import { createHash, randomBytes } from "node:crypto";
import { Redis } from "ioredis";
import { type Clock, systemClock } from "../../clock.js";
import { LoadError } from "../../host/load-error.js";
import type { Logger } from "../../observe/logger.js";
import { BoundedAnswers } from "../answers/bounded-answers.js";
import type { OnFailure } from "../leased/leased-bucket.js";
import { LeasedState } from "../leased/leased-state.js";
import { RemoteMessages } from "../shared/remote-messages.js";
import type { State } from "../state.js";
import { RedisAnswers } from "./redis-answers.js";
import { RedisKeys } from "./redis-keys.js";
import { RedisRegistry } from "./redis-registry.js";
import { defineLease, RedisStore } from "./redis-store.js";

export interface RedisStateOptions {
  /** `redis://`, `rediss://` with TLS, with user and password where Redis wants them. */
  readonly url: string;
  /** Gateways of the same name share what they keep there. */
  readonly name: string;
  readonly onFailure: OnFailure;
  /** Whether answers of caches are kept there too. */
  readonly sharesAnswers?: boolean | undefined;
  /** Of 32 characters or more: what seals answers of stages that ask for encryption; undefined: those are not shared. */
  readonly cacheKey?: string | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** An answer that takes longer is late: the policy for failures applies from then on. Well below 50 ms. */
const lateMs = 40;
/**
 * One that takes longer will not come. A machine that does much else leaves Redis without a processor for 100 ms and
 * more, and what was leased would be lost each time; nobody waits meanwhile.
 */
const timeoutMs = 400;
const retryMs = 250;
/** How long a gateway that starts waits for the keys. */
const readyMs = 2000;
/** A connection on which nothing has been answered for so long is given up for a new one. */
const hungMs = 2000;

const keysTopic = "keys";

/** State that all nodes with the same Redis share. @throws LoadError for a URL that is none */
export function redisState(options: RedisStateOptions): State {
  const prefix = `gateway:{${options.name}}:`;
  const nodeId = randomBytes(9).toString("base64url");
  const redis = connect(options.url);
  const subscriber = redis.duplicate({ enableOfflineQueue: true, maxRetriesPerRequest: null });
  defineLease(redis);
  const store = new RedisStore(redis, prefix);
  const messages = new RemoteMessages(nodeId, {
    broadcast: (topic, message) => void redis.publish(`${prefix}topic:${topic}`, message).catch(ignore),
    send: async (to, message) => (await redis.publish(`${prefix}node:${to}`, message)) > 0,
    listen: (topic) => void subscriber.subscribe(`${prefix}topic:${topic}`).catch(ignore),
  });
  const keys = new RedisKeys(redis, prefix, () => messages.publish(keysTopic, Buffer.alloc(0)));
  const registry = new RedisRegistry(nodeId, redis, prefix);
  const shared = shareAnswers(options, redis, prefix);
  let isDown = false;
  const stopWatching = watchConnection(redis, () => isDown);
  const state = new LeasedState({
    store,
    clock: options.clock,
    onFailure: options.onFailure,
    lateMs,
    timeoutMs,
    retryMs,
    onUp: () => {
      isDown = false;
      options.logger.write({ level: "info", message: "the state is shared through Redis again" });
      void keys.refresh();
    },
    onDown: (reason) => {
      isDown = true;
      options.logger.write({ level: "error", message: downMessages[options.onFailure], detail: reason });
    },
    parts: {
      keys,
      messages,
      registry,
      answers: shared?.answers,
      readUsage: (range) => store.readUsage(range),
      ready: () =>
        within(
          readyMs,
          connected(redis).then(() => keys.refresh()),
        ),
      close: async () => {
        stopWatching();
        keys.close();
        await registry.close().catch(ignore);
        // Until Redis has heard of it, questions to this node would wait for an answer.
        if (subscriber.status === "ready") await within(lateMs, subscriber.unsubscribe().then(ignore)).catch(ignore);
        shared?.disconnect();
        redis.disconnect();
        subscriber.disconnect();
      },
    },
  });
  redis.on("close", () => state.pump.lost("the connection to Redis is closed"));
  subscriber.on("error", ignore);
  subscriber.on("messageBuffer", (channel: Buffer, message: Buffer) => {
    const name = channel.toString("utf8");
    if (name === `${prefix}node:${nodeId}`) messages.onDirect(message);
    else messages.onBroadcast(name.slice(`${prefix}topic:`.length), message);
  });
  void subscriber.subscribe(`${prefix}node:${nodeId}`).catch(ignore);
  messages.subscribe(keysTopic, () => void keys.refresh());
  return state;
}

/** On a connection of its own, so that large answers keep no lease waiting. A clock that is moved is not Redis's. */
function shareAnswers({ sharesAnswers = false, cacheKey, clock }: RedisStateOptions, redis: Redis, prefix: string) {
  if (cacheKey !== undefined && cacheKey.length < 32)
    throw new LoadError("state.cacheKey has fewer than 32 characters");
  if (!sharesAnswers || clock !== systemClock) return undefined;
  // Connects with the first request for a cached answer.
  const connection = redis.duplicate({ lazyConnect: true });
  connection.on("error", ignore);
  const sealKey = cacheKey === undefined ? undefined : createHash("sha256").update(cacheKey, "utf8").digest();
  const backend = new RedisAnswers(connection, prefix);
  const answers = new BoundedAnswers(backend, { timeoutMs: lateMs, retryMs, sealKey: () => sealKey });
  const stopWatching = watchConnection(connection, () => answers.isAway);
  const disconnect = () => {
    stopWatching();
    connection.disconnect();
  };
  return { answers, disconnect };
}

const downMessages: Readonly<Record<OnFailure, string>> = {
  open: "Redis is away: nothing is limited until it is back",
  closed: "Redis is away: what has a limit is refused until it is back",
  local: "Redis is away: each process keeps the limits alone until it is back",
};

function connect(url: string): Redis {
  if (!/^rediss?:\/\//.test(url) || !URL.canParse(url)) {
    throw new LoadError("state.redis is no URL: redis://HOST:PORT, or rediss:// with TLS");
  }
  const redis = new Redis(url, {
    // What was not answered is never sent again: a lease that nobody waits for any more would be taken.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    connectTimeout: 1000,
    retryStrategy: (times: number) => Math.min(50 * 2 ** Math.min(times, 4), 500),
    reconnectOnError: (error: Error) => error.message.startsWith("READONLY"),
  });
  // Failures are noticed where they matter, and logged once; without a listener they would end the process.
  redis.on("error", ignore);
  return redis;
}

function connected(redis: Redis): Promise<void> {
  return redis.status === "ready" ? Promise.resolve() : new Promise((resolve) => redis.once("ready", resolve));
}

/** A connection that hangs does not close by itself: after a while a new one is tried. */
function watchConnection(redis: Redis, isDown: () => boolean): () => void {
  const timer = setInterval(() => {
    if (isDown() && redis.status === "ready") redis.disconnect(true);
  }, hungMs).unref();
  return () => clearInterval(timer);
}

async function within(ms: number, promise: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

const ignore = (): void => undefined;
