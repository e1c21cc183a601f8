import { useAccount } from '../../api/use-session.ts';
import { languages, setLanguage } from '../../i18n/language.ts';
import { useTexts } from '../../i18n/messages.ts';
import { SelectField } from '../../ui/field.tsx';
import { ratingLevels } from '../levels.ts';
import { accountTexts } from './texts.ts';
import { listZones } from './time-zones.ts';
import { useChangeSettings } from './use-change-settings.ts';

/** Who I am here, and how Kilas speaks to me and looks for me. */
export function Profile() {
  const texts = useTexts(accountTexts);
  const account = useAccount();
  const change = useChangeSettings();
  if (account === undefined) return null;
  const zones = listZones(account.timeZone);
  const names: Readonly<Record<string, string>> = texts.zones;
  const levels: Readonly<Record<string, string>> = texts.levels;
  return (
    <div className="space-y-5">
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2">
        <dt className="text-muted">{texts.username}</dt>
        <dd className="truncate">{account.username}</dd>
        <dt className="text-muted">{texts.email}</dt>
        <dd className="truncate">{account.email}</dd>
      </dl>
      <SelectField
        label={texts.level}
        hint={texts.levelHint}
        value={account.matchLevel ?? ''}
        onChange={({ currentTarget: { value } }) => change.mutate({ matchLevel: value === '' ? null : Number(value) })}
      >
        <option value="">{texts.levels.default}</option>
        {ratingLevels.map((level) => (
          <option key={level} value={level}>
            {levels[level]}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={texts.language}
        hint={texts.languageHint}
        value={account.locale}
        onChange={({ currentTarget: { value } }) => {
          const locale = languages.find((language) => language === value);
          if (locale === undefined) return;
          setLanguage(locale);
          change.mutate({ locale });
        }}
      >
        {languages.map((language) => (
          <option key={language} value={language} lang={language}>
            {texts.languages[language]}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={texts.timeZone}
        hint={texts.timeZoneHint}
        value={account.timeZone}
        onChange={({ currentTarget: { value } }) => change.mutate({ timeZone: value })}
      >
        {zones.map((zone) => (
          <option key={zone} value={zone}>
            {names[zone] ?? zone.replaceAll('_', ' ')}
          </option>
        ))}
      </SelectField>
    </div>
  );
}
