import type { ServerResponse } from 'node:http';

/**
 * Destroys the connection of a client that takes no byte for `idleMs` while bytes wait for it: a reply that
 * nobody reads must not keep its file for ever. A reply that waits for us is left alone.
 * @returns a function that ends the watch
 */
export function watchIdleClient(reply: ServerResponse, idleMs: number): () => void {
  let taken = -1;
  let since = Date.now();
  const timer = setInterval(
    () => {
      const { socket } = reply;
      if (socket === null) return;
      const now = socket.bytesWritten - socket.writableLength;
      const isWaiting = socket.writableLength > 0 || reply.writableNeedDrain;
      if (now !== taken || !isWaiting) {
        taken = now;
        since = Date.now();
      } else if (Date.now() - since >= idleMs) {
        socket.destroy();
      }
    },
    Math.min(idleMs / 4, 15_000),
  );
  timer.unref();
  return () => clearInterval(timer);
}
