import type { Transaction } from '../../database/connect.ts';
import { newId } from '../../ids.ts';
import type { SealedTexts } from '../../keys/sealed-texts.ts';

/** The mails that there are. */
export type MailTemplate =
  | 'first_owner'
  | 'invite'
  | 'reset'
  | 'password_changed'
  | 'sign_in_locked'
  | 'codes_locked'
  | 'export_ready'
  | 'export_failed'
  | 'schedule_paused'
  | 'audit_checkpoint'
  | 'audit_contradiction';

/** A mail to be sent. Never holds exported data: links that open after sign-in, names, counts. */
export interface NewMail {
  to: string;
  template: MailTemplate;
  locale?: string;
  /** The workspace it is about: whose admins see it in the outbox. */
  workspaceId?: string;
  /** What the template needs: `link`, `workspace`, `role`, … */
  values: Readonly<Record<string, string>>;
}

/** Puts mails into the outbox, as part of the caller's transaction; a loop of the server sends them. */
export class Mailer {
  readonly #sealedTexts: SealedTexts;
  /** Whether mails leave this server; else they are kept to be handed over by other means. */
  readonly isSending: boolean;

  /** @param hasServer whether an SMTP server is set; else mails are kept for the outbox page */
  constructor(sealedTexts: SealedTexts, hasServer: boolean) {
    this.#sealedTexts = sealedTexts;
    this.isSending = hasServer;
  }

  /** Queues a mail. Its contents are sealed: they may hold a one-time link. */
  async queue(transaction: Transaction, mail: NewMail): Promise<void> {
    const id = newId('mail');
    const { to, template, locale = 'en', workspaceId, values } = mail;
    const sealed = await this.#sealedTexts.seal(JSON.stringify({ locale, values }), mailContext(id));
    await transaction.query(
      `insert into mails (id, workspace_id, recipient, template, sealed_content, status)
       values ($1, $2, $3, $4, $5, $6)`,
      [id, workspaceId ?? null, to, template, sealed, this.isSending ? 'queued' : 'kept'],
    );
  }
}

/** What a mail's sealed contents are bound to. */
export function mailContext(id: string): string {
  return `mails.sealed_content ${id}`;
}
