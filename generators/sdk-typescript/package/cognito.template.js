/** Milliseconds before its end that a token is not used any more. */
const early = 60_000;

/** Makes a source of tokens of a Cognito user pool, for `auth: { bearer: cognito({ … }) }`. */
export function cognito({ region, clientId, username, password, refreshToken, token = "id", ...options }) {
  const {
    endpoint = `https://cognito-idp.${region}.amazonaws.com/`,
    fetch = globalThis.fetch,
    now = Date.now,
  } = options;
  let refresh = refreshToken;
  let current;

  async function ask(flow, parameters) {
    const response = await fetch(
      new Request(endpoint, {
        method: "POST",
        headers: {
          "content-type": "application/x-amz-json-1.1",
          "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth",
        },
        body: JSON.stringify({ AuthFlow: flow, ClientId: clientId, AuthParameters: parameters }),
      }),
    );
    const answer = await response.json().catch(() => ({}));
    const result = answer.AuthenticationResult;
    if (!response.ok || !result)
      throw new Error(
        `Cognito: ${answer.__type ?? answer.ChallengeName ?? response.status} ${answer.message ?? ""}`.trim(),
      );
    refresh = result.RefreshToken ?? refresh;
    return { value: token === "access" ? result.AccessToken : result.IdToken, until: now() + result.ExpiresIn * 1000 };
  }

  async function renew() {
    if (refresh) {
      try {
        return await ask("REFRESH_TOKEN_AUTH", { REFRESH_TOKEN: refresh });
      } catch (error) {
        if (password === undefined) throw error;
        refresh = undefined;
      }
    }
    return ask("USER_PASSWORD_AUTH", { USERNAME: username, PASSWORD: password });
  }

  return async () => {
    if (current && now() > (await current).until - early) current = undefined;
    // One renewal for all calls that wait for it; one that fails is not kept.
    current ??= renew().catch((error) => {
      current = undefined;
      throw error;
    });
    return (await current).value;
  };
}
