import { useTexts } from '../../texts/texts-provider.tsx';
import { fieldsOf, textOf } from '../json-fields.ts';
import classes from './thread.module.css';

/** What an answer rests on. */
export function Citations({ sources }: { sources: readonly unknown[] }) {
  const texts = useTexts().conversations.thread;
  return (
    <ol className={classes['citations']} aria-label={texts.sources}>
      {sources.map((source, place) => {
        const { title, url, quote } = fieldsOf(source);
        const name = textOf(title) ?? textOf(url) ?? texts.source;
        const address = textOf(url);
        return (
          // Sources have no ids and stay in their order.
          <li key={place} dir="auto">
            {address !== undefined && /^https?:\/\//i.test(address) ? (
              <a href={address} target="_blank" rel="noreferrer noopener">
                {name}
              </a>
            ) : (
              name
            )}
            {textOf(quote) !== undefined && (
              <>
                {' '}
                <q>{textOf(quote)}</q>
              </>
            )}
          </li>
        );
      })}
    </ol>
  );
}
