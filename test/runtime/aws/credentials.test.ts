import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { standardCredentials } from "../../../runtime/aws/credential-chain.js";
import { type AwsCredentials, CachedCredentials, CredentialError } from "../../../runtime/aws/credentials.js";
import { serviceUrl } from "../../../runtime/aws/endpoints.js";
import { ManualClock } from "../../../runtime/clock.js";
import { emulatorKey, startAwsEmulator } from "../../support/aws-emulator.js";

const clock = { now: Date.now, monotonic: () => performance.now() };
const off = { HOME: "/nonexistent", AWS_EC2_METADATA_DISABLED: "true" };

function find(environment: Record<string, string>): Promise<AwsCredentials> {
  return standardCredentials({ environment: { ...off, ...environment }, clock, region: "eu-west-1" });
}

const role = (key: string) =>
  `<R><Credentials><AccessKeyId>${key}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration></Credentials></R>`;
const temporary = { secretAccessKey: "s", sessionToken: "t", expiresAt: Date.parse("2030-01-01T00:00:00Z") };

describe("AWS's standard chain", () => {
  const folder = mkdtempSync(join(tmpdir(), "gateway-credentials-"));
  const asked: { readonly request: IncomingMessage; readonly body: string }[] = [];
  let server: Server;
  let url: string;
  let answer: (request: IncomingMessage) => string;

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      asked.push({ request, body });
      response.end(answer(request));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  test("the environment comes first", async () => {
    const keys = { AWS_ACCESS_KEY_ID: "A", AWS_SECRET_ACCESS_KEY: "B" };
    expect(await find(keys)).toEqual({ accessKeyId: "A", secretAccessKey: "B", sessionToken: undefined });
    expect(await find({ ...keys, AWS_SESSION_TOKEN: "C" })).toMatchObject({ sessionToken: "C" });
  });

  test("profiles of the shared files; credentials over config", async () => {
    const shared = {
      AWS_CONFIG_FILE: file(
        "config",
        "[default]\nregion = x\n[profile work] # mine\naws_access_key_id=C\naws_secret_access_key = D\n",
      ),
      AWS_SHARED_CREDENTIALS_FILE: file(
        "credentials",
        "[default]\naws_access_key_id = A\naws_secret_access_key=B=+/\n",
      ),
    };
    expect(await find(shared)).toMatchObject({ accessKeyId: "A", secretAccessKey: "B=+/" });
    expect(await find({ ...shared, AWS_PROFILE: "work" })).toMatchObject({ accessKeyId: "C", secretAccessKey: "D" });
    await expect(find({ ...shared, AWS_PROFILE: "none" })).rejects.toThrow('no profile "none"');
  });

  test("a role by the keys of another profile, signed", async () => {
    const sts = await startAwsEmulator(() => ({ body: role("ROLE") }));
    const config = `[profile app]\nrole_arn=arn:aws:iam::123456789012:role/r\nsource_profile=base\nexternal_id=e&1\n[profile base]\naws_access_key_id=${emulatorKey.accessKeyId}\naws_secret_access_key=${emulatorKey.secretAccessKey}\n[profile loop]\nrole_arn=a\nsource_profile=loop2\n[profile loop2]\nrole_arn=b\nsource_profile=loop\n`;
    const environment = { AWS_CONFIG_FILE: file("roles", config), AWS_ENDPOINT_URL_STS: sts.url, AWS_PROFILE: "app" };
    expect(await find(environment)).toEqual({ accessKeyId: "ROLE", ...temporary });
    expect(sts.refused).toEqual([]);
    expect(Object.fromEntries(new URLSearchParams(sts.calls[0]?.body.toString()))).toMatchObject({
      Action: "AssumeRole",
      RoleArn: "arn:aws:iam::123456789012:role/r",
      ExternalId: "e&1",
    });
    await expect(find({ ...environment, AWS_PROFILE: "loop" })).rejects.toThrow("builds on itself");
    await sts.stop();
  });

  test("a web identity", async () => {
    answer = () => role("WEB");
    const environment = {
      AWS_WEB_IDENTITY_TOKEN_FILE: file("token", "jwt.of.pod\n"),
      AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/pod",
      AWS_ENDPOINT_URL: url,
    };
    expect(await find(environment)).toEqual({ accessKeyId: "WEB", ...temporary });
    expect(Object.fromEntries(new URLSearchParams(asked.at(-1)?.body))).toMatchObject({
      WebIdentityToken: "jwt.of.pod",
    });
    answer = () => "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>";
    await expect(find(environment)).rejects.toThrow(/AccessDenied/);
  });

  test("a container, with its token; only where it may be asked", async () => {
    answer = () => '{"AccessKeyId":"BOX","SecretAccessKey":"s","Token":"t","Expiration":"2030-01-01T00:00:00Z"}';
    const environment = {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/creds`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: "secret-token",
    };
    expect(await find(environment)).toEqual({ accessKeyId: "BOX", ...temporary });
    expect(asked.at(-1)?.request.headers.authorization).toBe("secret-token");
    const elsewhere = { ...environment, AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://example.com/creds" };
    await expect(find(elsewhere)).rejects.toThrow("neither HTTPS nor local");
    answer = () => '{"Message":"none"}';
    await expect(find(environment)).rejects.toThrow("gave no credentials");
  });

  test("an instance, by its metadata service", async () => {
    answer = ({ url: path = "", method, headers }) => {
      if (method === "PUT") return "imds-token";
      expect(headers["x-aws-ec2-metadata-token"]).toBe("imds-token");
      return path.endsWith("/security-credentials/")
        ? "my-role\n"
        : '{"AccessKeyId":"EC2","SecretAccessKey":"s","Token":"t","Expiration":"2030-01-01T00:00:00Z"}';
    };
    const environment = { AWS_EC2_METADATA_DISABLED: "false", AWS_EC2_METADATA_SERVICE_ENDPOINT: url };
    expect(await find(environment)).toEqual({ accessKeyId: "EC2", ...temporary });
  });

  test("nowhere: the places are named, and nothing else", async () => {
    await expect(find({})).rejects.toThrow(CredentialError);
    await expect(find({ AWS_SECRET_ACCESS_KEY: "half-a-key" })).rejects.not.toThrow("half-a-key");
  });
});

describe("credentials that end", () => {
  test("are asked for once, renewed before they end, and not used past it", async () => {
    const manual = new ManualClock(0);
    let made = 0;
    const source = async () => ({
      accessKeyId: `k${++made}`,
      secretAccessKey: "s",
      expiresAt: manual.now() + 3_600_000,
    });
    const cached = new CachedCredentials(source, manual);
    const [one, two] = await Promise.all([cached.get(), cached.get()]);
    expect([one.accessKeyId, two.accessKeyId]).toEqual(["k1", "k1"]);
    manual.advance(3_600_000 - 240_000);
    expect(await cached.get()).toMatchObject({ accessKeyId: "k1" });
    await expect.poll(async () => (await cached.get()).accessKeyId).toBe("k2");
    manual.advance(3_600_000);
    expect(await cached.get()).toMatchObject({ accessKeyId: "k3" });
  });

  test("a source that fails is not asked by every request", async () => {
    const manual = new ManualClock(0);
    let asked = 0;
    const cached = new CachedCredentials(async () => {
      asked++;
      throw new CredentialError("none");
    }, manual);
    for (let at = 0; at < 5; at++) await expect(cached.get()).rejects.toThrow("none");
    expect(asked).toBe(1);
    manual.advance(1_000);
    await expect(cached.get()).rejects.toThrow("none");
    expect(asked).toBe(2);
  });
});

test("addresses of services", () => {
  const sqs = { host: "sqs", signingName: "sqs", endpointVariables: ["AWS_ENDPOINT_URL_SQS"] };
  expect(serviceUrl(sqs, "eu-west-1", {})).toBe("https://sqs.eu-west-1.amazonaws.com");
  expect(serviceUrl(sqs, "cn-north-1", {})).toBe("https://sqs.cn-north-1.amazonaws.com.cn");
  expect(serviceUrl(sqs, "x", { AWS_ENDPOINT_URL: "http://a/", AWS_ENDPOINT_URL_SQS: "http://b" })).toBe("http://b");
  expect(serviceUrl(sqs, "x", { AWS_ENDPOINT_URL: "http://a/" })).toBe("http://a");
  const ignored = { AWS_ENDPOINT_URL: "http://a", AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" };
  expect(serviceUrl(sqs, "eu-west-1", ignored)).toBe("https://sqs.eu-west-1.amazonaws.com");
  expect(serviceUrl({ ...sqs, globalHost: "iam.amazonaws.com" }, "x", {})).toBe("https://iam.amazonaws.com");
});
