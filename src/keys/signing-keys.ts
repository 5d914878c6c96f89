import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { advisoryLocks } from '../database/advisory-locks.ts';
import type { Database, Transaction } from '../database/connect.ts';
import { endorse } from '../packages/sign.ts';
import { type Endorsement, fingerprintOf, publicKeyOf } from '../packages/signatures.ts';
import { ConveyError } from '../errors.ts';
import { damagedSigningKey, unknownSigningKey } from './signing-keys.errors.ts';
import type { MasterKeys } from './master-keys.ts';
import type { RewrapCounts } from './rotate-master-key.ts';

/** The key that signs now. */
export interface Signer {
  fingerprint: string;
  /** SubjectPublicKeyInfo in DER, Base64. */
  publicKey: string;
  privateKey: KeyObject;
  /** Older keys' words for it, from the newest back. */
  endorsements: readonly Endorsement[];
}

/** A public key as `/.well-known/convey-keys.json` lists it. */
export interface ListedKey {
  fingerprint: string;
  publicKey: string;
  endorsements: readonly Endorsement[];
  createdAt: Date;
  retiredAt: Date | null;
  isCompromised: boolean;
}

interface Row {
  fingerprint: string;
  public_key: string;
  private_key: string;
  wrapped_by: string;
  endorsements: Endorsement[];
  created_at: Date;
  retired_at: Date | null;
  is_compromised: boolean;
}

/** What stands before the 32 bytes of an Ed25519 private key in PKCS #8 (RFC 8410 §7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * The Ed25519 keys that sign manifests and receipts: one is current, those before stay listed. They lie in the
 * database, private halves wrapped by the master key, so that several servers sign with the same one.
 */
export class SigningKeys {
  readonly #database: Database;
  readonly #masterKeys: MasterKeys;

  constructor(database: Database, masterKeys: MasterKeys) {
    this.#database = database;
    this.#masterKeys = masterKeys;
  }

  /** The current key; the first call ever makes it. */
  async current(): Promise<Signer> {
    const found = await this.#database.inSystem(findCurrent);
    return this.#signerOf(
      found ?? (await this.#database.inSystem((transaction) => this.#create(transaction))),
    );
  }

  /** Every public key, newest first. */
  async list(): Promise<ListedKey[]> {
    const rows = await this.#database.inSystem((transaction) =>
      transaction.query<Row>('select * from signing_keys order by created_at desc, fingerprint'),
    );
    return rows.map((row) => ({
      fingerprint: row.fingerprint,
      publicKey: row.public_key,
      endorsements: row.endorsements,
      createdAt: row.created_at,
      retiredAt: row.retired_at,
      isCompromised: row.is_compromised,
    }));
  }

  /**
   * Retires the current key for a new one, which the old one endorses; a compromised one endorses nothing, so
   * that everybody must pin the new key anew.
   */
  async rotate({ isCompromised }: { isCompromised: boolean }): Promise<Signer> {
    const row = await this.#database.inSystem(async (transaction) => {
      await lock(transaction);
      const old = await findCurrent(transaction);
      await transaction.query(
        'update signing_keys set retired_at = now(), is_compromised = $1 where retired_at is null',
        [isCompromised],
      );
      const endorser = isCompromised || old === undefined ? undefined : await this.#signerOf(old);
      return this.#insert(transaction, endorser);
    });
    return this.#signerOf(row);
  }

  /**
   * Says of a key that was retired before that it is in wrong hands. The current one is to be rotated instead.
   * @returns false for the current key, of which nothing is said
   * @throws keys.unknown_signing_key
   */
  async markCompromised(fingerprint: string): Promise<boolean> {
    return this.#database.inSystem(async (transaction) => {
      await lock(transaction);
      const [row] = await transaction.query<{ retired_at: Date | null }>(
        `update signing_keys set is_compromised = is_compromised or retired_at is not null
          where fingerprint = $1 returning retired_at`,
        [fingerprint],
      );
      if (row === undefined) throw new ConveyError(unknownSigningKey);
      return row.retired_at !== null;
    });
  }

  /** Wraps every private half under the current master key. */
  async rewrap(): Promise<RewrapCounts> {
    const counts = { rewrapped: 0, current: 0, failed: 0 };
    const current = await this.#masterKeys.currentId();
    await this.#database.inSystem(async (transaction) => {
      await lock(transaction);
      for (const row of await transaction.query<Row>('select * from signing_keys')) {
        if (row.wrapped_by === current) {
          counts.current++;
          continue;
        }
        const seed = await this.#seedOf(row).catch(() => undefined);
        if (seed === undefined) {
          counts.failed++;
          continue;
        }
        await transaction.query(
          'update signing_keys set private_key = $2, wrapped_by = $3 where fingerprint = $1',
          [row.fingerprint, this.#masterKeys.wrap(seed, current).wrapped.toString('base64'), current],
        );
        counts.rewrapped++;
      }
    });
    return counts;
  }

  async #create(transaction: Transaction): Promise<Row> {
    await lock(transaction);
    return (await findCurrent(transaction)) ?? this.#insert(transaction, undefined);
  }

  async #insert(transaction: Transaction, older: Signer | undefined): Promise<Row> {
    const { privateKey } = generateKeyPairSync('ed25519');
    const publicKey = publicKeyOf(privateKey);
    const fingerprint = fingerprintOf(publicKey);
    const seed = privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(PKCS8_PREFIX.length);
    const { keyId, wrapped } = this.#masterKeys.wrap(seed, await this.#masterKeys.currentId());
    const endorsements =
      older === undefined ? [] : [endorse(older.privateKey, fingerprint), ...older.endorsements];
    const [row] = await transaction.query<Row>(
      `insert into signing_keys (fingerprint, public_key, private_key, wrapped_by, endorsements, created_at)
       values ($1, $2, $3, $4, $5, clock_timestamp()) returning *`,
      [
        fingerprint,
        publicKey.toString('base64'),
        wrapped.toString('base64'),
        keyId,
        JSON.stringify(endorsements),
      ],
    );
    return row!;
  }

  async #seedOf(row: Row): Promise<Buffer> {
    const wrapped = Buffer.from(row.private_key, 'base64');
    const seed = await this.#masterKeys.unwrap({ keyId: row.wrapped_by, wrapped });
    if (seed === undefined) throw new ConveyError(damagedSigningKey, `It is ${row.fingerprint}.`);
    return seed;
  }

  async #signerOf(row: Row): Promise<Signer> {
    const der = Buffer.concat([PKCS8_PREFIX, await this.#seedOf(row)]);
    return {
      fingerprint: row.fingerprint,
      publicKey: row.public_key,
      privateKey: createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }),
      endorsements: row.endorsements,
    };
  }
}

/** So that two servers that start at once, or two rotations, do not make two current keys. */
async function lock(transaction: Transaction): Promise<void> {
  await transaction.query('select pg_advisory_xact_lock($1, 0)', [advisoryLocks.signingKeys]);
}

async function findCurrent(transaction: Transaction): Promise<Row | undefined> {
  const [row] = await transaction.query<Row>('select * from signing_keys where retired_at is null');
  return row;
}
