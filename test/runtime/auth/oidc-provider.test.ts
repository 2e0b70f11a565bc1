import { generateKeyPairSync } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { generateKeyPair, SignJWT } from "jose";
import Provider from "oidc-provider";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TokenAuthorizerEntry } from "../../../runtime/auth/authorizer-entry.js";
import { jwtAuthorizer } from "../../../runtime/auth/tokens/jwt-authorizer.js";
import { createGateway, type Gateway } from "../../../runtime/host/gateway.js";
import { testProgram, testRoute } from "../../support/program.js";

/** A real OpenID provider: its discovery document, its keys, and access tokens of the client credentials grant. */
let server: Server;
let issuer: string;
const resource = "https://shop.example.com";

beforeAll(async () => {
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const jwk = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });
  const provider = new Provider(issuer, {
    jwks: { keys: [{ ...jwk, use: "sig", alg: "RS256", kid: "provider-1" }] },
    clients: [
      {
        client_id: "robot",
        client_secret: "a-secret-of-a-test",
        grant_types: ["client_credentials"],
        redirect_uris: [],
        response_types: [],
      },
    ],
    scopes: ["orders/read", "orders/write"],
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resource,
        getResourceServerInfo: () => ({
          scope: "orders/read orders/write",
          audience: resource,
          accessTokenFormat: "jwt",
          jwt: { sign: { alg: "RS256" } },
        }),
      },
    },
  });
  const handle = provider.callback();
  server.on("request", (request, response) => void handle(request, response));
}, 20_000);
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function tokenWith(scope: string): Promise<string> {
  const response = await fetch(`${issuer}/token`, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from("robot:a-secret-of-a-test").toString("base64")}` },
    body: new URLSearchParams({ grant_type: "client_credentials", scope, resource }),
  });
  const { access_token } = (await response.json()) as { access_token: string };
  return access_token;
}

function gatewayOf(): Gateway {
  const entry: TokenAuthorizerEntry = {
    kind: "jwt",
    name: "robots",
    identity: { in: "header", name: "authorization" },
    issuers: [issuer],
    audience: [resource],
    issuerEndpoint: undefined,
    clockSkewSeconds: 5,
  };
  const route = testRoute(
    "GET /orders",
    async (x) => (await jwtAuthorizer(x)) || x.answer(200, [], JSON.stringify(x.caller?.authorizer.kind)),
    { authorizer: entry, scopes: ["orders/read"] },
  );
  return createGateway({
    program: testProgram([route], { api: { kind: "http" }, stages: [{ name: "$default", variables: [], log: "off" }] }),
    environment: {},
  });
}

test("tokens of a real provider open the route, by its own discovery document", async () => {
  const gateway = gatewayOf();
  const statusOf = async (token: string) =>
    (await gateway.inject({ path: "/orders", headers: ["Authorization", `Bearer ${token}`] })).status;
  expect(await statusOf(await tokenWith("orders/read"))).toBe(200);
  expect(await statusOf(await tokenWith("orders/write"))).toBe(403);
  const { privateKey } = await generateKeyPair("RS256");
  const forged = await new SignJWT({ scope: "orders/read" })
    .setProtectedHeader({ alg: "RS256", kid: "provider-1" })
    .setIssuer(issuer)
    .setAudience(resource)
    .setIssuedAt()
    .setExpirationTime("1h")
    .sign(privateKey);
  expect(await statusOf(forged)).toBe(401);
});
