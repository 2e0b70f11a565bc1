/** Issuer of a user pool, by its ARN (Amazon Cognito developer guide, "Verifying JSON web tokens"); undefined for no ARN. */
export function poolIssuer(arn: string | undefined): string | undefined {
  const [, partition, region, pool] =
    /^arn:(aws[\w-]*):cognito-idp:([a-z0-9-]+):\d+:userpool\/([A-Za-z0-9_-]+)$/.exec(arn ?? "") ?? [];
  if (!region || !pool) return undefined;
  return `https://cognito-idp.${region}.amazonaws.com${partition === "aws-cn" ? ".cn" : ""}/${pool}`;
}
