import { execFileSync } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { apigMethod } from "../../../src/model/apig-methods.js";
import type { Route } from "../../../src/model/routes.js";
import { modelOf, routeOf } from "../../support/diagnose.js";
import { check } from "./check.js";
import { sdkFiles, type WrittenSdk, writeSdk } from "./sdk.js";
import { inTurn, json, startServer, type TestServer } from "./server.js";

// biome-ignore lint/suspicious/noExplicitAny: the SDK is made while the test runs; its types are tested by tsc.
type Loaded = any;

const gateway = (sdk: string) => `gateway: pets
${sdk}
models: |
  interface Pet { id: int64; type: string; price: number }
  interface NewPet { type: string; price: number }
  type ApigClient = "a" | "b"
authorizers: { partners: { lambda: admit, type: request, identity: [$request.header.X-Partner] } }
plans: { all: {} }
keys: { one: { plan: all, value: "\${env.KEY}" } }
binaryMediaTypes: [application/octet-stream, multipart/form-data]
routes:
  GET /: { operation: home, mock: { ok: true } }
  GET /pets: { operation: listPets, lambda: pets, query: { type?: string, page?: integer, kind?: ApigClient }, responses: { 200: "Pet[]" } }
  POST /pets: { operation: createPet, lambda: pets, body: NewPet, apiKey: true, responses: { 201: Pet } }
  GET /pets/{petId}: { operation: getPet, lambda: pets, auth: iam, responses: { 200: Pet, 404: "{ message: string }" } }
  PUT /pet-photos/{petId}: { operation: putPhoto, lambda: pets, auth: partners, body: binary, headers: { X-Trace: string }, responses: { 204: } }
  ANY /files/{proxy+}: { lambda: pets, operation: files }
  GET /files/{proxy+}: { lambda: pets, operation: getFile }
  POST /forms: { operation: sendForm, lambda: pets, body: { type: "{ name: string; tags: string[] }", mediaTypes: application/x-www-form-urlencoded } }
  POST /uploads: { operation: upload, lambda: pets, body: { type: "{ name: string; file: binary }", mediaTypes: multipart/form-data } }
`;

let sdk: WrittenSdk;
let server: TestServer;
let newClient: (config?: object) => Loaded;
let entry: Loaded;

beforeAll(async () => {
  sdk = await writeSdk(await modelOf(gateway("sdk: { typescript: { name: pets, apigClient: true } }")));
  server = await startServer();
  entry = await import(pathToFileURL(join(sdk.folder, "apig-client.js")).href);
  newClient = (config = {}) => entry.apigClientFactory.newClient({ invokeUrl: `${server.url}/test`, ...config });
});
beforeEach(() => {
  server.seen.length = 0;
  server.answer = json(200, { id: 1 });
});
afterAll(async () => {
  sdk.remove();
  await server.close();
});

test("methods are named as AWS names them", async () => {
  const named = async (key: string) => apigMethod((await routeOf(`routes:\n  ${key}: { mock: }`)) as Route);
  expect(await named("GET /")).toBe("rootGet");
  expect(await named("GET /pets/{petId}")).toBe("petsPetIdGet");
  expect(await named("OPTIONS /auth-svc/{proxy+}")).toBe("authSvcProxyOptions");
  expect(await named("GET /ZSCP_WF_SRV/getDataSet")).toBe("zSCPWFSRVGetDataSetGet");
  expect(await named("GET /{united_search+}")).toBe("unitedSearchGet");
  expect(await named("ANY /pets")).toBe(undefined);
  expect(Object.keys(newClient()).sort()).toEqual(
    "filesProxyGet formsPost invokeApi petPhotosPetIdPut petsGet petsPetIdGet petsPost rootGet uploadsPost".split(" "),
  );
});

