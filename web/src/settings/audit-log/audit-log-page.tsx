import { Button } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Page } from '../../parts/page.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import { type AuditSearch } from './audit-search.ts';
import { EventList } from './events/event-list.tsx';
import { ExportMenu } from './export-menu.tsx';
import { LogFilters } from './log-filters.tsx';

/** What was done in the workspace, newest first, narrowed by the filters of the address. */
export function AuditLogPage() {
  const texts = useTexts();
  const search = useSearch({ from: '/signed-in/settings/audit-log' });
  const navigate = useNavigate();
  const change = (next: AuditSearch) =>
    void navigate({ to: '/settings/audit-log', search: next, replace: true });
  return (
    <Page
      title={texts.settings.pages.auditLog.name}
      hint={texts.audit.hint}
      actions={
        <>
          <Button
            component={Link}
            to="/settings/audit-log/chain"
            variant="default"
            leftSection={<IconShieldCheck size={16} aria-hidden />}
          >
            {texts.audit.check}
          </Button>
          <ExportMenu search={search} />
        </>
      }
    >
      <LogFilters search={search} onChange={change} />
      <EventList search={search} onChange={change} />
    </Page>
  );
}
