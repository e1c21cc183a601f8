import { createServer, type Server, type Socket } from 'node:net';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newName, register, tokenIn, verify } from '../testing/client.ts';
import { SmtpMailer } from './smtp-mailer.ts';

/** A mail server that takes everything (RFC 5321). */
class MailServer {
  readonly letters: { readonly recipient: string; readonly text: string }[] = [];
  /** Answers the next recipient that it cannot now. */
  isBusy = false;
  readonly #server: Server = createServer((socket) => this.#talk(socket));

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  close(): void {
    this.#server.close();
  }

  #talk(socket: Socket): void {
    let pending = '';
    let recipient = '';
    let letter: string[] | undefined;
    const say = (line: string) => socket.write(`${line}\r\n`);
    const hear = (line: string): void => {
      if (letter !== undefined && line === '.') {
        this.letters.push({ recipient, text: letter.join('\n') });
        letter = undefined;
        say('250 taken');
      } else if (letter !== undefined) letter.push(line);
      else if (/^DATA/i.test(line)) {
        letter = [];
        say('354 go on');
      } else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n');
      else if (/^RCPT/i.test(line) && this.isBusy) {
        this.isBusy = false;
        say(`451 ${line} later`);
      } else {
        recipient = /^RCPT TO:<(.*)>/i.exec(line)?.[1] ?? recipient;
        say('250 ok');
      }
    };
    say('220 mail');
    socket.on('data', (chunk) => {
      const lines = `${pending}${chunk}`.split('\r\n');
      pending = lines.pop() ?? '';
      for (const line of lines) hear(line);
    });
    socket.on('error', () => socket.destroy());
  }
}

const server = new MailServer();
let system: TestSystem;
let port: number;
beforeAll(async () => {
  port = await server.listen();
  const env = { MAIL_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: 'Kilas <hello@kilas.test>' };
  system = await startSystem({ services: ['user'], env });
});
afterAll(async () => {
  await system.close();
  server.close();
});

test('a mail goes out over SMTP with a link that verifies', async () => {
  const name = newName();
  await register(system, { email: `${name}@kilas.test`, username: name });
  const letter = await waitFor(() => server.letters.find(({ recipient }) => recipient === `${name}@kilas.test`), {
    what: 'the letter',
  });
  expect(letter.text).toContain('From: Kilas <hello@kilas.test>');
  expect(letter.text).toContain('Subject: Confirm your e-mail address');
  // Quoted-printable: soft line breaks and encoded equals signs.
  const text = letter.text.replaceAll('=\n', '').replaceAll('=3D', '=');
  expect((await verify(system, tokenIn(text))).statusCode).toBe(204);
});

test('a mail that the server did not take goes out later', async () => {
  const name = newName();
  server.isBusy = true;
  await register(system, { email: `${name}@kilas.test`, username: name });
  await waitFor(() => server.letters.find(({ recipient }) => recipient === `${name}@kilas.test`), {
    what: 'the letter',
    timeoutMs: 20_000,
  });
  expect(server.isBusy).toBe(false);
});

test('the error of a mail that was not taken, which is logged, names nobody', async () => {
  const mailer = new SmtpMailer({ url: `smtp://127.0.0.1:${port}`, from: 'hello@kilas.test' });
  server.isBusy = true;
  const error = await mailer.send({ to: 'somebody@kilas.test', subject: '', text: '', html: '' }).catch(String);
  mailer.close();
  expect(error).toContain('did not take a mail: EENVELOPE 451');
  expect(error).not.toContain('somebody');
});

test.each(['/dev/mail', '/dev/mail.json'])('%s is not there where mail is really sent', async (url) => {
  expect((await system.app.inject({ url })).json()).toMatchObject({ status: 404, code: 'ROUTE_NOT_FOUND' });
});
