/**
 * Connections that may wait to be accepted; the system may allow fewer (`net.core.somaxconn`). Node's 511 are full as soon as
 * all clients come back at once, and who finds no room tries again after a second, and after three.
 */
export const backlog = 4096;
