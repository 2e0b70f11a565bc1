/** What a call gives, and the answer as fetch gave it. */
export async function withResponse(operation, client, input, options = {}) {
  let response;
  const keep = async (request, next) => {
    response = await next(request);
    return response.clone();
  };
  const body = await operation(client, input, { ...options, middleware: [...(options.middleware ?? []), keep] });
  return { body, response };
}
