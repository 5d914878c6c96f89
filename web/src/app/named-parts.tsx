import { createTheme, MantineThemeProvider } from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import { useTexts } from '../texts/texts-provider.tsx';

/** Buttons that the component library shows as a sign alone have a name, too, in the viewer's language. */
export function NamedParts({ children }: { children: ReactNode }) {
  const { close } = useTexts().app;
  const theme = useMemo(() => {
    const defaultProps = { closeButtonProps: { 'aria-label': close } };
    return createTheme({ components: { Modal: { defaultProps }, Notification: { defaultProps } } });
  }, [close]);
  return (
    <MantineThemeProvider theme={theme} inherit>
      {children}
    </MantineThemeProvider>
  );
}
