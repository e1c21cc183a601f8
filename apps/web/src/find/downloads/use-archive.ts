import { useMutation } from '@tanstack/react-query';
import { answerOf, api } from '../../api/api.ts';
import { isProblem } from '../../api/problem.ts';

/** How often checksums may still have to be counted: each time some seconds of work go on. */
const triesMax = 60;

/** Has all that I bought, or one order, made into one file, which the browser then downloads and shows the progress of. */
export function useArchive(orderId: string | undefined) {
  return useMutation({
    mutationFn: async () => {
      const body = orderId === undefined ? {} : { orderId };
      for (let tries = 1; ; tries += 1) {
        try {
          return await answerOf(api.POST('/v1/purchases/archives', { body }));
        } catch (error) {
          if (!isProblem(error, 'ARCHIVE_NOT_READY') || tries >= triesMax) throw error;
          await new Promise((resolve) => setTimeout(resolve, (error.retryAfterSeconds ?? 2) * 1_000));
        }
      }
    },
    onSuccess: ({ url }) => location.assign(url),
  });
}
