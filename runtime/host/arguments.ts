import { isIP } from "node:net";
import { availableParallelism } from "node:os";
import type { TokenBucket } from "../state/state.js";
import type { Environment } from "./load-program.js";

export interface Arguments {
  readonly kind: "serve";
  readonly stages: readonly string[];
  readonly port: number;
  /** Undefined: TLS is not served here. */
  readonly tlsPort: number | undefined;
  readonly host: string;
  readonly trustedProxies: readonly string[];
  /** File of the directory of principals. */
  readonly principals: string | undefined;
  readonly vpc: string | undefined;
  readonly vpcEndpoint: string | undefined;
  /** Serving processes. */
  readonly workers: number;
  /** Folder in which quotas, keys and usage are kept; undefined: the default one. */
  readonly stateFolder: string | undefined;
  /** Limit of all routes together; undefined: none. */
  readonly accountThrottle: TokenBucket | undefined;
  /** Lag of the event loop beyond which requests are refused, ms; undefined: the default. 0: never. */
  readonly maxLagMs: number | undefined;
  readonly accessLog: string | undefined;
  readonly logFileBytes: number | undefined;
  readonly logFiles: number | undefined;
  readonly emf: string | undefined;
  /** Undefined: no admin port. */
  readonly adminPort: number | undefined;
  readonly adminHost: string;
}

export type ParsedArguments =
  | Arguments
  | { readonly kind: "help" }
  | { readonly kind: "problem"; readonly message: string };

/** The command line of a generated gateway; `--name value` and `--name=value`. */
export function parseArguments(argv: readonly string[], environment: Environment): ParsedArguments {
  const values = new Map<string, string[]>();
  for (let at = 0; at < argv.length; at++) {
    const argument = argv[at] as string;
    if (argument === "--help" || argument === "-h") return { kind: "help" };
    const equals = argument.indexOf("=");
    const name = equals === -1 ? argument : argument.slice(0, equals);
    if (!options.has(name)) return problem(`unknown argument: ${argument} (try --help)`);
    const value = equals === -1 ? argv[++at] : argument.slice(equals + 1);
    if (value === undefined || value === "") return problem(`${name} needs a value`);
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  const portText = values.get("--port")?.at(-1) ?? environment["PORT"] ?? "8080";
  if (!isPort(portText)) return problem(`not a port: ${portText}`);
  const tlsText = values.get("--tls-port")?.at(-1) ?? environment["TLS_PORT"];
  if (tlsText !== undefined && !isPort(tlsText)) return problem(`not a port: ${tlsText}`);
  const trustedProxies = values.get("--trusted-proxy") ?? [];
  const wrong = trustedProxies.find((block) => !isBlock(block));
  if (wrong !== undefined) return problem(`not an address or CIDR block: ${wrong}`);
  const workersText = values.get("--workers")?.at(-1) ?? "1";
  const workers = workersText === "auto" ? availableParallelism() : Number(workersText);
  if (!Number.isInteger(workers) || workers < 1 || workers > 512) {
    return problem(`--workers is a number from 1 to 512, or auto, not "${workersText}"`);
  }
  const accountText = values.get("--account-throttle")?.at(-1);
  const accountThrottle = parseThrottle(accountText ?? "off");
  if (accountThrottle === "wrong") return problem(`--account-throttle is RATE,BURST, aws or off, not "${accountText}"`);
  const lagText = values.get("--max-lag")?.at(-1);
  const maxLagMs = parseMaxLag(lagText);
  if (maxLagMs === "wrong") return problem(`--max-lag is a number of ms from 10 to 60000, or off, not "${lagText}"`);
  const adminText = values.get("--admin-port")?.at(-1);
  if (adminText !== undefined && !isPort(adminText)) return problem(`not a port: ${adminText}`);
  const notNumber = ["--log-file-bytes", "--log-files"].find(
    (name) => !/^\d{0,12}$/.test(values.get(name)?.at(-1) ?? ""),
  );
  if (notNumber !== undefined) return problem(`${notNumber} is no number: ${values.get(notNumber)?.at(-1)}`);
  return {
    kind: "serve",
    stages: values.get("--stage") ?? [],
    port: Number(portText),
    tlsPort: tlsText === undefined ? undefined : Number(tlsText),
    host: values.get("--host")?.at(-1) ?? "127.0.0.1",
    trustedProxies,
    principals: values.get("--principals")?.at(-1),
    vpc: values.get("--vpc")?.at(-1),
    vpcEndpoint: values.get("--vpc-endpoint")?.at(-1),
    workers,
    stateFolder: values.get("--state")?.at(-1),
    accountThrottle,
    maxLagMs,
    accessLog: values.get("--access-log")?.at(-1),
    logFileBytes: numberOf(values.get("--log-file-bytes")?.at(-1)),
    logFiles: numberOf(values.get("--log-files")?.at(-1)),
    emf: values.get("--emf")?.at(-1),
    adminPort: adminText === undefined ? undefined : Number(adminText),
    adminHost: values.get("--admin-host")?.at(-1) ?? "127.0.0.1",
  };
}

const options: ReadonlySet<string> = new Set([
  "--stage",
  "--port",
  "--tls-port",
  "--host",
  "--trusted-proxy",
  "--principals",
  "--vpc",
  "--vpc-endpoint",
  "--workers",
  "--state",
  "--account-throttle",
  "--max-lag",
  "--access-log",
  "--log-file-bytes",
  "--log-files",
  "--emf",
  "--admin-port",
  "--admin-host",
]);

/** Milliseconds; 0 for "off"; undefined for the default. */
export function parseMaxLag(text: string | undefined): number | "wrong" | undefined {
  if (text === undefined) return undefined;
  if (text === "off") return 0;
  return /^\d{2,5}$/.test(text) && Number(text) >= 10 && Number(text) <= 60_000 ? Number(text) : "wrong";
}

/** Rate and burst; those of an AWS account; none. */
export function parseThrottle(text: string): TokenBucket | "wrong" | undefined {
  if (text === "off") return undefined;
  // aws-behaviour.md section 17.
  if (text === "aws") return { rate: 10_000, burst: 5_000 };
  const [, rate, burst] = /^(\d+(?:\.\d+)?),(\d+)$/.exec(text) ?? [];
  return rate === undefined ? "wrong" : { rate: Number(rate), burst: Number(burst) };
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

function isBlock(text: string): boolean {
  const [address = "", bits] = text.split("/");
  const version = isIP(address);
  return (
    version !== 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128)))
  );
}

function problem(message: string): ParsedArguments {
  return { kind: "problem", message };
}
