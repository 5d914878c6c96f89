import { lowerOwnPriority } from '../../background-priority.ts';
import type { TranscriptStyle } from '../documents/transcript.ts';
import type { TranscriptCompiler } from './compile-transcript.ts';
import type { FromPdfChild, ToPdfChild } from './pdf-messages.ts';

// Entry of the child process that makes PDFs. It holds nothing but the document it works on, and ends with its parent.

lowerOwnPriority();
process.on('disconnect', () => process.exit());

let compiler: TranscriptCompiler | undefined;
let style: TranscriptStyle | undefined;

process.on('message', (message: ToPdfChild) => {
  if (message.type === 'style') style = message.style;
  else void answer(message).then((reply) => process.send!(reply));
});

async function answer({ transcript }: Extract<ToPdfChild, { type: 'render' }>): Promise<FromPdfChild> {
  try {
    // Loaded here, so that a machine without the engine gets an answer, too.
    compiler ??= new (await import('./compile-transcript.ts')).TranscriptCompiler();
    const { pdf, unknown } = compiler.compile(transcript, style!);
    return { type: 'done', pdf, unknown, memoryBytes: process.memoryUsage.rss() };
  } catch (error) {
    const { code, message } = error as { code?: unknown; message?: unknown };
    return {
      type: 'failed',
      code: typeof code === 'string' ? code : undefined,
      message: String(message ?? error),
    };
  }
}
