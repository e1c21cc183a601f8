import { createFileRoute, Link } from '@tanstack/react-router';
import { useTexts } from '../../i18n/messages.ts';
import { RequireAccount } from '../../shell/require-account.tsx';
import { classNames } from '../../ui/class-names.ts';
import { Page } from '../../ui/page.tsx';
import { FilterBar } from './filter-bar.tsx';
import { readFilters } from './filters.ts';
import { Found } from './found.tsx';
import { Questions } from './questions.tsx';
import { Rejected } from './rejected.tsx';
import { photosTexts } from './texts.ts';

export const Route = createFileRoute('/_find/photos')({
  validateSearch: readFilters,
  component: () => (
    <RequireAccount>
      <MyPhotos />
    </RequireAccount>
  ),
});

function tabClass(isCurrent: boolean): string {
  return classNames(
    'flex min-h-11 items-center border-b-2 px-1',
    isCurrent ? 'border-accent text-ink' : 'border-transparent text-muted hover:text-ink',
  );
}

function MyPhotos() {
  const texts = useTexts(photosTexts);
  const filters = Route.useSearch();
  const isRejected = filters.show === 'rejected';
  return (
    <Page title={texts.title} width="wide">
      {!isRejected && <Questions />}
      <nav aria-label={texts.title} className="mb-4 flex gap-6 border-b border-line">
        <Link to="/photos" search={{}} activeOptions={{ exact: true }} className={tabClass(!isRejected)}>
          {texts.found}
        </Link>
        <Link to="/photos" search={{ show: 'rejected' }} className={tabClass(isRejected)}>
          {texts.rejected}
        </Link>
      </nav>
      {isRejected ? (
        <Rejected />
      ) : (
        <>
          <FilterBar filters={filters} />
          <Found filters={filters} />
        </>
      )}
    </Page>
  );
}
