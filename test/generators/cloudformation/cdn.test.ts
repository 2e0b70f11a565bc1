import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { planCloudFormation } from "../../../generators/cloudformation/plan.js";
import { modelOf } from "../../import/support.js";

interface Behaviour {
  readonly PathPattern: string;
  readonly TargetOriginId: string;
  readonly CachePolicyId: string | { readonly Ref: string };
}

interface Distribution {
  readonly Aliases: readonly string[];
  readonly Origins: readonly { readonly Id: string; readonly OriginPath?: string }[];
  readonly DefaultCacheBehavior: Behaviour;
  readonly CacheBehaviors?: readonly Behaviour[];
  readonly WebACLId?: unknown;
}

type Resources = Readonly<Record<string, { readonly Type: string; readonly Properties: Record<string, never> }>>;

async function resourcesOf(yaml: string): Promise<Resources> {
  return planCloudFormation(await modelOf(`gateway: a\n${yaml}`)).template["Resources"] as unknown as Resources;
}

function all(resources: Resources, type: string) {
  return Object.entries(resources).filter(([, { Type }]) => Type === type);
}

function distributionOf(resources: Resources): Distribution {
  const [[, { Properties }] = ["", { Properties: {} as Record<string, never> }]] = all(
    resources,
    "AWS::CloudFront::Distribution",
  );
  return Properties["DistributionConfig"] as unknown as Distribution;
}

const disabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";

/** As CloudFront chooses: the first pattern that fits, `*` for any text, `?` for one character. */
function cacheKeyOf(path: string, resources: Resources): unknown {
  const { CacheBehaviors = [], DefaultCacheBehavior } = distributionOf(resources);
  const chosen = CacheBehaviors.find(({ PathPattern }) => {
    const source = PathPattern.replaceAll(/[.$+^]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".");
    return new RegExp(`^${source}$`).test(path);
  });
  const policy = (chosen ?? DefaultCacheBehavior).CachePolicyId;
  if (typeof policy === "string") return policy === disabled ? undefined : policy;
  return resources[policy.Ref]?.Properties["CachePolicyConfig"];
}

const domain = (paths: string) => `domains: { api.example.com: { cdn: true, paths: ${paths} } }\n`;
const cachedStage = "stages: { prod: { cache: { ttl: 300 } }, dev: {} }\n";

