export { authorizationComplaint } from "./authorization-form.js";
export { basicTime, type SignableRequest } from "./canonical.js";
export { readClaims, type SignatureClaims } from "./claims.js";
export { type AwsCredentials, presignQuery, type SignOptions, signRequest } from "./sign.js";
export { SignatureProblem, type SignatureProblemKind } from "./signature-problem.js";
export { SigningKeys } from "./signing-keys.js";
export {
  checkClaims,
  checkSession,
  isSameSecret,
  type VerifyCredentials,
  type VerifyPlace,
  verifySignature,
} from "./verify.js";
