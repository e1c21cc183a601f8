import { Link, useNavigate } from '@tanstack/react-router';
import { Aperture, Camera, Heart, LogOut, Receipt, ShieldCheck, Star, UserRound, Wrench } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { queryClient } from '../api/query-client.ts';
import { signOut } from '../api/session.ts';
import { useAccount } from '../api/use-session.ts';
import { languages, setLanguage } from '../i18n/language.ts';
import { useLanguage, useTexts } from '../i18n/messages.ts';
import { Menu, menuItemClass } from '../ui/menu.tsx';
import { currentTheme, setTheme, themes, watchTheme } from '../ui/theme.ts';
import { shellTexts } from './texts.ts';

/** Who is signed in, the other rooms, the language and the theme. */
export function AccountMenu() {
  const account = useAccount();
  const texts = useTexts(shellTexts);
  const navigate = useNavigate();
  const leave = async () => {
    await signOut();
    queryClient.clear();
    await navigate({ to: '/' });
  };
  return (
    <Menu
      label={account === undefined ? texts.menu : texts.account}
      triggerClassName="flex size-11 items-center justify-center rounded-full hover:bg-sunken"
      trigger={
        account === undefined ? (
          <UserRound size={20} aria-hidden />
        ) : (
          <span
            aria-hidden
            className="flex size-8 items-center justify-center rounded-full bg-accent font-semibold text-on-accent uppercase"
          >
            {account.username.slice(0, 1)}
          </span>
        )
      }
    >
      {account === undefined ? (
        <>
          <Link to="/sign-in" className={menuItemClass}>
            <UserRound size={18} aria-hidden /> {texts.signIn}
          </Link>
          <Link to="/sign-up" className={menuItemClass}>
            <Aperture size={18} aria-hidden /> {texts.signUp}
          </Link>
        </>
      ) : (
        <>
          <p className="truncate px-3 pt-2 font-semibold">{account.username}</p>
          <p className="truncate px-3 pb-2 text-sm text-muted">{account.email}</p>
          <Link to="/lists/$kind" params={{ kind: 'wishlist' }} className={menuItemClass}>
            <Star size={18} aria-hidden /> {texts.wishlist}
          </Link>
          <Link to="/lists/$kind" params={{ kind: 'favourites' }} className={menuItemClass}>
            <Heart size={18} aria-hidden /> {texts.favourites}
          </Link>
          <Link to="/orders" className={menuItemClass}>
            <Receipt size={18} aria-hidden /> {texts.orders}
          </Link>
          <Link to="/account" className={menuItemClass}>
            <ShieldCheck size={18} aria-hidden /> {texts.privacy}
          </Link>
          <hr className="my-2 border-line" />
          <Link to="/" className={menuItemClass}>
            <Aperture size={18} aria-hidden /> {texts.toFind}
          </Link>
          <Link to={account.creator === null ? '/studio/join' : '/studio'} className={menuItemClass}>
            <Camera size={18} aria-hidden /> {account.creator === null ? texts.becomeCreator : texts.toStudio}
          </Link>
          {account.roles.includes('operator') && (
            <Link to="/desk" className={menuItemClass}>
              <Wrench size={18} aria-hidden /> {texts.toDesk}
            </Link>
          )}
        </>
      )}
      <hr className="my-2 border-line" />
      <Choices />
      {account !== undefined && (
        <button type="button" data-closes onClick={() => void leave()} className={menuItemClass}>
          <LogOut size={18} aria-hidden /> {texts.signOut}
        </button>
      )}
    </Menu>
  );
}

function Choices() {
  const texts = useTexts(shellTexts);
  const language = useLanguage();
  const theme = useSyncExternalStore(watchTheme, currentTheme);
  const selectClass = 'min-h-11 w-44 rounded-md border border-edge bg-surface px-2';
  return (
    <div className="grid gap-2 px-3 py-1">
      <label className="flex items-center justify-between gap-3">
        {texts.language}
        <select
          value={language}
          className={selectClass}
          onChange={(event) => setLanguage(languages.find((each) => each === event.target.value) ?? language)}
        >
          {languages.map((each) => (
            <option key={each} value={each} lang={each}>
              {texts.languages[each]}
            </option>
          ))}
        </select>
      </label>
      <label className="flex items-center justify-between gap-3">
        {texts.theme}
        <select
          value={theme}
          className={selectClass}
          onChange={(event) => setTheme(themes.find((each) => each === event.target.value) ?? theme)}
        >
          {themes.map((each) => (
            <option key={each} value={each}>
              {texts.themes[each]}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
