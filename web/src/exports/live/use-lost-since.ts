import { createContext, useContext, useEffect, useState } from 'react';
import { isNoAnswer } from '../../api/problem.ts';

/** What is looked at of a query that is asked again and again. */
interface Asked {
  data: unknown;
  dataUpdatedAt: number;
  failureCount: number;
  failureReason: unknown;
}

/**
 * When the server was heard last, while it does not answer; undefined while it does. What was read before is shown
 * meanwhile, and the first answer ends it.
 */
export function useLostSince({
  data,
  dataUpdatedAt,
  failureCount,
  failureReason,
}: Asked): number | undefined {
  const [heardAt, setHeardAt] = useState<number>();
  const isFailing = data !== undefined && failureCount > 0 && isNoAnswer(failureReason);
  // Each further attempt begins its count of failures anew: only an answer says that it is over.
  useEffect(() => {
    if (isFailing) setHeardAt(dataUpdatedAt);
  }, [isFailing, dataUpdatedAt]);
  return heardAt === dataUpdatedAt ? heardAt : undefined;
}

/** Since when what is shown below is old; undefined: it is not. */
export const LostSince = createContext<number | undefined>(undefined);

/** Whether what is shown is how things were, and not how they are. */
export const useIsOld = () => useContext(LostSince) !== undefined;
