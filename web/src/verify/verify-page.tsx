import { Alert, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { CopyText } from '../parts/copy-text.tsx';
import { FileDrop } from '../parts/forms/file-drop.tsx';
import { Page } from '../parts/page.tsx';
import { useTexts } from '../texts/texts-provider.tsx';
import { type FoundFile, filesIn, sortFiles, type Unclear } from './sort-files.ts';
import { type Trust, TrustChoice } from './trust-choice.tsx';
import { useServerKeys } from './use-server-keys.ts';
import { useVerifier } from './use-verifier.ts';
import type { VerifyQuestion } from './verify-messages.ts';
import { Verdict } from './verdict.tsx';

interface Chosen {
  what: VerifyQuestion['what'];
  name: string;
  files: readonly FoundFile[];
}

/** Drop a package in: it is checked here, and nothing of it leaves the browser. */
export function VerifyPage() {
  const texts = useTexts().verify;
  const keys = useServerKeys();
  const { state, run, ask, stop } = useVerifier();
  const [trust, setTrust] = useState<Trust>({ by: 'server', fingerprint: '' });
  const [chosen, setChosen] = useState<Chosen>();
  const [unclear, setUnclear] = useState<Unclear>();
  const isServer = trust.by === 'server';
  const verify = ({ what, files }: Chosen) =>
    ask({
      what,
      files,
      keys: isServer || trust.fingerprint.trim() === '' ? [] : [trust.fingerprint],
      trust: isServer ? keys.data?.text : undefined,
    });
  const take = async (files: readonly FoundFile[]) => {
    const sorted = await sortFiles(files);
    setUnclear('unclear' in sorted ? sorted : undefined);
    if ('unclear' in sorted) return;
    const next = { ...sorted, files };
    setChosen(next);
    verify(next);
  };
  const isRunning = state.is === 'running';
  const name =
    chosen !== undefined && 'chain' in chosen.what ? texts.chain(chosen.what.chain.length) : chosen?.name;
  return (
    <Page title={texts.title} hint={texts.hint}>
      <TrustChoice
        trust={trust}
        keys={keys}
        onChange={setTrust}
        problem={state.is === 'bad pin' ? state.message : undefined}
      />
      <FileDrop
        title={texts.drop}
        hint={texts.formats}
        action={texts.action}
        folderAction={texts.folder}
        isMultiple
        isDisabled={isRunning}
        onFiles={(files, dropped) =>
          void (dropped === undefined
            ? take(files.map((file) => [file.webkitRelativePath || file.name, file] as const))
            : filesIn(dropped).then(take))
        }
      />
      {unclear !== undefined && (
        <Alert color="yellow" role="alert">
          {unclear.unclear === 'needs receipt' ? texts.needsReceipt(unclear.name) : texts.tooMany}
        </Alert>
      )}
      <Stack aria-live="polite">
        <Verdict key={run} state={state} name={name ?? ''} />
        {chosen !== undefined && (
          <Group>
            {isRunning ? (
              <Button variant="default" onClick={stop}>
                {texts.stop}
              </Button>
            ) : (
              <Button variant="default" onClick={() => verify(chosen)}>
                {texts.verify}
              </Button>
            )}
          </Group>
        )}
      </Stack>
      <Stack gap="xs">
        <Title order={2} size="h4">
          {texts.outside}
        </Title>
        <Text size="sm" c="dimmed">
          {texts.outsideHint} <a href="/docs/verify">/docs/verify</a>
        </Text>
        <CopyText text={`convey verify package.zip --key ${keys.data?.current ?? 'sha256:…'}`} />
      </Stack>
    </Page>
  );
}
