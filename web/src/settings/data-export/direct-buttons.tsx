import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { KindOptions, OrderMode } from '../../exports/order/export-order.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import { bulkHref, type BulkKind } from './bulk-exports.ts';
import { useOneDownload } from './use-one-download.ts';

/** A button for each file that is sent at once: one of each format, and of a table one for each sort of row. */
export function DirectButtons({ name, options }: { name: BulkKind; options: KindOptions }) {
  const texts = useTexts();
  const words = texts.settingsData.dataExport;
  const { running, start } = useOneDownload();
  const files = options.direct_formats.flatMap((format) => {
    const rows = options.formats.find((one) => one.format === format)?.rows ?? [];
    const modes: (OrderMode | null)[] = rows.length > 1 ? rows.map(({ mode }) => mode) : [null];
    return modes.map((mode) => {
      const formatName = texts.exports.formats[format];
      return {
        href: bulkHref(name, format, mode),
        label: mode === null ? formatName : words.rows(formatName, words.modes[mode]),
      };
    });
  });
  return files.map(({ href, label }) => (
    <Button
      key={href}
      variant="default"
      leftSection={<IconDownload size={16} aria-hidden />}
      loading={running === href}
      disabled={running !== null && running !== href}
      aria-label={words.downloadOf(words.kinds[name].title, label)}
      onClick={() => start(href)}
    >
      {label}
    </Button>
  ));
}
