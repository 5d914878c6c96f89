import type { Database } from '../database/connect.ts';
import type { SealedTexts } from '../keys/sealed-texts.ts';
import type { Log } from '../log.ts';
import { mailLoop } from './mail/send-mails.ts';
import { resolveHost } from './webhooks/check-target.ts';
import { deliveryLoop } from './webhooks/deliver-messages.ts';

export interface OutboxDependencies {
  database: Database;
  sealedTexts: SealedTexts;
  log: Log;
  config: {
    smtpUrl: string | undefined;
    mailFrom: string;
    publicUrl: string;
    webhookAllow: readonly string[];
  };
}

/** Starts what sends mails (where an SMTP server is set) and messages to webhooks. `stop` waits for running tries. */
export function startOutbox({ config, ...dependencies }: OutboxDependencies): { stop(): Promise<void> } {
  const { smtpUrl, mailFrom, publicUrl, webhookAllow } = config;
  const targets = { allow: webhookAllow, resolve: resolveHost };
  const loops = [
    deliveryLoop({ ...dependencies, targets }).start(),
    ...(smtpUrl === undefined ? [] : [mailLoop({ ...dependencies, smtpUrl, mailFrom, publicUrl }).start()]),
  ];
  return {
    stop: async () => {
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}
