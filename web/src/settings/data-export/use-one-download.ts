import { useState } from 'react';
import { useDownload } from '../../parts/download/download.tsx';

/** Downloads one file at a time. */
export function useOneDownload(): {
  /** The address whose file is on its way. */
  running: string | null;
  start: (href: string) => void;
} {
  const download = useDownload();
  const [running, setRunning] = useState<string | null>(null);
  return {
    running,
    start: (href) => {
      setRunning(href);
      void download(href).finally(() => setRunning(null));
    },
  };
}
