import { problems } from '@kilas/messages/problems.ts';
import { runMain } from '@kilas/platform/service/run-main.ts';
import { openService } from './service.ts';

await runMain('Kilas upload', openService, problems, { priority: 'low' });
