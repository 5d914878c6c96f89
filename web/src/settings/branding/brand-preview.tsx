import { Code, Stack, Text, Title } from '@mantine/core';
import type { CSSProperties } from 'react';
// The one rule for colours that are too light, shared with what renders transcripts.
import { readableColor } from '../../../../src/formats/documents/brand-color.ts';
import type { Schema } from '../../api/client.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import styles from './branding.module.css';
import { logoAddress } from './logo-address.ts';

/** A transcript as it would look: on paper, whatever the app's own scheme is. */
export function BrandPreview({
  name,
  product,
  color,
  logo,
}: {
  name: string;
  /** What the names of files begin with. */
  product: string;
  color: string;
  logo: Schema<'Brand'>['logo'];
}) {
  const texts = useTexts().branding;
  const isColor = /^#[0-9a-f]{6}$/.test(color); // while it is typed it is none
  const brand = { '--brand': isColor ? readableColor(color) : 'black' } as CSSProperties;
  return (
    <Stack component="section" gap="xs" className={styles['preview']} aria-labelledby="brand-preview">
      <Title order={2} size="h5" id="brand-preview">
        {texts.preview}
      </Title>
      <div className={styles['paper']} style={brand}>
        <div className={styles['bar']}>
          {logo !== null && <img src={logoAddress(logo)} alt="" className={styles['barLogo']} />}
          <span dir="auto">{name}</span>
        </div>
        <div className={styles['content']}>
          <p className={styles['title']}>{texts.title}</p>
          <Message who={texts.visitor} text={texts.visitorText} />
          <Message who={texts.agent} text={texts.agentText} />
          <p className={styles['page']}>{texts.page}</p>
        </div>
      </div>
      <Text size="xs" c="dimmed">
        {texts.previewHint}
      </Text>
      <Text size="sm">
        {texts.files} <Code>{product}-conversation-….pdf</Code>
      </Text>
    </Stack>
  );
}

function Message({ who, text }: { who: string; text: string }) {
  return (
    <p className={styles['message']}>
      <strong>{who}</strong>
      <br />
      {text}
    </p>
  );
}
