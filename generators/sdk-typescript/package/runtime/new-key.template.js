/** A key by which the server knows the attempts of one call. */
export const newKey = () => crypto.randomUUID();
