import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { ConveyError } from '../errors.ts';
import { newId } from '../ids.ts';
import { badRequest, headersTooLarge, tooSlow } from './http.errors.ts';
import { PROBLEM_TYPE, toProblem } from './problem.ts';

/** Answers bytes that never became a request (bad HTTP, endless headers, a stalled client), then hangs up. */
export function answerClientError(error: Error & { code?: string }, socket: Socket, publicUrl: string): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  // After the first bytes of a reply, a second status line would land inside its body.
  if (!socket.writable || socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const kind =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? headersTooLarge
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? tooSlow
        : badRequest;
  const requestId = newId('req');
  const body = JSON.stringify(toProblem(new ConveyError(kind), publicUrl, requestId));
  socket.end(
    `HTTP/1.1 ${kind.status} ${STATUS_CODES[kind.status]}\r\nContent-Type: ${PROBLEM_TYPE}\r\n` +
      `X-Content-Type-Options: nosniff\r\nX-Request-Id: ${requestId}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
