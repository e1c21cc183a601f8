import { expect, onTestFinished, test } from 'vitest';
import { openLog } from '../process/log.ts';
import type { Readiness } from '../process/readiness.ts';
import type { Service } from '../service/service.ts';
import { registry } from './metrics.ts';
import { observeParts } from './observe-parts.ts';

function serviceThatSays(ready: () => Promise<Readiness>): Service {
  const nothing = async () => {};
  return {
    name: 'gallery',
    rpc: () => {},
    verifyCaller: async () => undefined,
    log: openLog('test', 'silent'),
    http: () => {},
    work: nothing,
    hold: nothing,
    ready,
    close: nothing,
  };
}

const shown = () => registry.getSingleMetricAsString('kilas_part_up');

test('each part is 1 while it is ready; one that is degraded or away is 0', async () => {
  const service = serviceThatSays(async () => ({ database: 'ready', shared: 'degraded', engine: 'away' }));
  onTestFinished(observeParts(() => [service]));
  const text = await shown();
  expect(text).toContain('kilas_part_up{part="database",service="gallery"} 1');
  expect(text).toContain('kilas_part_up{part="shared",service="gallery"} 0');
  expect(text).toContain('kilas_part_up{part="engine",service="gallery"} 0');
});

test('a service that does not say in time stands on a database that is away; one that closed shows nothing', async () => {
  const end = observeParts(() => [serviceThatSays(() => new Promise(() => {}))]);
  expect(await shown()).toContain('kilas_part_up{part="database",service="gallery"} 0');
  end();
  expect(await shown()).not.toContain('gallery');
});
