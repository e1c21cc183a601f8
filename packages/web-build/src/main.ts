// Builds the web app and prints the folder: for images of containers, and for who serves it by themselves.
import { ensureWebBuild } from './ensure-web-build.ts';

process.stdout.write(`${await ensureWebBuild({ onProgress: (message) => process.stderr.write(`${message}\n`) })}\n`);