describe("what is sent", () => {
  test("parameters by the names they have on the wire, and more beside them", async () => {
    const result = await newClient().petsGet(
      { type: "a b", page: 2, other: 3 },
      {},
      {
        headers: { "x-more": "1" },
        queryParams: { page: 5, "x y": ["a", "b"] },
      },
    );
    const [request] = server.seen;
    expect([request?.url, request?.headers["x-more"], request?.body.length]).toEqual([
      "/test/pets?type=a%20b&page=5&x%20y=a&x%20y=b",
      "1",
      0,
    ]);
    expect(result).toEqual({
      status: 200,
      data: { id: 1 },
      headers: expect.objectContaining({ "content-type": "application/json" }),
    });
    await newClient().petsGet();
    await newClient().petsGet(null, "", undefined);
    expect(server.seen.slice(1).map(({ url }) => url)).toEqual(["/test/pets", "/test/pets"]);
  });

  test("paths are escaped, and lead nowhere else; what is required and missing is told before anything is sent", async () => {
    await newClient().petsPetIdGet({ petId: "a/b c?" });
    await newClient().filesProxyGet({ proxy: "a b/c" });
    expect(server.seen.map(({ url }) => url)).toEqual(["/test/pets/a%2Fb%20c%3F", "/test/files/a%20b/c"]);
    await expect(newClient().petsPetIdGet({ petId: ".." })).rejects.toThrow('petsPetIdGet: "petId" cannot be ".."');
    await expect(newClient().petsPetIdGet({})).rejects.toThrow('petsPetIdGet: "petId" is missing');
    await expect(newClient().petsPetIdGet()).rejects.toThrow("is missing");
    expect(server.seen).toHaveLength(2);
  });

  test("bodies: objects as the route wants them, texts and bytes as they are, empty ones not at all", async () => {
    const client = newClient({ apiKey: "k" });
    await client.petsPost({}, { type: "dog", price: 1 });
    await client.petsPost({}, '{"type":"cat"}');
    await client.petsPost({}, {});
    await client.formsPost({}, { name: "a b", tags: ["x", "y"] });
    await client.petPhotosPetIdPut({ petId: "1", "X-Trace": "t", "X-Partner": "p" }, new Uint8Array([1, 255]));
    await client.uploadsPost({}, { name: "n", file: new Blob(["z"]) });
    const form = new FormData();
    form.append("name", "own");
    await client.uploadsPost({}, form);
    const sent = server.seen.map(({ headers, body }) => [headers["content-type"], body.toString("latin1")]);
    expect(sent.slice(0, 5)).toEqual([
      ["application/json", '{"type":"dog","price":1}'],
      ["application/json", '{"type":"cat"}'],
      [undefined, ""],
      ["application/x-www-form-urlencoded", "name=a+b&tags=x&tags=y"],
      ["application/octet-stream", "\u0001\u00ff"],
    ]);
    for (const [type, body] of sent.slice(5)) {
      expect(type).toMatch(/^multipart\/form-data; boundary=/);
      expect(body).toContain('name="name"');
    }
    const headers = server.seen[4]?.headers;
    expect([headers?.["x-trace"], headers?.["x-partner"], headers?.["x-api-key"]]).toEqual(["t", "p", undefined]);
  });

  test("the key where the route asks for one, the signature where it asks for that", async () => {
    const client = newClient({ accessKey: "AK", secretKey: "S", sessionToken: "T", region: "eu-west-1", apiKey: "k" });
    await client.petsPost({}, { type: "dog", price: 1 });
    await client.petsPetIdGet({ petId: "1" });
    await client.rootGet();
    await client.invokeApi({ petId: "a b" }, "/pets/{petId}", "patch", { queryParams: { x: 1 } }, { price: 2 });
    const seen = server.seen.map(({ headers }) => [headers["x-api-key"], headers.authorization?.split(",")[0]]);
    const signed = expect.stringMatching(
      /^AWS4-HMAC-SHA256 Credential=AK\/\d{8}\/eu-west-1\/execute-api\/aws4_request$/,
    );
    expect(seen).toEqual([
      ["k", undefined],
      [undefined, signed],
      [undefined, undefined],
      ["k", signed],
    ]);
    const { method, url, body, headers } = server.seen[3] ?? {};
    expect([method, url, String(body), headers?.["x-amz-security-token"]]).toEqual([
      "PATCH",
      "/test/pets/a%20b?x=1",
      '{"price":2}',
      "T",
    ]);
  });

  test("content types that the configuration says", async () => {
    const client = newClient({ defaultContentType: "application/x.pet+json", defaultAcceptType: "text/csv" });
    await client.petsPost({}, { type: "a", price: 1 });
    await client.petsGet({}, {}, { headers: { Accept: "text/plain" } });
    expect(server.seen.map(({ headers }) => [headers["content-type"], headers.accept])).toEqual([
      ["application/x.pet+json", "text/csv"],
      [undefined, "text/plain"],
    ]);
  });
});

