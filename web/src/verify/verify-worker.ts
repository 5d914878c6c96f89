// The verifier of `convey verify`, in a thread of the browser: the same code, with the browser's files and keys in
// place of Node's (vite.config.ts). It sends nothing anywhere.
import './platform/set-buffer.ts';
import { describeChain } from '../../../src/verify/describe-chain.ts';
import { describeVerification } from '../../../src/verify/describe-verification.ts';
import { BadPinError } from '../../../src/verify/trust.ts';
import { verifyChain } from '../../../src/verify/verify-chain.ts';
import { verifyFile, verifyPackage, type VerifyOptions } from '../../../src/verify/verify-package.ts';
import { setFiles } from './platform/node-fs-promises.ts';
import type { VerifyAnswer, VerifyQuestion } from './verify-messages.ts';

const PROGRESS_MS = 100;

const tell = (answer: VerifyAnswer) => self.postMessage(answer);

self.addEventListener('message', ({ data }: MessageEvent<VerifyQuestion>) => {
  void answer(data).catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    tell(error instanceof BadPinError ? { badPin: message } : { failure: message });
  });
});

async function answer({ what, files, keys, trust }: VerifyQuestion): Promise<void> {
  setFiles(files);
  let toldAt = 0;
  const options: VerifyOptions = {
    keys,
    ...(trust === undefined ? {} : { trust }),
    onProgress(bytes, totalBytes) {
      if (Date.now() - toldAt < PROGRESS_MS) return;
      toldAt = Date.now();
      tell({ bytes, totalBytes });
    },
  };
  if ('chain' in what) {
    const result = await verifyChain(what.chain, { ...options, isUnordered: true });
    tell({ ok: result.ok, lines: describeChain(result) });
    return;
  }
  const result =
    what.receipt === undefined
      ? await verifyPackage(what.path, options)
      : await verifyFile(what.path, what.receipt, options);
  tell({ ok: result.ok, lines: describeVerification(result) });
}
