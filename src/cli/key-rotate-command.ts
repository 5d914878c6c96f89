import { Argument, type Command } from 'commander';
import { advisoryLocks } from '../database/advisory-locks.ts';
import type { Database } from '../database/connect.ts';
import { ConveyError } from '../errors.ts';
import { findStoreAddress, type Installation } from '../installation.ts';
import { rotationRunning } from '../keys/keys.errors.ts';
import { type MasterKeyRotation, type RewrapCounts, rotateMasterKey } from '../keys/rotate-master-key.ts';
import { openEncryptedStore } from '../storage/open-encrypted-store.ts';
import { type CommandContext, runInInstallation } from './command-context.ts';

interface RotateOptions {
  compromised?: boolean | string;
}

type Rotation = (
  installation: Installation,
  context: CommandContext,
  options: RotateOptions,
) => Promise<void>;

/** What can be rotated, by name. */
const rotations: Record<string, Rotation> = { master: rotateMaster, signing: rotateSigning };

/** `convey key rotate [what]`. */
export function registerKeyRotation(key: Command): void {
  key
    .command('rotate')
    .description('change a key of this server; may run beside it, and again after it was broken off')
    .addArgument(
      new Argument('[what]', 'the master key, which encrypts stored files, or the key that signs exports')
        .choices(Object.keys(rotations))
        .default('master'),
    )
    .option(
      '--compromised [fingerprint]',
      'signing: the old key is in wrong hands, so it does not endorse the new one; with a fingerprint: that older ' +
        'key is, and nothing is rotated',
    )
    .action((what: string, options: RotateOptions, command: Command) =>
      runInInstallation(command, (installation, context) => rotations[what]!(installation, context, options)),
    );
}

async function rotateMaster(
  { config, database, signingKeys, sealedTexts }: Installation,
  { signal, print }: CommandContext,
): Promise<void> {
  const rotation = await alone(database, async () => {
    const address = await findStoreAddress(config);
    const store = await openEncryptedStore(address);
    return rotateMasterKey(address.masterKeys, async () => {
      const files = await store.rewrapKeys(signal);
      const counts = [files, await signingKeys.rewrap(), await sealedTexts.rewrap(database)];
      const sum = (name: keyof RewrapCounts) => counts.reduce((all, one) => all + one[name], 0);
      return { rewrapped: sum('rewrapped'), current: sum('current'), failed: sum('failed') };
    });
  });
  print(rotation, describe(rotation));
  if (rotation.failed > 0) process.exitCode = 1;
}

async function rotateSigning(
  { signingKeys, database }: Installation,
  { print }: CommandContext,
  { compromised = false }: RotateOptions,
): Promise<void> {
  if (typeof compromised === 'string' && (await signingKeys.markCompromised(compromised))) {
    const told = `${compromised} is listed as compromised from now on; what signs now stays.`;
    print({ compromised }, told);
    return;
  }
  const isCompromised = compromised !== false;
  const { fingerprint } = await alone(database, () => signingKeys.rotate({ isCompromised }));
  print(
    { fingerprint, is_endorsed: !isCompromised },
    [
      `Exports are signed by ${fingerprint} from now on.`,
      isCompromised
        ? 'The old key does not endorse it: everybody who checks packages must pin the new key.'
        : 'The old key has endorsed it: who pinned the old one can still check new packages.',
    ].join('\n'),
  );
}

/** One rotation at a time: the lock goes with the connection, so that a killed one leaves none. */
async function alone<T>(database: Database, work: () => Promise<T>): Promise<T> {
  const client = await database.pool.connect();
  const onError = () => {}; // without the connection the lock is gone; what is running may end
  client.on('error', onError);
  try {
    const { rows } = await client.query<{ is_ours: boolean }>('select pg_try_advisory_lock($1) as is_ours', [
      advisoryLocks.keyRotation,
    ]);
    if (rows[0]?.is_ours !== true) throw new ConveyError(rotationRunning);
    return await work();
  } finally {
    client.off('error', onError);
    client.release(true); // closed, and the lock with it
  }
}

function describe({ origin, keyId, rewrapped, current, failed, ...rest }: MasterKeyRotation): string {
  const lines = [
    `${rewrapped} object keys were wrapped anew under master key ${keyId}, ${current} already were.`,
  ];
  if (rest.isResumed) lines.unshift('Finished a rotation that had been broken off.');
  if (failed > 0) {
    lines.push(
      `${failed} object keys could NOT be unwrapped: damaged, or under a master key that is not here.`,
      `Older master keys stay (${rest.kept.join(', ') || 'none is left'}). Put back what is damaged, or delete it, and rotate again.`,
    );
  } else if (rest.dropped.length > 0) {
    lines.push(`Dropped from the key file: ${rest.dropped.join(', ')}. Back the new file up.`);
  } else if (rest.kept.length > 0) {
    lines.push(
      `Nothing needs ${rest.kept.join(', ')} any more: take them out of CONVEY_MASTER_KEY, and restart.`,
    );
  } else if (origin === 'environment') {
    lines.push(
      'The master key comes from CONVEY_MASTER_KEY. To change it: put a new one (`openssl rand -hex 32`) and a comma',
      'in front of it, restart the server, run this again with the same setting, then take the old one out.',
    );
  }
  return lines.join('\n');
}
