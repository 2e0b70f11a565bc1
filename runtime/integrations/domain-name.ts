import type { ApiEntry } from "../program.js";

/** The domain of a request as events show it. */
export interface DomainName {
  /** Host field in lower case, without a port. */
  readonly name: string;
  /** Its first label. */
  readonly prefix: string;
}

/** Derives domain names from Host fields; nearly all requests carry the same one, so the last is kept. */
export class DomainNames {
  #host: string | undefined = undefined;
  #domain: DomainName;
  readonly #own: DomainName;

  constructor(api: Pick<ApiEntry, "apiId" | "region">) {
    this.#own = { name: `${api.apiId}.execute-api.${api.region}.amazonaws.com`, prefix: api.apiId };
    this.#domain = this.#own;
  }

  /** @param host  empty: the API's own name on AWS */
  of(host: string): DomainName {
    if (host !== this.#host) {
      this.#host = host;
      this.#domain = host === "" ? this.#own : parseDomain(host);
    }
    return this.#domain;
  }
}

function parseDomain(host: string): DomainName {
  const name = host.replace(/:\d*$/, "").toLowerCase();
  const isAddress = name.startsWith("[") || /^[\d.]+$/.test(name);
  return { name, prefix: isAddress ? name : (name.split(".", 1)[0] as string) };
}
