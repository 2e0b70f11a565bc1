// The stage's cache in process: microseconds of a hit, by a path alone and by parameters and caller, plain and encrypted.
// Run: npm run bench -- cache
import { micro } from "./support/micro.mjs";
import { gatewayOf, load } from "./support/program.mjs";

const body = JSON.stringify({ id: "42", status: "paid", total: 17.5, items: ["a", "b", "c"] });
const { cached } = await load("runtime/cache/cached.js");
const { Exchange } = await load("runtime/http/exchange.js");
const integrate = (x) => x.answer(200, ["Content-Type", "application/json"], body);
const gateway = await gatewayOf([{ key: "GET /orders/{id}", run: (x) => cached(x, integrate) }]);
const { live } = gateway;

async function caseOf(keys, encrypted, caller) {
  const { Caches } = await load("runtime/cache/caches.js");
  const { EmbeddedState } = await load("runtime/state/embedded-state.js");
  const { systemClock } = await load("runtime/clock.js");
  const entry = { maxBytes: 5e8, ttlSeconds: 300, encrypted, invalidate: "iam", unauthorized: "FAIL_WITH_403" };
  const caches = new Caches({ state: new EmbeddedState(systemClock), onAuthorizersFlushed: () => undefined });
  const stage = { ...live.stages.get("dev"), cache: { entry, store: caches.of("api", "dev", entry) } };
  const route = { ...live.program.routes[0], cache: { ttlSeconds: undefined, keys, shared: false } };
  const headers = ["Host", "api.example.com", "Accept", "*/*", "X-Tenant", "acme", "User-Agent", "bench"];
  const exchange = () => {
    const x = new Exchange(live, "GET", "/dev/orders/42", "/orders/42", "status=paid&limit=20", headers, "::1", 0, {});
    x.stage = stage;
    x.route = route;
    x.pathValues = ["42"];
    x.caller = caller;
    return x;
  };
  await cached(exchange(), integrate);
  return [exchange, (x) => cached(x, integrate)];
}

const path = { in: "path", name: "id" };
const all = [path, { in: "query", name: "status" }, { in: "query", name: "limit" }, { in: "header", name: "x-tenant" }];
await micro("a hit", {
  "key of the path": await caseOf([path], false),
  "key of path, two query parameters, a header and the caller": await caseOf(all, false, {
    cacheIdentity: "user-4711",
  }),
  "the same, encrypted": await caseOf(all, true, { cacheIdentity: "user-4711" }),
});
