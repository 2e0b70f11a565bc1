/** A problem of the output folder, told to the user in one line. */
export class WriteError extends Error {
  override readonly name = "WriteError";
}
