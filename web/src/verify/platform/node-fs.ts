/** Stands for the flags of `node:fs` in a browser: what was dropped there is only read. */
export const constants = { O_RDONLY: 0, O_NONBLOCK: 0, O_NOFOLLOW: 0 };
