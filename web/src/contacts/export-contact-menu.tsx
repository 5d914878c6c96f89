import { ActionIcon, Menu, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDotsVertical } from '@tabler/icons-react';
import type { Schema } from '../api/client.ts';
import { ExportDialog } from '../exports/order/export-dialog.tsx';
import { useDownload } from '../parts/download/download.tsx';
import { useMay } from '../session/use-session.ts';
import { useTexts } from '../texts/texts-provider.tsx';
import type { ContactFormat, ContactProfile } from './contact-choices.ts';
import { contactTitle } from './contact-title.ts';

/** “⋯”: a copy of everything about one person, at once (K-06, V-09), for the workspace or for them. */
export function ExportContactMenu({ contact }: { contact: Schema<'Contact'> }) {
  const texts = useTexts().contacts;
  const may = useMay();
  const download = useDownload();
  const [isOpen, { open, close }] = useDisclosure();
  if (!may('export.contact')) return null;
  const profiles = (Object.keys(texts.profiles) as ContactProfile[]).filter(
    (profile) => profile === 'subject' || may('export.contact_record'),
  );
  const exportAs = (profile: ContactProfile, format: ContactFormat) => {
    // A person opens a CSV with a double click.
    const query = new URLSearchParams({
      format,
      profile,
      ...(format === 'csv' ? { csv: 'spreadsheet' } : {}),
    });
    return download(`/v1/contacts/${encodeURIComponent(contact.id)}/export?${query.toString()}`);
  };
  return (
    <>
      {/* In its place, so that it is part of the page for whoever moves by landmarks. */}
      <Menu position="bottom-end" width={300} withinPortal={false}>
        <Menu.Target>
          <ActionIcon variant="default" size="lg" aria-label={texts.menu(contactTitle(contact))}>
            <IconDotsVertical size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{texts.export}</Menu.Label>
          {profiles.map((profile, index) => (
            <div key={profile} role="group" aria-label={texts.profiles[profile].title}>
              {index > 0 && <Menu.Divider />}
              <Menu.Label>
                <Text span size="sm" fw={600} c="var(--mantine-color-text)">
                  {texts.profiles[profile].title}
                </Text>
                <br />
                {texts.profiles[profile].hint}
              </Menu.Label>
              {(Object.keys(texts.formats) as ContactFormat[]).map((format) => (
                <Menu.Item key={format} onClick={() => void exportAs(profile, format)}>
                  {texts.formats[format]}
                </Menu.Item>
              ))}
            </div>
          ))}
          {may('export.order') && (
            <>
              <Menu.Divider />
              <Menu.Item onClick={open}>{texts.more}</Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <ExportDialog isOpen={isOpen} onClose={close} order={{ kind: 'contact', contactId: contact.id }} />
    </>
  );
}
