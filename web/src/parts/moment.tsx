import { useLanguage } from '../texts/texts-provider.tsx';

/** A time in the viewer's zone; the same in UTC for whoever points at it. */
export function Moment({ at, dateOnly = false }: { at: string; dateOnly?: boolean }) {
  const { locale } = useLanguage();
  return (
    <time dateTime={at} title={at.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC')}>
      {formatOf(locale, dateOnly).format(new Date(at))}
    </time>
  );
}

/** To make one takes longer than to use it a hundred times, and tables show many times. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(locale: string, dateOnly: boolean): Intl.DateTimeFormat {
  const name = `${locale} ${dateOnly}`;
  const known = formats.get(name);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat(
    locale,
    dateOnly ? { dateStyle: 'medium' } : { dateStyle: 'medium', timeStyle: 'short' },
  );
  formats.set(name, made);
  return made;
}
