/** Sends a message and waits for its reply. */
export const request = (socket, ...more) => socket.request(...more);
