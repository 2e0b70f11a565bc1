import { readFileSync } from "node:fs";

/** Classes of the runtime, in every SDK alike. */
const always = [
  "ApiException",
  "Arguments",
  "AwsCredentials",
  "CallInfo",
  "Caller",
  "Codec",
  "Credential",
  "GatewayResponse",
  "Json",
  "Maybe",
  "Middleware",
  "Nullable",
  "Operation",
  "PageIterable",
  "RequestOptions",
  "SdkException",
  "SigV4",
  "TransportException",
  "Urls",
] as const;

const ofSockets = ["SocketCaller", "SocketException", "SocketLife"] as const;

/** What an SDK needs besides calls. */
export interface RuntimeNeeds {
  readonly hasCognito: boolean;
  readonly hasSocket: boolean;
}

export function runtimeClasses({ hasCognito, hasSocket }: RuntimeNeeds): readonly string[] {
  return [...always, ...(hasCognito ? ["Cognito"] : []), ...(hasSocket ? ofSockets : [])];
}

export function runtimeText(name: string): string {
  return readFileSync(new URL(`package/${name}.template.java`, import.meta.url), "utf8");
}
