import { textOf } from "./request.js";

/** How a body is put on the wire; each operation names the one it needs, so that an app carries no other. */

export const jsonBody = (value) => JSON.stringify(value);

/** Text, bytes, a Blob, a stream or a form: what fetch takes. */
export const rawBody = (value) => value;

/** `application/x-www-form-urlencoded`; arrays repeat the name. */
export const formBody = (value) => new URLSearchParams(pairsOf(value)).toString();

/** `multipart/form-data`; fetch writes the content type with its boundary. */
export const multipartBody = (value) => {
  const form = new FormData();
  for (const [name, item] of pairsOf(value)) form.append(name, item);
  return form;
};

function pairsOf(value) {
  return Object.entries(value).flatMap(([name, items]) =>
    [items].flat().flatMap((item) => (item === undefined ? [] : [[name, item instanceof Blob ? item : textOf(item)]])),
  );
}
