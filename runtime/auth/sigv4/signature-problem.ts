/**
 * Why a signed request is refused, in AWS's words (aws-behaviour.md section 21).
 *
 * `missing`: unsigned · `incomplete`: the signature lacks a part or is malformed · `signature`: it does not hold, or not
 * now or here · `unknown`: no such access key, or its session token is another · `expired`: the session has ended
 */
export type SignatureProblemKind = "missing" | "incomplete" | "signature" | "unknown" | "expired";

export class SignatureProblem extends Error {
  override readonly name = "SignatureProblem";

  constructor(
    readonly kind: SignatureProblemKind,
    message: string,
  ) {
    super(message);
  }
}
