import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OpenPage } from './support/chromium.ts';
import { expectOnlyFor } from './support/open-page.ts';
import { openSite, type Site } from './support/site.ts';

// Settings ▸ Members (H-14, K-25, contract §5).

const soon = { timeout: 15_000 };

let site: Site;
beforeAll(async () => {
  site = await openSite({ conversations: 0 });
});
afterAll(() => site.close());

const rowOf = ({ page }: OpenPage, text: string) => page.getByRole('row').filter({ hasText: text });

async function act(open: OpenPage, email: string, item: string): Promise<void> {
  await rowOf(open, email)
    .getByRole('button', { name: /^Actions for/ })
    .click();
  await open.page.getByRole('menuitem', { name: item }).click();
}

async function choose({ page }: OpenPage, name: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

describe('members', () => {
  test('an owner invites, hands the link over where no mail leaves, and withdraws it', async () => {
    const open = await site.openAs('owner');
    const { page } = open;
    await open.visit('/settings/members');
    await page.getByRole('button', { name: 'Invite' }).click();
    await page.getByRole('textbox', { name: 'Email address' }).fill('new@example.com');
    await choose(open, 'Role', 'Editor');
    await page.getByRole('combobox', { name: 'Audiences' }).fill('partners');
    await page.keyboard.press('Enter');
    await open.expectAccessible();
    await open.picture('members-invite');
    await page.getByText('This server sends no mails: you get the link here').waitFor();
    await page.getByRole('button', { name: 'Make the invitation' }).click();
    await page.getByText('new@example.com is invited.').waitFor();
    await page.getByText('No mail went out.').waitFor();
    await page.getByText(/\/invite#/).waitFor();
    expect(await page.getByText('The mail is on its way.').count()).toBe(0);
    await open.picture('members-invited', 'in sight');
    await page.getByRole('button', { name: 'Done' }).click();

    const invitation = rowOf(open, 'new@example.com');
    expect(await invitation.innerText()).toContain('partners');
    await open.expectAccessible();
    await open.picture('members');
    await page.getByRole('button', { name: 'Withdraw the invitation of new@example.com' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Withdraw', exact: true }).click();
    await expect.poll(() => invitation.count(), soon).toBe(0);
  });

  test('an owner changes a role and its audiences, and removes a member', async () => {
    const agent = await site.openAs('agent');
    const open = await site.openAs('owner');
    const { page } = open;
    await open.visit('/settings/members');
    await act(open, agent.person.email, 'Change role');
    await choose(open, 'Role', 'Editor');
    await page.getByRole('combobox', { name: 'Audiences' }).fill('internal');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => rowOf(open, agent.person.email).innerText(), soon).toContain('internal');
    await act(open, agent.person.email, 'Remove from the workspace');
    await page.getByText('They lose their access at once').waitFor();
    await open.picture('members-remove');
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await expect.poll(() => rowOf(open, agent.person.email).count(), soon).toBe(0);
  });

  test('an admin makes no owner and touches none; the last owner is told why they stay', async () => {
    const lonely = await openSite({ conversations: 0 });
    try {
      const owner = await lonely.openAs('owner');
      const admin = await lonely.openAs('admin');
      await admin.visit('/settings/members');
      expect(await rowOf(admin, owner.person.email).getByRole('button').count()).toBe(0);
      await act(admin, admin.person.email, 'Change role');
      await admin.page.getByRole('combobox', { name: 'Role' }).click();
      expect(await admin.page.getByRole('option', { name: 'Owner' }).count()).toBe(0);
      await owner.visit('/settings/members');
      await act(owner, owner.person.email, 'Change role');
      await owner.page.getByText('This is the only owner.').waitFor();
      expect(await owner.page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
      await owner.page.getByRole('button', { name: 'Cancel' }).click();
      await act(owner, owner.person.email, 'Leave the workspace');
      await owner.page.getByRole('button', { name: 'Leave', exact: true }).click();
      await owner.page.getByRole('alert').filter({ hasText: 'access.last_owner' }).waitFor();
    } finally {
      await lonely.close();
    }
  });

  test('where a mail server is set, an invitation says that a mail is on its way, and shows no link', async () => {
    const mailing = await openSite({
      conversations: 0,
      // Nobody listens there: the mail waits for its next try, as for a server that is down.
      settings: { SMTP_URL: 'smtp://127.0.0.1:9' },
    });
    try {
      const { page, visit } = await mailing.openAs('owner');
      await visit('/settings/members');
      await page.getByRole('button', { name: 'Invite' }).click();
      await page.getByRole('textbox', { name: 'Email address' }).fill('far@example.com');
      await page.getByRole('button', { name: 'Send the invitation' }).click();
      await page.getByText('The mail is on its way.').waitFor();
      expect(await page.getByText(/\/invite#/).count()).toBe(0);
      await visit('/settings/mails');
      await page.getByRole('cell', { name: 'far@example.com' }).waitFor();
      expect(await page.getByText('This server sends no mails').count()).toBe(0);
    } finally {
      await mailing.close();
    }
  });

  test('whose role changes while they are signed in is refused with the next click, and offered it no more', async () => {
    const owner = await site.openAs('owner');
    const admin = await site.openAs('admin');
    await admin.visit('/settings/members');
    await admin.page.getByRole('button', { name: 'Invite' }).click();
    await admin.page.getByRole('textbox', { name: 'Email address' }).fill('late@example.com');

    await owner.visit('/settings/members');
    await act(owner, admin.person.email, 'Change role');
    await choose(owner, 'Role', 'Viewer');
    await owner.page.getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => rowOf(owner, admin.person.email).innerText(), soon).toContain('Viewer');

    await admin.page.getByRole('dialog').getByRole('button', { name: 'Make the invitation' }).click();
    await expectOnlyFor(admin.page, 'Owner, Admin');
    const invited = await site.db.asSuperuser(`select from one_time_links where email = 'late@example.com'`);
    expect(invited).toEqual([]);
  });

  test('an editor is told whom it is for', async () => {
    const open = await site.openAs('editor');
    await open.visit('/settings/members');
    await expectOnlyFor(open.page, 'Owner, Admin');
  });
});
