/** Why a token is not accepted. The text holds nothing of the token: it is shown to clients of HTTP APIs, and logged. */
export class TokenProblem extends Error {
  constructor(
    /** `expired` and `unavailable` are answered in another way by Cognito authorizers. */
    readonly kind: "invalid" | "expired" | "unavailable",
    message: string,
  ) {
    super(message);
  }
}
