/** A Program that cannot be served as asked: the message is for whoever starts the gateway, in one line. */
export class LoadError extends Error {
  override readonly name = "LoadError";
}