test("errors are rejections with status, data and headers, as the answer itself and below response", async () => {
  server.answer = json(404, { message: "no such pet" }, { "x-a": "b" });
  const error = await newClient()
    .petsPetIdGet({ petId: "1" })
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(entry.ApigError);
  expect(error).toMatchObject({
    message: "petsPetIdGet: 404 no such pet",
    status: 404,
    data: { message: "no such pet" },
    headers: { "x-a": "b" },
    response: { status: 404, data: { message: "no such pet" } },
  });
  const down = newClient({ fetch: () => Promise.reject(new Error("down")) });
  await expect(down.rootGet()).rejects.toMatchObject({ name: "TransportError", kind: "network" });
});

test("it tries again only where it is told to", async () => {
  server.answer = json(503, {});
  await expect(newClient().rootGet()).rejects.toMatchObject({ status: 503 });
  expect(server.seen).toHaveLength(1);
  server.answer = inTurn(json(503, {}), json(503, {}, { "retry-after": "0" }), json(200, { ok: true }));
  expect((await newClient({ retries: 2 }).rootGet()).data).toEqual({ ok: true });
});

test("its types are those of the routes, in ES modules and CommonJS", { timeout: 120_000 }, () => {
  const program = (at: string) => `import { apigClientFactory, ApigError, type ApigResult } from "./apig-client.${at}";
import type { ApigClientModel, Pet } from "./index.${at}";
const client = apigClientFactory.newClient({ apiKey: "k", region: "eu-west-1" });
export const kind: ApigClientModel = "a";
export async function main(): Promise<void> {
  const { data, status, headers } = await client.petsPetIdGet({ petId: "1" });
  const pet: Pet = data;
  console.log(pet.id, status.toFixed(), headers["x-a"]);
  await client.petsGet({ kind }, {}, { queryParams: { a: 1 } });
  await client.petsPost({}, { type: "dog", price: 3 });
  await client.petsPost({}, "{}", { headers: { "x-a": "b" } });
  const any: ApigResult = await client.invokeApi({ a: 1 }, "/a/{a}", "POST", {}, { b: 2 });
  console.log(any.data);
  // @ts-expect-error the pet's id is missing
  await client.petsPetIdGet({});
  // @ts-expect-error a body of another shape
  await client.petsPost({}, { type: 3 });
  // @ts-expect-error no such method
  client.petsDelete;
  try { await client.rootGet(); } catch (error) { if (error instanceof ApigError) console.log(error.status, error.response.data); }
}
`;
  expect(check(sdk.folder, { "app.ts": program("js") }, {}, ["apig-client.d.ts"]).errors).toEqual([]);
  const commonJs = { verbatimModuleSyntax: false };
  expect(check(sdk.folder, { "app.cts": program("cjs") }, commonJs, ["apig-client.d.cts"]).errors).toEqual([]);
  expect(
    execFileSync(process.execPath, ["-e", 'console.log(Object.keys(require("./apig-client.cjs")).join())'], {
      cwd: sdk.folder,
      encoding: "utf8",
    }).trim(),
  ).toBe("ApigError,apigClientFactory");
});

test("who does not import it carries none of it, and without the option it is not there", async () => {
  const program = (files: string) =>
    build({
      stdin: {
        contents: 'import { createClient, listPets } from "./index.js"; console.log(listPets(createClient()));',
        resolveDir: files,
      },
      bundle: true,
      minify: true,
      write: false,
      format: "esm",
      logLevel: "error",
    }).then(({ outputFiles }) => outputFiles[0]?.text);
  const without = await writeSdk(await modelOf(gateway("sdk: { typescript: pets }")));
  try {
    expect(await program(sdk.folder)).toBe(await program(without.folder));
    const files = await sdkFiles(await modelOf(gateway("sdk: { typescript: pets }")));
    expect([...files.keys()].filter((path) => path.startsWith("apig"))).toEqual([]);
    expect(JSON.parse(files.get("package.json") ?? "").exports["./apig-client"]).toBe(undefined);
  } finally {
    without.remove();
  }
});
