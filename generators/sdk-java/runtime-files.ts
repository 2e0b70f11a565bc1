import { readFileSync } from "node:fs";

/** Classes of the runtime, in every SDK alike. */
export const runtimeClasses = [
  "ApiException",
  "Arguments",
  "AwsCredentials",
  "CallInfo",
  "Caller",
  "Codec",
  "Credential",
  "Json",
  "Maybe",
  "Middleware",
  "Operation",
  "PageIterable",
  "RequestOptions",
  "SdkException",
  "SigV4",
  "TransportException",
  "Urls",
] as const;

export function runtimeText(name: string): string {
  return readFileSync(new URL(`package/${name}.template.java`, import.meta.url), "utf8");
}
