import { Center, Loader, Modal, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { lazy, Suspense, useEffect } from 'react';
import { useTexts } from '../../texts/texts-provider.tsx';
import type { WantedExport } from './export-order.ts';

const OrderForm = lazy(async () => ({ default: (await import('./order-form.tsx')).OrderForm }));

/** Asks how something is to be exported, shows what that gives, and orders it. Its code comes when it is opened. */
export function ExportDialog({
  isOpen,
  onClose,
  order,
}: {
  isOpen: boolean;
  onClose: () => void;
  /** What is to be exported; it stays the same while the dialog is open. */
  order: WantedExport;
}) {
  const texts = useTexts();
  const isPhone = useMediaQuery('(max-width: 48em)');
  // Whoever opens it often takes it away with its end: the library would not give the focus back then.
  useEffect(() => {
    if (!isOpen) return;
    const opener = document.activeElement;
    return () => {
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, [isOpen]);
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={
        <Text span fw={650} size="lg">
          {order.rerunOf === undefined ? texts.order.titles[order.kind] : texts.order.again}
        </Text>
      }
      size={1040}
      fullScreen={isPhone}
      closeButtonProps={{ 'aria-label': texts.app.close }}
    >
      <Suspense
        fallback={
          <Center mih={320}>
            <Loader role="status" aria-label={texts.state.loading} />
          </Center>
        }
      >
        <OrderForm wanted={order} onClose={onClose} />
      </Suspense>
    </Modal>
  );
}
