/** Middleware of a call that tells how much of the answer's body has come. */
export function downloadProgress(report) {
  return async (request, next) => {
    const response = await next(request);
    if (!response.body) return response;
    const total = Number(response.headers.get("content-length")) || undefined;
    return new Response(counted(response.body, total, report), response);
  };
}

/** Middleware of a call that tells how much of its body was sent. */
export function uploadProgress(report, total) {
  return (request, next) =>
    next(request.body ? new Request(request, { body: counted(request.body, total, report), duplex: "half" }) : request);
}

/** The stream, and a report of each piece of it that has passed. */
function counted(stream, total, report) {
  let transferred = 0;
  return stream.pipeThrough(
    new TransformStream({
      transform(piece, out) {
        transferred += piece.byteLength;
        report({ transferred, total });
        out.enqueue(piece);
      },
    }),
  );
}
