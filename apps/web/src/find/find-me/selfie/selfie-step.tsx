import { useMutation } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { ApiProblem, isRefusal } from '../../../api/problem.ts';
import { queryClient } from '../../../api/query-client.ts';
import { useTexts } from '../../../i18n/messages.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { enrolSelfie, type NewSelfie, type Proof } from './enrol-selfie.ts';
import { FileButton } from './file-button.tsx';
import { SelfieCamera } from './selfie-camera.tsx';
import { selfieTexts } from './texts.ts';

/** Loaded when a server asks for one, which few do. */
const Challenge = lazy(async () => ({ default: (await import('./challenge.tsx')).Challenge }));

/** From the camera, or a file, to a selfie that the server took. */
export function SelfieStep({ onEnrolled }: { onEnrolled: () => void }) {
  const texts = useTexts(selfieTexts);
  const [selfie, setSelfie] = useState<Blob>();
  const [sent, setSent] = useState(0);
  const enrolment = useMutation({
    mutationFn: (input: NewSelfie) => enrolSelfie(input, setSent),
    onSuccess: () => {
      onEnrolled();
      return queryClient.invalidateQueries({ queryKey: ['facecams'] });
    },
    // The consent was withdrawn elsewhere: the page asks for it again.
    onError: (error) => {
      if (error instanceof ApiProblem && error.code === 'CONSENT_REQUIRED') {
        void queryClient.invalidateQueries({ queryKey: ['consent'] });
      }
    },
  });
  const send = (taken: Blob, proof?: Proof) => {
    setSelfie(taken);
    setSent(0);
    enrolment.mutate({ selfie: taken, ...(proof === undefined ? {} : { proof }) });
  };
  const again = () => {
    enrolment.reset();
    setSelfie(undefined);
  };
  if (selfie === undefined) {
    return (
      <div className="space-y-5">
        <SelfieCamera onTaken={send} />
        <FileButton onChosen={send} />
        <p className="text-center text-sm text-muted">{texts.privacy}</p>
      </div>
    );
  }
  if (asksForChallenge(enrolment.error)) {
    return (
      <Suspense fallback={<Progress label={texts.checking} sent={1} />}>
        <Challenge error={enrolment.error} onDone={(proof) => send(selfie, proof)} onAgain={again} />
      </Suspense>
    );
  }
  return (
    <div className="space-y-5">
      <Picture blob={selfie} alt={texts.preview} />
      {enrolment.isPending && <Progress sent={sent} label={sent < 1 ? texts.sending : texts.checking} />}
      {enrolment.isError && (
        <>
          <ErrorNote
            error={enrolment.error}
            // The same picture gets the same judgement; what did not arrive may go through.
            {...(isRefusal(enrolment.error) ? {} : { onRetry: () => send(selfie) })}
            action={
              <Button size="small" onClick={again}>
                {texts.again}
              </Button>
            }
          />
          <FileButton onChosen={send} />
        </>
      )}
    </div>
  );
}

function asksForChallenge(error: unknown): error is ApiProblem {
  return error instanceof ApiProblem && error.code.startsWith('FACECAM_CHALLENGE_');
}

function Progress({ sent, label }: { sent: number; label: string }) {
  return (
    <div className="mx-auto max-w-md space-y-2 text-center" role="status">
      <progress value={sent < 1 ? sent : undefined} className="h-2 w-full accent-accent" aria-label={label} />
      <p className="text-muted">{label}</p>
    </div>
  );
}

function Picture({ blob, alt }: { blob: Blob; alt: string }) {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(blob);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return (
    <img
      src={url}
      alt={alt}
      className="mx-auto max-h-[50dvh] min-h-48 max-w-full rounded-lg bg-sunken object-contain"
    />
  );
}
