import { Text } from '@mantine/core';
import { IconHeadset, IconInfoCircle, IconLock, IconRobot, IconTool, IconUser } from '@tabler/icons-react';
import { memo } from 'react';
import { Moment } from '../../parts/moment.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import { fieldsOf, textOf } from '../json-fields.ts';
import { Citations } from './citations.tsx';
import { FileCard } from './file-card.tsx';
import type { Message, ThreadFile } from './thread-entries.ts';
import classes from './thread.module.css';

const ICONS: Record<Message['role'], typeof IconUser> = {
  user: IconUser,
  assistant: IconRobot,
  tool: IconTool,
  teammate: IconHeadset,
  system: IconInfoCircle,
};
const SHAPES: Record<Message['role'], string> = {
  user: '',
  assistant: 'ours',
  tool: 'plain',
  teammate: 'ours',
  system: 'plain',
};

/** Where a message stands on the page, for links to it. */
const anchorOf = (id: string) => `message-${id}`;

/** A message of whomever: who, when, what, what it rests on and what came with it. */
export const MessageEntry = memo(function MessageEntry({
  message,
  files,
  answered,
}: {
  message: Message;
  files: readonly ThreadFile[];
  /** The message that it answers, where that is in sight. */
  answered: Message | undefined;
}) {
  const texts = useTexts().conversations.thread;
  const { id, role, is_internal: isInternal, author, body, citations, tool, created_at: at } = message;
  const Icon = isInternal ? IconLock : ICONS[role];
  const shape = isInternal ? 'note' : SHAPES[role];
  const state = textOf(fieldsOf(message.attributes)['delivery_status']);
  const call = fieldsOf(tool);
  const roleName = isInternal ? texts.note : texts.roles[role];
  return (
    <article id={anchorOf(id)} className={`${classes['bubble']} ${classes[shape] ?? ''}`} tabIndex={-1}>
      <header className={classes['author']}>
        <Icon size={15} stroke={1.7} aria-hidden />
        <strong dir="auto">{author.name ?? author.id ?? roleName}</strong>
        {(author.name ?? author.id) !== null && <span>{roleName}</span>}
        <Moment at={at} />
        {message.edited_at !== null && <span>· {texts.edited}</span>}
        {state !== undefined && <span>· {texts.states[state] ?? state}</span>}
      </header>
      {answered?.body && (
        <a className={classes['reply']} href={`#${encodeURIComponent(anchorOf(answered.id))}`} dir="auto">
          {texts.inReplyTo(answered.body.slice(0, 120))}
        </a>
      )}
      {tool !== null && <ToolCall tool={call} />}
      {/* Some hosts say what a tool answered as text as well. */}
      {body !== null && body !== '' && body !== JSON.stringify(call['result']) && (
        <div className={classes['body']} dir="auto">
          {body}
        </div>
      )}
      {citations !== null && citations.length > 0 && <Citations sources={citations} />}
      {files.map((file) => (
        <FileCard key={file.id} file={file} />
      ))}
    </article>
  );
});

/** What a tool was asked and what it said, for whoever wants to see it. */
function ToolCall({ tool }: { tool: Readonly<Record<string, unknown>> }) {
  const texts = useTexts().conversations.thread;
  const { name, arguments: asked, result, ...rest } = tool;
  const parts = [
    [texts.toolArguments, asked],
    [texts.toolResult, result],
    [texts.toolRest, Object.keys(rest).length === 0 ? undefined : rest],
  ] as const;
  return (
    <details className={classes['tool']}>
      <summary>{texts.toolCall(textOf(name) ?? '')}</summary>
      {parts
        .filter(([, value]) => value !== undefined)
        .map(([title, value]) => (
          <div key={title}>
            <Text size="xs" c="dimmed" mt={6}>
              {title}
            </Text>
            <pre className={classes['json']} tabIndex={0}>
              {JSON.stringify(value, null, 2)}
            </pre>
          </div>
        ))}
    </details>
  );
}
