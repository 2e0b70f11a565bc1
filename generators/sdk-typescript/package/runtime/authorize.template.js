/** Puts credentials where they are sent: each is asked for anew. A header that is there already stays. */
export async function authorize({ searchParams }, headers, wanted = [], auth, info) {
  for (const [credential, place, name, authorizer] of wanted) {
    const given = auth[credential];
    const value = typeof given === "function" ? await given({ ...info, authorizer }) : given;
    if (value === undefined || headers.has(name)) continue;
    if (place === "query") searchParams.set(name, value);
    else headers.set(name, place === "bearer" && !/ /.test(value) ? `Bearer ${value}` : value);
  }
}
