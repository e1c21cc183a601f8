import { FileObjects } from './file-objects.ts';
import type { ObjectStore } from './objects.ts';
import type { ObjectsEnv } from './service-config.ts';

/** Where objects lie, as the configuration says. */
export function openObjects(config: ObjectsEnv & { readonly PUBLIC_URL: string }): ObjectStore {
  return new FileObjects({
    folder: config.OBJECTS_FOLDER,
    signingKey: config.OBJECTS_SIGNING_KEY,
    publicUrl: config.PUBLIC_URL,
  });
}
