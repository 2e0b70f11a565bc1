import { request } from "node:http";

export interface NamedRequest {
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | Uint8Array | undefined;
}

/** One request as `fetch` makes it, but with the Host field that is asked for, which fetch sets by itself. */
export function askByName(url: string, { method, headers, body }: NamedRequest): Promise<Response> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers: Object.fromEntries(headers) }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => void chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () => {
        const { statusCode: status = 0, rawHeaders } = answer;
        const received = new Headers();
        for (let at = 0; at < rawHeaders.length; at += 2)
          received.append(rawHeaders[at] ?? "", rawHeaders[at + 1] ?? "");
        resolve(
          new Response(status === 204 || status === 304 ? null : Buffer.concat(chunks), { status, headers: received }),
        );
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
