import { Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { $api } from '../../api/client.ts';
import { RefusedError } from '../../api/problem.ts';
import { Moment } from '../../parts/moment.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import styles from '../schedules.module.css';

const WAIT_MS = 300;
const COUNT = 5;

/** When a cron line would come next, by the server that will run it; or what it says of the line. */
export function NextFive({ cron, zone }: { cron: string; zone: string }) {
  const texts = useTexts().schedules.form;
  const [asked] = useDebouncedValue(cron, WAIT_MS);
  const { data, error } = $api.useQuery(
    'get',
    '/v1/schedules/preview',
    { params: { query: { cron: asked, time_zone: zone, count: COUNT } } },
    { retry: false, enabled: asked !== '' },
  );
  const said = error instanceof RefusedError ? error.problem : undefined;
  return (
    <div role="status">
      <Text size="sm" fw={500}>
        {texts.nextFive}
      </Text>
      {data === undefined ? (
        <Text size="sm" c={said === undefined ? 'dimmed' : 'error'}>
          {said?.detail === undefined ? (
            (said?.title ?? texts.noPreview)
          ) : (
            <span lang="en">{said.detail}</span>
          )}
        </Text>
      ) : (
        <ul className={styles['runs']}>
          {data.next_runs.map((at) => (
            <li key={at}>
              <Moment at={at} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
