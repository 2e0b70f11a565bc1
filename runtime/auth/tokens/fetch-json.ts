import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";

/** API Gateway's limits for what issuers answer (quotas of HTTP APIs). */
const fetchTimeoutMs = 1_500;
const maxFetchBytes = 150_000;

/**
 * Reads a JSON document of an issuer: one GET, no redirects, within time and size.
 *
 * @throws Error that says what failed, without anything of the answer in it
 */
export function fetchJson(url: URL): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      clearTimeout(timer);
      request.destroy();
      reject(new Error(`${url.href}: ${why}`));
    };
    const timer = setTimeout(() => fail(`no answer within ${fetchTimeoutMs} ms`), fetchTimeoutMs);
    const send = url.protocol === "https:" ? httpsRequest : httpRequest;
    const request = send(url, { agent: false, headers: { accept: "application/json" } }, (response) => {
      if (response.statusCode !== 200) return fail(`status ${response.statusCode}`);
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > maxFetchBytes) fail(`more than ${maxFetchBytes} bytes`);
        else chunks.push(chunk);
      });
      response.on("error", (error) => fail(error.message));
      response.on("end", () => {
        clearTimeout(timer);
        try {
          resolve(JSON.parse(Buffer.concat(chunks).toString("utf8")));
        } catch {
          fail("the answer is no JSON");
        }
      });
    });
    request.on("error", (error) => fail(error.message));
    request.end();
  });
}
