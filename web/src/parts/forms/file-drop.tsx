import { Button, Group, Paper, Stack, Text, ThemeIcon } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { type ChangeEvent, type DragEvent, useId, useRef, useState } from 'react';
import styles from './file-drop.module.css';

/** What every browser knows and React's types do not. */
const FOLDER = { webkitdirectory: '' };

/** A place to drop files on, or to choose them from a dialog by mouse or keyboard. */
export function FileDrop({
  title,
  hint,
  action,
  accept,
  folderAction,
  isMultiple = false,
  isDisabled = false,
  onFiles,
}: {
  title: string;
  /** What is taken here. */
  hint: string;
  /** On the button that opens the dialog. */
  action: string;
  accept?: string;
  /** On a second button, which takes a folder with all that is in it. */
  folderAction?: string;
  isMultiple?: boolean;
  isDisabled?: boolean;
  /** `dropped`: what was dropped, for whoever takes folders; missing when files were chosen. */
  onFiles: (files: File[], dropped?: DataTransfer) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  const folderInput = useRef<HTMLInputElement>(null);
  const hintId = useId();
  const [isOver, setOver] = useState(false);
  const drag = (over: boolean) => (event: DragEvent) => {
    event.preventDefault();
    setOver(over && !isDisabled);
  };
  const hidden = {
    hidden: true,
    tabIndex: -1,
    onChange: ({ currentTarget }: ChangeEvent<HTMLInputElement>) => {
      const files = [...(currentTarget.files ?? [])];
      currentTarget.value = ''; // so that the same file can be chosen again
      if (files.length > 0) onFiles(files);
    },
  };
  return (
    <Paper
      withBorder
      p="xl"
      className={styles['drop']}
      data-over={isOver || undefined}
      onDragOver={drag(true)}
      onDragLeave={drag(false)}
      onDrop={(event) => {
        drag(false)(event);
        if (!isDisabled) onFiles([...event.dataTransfer.files], event.dataTransfer);
      }}
    >
      <Stack align="center" gap="sm">
        <ThemeIcon variant="light" size={48} radius="xl">
          <IconFileUpload size={26} stroke={1.5} aria-hidden />
        </ThemeIcon>
        <Text fw={600}>{title}</Text>
        <Text size="sm" c="dimmed" ta="center" maw={480} id={hintId}>
          {hint}
        </Text>
        <Group justify="center">
          <Button onClick={() => input.current?.click()} disabled={isDisabled} aria-describedby={hintId}>
            {action}
          </Button>
          {folderAction !== undefined && (
            <Button variant="default" onClick={() => folderInput.current?.click()} disabled={isDisabled}>
              {folderAction}
            </Button>
          )}
        </Group>
        <input ref={input} type="file" accept={accept} multiple={isMultiple} {...hidden} />
        {folderAction !== undefined && <input ref={folderInput} type="file" {...FOLDER} {...hidden} />}
      </Stack>
    </Paper>
  );
}
