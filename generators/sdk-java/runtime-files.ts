import { readFileSync } from "node:fs";

/** Classes of the runtime, in every SDK alike. */
const always = [
  "Answered",
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
  "ResponseInfo",
  "SdkException",
  "SigV4",
  "TransportException",
  "Urls",
] as const;

const ofEvents = ["EventStream", "ServerEvent"] as const;
const ofSockets = ["SocketCaller", "SocketException", "SocketLife"] as const;

/** What an SDK needs besides calls. */
export interface RuntimeNeeds {
  readonly hasCognito: boolean;
  readonly hasEvents: boolean;
  readonly hasSocket: boolean;
}

export function runtimeClasses({ hasCognito, hasEvents, hasSocket }: RuntimeNeeds): readonly string[] {
  return [
    ...always,
    ...(hasCognito ? ["Cognito"] : []),
    ...(hasEvents ? ofEvents : []),
    ...(hasSocket ? ofSockets : []),
  ];
}

export function runtimeText(name: string): string {
  return readFileSync(new URL(`package/${name}.template.java`, import.meta.url), "utf8");
}
