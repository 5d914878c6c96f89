import { Select, TagsInput } from '@mantine/core';
import { useMay } from '../../session/use-session.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import type { Role } from '../permissions/role.ts';

/** What somebody is to be: as a form holds it. */
export interface PlaceDraft {
  role: Role;
  audiences: string[];
}

/** The same as requests take it: only an editor has audiences. */
export function placeOf({ role, audiences }: PlaceDraft): { role: Role; audiences?: string[] } {
  return role === 'editor' ? { role, audiences } : { role };
}

/** Asks for a role, and of an editor for the audiences. Who is no owner makes none. */
export function PlaceFields({
  place,
  onChange,
  isLocked = false,
}: {
  place: PlaceDraft;
  onChange: (place: PlaceDraft) => void;
  isLocked?: boolean;
}) {
  const texts = useTexts().members;
  const may = useMay();
  const roles = (Object.keys(texts.roles) as Role[]).filter(
    (role) => role !== 'owner' || may('workspace.own'),
  );
  return (
    <>
      <Select
        label={texts.role}
        description={texts.roles[place.role].about}
        data={roles.map((value) => ({ value, label: texts.roles[value].name }))}
        value={place.role}
        onChange={(role) => role !== null && onChange({ ...place, role: role as Role })}
        allowDeselect={false}
        disabled={isLocked}
      />
      {place.role === 'editor' && (
        <TagsInput
          label={texts.audiences}
          description={texts.audiencesHint}
          value={place.audiences}
          onChange={(audiences) => onChange({ ...place, audiences })}
          placeholder="public"
        />
      )}
    </>
  );
}
