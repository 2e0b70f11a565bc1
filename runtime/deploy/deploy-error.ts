/** A problem with deployments that a person can do something about: told in one line. */
export class DeployError extends Error {
  override readonly name = "DeployError";
}
