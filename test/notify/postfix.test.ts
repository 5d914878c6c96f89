import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { MasterKeys } from '../../src/keys/master-keys.ts';
import { SealedTexts } from '../../src/keys/sealed-texts.ts';
import { silentLog } from '../../src/log.ts';
import { Mailer } from '../../src/notify/mail/mailer.ts';
import { mailLoop } from '../../src/notify/mail/send-mails.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

// A real mail server: `test/support/start-postfix.sh FOLDER`, then `source FOLDER/settings`.
const smtpUrl = process.env['CONVEY_TEST_SMTP'] ?? '';
const maildir = process.env['CONVEY_TEST_MAILDIR'] ?? '';
const isHere = smtpUrl !== '' && maildir !== '';
if (!isHere)
  process.stderr.write(
    '\n*** SKIPPED: mails through a real mail server. They need CONVEY_TEST_SMTP: test/support/start-postfix.sh\n\n',
  );

const publicUrl = 'https://convey.example.com';
const sealedTexts = new SealedTexts(new MasterKeys({ keys: [randomBytes(32)] }));
let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

test.skipIf(!isHere)(
  'Postfix takes our mails and delivers them whole; what it refuses has failed',
  async () => {
    const mailer = new Mailer(sealedTexts, true);
    const link = `${publicUrl}/invite#${randomBytes(8).toString('hex')}`;
    for (const to of ['ada@example.com', 'ada@elsewhere.example']) {
      const values = { link, workspace: 'Zoë & Söhne 商店', inviter: 'Grace', role: 'admin' };
      await db.database.inSystem((transaction) =>
        mailer.queue(transaction, { to, template: 'invite', locale: 'de', values }),
      );
    }
    const now = () => new Date(Date.now() + 60_000); // a database that is ahead by a moment does not matter
    const mailFrom = 'Convey <convey@example.com>';
    await mailLoop({
      database: db.database,
      sealedTexts,
      log: silentLog,
      smtpUrl,
      mailFrom,
      publicUrl,
      now,
    }).drain();
    const rows = await db.asSuperuser('select status, last_error from mails order by recipient');
    expect(rows).toMatchObject([
      { status: 'failed', last_error: expect.stringContaining('554') },
      { status: 'sent' },
    ]);
    const mail = await vi.waitFor(() => findMail(link), { timeout: 20_000, interval: 100 });
    expect(mail).toMatchObject({
      subject: 'Einladung zu Zoë & Söhne 商店',
      to: [{ address: 'ada@example.com' }],
      html: expect.stringContaining('Zoë &amp; Söhne 商店'),
    });
  },
);

/** The delivered mail that holds a text; throws while there is none. */
async function findMail(text: string) {
  for (const name of await readdir(maildir)) {
    const mail = await PostalMime.parse(await readFile(join(maildir, name)));
    if (mail.text?.includes(text)) return mail;
  }
  throw new Error('it has not arrived');
}