describe("a domain behind a CDN", () => {
  test("has its name at the distribution only, and the API is regional", async () => {
    const resources = await resourcesOf(
      `endpoint: edge\nroutes:\n  GET /o: { lambda: x }\n${cachedStage}${domain("{ '': prod }")}`,
    );
    expect(all(resources, "AWS::ApiGateway::DomainName")).toEqual([]);
    expect(all(resources, "AWS::ApiGateway::BasePathMapping")).toEqual([]);
    expect(resources["Api"]?.Properties["EndpointConfiguration"]).toEqual({ Types: ["REGIONAL"] });
    const { Aliases, Origins } = distributionOf(resources);
    expect(Aliases).toEqual(["api.example.com"]);
    expect(Origins).toMatchObject([
      { OriginPath: "/prod", CustomOriginConfig: { OriginProtocolPolicy: "https-only" } },
    ]);
    expect(all(resources, "AWS::CloudFront::Function")).toEqual([]);
  });

  test("of an HTTP API leads to its default stage and keeps nothing", async () => {
    const resources = await resourcesOf(
      `kind: http\nroutes:\n  GET /o: { lambda: x }\nstages: { $default: {} }\n${domain("{ '': $default }")}`,
    );
    expect(all(resources, "AWS::ApiGatewayV2::DomainName")).toEqual([]);
    expect(distributionOf(resources).Origins[0]).not.toHaveProperty("OriginPath");
    expect(cacheKeyOf("/o", resources)).toBeUndefined();
  });

  test("keeps what is cached and open, by its keys and as long; no path beside it", async () => {
    const resources =
      await resourcesOf(`authorizers: { guard: { lambda: g, type: token, identity: [$request.header.X-Token] } }
routes:
  GET /shops/{id}: { lambda: x, query: { page?: integer, size?: integer }, headers: { X-Lang?: string }, cache: { ttl: 60, keys: [page, X-Lang] } }
  GET /shops/mine: { lambda: x, auth: guard }
  GET /shops/{id}/orders: { lambda: x, auth: guard }
  GET /shops/{id}/open/{day}: { lambda: x }
  GET /shops: { lambda: x, cache: false }
  GET /keyed: { lambda: x, apiKey: true }
  POST /things: { lambda: x, cache: { ttl: 10 } }
  GET /head: { lambda: x }
  HEAD /head: { lambda: x, auth: guard }
  GET /files/{path+}: { lambda: x }
  GET /files/secret: { lambda: x, auth: guard }
${cachedStage}${domain("{ '': prod, next: dev }")}`);
    expect(cacheKeyOf("/shops/1", resources)).toMatchObject({
      MinTTL: 0,
      DefaultTTL: 60,
      MaxTTL: 60,
      ParametersInCacheKeyAndForwardedToOrigin: {
        QueryStringsConfig: { QueryStringBehavior: "whitelist", QueryStrings: ["page"] },
        HeadersConfig: { Headers: ["x-forwarded-prefix", "x-lang", "authorization", "x-token", "x-api-key"] },
      },
    });
    expect(cacheKeyOf("/shops/1/open/mon", resources)).toMatchObject({ DefaultTTL: 300 });
    expect(cacheKeyOf("/files/a/b", resources)).toMatchObject({ DefaultTTL: 300 });
    const asked = ["/shops", "/shops/", "/shops/mine", "/shops/1/orders", "/shops/1/", "/shops/1/open/mon/x", "/keyed"];
    const others = ["/things", "/head", "/files/secret", "/files/", "/next/shops/1", "/next", "/"];
    for (const path of [...asked, ...others]) expect([path, cacheKeyOf(path, resources)]).toEqual([path, undefined]);
  });

  test("keeps nothing that a resource policy decides about", async () => {
    const resources = await resourcesOf(
      `policy: { deny: { accounts: ["123456789012"] } }\nroutes:\n  GET /o: { lambda: x }\n${cachedStage}${domain("{ '': prod }")}`,
    );
    expect(cacheKeyOf("/o", resources)).toBeUndefined();
  });

  test("takes base paths off, the longest first, and answers where none fits", async () => {
    const code = async (paths: string) => {
      const resources = await resourcesOf(`routes:\n  GET /o: { lambda: x }\n${cachedStage}${domain(paths)}`);
      const [[, made] = []] = all(resources, "AWS::CloudFront::Function");
      const text = String(made?.Properties["FunctionCode"]);
      return (uri: string) =>
        runInNewContext(`${text}; handler({ request: { uri: ${JSON.stringify(uri)}, headers: {} } })`) as Record<
          string,
          unknown
        >;
    };
    const closed = await code("{ v1: prod, v1/beta: dev }");
    expect(closed("/v1/o")["uri"]).toBe("/o");
    expect(closed("/v1/beta/o")["uri"]).toBe("/o");
    expect(closed("/v1")["uri"]).toBe("/");
    expect(closed("/v10/o")).toMatchObject({ statusCode: 403, body: { data: '{"message":"Forbidden"}' } });
    const open = await code("{ '': prod, v1: dev }");
    expect(open("/v10/o")["uri"]).toBe("/v10/o");
    // What is kept for one base path is not what another has under the same rest.
    const prefix = (uri: string) => (open(uri)["headers"] as Record<string, unknown>)["x-forwarded-prefix"];
    expect([prefix("/o"), prefix("/v1/o")]).toEqual([{ value: "/" }, { value: "/v1" }]);
  });

  test("has the firewall in front; only there are callers counted", async () => {
    const resources = await resourcesOf(
      `waf: { block: { ips: [192.0.2.1] }, rate: { limit: 100 } }\nroutes:\n  GET /o: { lambda: x }\n${cachedStage}${domain("{ '': prod }")}`,
    );
    const names = (id: string) =>
      ((resources[id]?.Properties["Rules"] ?? []) as readonly { readonly Name: string }[]).map(({ Name }) => Name);
    expect(names("CdnFirewall")).toEqual(["BlockV4", "Rate"]);
    expect(names("Firewall")).toEqual(["BlockV4"]);
    expect(resources["CdnFirewall"]).toMatchObject({
      Condition: "MakesCdnFirewall",
      Properties: { Scope: "CLOUDFRONT" },
    });
    expect(distributionOf(resources).WebACLId).toEqual({
      "Fn::If": ["MakesCdnFirewall", { "Fn::GetAtt": ["CdnFirewall", "Arn"] }, { Ref: "CdnWebAclArn" }],
    });
  });
});
