import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { tables } from '../catalog/catalog.ts';
import type { Table } from '../catalog/declare.ts';
import type { Database, Transaction } from '../database/connect.ts';
import { ConveyError, errorKind } from '../errors.ts';
import type { MasterKeys } from './master-keys.ts';
import type { RewrapCounts } from './rotate-master-key.ts';

const damagedSecret = errorKind(
  'keys.damaged_secret',
  500,
  'A secret in the database cannot be opened: it was changed, or is under another master key.',
);

const VERSION = 's1';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const SYSTEM_SCOPE = 'wsp_system';

/**
 * Short secrets (second factors, webhook secrets, mails with links) as texts in the database that are worth
 * nothing without the master key: `s1.<master key id>.<wrapped data key>.<iv, ciphertext, tag>`, Base64url.
 * AES-256-GCM under a key of its own for each; `context` (what it is and whose) is authenticated with it, so
 * that a sealed text put in another row does not open.
 */
export class SealedTexts {
  readonly #masterKeys: MasterKeys;

  constructor(masterKeys: MasterKeys) {
    this.#masterKeys = masterKeys;
  }

  /** Seals a text. */
  async seal(text: string, context: string): Promise<string> {
    const key = randomBytes(32);
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context));
    const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    const { keyId, wrapped } = this.#masterKeys.wrap(key, await this.#masterKeys.currentId());
    return [VERSION, keyId, wrapped.toString('base64url'), sealed.toString('base64url')].join('.');
  }

  /** Opens a sealed text. @throws keys.damaged_secret, keys.unknown_master_key */
  async open(sealed: string, context: string): Promise<string> {
    const [keyId, wrapped, content] = parts(sealed);
    const key = await this.#masterKeys.unwrap({ keyId, wrapped });
    if (key === undefined) throw new ConveyError(damagedSecret);
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, content.subarray(0, IV_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(context)).setAuthTag(content.subarray(-TAG_BYTES));
      const text = decipher.update(content.subarray(IV_BYTES, -TAG_BYTES));
      return Buffer.concat([text, decipher.final()]).toString('utf8');
    } catch (cause) {
      throw new ConveyError(damagedSecret, undefined, { cause });
    }
  }

  /** Wraps the key of every sealed text of the database under the current master key. */
  async rewrap(database: Database): Promise<RewrapCounts> {
    const counts = { rewrapped: 0, current: 0, failed: 0 };
    const workspaceIds = await database.inSystem((transaction) =>
      transaction.query<{ id: string }>('select id from workspaces'),
    );
    for (const table of tables.filter(({ columns }) => columns.some(({ isSealed }) => isSealed))) {
      if (table.kind === 'system') {
        await database.inSystem((transaction) => this.#rewrapTable(transaction, table, counts));
        continue;
      }
      for (const { id } of workspaceIds) {
        if (id === SYSTEM_SCOPE) continue;
        await database.inScope({ workspaceId: id }, (transaction) =>
          this.#rewrapTable(transaction, table, counts),
        );
      }
    }
    return counts;
  }

  async #rewrapTable(transaction: Transaction, table: Table, counts: RewrapCounts): Promise<void> {
    const current = await this.#masterKeys.currentId();
    const keys = table.primaryKey;
    for (const { name } of table.columns.filter(({ isSealed }) => isSealed)) {
      const rows = await transaction.query<Record<string, string>>(
        `select ${keys.join(', ')}, ${name} as sealed from ${table.name} where ${name} is not null for update`,
      );
      for (const row of rows) {
        const rewrapped = await this.#rewrapText(row['sealed']!, current).catch(() => undefined);
        if (rewrapped === undefined) counts.failed++;
        else if (rewrapped === row['sealed']) counts.current++;
        else {
          const isRow = keys.map((key, index) => `${key} = $${index + 2}`).join(' and ');
          await transaction.query(`update ${table.name} set ${name} = $1 where ${isRow}`, [
            rewrapped,
            ...keys.map((key) => row[key]),
          ]);
          counts.rewrapped++;
        }
      }
    }
  }

  async #rewrapText(sealed: string, current: string): Promise<string> {
    const [keyId, wrapped, content] = parts(sealed);
    if (keyId === current) return sealed;
    const key = await this.#masterKeys.unwrap({ keyId, wrapped });
    if (key === undefined) throw new ConveyError(damagedSecret);
    const again = this.#masterKeys.wrap(key, current);
    return [VERSION, current, again.wrapped.toString('base64url'), content.toString('base64url')].join('.');
  }
}

function parts(sealed: string): [keyId: string, wrapped: Buffer, content: Buffer] {
  const [version, keyId = '', wrapped = '', content = ''] = sealed.split('.');
  if (version !== VERSION) throw new ConveyError(damagedSecret);
  return [keyId, Buffer.from(wrapped, 'base64url'), Buffer.from(content, 'base64url')];
}
