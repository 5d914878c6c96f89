import { useLanguage } from '../texts/texts-provider.tsx';

/** A time in the viewer's zone; the same in UTC for whoever points at it. */
export function Moment({ at, dateOnly = false }: { at: string; dateOnly?: boolean }) {
  const { language } = useLanguage();
  const options: Intl.DateTimeFormatOptions = dateOnly
    ? { dateStyle: 'medium' }
    : { dateStyle: 'medium', timeStyle: 'short' };
  return (
    <time dateTime={at} title={at.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC')}>
      {new Intl.DateTimeFormat(language, options).format(new Date(at))}
    </time>
  );
}
