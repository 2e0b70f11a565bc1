// A Program around some routes, and the compiled runtime (of GATEWAY_DIST, a file URL, where it is set).
import process from "node:process";

const dist = new URL(process.env.GATEWAY_DIST ?? "../../dist/", import.meta.url);

export const load = (path) => import(new URL(path, dist).href);

/** @param more  members of the Program besides its routes */
export async function gatewayOf(routes, options = {}, more = {}) {
  const { createGateway } = await load("runtime/host/gateway.js");
  const { route, programFormat } = await load("runtime/program.js");
  const program = {
    format: programFormat,
    api: {
      name: "bench",
      version: "1",
      kind: "rest",
      apiId: "abcdefghij",
      region: "eu-west-1",
      account: "123456789012",
      binaryMediaTypes: [],
      minimumCompressionSize: undefined,
      cors: undefined,
      gatewayResponses: new Map(),
    },
    stages: [{ name: "dev", variables: [], log: "off" }],
    routes: routes.map(({ key, ...more }) => {
      const [method, resourcePath] = key.split(" ");
      const segments = resourcePath.split("/").filter((segment) => segment !== "");
      return route({ key, method, resourcePath, resourceId: "abc123", segments, ...more });
    }),
    ...more,
  };
  return createGateway({ program, ...options });
}
