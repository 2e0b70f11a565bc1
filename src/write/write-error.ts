/** A problem of the output folder, told to the user in one line. */
export class WriteError extends Error {
  override readonly name = "WriteError";
}

/** A generated file that was changed by hand. */
export interface Edit {
  /** Below the output folder. */
  readonly path: string;
  /** What gateway would write; undefined: it makes the file no more. */
  readonly generated: string | undefined;
  readonly edited: string;
}

/** Changes of somebody's would be lost. Nothing was written. */
export class EditedError extends WriteError {
  constructor(readonly edits: readonly Edit[]) {
    const [first] = edits;
    const more = edits.length > 1 ? ` and ${edits.length - 1} more` : "";
    super(`${first?.path}${more} changed by hand since gateway wrote it; gateway build --force discards the changes`);
  }
}
