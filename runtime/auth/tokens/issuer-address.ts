/** Issuer of a user pool by its ARN (Amazon Cognito developer guide, "Verifying JSON web tokens"); undefined for no ARN. */
export function poolIssuer(arn: string): string | undefined {
  const [, partition = "", region = "", pool] =
    /^arn:(aws[\w-]*):cognito-idp:([a-z0-9-]+):\d{12}:userpool\/([A-Za-z0-9_-]+)$/.exec(arn) ?? [];
  if (pool === undefined) return undefined;
  return `https://cognito-idp.${region}.amazonaws.com${partition === "aws-cn" ? ".cn" : ""}/${pool}`;
}

/**
 * Where keys may be fetched from: over https, or over http from this machine or a neighbour that is named by one label,
 * as containers are (`http://keycloak:8080`).
 *
 * @returns undefined for any other address
 */
export function keyAddress(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.username !== "" || url.password !== "" || url.hash !== "") return undefined;
  if (url.protocol === "https:") return url;
  const isNear = isLoopback(url) || /^[a-z0-9_-]+$/i.test(url.hostname);
  return url.protocol === "http:" && isNear ? url : undefined;
}

export function isLoopback({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/** `https://login.example.com/` and `.well-known/…`, with one slash between. */
export function below(base: string, path: string): string {
  return `${base.replace(/\/+$/, "")}/${path}`;
}
